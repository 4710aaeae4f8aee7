// What elements fetch, one client for all that ask alike, and what they tell of it: loaded beside the core,
// or when markup is taken over.
import type { Client, Rating } from "../client.js";
import { isPlauditError, PlauditError } from "../errors.js";
import { words } from "../generated/elements-loading.js";
import type { HalfStars } from "../generated/trustpilot.js";
import type { Drawing, LoadDetail, WidgetState } from "./data.js";
import { h, part } from "./dom.js";
import {
  errorOf,
  hasSource,
  type Source,
  type WidgetClient,
  type WidgetData,
  whenNear,
} from "./source.js";
import { addEnglish, type Voice } from "./words.js";

addEnglish(words);

/** An element, as what loads for it sees it. */
interface Host extends HTMLElement, Source {
  readonly client: WidgetClient | null;
  readonly own: WidgetData | null;
  readonly query: string;
  readonly drawing: Drawing;
  readonly state: WidgetState;
  readonly schema?: string;
  adopted: WidgetData | undefined;
  stale: WidgetData | undefined;
  skeleton(voice: Voice | null): readonly Node[];
  show(data: WidgetData, voice: Voice, put: (nodes: readonly Node[]) => void): void;
  settle(root: ShadowRoot, data: WidgetData): void;
  enter(state: WidgetState, error?: PlauditError | null): void;
  changed(): void;
  refresh(): void;
  emit(name: string, detail: unknown): void;
}

/** What was thrown while data was read, as our error. */
const unreadable = (cause: unknown): PlauditError =>
  isPlauditError(cause)
    ? (cause as PlauditError)
    : new PlauditError("malformed_response", "the data has not the form that the element shows", {
        cause,
      });

/** What one element fetches and tells. */
export class Loading {
  readonly #host: Host;
  /** What came with the markup of an element that names no source. */
  #markup: WidgetData | null = null;
  #error: PlauditError | null = null;
  /** The last answer, and to what it is one. */
  #answer: LoadDetail | null = null;
  #answerOf = "";
  /** What was asked for last, and of what. */
  #of = "";
  #source = "";
  #flight: AbortController | null = null;
  #isNear: boolean;
  #unwatch = () => {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What search engines are told of, where that was asked for. */
  #described: WidgetData | null = null;
  /** What is told as soon as it is seen. */
  #news: [name: string, detail: unknown] | null = null;
  /** Says what is wrong: without a size, it is there before its words, so that they are heard. */
  readonly #live = h("div", { role: "status" });

  /** `isNear` saves looking again. */
  constructor(host: Host, isNear: boolean) {
    this.#host = host;
    this.#isNear = isNear;
  }

  /** Fetches again with the next drawing. */
  refresh(): void {
    this.#of = "";
  }

