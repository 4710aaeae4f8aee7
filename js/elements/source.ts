// Where the data of elements comes from: one client for all that ask alike, asked near the window.
import type { Client, Rating, Review } from "../client.js";
import { isPlauditError, PlauditError } from "../errors.js";
import type { HalfStars } from "../generated/trustpilot.js";
import { type Selection, selected } from "./selection.js";

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

type AnyClient = Client<"trustpilot"> | Client<"trustoo">;

const clients = new Map<string, Promise<AnyClient>>();

/** The client that a source names: the same for the same words, and with it its cache and its flights. */
export function clientOf({ provider, proxy, apiKey, baseUrl }: Source): Promise<AnyClient> {
  const key = JSON.stringify([provider, proxy, apiKey, baseUrl]);
  let client = clients.get(key);
  if (!client) {
    const given = proxy
      ? { proxy }
      : { apiKey: apiKey ?? undefined, baseUrl: baseUrl ?? undefined };
    client = import("../index.js").then(({ createClient }) => createClient({ provider, ...given }));
    // what failed to load is tried again
    client.catch(() => clients.delete(key));
    clients.set(key, client);
  }
  return client;
}

/** Whether a source says what to fetch. */
export const hasSource = ({ businessUnit, domain, sku, shop, provider }: Source): boolean =>
  provider === "trustoo" ? !!(sku && shop) : !!(businessUnit || domain);

/** The score of a business, or of a product where there is a SKU. */
export async function fetchRating(
  source: Source,
  client: AnyClient,
  signal: AbortSignal,
): Promise<Rating | null> {
  const { sku, shop } = source;
  if (isTrustoo(client, source)) {
    const [first] = await client.reviews.ratings(sku as string, { shop: shop as string, signal });
    return first ? client.toRating(first) : null;
  }
  const { businessUnits, productReviews } = client;
  if (sku)
    return client.toRating(
      await productReviews.summary(await idOf(source, client, signal), { sku, signal }),
    );
  const { businessUnit, domain } = source;
  const unit = businessUnit
    ? await businessUnits.get(businessUnit, { signal })
    : await businessUnits.find(domain as string, { signal });
  const site = unit.name?.identifying;
  const rating = client.toRating(unit);
  // the address that the platform's own snippets link to
  if (site) rating.url ??= `https://www.trustpilot.com/review/${encodeURIComponent(site)}`;
  return rating;
}

/** The platform's word for a score in a language; null where it says none, or cannot now. */
export async function fetchWord(
  rating: Rating | null | undefined,
  locale: string,
  client: AnyClient,
  signal: AbortSignal,
): Promise<string | null> {
  const stars = rating?.stars as HalfStars | null | undefined;
  // English is built in
  if (!stars || rating?.provider !== "trustpilot" || /^en\b/.test(locale)) return null;
  const { language, region } = new Intl.Locale(locale).maximize();
  const { resources } = client as Client<"trustpilot">;
  return resources
    .starStrings(stars, { locale: `${language === "no" ? "nb" : language}-${region}`, signal })
    .then(
      ({ string }) => string,
      () => null,
    );
}

/** Reviews with others after them, each once: what is written meanwhile moves the rest on. */
export function joined(
  reviews: readonly Review[] | null | undefined,
  others: readonly Review[] | null | undefined,
): readonly Review[] {
  const known = new Set(reviews?.map(({ id }) => id));
  return [...(reviews ?? []), ...(others ?? []).filter(({ id }) => !id || !known.has(id))];
}

/** A page of reviews; where the platform does not select, up to five, until one has something. */
export async function fetchReviews(
  source: Source,
  client: AnyClient,
  selection: Selection,
  page: number,
  signal: AbortSignal,
): Promise<{ reviews: readonly Review[]; next: number | null }> {
  const { stars, language, perPage, ...rest } = selection;
  const { sku, shop } = source;
  const paged = { page, perPage, signal };
  let raw: readonly object[] | null | undefined;
  if (isTrustoo(client, source)) {
    raw = (await client.reviews.product(sku as string, { shop: shop as string, ...paged })).list;
  } else {
    const id = await idOf(source, client, signal);
    const own = { ...paged, ...(stars && { stars }), ...(language && { language }) };
    raw = sku
      ? (await client.productReviews.reviews(id, { sku, ...own })).productReviews
      : (await client.businessUnits.reviews(id, { ...own, ...rest })).reviews;
  }
  const reviews = selected((raw ?? []).map(client.toReview), selection);
  const next = (raw ?? []).length < perPage ? null : page + 1;
  return next && next % 5 && !reviews.length
    ? fetchReviews(source, client, selection, next, signal)
    : { reviews, next };
}

const isTrustoo = (_: AnyClient, { provider }: Source): _ is Client<"trustoo"> =>
  provider === "trustoo";

/** The id of the business unit. */
async function idOf(
  { businessUnit, domain }: Source,
  client: Client<"trustpilot">,
  signal: AbortSignal,
): Promise<string> {
  return businessUnit || client.businessUnits.idOf(domain as string, { signal });
}

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
  if (!globalThis.IntersectionObserver) {
    then();
    return () => {};
  }
  observer ??= new IntersectionObserver(
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
  observer.observe(element);
  return () => observer?.unobserve(element);
}
