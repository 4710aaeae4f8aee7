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

/** The first member that is there, for each field of a common view. */
function pick(raw: unknown, paths: Common): Record<string, never> {
  const found: Record<string, unknown> = {};
  for (const field in paths) {
    const values = (paths[field] as string).split("|").map((path) => at(raw, path));
    found[field] = values.find((value) => value !== undefined && value !== null);
  }
  return found as Record<string, never>;
}

/** A platform's score in the common form. */
export function toRating(provider: string, raw: unknown, paths: Common): Rating {
  const { distribution, ...rest } = paths;
  const { value = 0, stars, count = null, name = null, url = null } = pick(raw, rest);
  const counts = distribution?.split(",").map((path) => at(raw, path)) as Rating["distribution"];
  return {
    provider,
    // 0 is what a platform says before the first review.
    value: value || null,
    stars: stars || Math.round(value * 2) / 2 || null,
    count,
    distribution: counts?.every((of) => typeof of === "number") ? counts : null,
    name,
    url,
  };
}

/** A platform's review in the common form. */
export function toReview(provider: string, raw: unknown, paths: Common): Review {
  const found = pick(raw, paths);
  const { id, stars = null, title = null, text = null, language = null, createdAt = null } = found;
  const { author = null, replyText, replyCreatedAt = null, verified, url = null } = found;
  return {
    provider,
    id: id === undefined ? null : String(id),
    stars,
    title,
    text,
    language,
    createdAt,
    author,
    reply: replyText ? { text: replyText, createdAt: replyCreatedAt } : null,
    verified: verified === undefined ? null : [true, 1, "1"].includes(verified),
    url,
  };
}
