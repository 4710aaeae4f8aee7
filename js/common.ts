import type { Common } from "./generated/tables.js";

/** A score in the same form for all platforms. */
export interface Rating {
  provider: string;
  /** 1 to 5; `null` where there is none yet. */
  value: number | null;
  /** The value to the half, as the platform rounds it where it does. */
  stars: number | null;
  /** How many reviews. */
  count: number | null;
  /** How many reviews of one star, of two, and so on; `null` where it is not known. */
  distribution: [number, number, number, number, number] | null;
  name: string | null;
  url: string | null;
}

/** A review in the same form for all platforms. */
export interface Review {
  provider: string;
  id: string | null;
  /** 1 to 5. */
  stars: number | null;
  title: string | null;
  text: string | null;
  language: string | null;
  /** As `toISOString` writes it. */
  createdAt: string | null;
  /** The name to show. */
  author: string | null;
  /** What the business answered. */
  reply: { text: string; createdAt: string | null } | null;
  /** Whether the platform vouches for the review; `null` where it does not say. */
  verified: boolean | null;
  url: string | null;
}

/** The member at a path such as `score.stars`; undefined where the way there ends. */
export function at(value: unknown, path: string): unknown {
  let found = value as Record<string, unknown> | null | undefined;
  for (const name of path.split(".")) found = found?.[name] as typeof found;
  return found;
}

/** The first member that is there, or null, for each of the names of a common view. */
function view(raw: unknown, paths: Common, names: string): Record<string, never> {
  const found = names.split(",").map((name) => {
    const members = paths[name]?.split("|").map((path) => at(raw, path));
    return [name, members?.find((member) => member !== undefined && member !== null) ?? null];
  });
  return Object.fromEntries(found);
}

/** A platform's score in the common form. */
export function toRating(provider: string, raw: unknown, paths: Common): Rating {
  const { value, stars, ...rest } = view(raw, paths, "value,stars,count,name,url");
  const counts = paths.distribution?.split(",").map((path) => at(raw, path));
  return {
    provider,
    // 0 is what a platform says before the first review.
    value: value || null,
    stars: stars || Math.round((value ?? 0) * 2) / 2 || null,
    distribution: counts?.every(Number.isFinite) ? counts : null,
    ...rest,
  } as Rating;
}

/** A platform's review in the common form. */
export function toReview(provider: string, raw: unknown, paths: Common): Review {
  const names =
    "id,stars,title,text,language,createdAt,author,url,replyText,replyCreatedAt,verified";
  const { id, replyText, replyCreatedAt, verified, ...rest } = view(raw, paths, names);
  return {
    provider,
    id: id === null ? null : String(id),
    reply: replyText ? { text: replyText, createdAt: replyCreatedAt } : null,
    verified: verified === null ? null : [true, 1, "1"].includes(verified as never),
    ...rest,
  } as unknown as Review;
}
