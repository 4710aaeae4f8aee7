// What is shown, as texts: the same on a server, which has it drawn by Rust, and in a page.
import type { Rating } from "../common.js";
import { grades, gradeWords, type RatingProperties } from "../generated/elements.js";
import { address } from "./dom.js";
import type { Voice } from "./words.js";

/** Stars: how many halves, and what they are called. */
export interface StarsView {
  halves: number;
  label: string | null;
}

/** Whether it is a score: a number from 0 to 5. */
export const isScore = (value: unknown): value is number =>
  typeof value === "number" && value >= 0 && value <= 5;

/** A score as half stars: as the platform rounds, to the nearest half; below 1 there is none yet. */
export const halvesOf = (score: unknown): number =>
  isScore(score) && score >= 1 ? Math.floor(score * 2 + 0.5) : 0;

/** A score as it is printed; null where there is none yet. */
const scoreOf = (value: unknown, voice: Voice) =>
  halvesOf(value) ? voice.score(value as number) : null;

/** Whether it says that there are some, and how many. */
const isSome = (count: unknown): count is number =>
  Number.isSafeInteger(count) && (count as number) > 0;

/** An address at a platform: data names no other. */
export const pageOf = (url: unknown): string | null => {
  const safe = typeof url === "string" && address(url);
  return safe && /^https:..([\w-]+\.)*trust(pilot\.com|oo\.io)\//i.test(safe) ? safe : null;
};

/** What says where an element leads. */
export type Leading = Pick<RatingProperties, "provider" | "domain" | "href">;

/** Where an element leads: where its page says, else to what it shows at the platform. */
export const hrefOf = (
  rating: Rating | null | undefined,
  { provider, domain, href }: Leading,
): string | null =>
  address(href) ??
  pageOf(rating?.url) ??
  // the address that the platform's own snippets link to
  (domain && provider !== "trustoo"
    ? `https://www.trustpilot.com/review/${encodeURIComponent(domain)}`
    : null);

/** What stars alone are called. */
export function starsView(
  value: number | null,
  count: number | null,
  platform: string,
  voice: Voice,
): StarsView {
  const halves = halvesOf(value);
  const score = scoreOf(value, voice);
  if (!score) return { halves, label: voice.say("none") };
  const values = { value: score, platform };
  const label = isSome(count) ? voice.say("ratedBy", values, count) : voice.say("rated", values);
  return { halves, label };
}

/** One star of a badge, the score, and of what it is one. */
export interface BadgeView {
  href: string | null;
  halves: number;
  score: string | null;
  /** The score for who cannot see the stars. */
  scale: string | null;
  /** How many reviews there are and where, or that there are none yet. */
  text: string;
}

/** A badge, or what a rating has in common with it. */
export function badgeView(
  rating: Rating | null | undefined,
  host: Leading,
  voice: Voice,
): BadgeView {
  const { value, stars, count, provider }: Partial<Rating> = rating ?? {};
  const platform = platformOf(provider);
  const score = scoreOf(value, voice);
  const reviews =
    isSome(count) && voice.say("on", { what: voice.say("reviews", {}, count), platform });
  return {
    href: hrefOf(rating, host),
    halves: score ? halvesOf(stars) || halvesOf(value) : 0,
    score,
    scale: score && voice.say("outOf", { value: score }),
    text: score ? reviews || platform : voice.say("none"),
  };
}

/** What a rating shows. */
export interface RatingView extends BadgeView {
  /** The platform's word. */
  word: string | null;
}

/** A rating; `word` is what the platform says in the voice's language, where it was asked. */
export function ratingView(
  rating: Rating | null | undefined,
  word: unknown,
  host: Leading,
  voice: Voice,
): RatingView {
  const view = badgeView(rating, host, voice);
  const own = typeof word === "string" && word;
  // the words that are known here are Trustpilot's
  const isOther = rating?.provider === "trustoo";
  return { ...view, word: own || (isOther ? null : wordOf(view.halves, voice)) };
}

/** The platform's word for so many half stars, where it is known here: in English. */
export const wordOf = (halves: number, { locale }: Voice): string | null =>
  (/^en\b/.test(locale) && gradeWords[grades[halves] ?? 0]) || null;

/** A platform's name, as it writes it. */
export const platformOf = (provider: unknown): string =>
  provider === "trustoo" ? "Trustoo" : "Trustpilot";
