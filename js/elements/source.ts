// Where the data of elements comes from.
import type { Client, Rating, Review } from "../client.js";
import { isPlauditError, PlauditError } from "../errors.js";

/** What elements show. */
export interface WidgetData {
  rating?: Rating | null | undefined;
  /** What the platform calls that score, in the element's language. */
  word?: string | null | undefined;
  reviews?: readonly Review[] | null | undefined;
  /** The page after these reviews, where there may be one. */
  next?: number | null | undefined;
}

/** The attributes that say where data is, as properties. */
export interface Source {
  readonly provider: "trustpilot" | "trustoo";
  readonly businessUnit: string | null;
  readonly domain: string | null;
  readonly sku: string | null;
  readonly shop: string | null;
  readonly proxy: string | null;
  readonly apiKey: string | null;
  readonly baseUrl: string | null;
  readonly loading: "lazy" | "eager";
}

/** A client of either platform. */
export type WidgetClient = Client<"trustpilot"> | Client<"trustoo">;

/** Whether a source says what to fetch. */
export const hasSource = ({ businessUnit, domain, sku, shop, provider }: Source): boolean =>
  provider === "trustoo" ? !!(sku && shop) : !!(businessUnit || domain);

/** Whatever was thrown, as our error. */
export const errorOf = (cause: unknown): PlauditError =>
  isPlauditError(cause)
    ? (cause as PlauditError)
    : new PlauditError("network_error", "plaudit's own files could not be loaded", {
        retryable: true,
        cause,
      });

let observer: IntersectionObserver | undefined;
const waiting = new WeakMap<Element, () => void>();

/** Calls `then` once when the element comes within a window's height of the window. */
export function whenNear(element: Element, then: () => void): () => void {
  observer ??=
    globalThis.IntersectionObserver &&
    new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (!isIntersecting) continue;
          observer?.unobserve(target);
          waiting.get(target)?.();
        }
      },
      { rootMargin: "100% 0px" },
    );
  waiting.set(element, then);
  if (observer) observer.observe(element);
  else then();
  return () => observer?.unobserve(element);
}
