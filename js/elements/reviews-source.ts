// Where reviews come from: a page of them, or several.
import type { Review } from "../common.js";
import { type Selection, selected } from "./selection.js";
import type { Source, WidgetClient } from "./source.js";

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
  client: WidgetClient,
  selection: Selection,
  page: number,
  signal: AbortSignal,
): Promise<{ reviews: readonly Review[]; next: number | null }> {
  const { idOf, isTrustoo } = await import("./loading.js");
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
