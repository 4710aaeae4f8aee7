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

/** A text as all can read it: halves of characters become U+FFFD, as they are seen. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, "\ufffd");

/** A text; what is none is absent, as is one without anything in it. */
export const textOf = (text: unknown): string | null =>
  (typeof text === "string" && wellFormed(text)) || null;

/** The members of an object; what is none has none. */
export const membersOf = (value: unknown): { readonly [name: string]: unknown } | null =>
  typeof value === "object" && !Array.isArray(value)
    ? (value as { readonly [name: string]: unknown } | null)
    : null;

/** Whether it says how many there are: a whole number, 0 too. */
export const isCount = (count: unknown): count is number =>
  Number.isSafeInteger(count) && (count as number) >= 0;

/** A review's stars: 1 to 5, whole. */
export const starsOf = (stars: unknown): Review["stars"] =>
  ([1, 2, 3, 4, 5] as const).find((it) => it === stars) ?? null;

/** A date as `Date` counts; NaN where there is none. */
export const timeOf = (at: unknown): number => Date.parse(textOf(at) ?? "");

/** Those of `reviews` that are in a selection, in its order; what a platform chose already stays. */
export function selected(
  reviews: readonly Review[],
  { stars, language, orderBy }: Selection,
): readonly Review[] {
  const found = reviews.filter(
    (it) =>
      membersOf(it) &&
      (!stars || stars.includes(it.stars as 1)) &&
      (!language || language.includes((textOf(it.language) ?? "").slice(0, 2))),
  );
  if (!orderBy) return found;
  const sign = orderBy.endsWith("desc") ? -1 : 1;
  const key = (it: Review) => (orderBy[0] === "s" ? starsOf(it.stars) : timeOf(it.createdAt)) || 0;
  return found.sort((a, b) => sign * (key(a) - key(b)));
}
