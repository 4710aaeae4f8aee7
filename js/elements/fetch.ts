// What is asked of a platform, one client for all that ask alike: loaded beside the core, when something
// is to be fetched.
import type { Client, Rating } from "../client.js";
import type { HalfStars } from "../generated/trustpilot.js";
import type { Source, WidgetClient, WidgetData } from "./source.js";

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
