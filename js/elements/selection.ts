// Which reviews: apart from where they come from, since a server chooses too.
import type { Review } from "../common.js";

/** Which reviews, as the elements' attributes say it. */
export interface Selection {
  stars?: readonly (1 | 2 | 3 | 4 | 5)[] | undefined;
  language?: readonly string[] | undefined;
  tagGroup?: string | undefined;
  tagValue?: string | undefined;
  orderBy?: "createdat.asc" | "createdat.desc" | "stars.asc" | "stars.desc" | undefined;
  perPage: number;
}

/** Those of `reviews` that are in a selection, in its order; what a platform chose already stays. */
export function selected(
  reviews: readonly Review[],
  { stars, language, orderBy }: Selection,
): readonly Review[] {
  const found = reviews.filter(
    (it) =>
      (!stars || stars.includes(it.stars as 1)) &&
      (!language || language.includes((it.language ?? "").slice(0, 2))),
  );
  if (!orderBy) return found;
  const sign = orderBy.endsWith("desc") ? -1 : 1;
  const key = (it: Review) =>
    (orderBy[0] === "s" ? it.stars : Date.parse(it.createdAt as string)) || 0;
  return found.sort((a, b) => sign * (key(a) - key(b)));
}