  /** After the element went. */
  leave(): void {
    removeEventListener("online", this);
    removeEventListener("pageshow", this);
    clearTimeout(this.#timer);
    // moved within the task: it goes on
    queueMicrotask(() => {
      if (this.#host.isConnected) return;
      this.#describe(null);
      if (this.#flight) this.#end();
    });
  }

  /** Clicks in the root; the window is online, or comes back from where it was kept. */
  handleEvent({ type, target, persisted }: Event & { persisted?: boolean }): void {
    if (type === "click") {
      if ((target as Element).closest("[data-do=retry]")) this.#host.refresh();
      return;
    }
    const isStale = persisted && this.#answer?.from === "network";
    if (isStale || (type === "online" && this.#error?.retryable)) this.#host.refresh();
  }

  /** Draws what was given, what came, or why nothing did. */
  draw(root: ShadowRoot, voice: Voice | null, own: WidgetData | null): void {
    addEventListener("online", this);
    addEventListener("pageshow", this);
    root.addEventListener("click", this);
    const host = this.#host;
    const { provider, businessUnit, domain, sku, shop, proxy, apiKey, baseUrl, adopted } = host;
    const asked = [provider, businessUnit, domain, sku, shop, proxy, apiKey, baseUrl];
    const source = JSON.stringify(asked);
    const of = source + host.query;
    const isSourced = hasSource(host);
    if (adopted) {
      host.adopted = undefined;
      this.#of = of;
      this.#source = source;
      const answer = this.#keep(of, adopted, "markup");
      this.#markup = isSourced || own ? null : answer;
      host.settle(root, answer);
      this.#tell(answer);
      return;
    }
    const isFirst = !this.#source;
    const isOther = !isFirst && source !== this.#source;
    this.#source = source;
    // of another version, but there is no better
    this.#markup ??= host.stale ?? null;
    host.stale = undefined;
    const given = own ?? (isSourced ? null : this.#markup);
    if (given || !isSourced) this.#end();
    else if (of !== this.#of) this.#load(of);
    const data = given ?? (this.#answerOf === of ? this.#answer : null);
    let error = given ? null : this.#error;
    if (!voice || this.#flight || !(data || error)) {
      // what was shown stays until there is something new, unless it is of something else
      if (!this.#live.parentNode) root.append(this.#live);
      if (
        !root.firstChild ||
        (isOther && !given) ||
        (!isSourced && !given && host.state !== "loading")
      ) {
        this.#put(root, host.skeleton(voice));
        this.#describe(null);
      } else if (isFirst) this.#describe(null);
      host.enter("loading");
      if (isFirst && !isSourced && !data) {
        // a page may still bring data
        this.#timer = setTimeout(() => {
          if (host.state !== "loading" || hasSource(host)) return;
          this.#warn("there is nothing to show: name a business, or set `data`");
        }, 5000);
      }
      return;
    }
    let shown: WidgetData | null = null;
    const focused = root.activeElement;
    try {
      if (data) host.show(data, voice, (nodes) => this.#put(root, nodes));
      shown = data;
    } catch (cause) {
      error = unreadable(cause);
      this.#news = ["plaudit-error", error];
    }
    const note = (text: "error" | "offline") => {
      this.#say(
        voice.say(text),
        error?.retryable
          ? part("button", "retry", { type: "button", "data-do": "retry" }, voice.say("retry"))
          : "",
      );
      if (focused && !root.activeElement) this.#live.querySelector("button")?.focus();
    };
    if (!shown) {
      this.#put(root, []);
      note("error");
      host.enter("error", error);
    } else if (error?.code === "network_error") {
      note("offline");
      host.enter("offline", error);
    } else if (error) {
      // the page's own: what is shown is as good as before
      host.enter(host.state, error);
    }
    this.#tell(shown);
  }

  /** Puts nodes in the place of all but what says what is wrong: put in anew, it would not be heard. */
  #put(root: ShadowRoot, nodes: readonly Node[]): void {
    for (const it of [...root.childNodes]) if (it !== this.#live) it.remove();
    root.prepend(...nodes);
    if (!this.#live.parentNode) root.append(this.#live);
    this.#say();
  }

  #say(...words: readonly (Node | string)[]): void {
    for (const name of ["class", "part"]) {
      this.#live.setAttribute(name, words.length ? "status" : "");
    }
    this.#live.replaceChildren(...words);
  }

  #tell(shown: WidgetData | null): void {
    this.#describe(shown && (this.#host.drawing.told?.(shown) ?? shown));
    const news = this.#news;
    this.#news = null;
    if (!news) return;
    const [, detail] = news;
    if (isPlauditError(detail) && detail.code !== "network_error") {
      this.#warn(`${detail.message} (${detail.code})`);
    }
    this.#host.emit(...news);
  }

  #warn(message: string): void {
    const { localName, businessUnit, domain, sku } = this.#host;
    const what = [businessUnit, domain, sku].filter(Boolean).join(" ");
    console.warn(`plaudit: <${localName}>${what && ` (${what})`}: ${message}`);
  }

  #describe(data: WidgetData | null): void {
    const { schema = "none" } = this.#host;
    const before = this.#described;
    this.#described = schema === "none" ? null : data;
    // what came with the markup may be of something else
    if (before || this.#described || this.#host.querySelector(":scope > script[data-plaudit]")) {
      import("./jsonld.js").then(
        ({ describe }) => describe(this.#host, this.#described),
        // what does not load is not told
        () => {},
      );
    }
  }

  #keep(of: string, data: WidgetData, from: LoadDetail["from"]): LoadDetail {
    this.#answer = { ...data, from };
    this.#answerOf = of;
    this.#news = ["plaudit-load", this.#answer];
    return this.#answer;
  }

  /** Nothing is on its way, and nothing is wrong. */
  #end(): void {
    this.#unwatch();
    this.#flight?.abort();
    this.#flight = this.#error = this.#news = null;
    this.#of = "";
  }

  #load(of: string): void {
    this.#end();
    this.#of = of;
    const host = this.#host;
    const flight = new AbortController();
    this.#flight = flight;
    const { signal } = flight;
    const go = async () => {
      try {
        const client =
          host.client ??
          (await clientOf(host).catch((cause) => {
            throw errorOf(cause);
          }));
        const data = await (host.drawing.fetch?.(host, client, signal) ??
          fetchData(host, client, signal, host.query));
        if (signal.aborted) return;
        this.#keep(of, data, "network");
      } catch (cause) {
        if (signal.aborted) return;
        this.#error = unreadable(cause);
        this.#news = ["plaudit-error", this.#error];
      }
      this.#flight = null;
      host.changed();
    };
    if (this.#isNear || host.loading === "eager") go();
    else this.#unwatch = whenNear(host, go);
    this.#isNear = false;
  }
}

const clients = new Map<string, Promise<WidgetClient>>();

/** The client that a source names: the same for the same words, and with it its cache and its flights. */
export function clientOf({ provider, proxy, apiKey, baseUrl }: Source): Promise<WidgetClient> {
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

/** A score; with a locale also the platform's word for it in that language. */
export async function fetchData(
  source: Source,
  client: WidgetClient,
  signal: AbortSignal,
  locale: string,
): Promise<WidgetData> {
  const rating = await fetchRating(source, client, signal);
  return locale ? { rating, word: await fetchWord(rating, locale, client, signal) } : { rating };
}

/** The score of a business, or of a product where there is a SKU. */
async function fetchRating(
  source: Source,
  client: WidgetClient,
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
  rating: Rating | null,
  locale: string,
  client: WidgetClient,
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

/** Of which platform a client is. */
export const isTrustoo = (_: WidgetClient, { provider }: Source): _ is Client<"trustoo"> =>
  provider === "trustoo";

/** The id of the business unit. */
export async function idOf(
  { businessUnit, domain }: Source,
  client: Client<"trustpilot">,
  signal: AbortSignal,
): Promise<string> {
  return businessUnit || client.businessUnits.idOf(domain as string, { signal });
}
