// What is shown, as texts: the same on a server, which has it drawn by Rust, and in a page.
import type { Rating } from "../common.js";
import { grades, gradeWords } from "../generated/elements.js";
import type { Voice } from "./words.js";

/** Stars: how many halves, and what they are called. */
export interface StarsView {
  halves: number;
  label: string | null;
}

/** A score as half stars: as the platform rounds, to the nearest half; below 1 there is none yet. */
export function halvesOf(score: number | null | undefined): number {
  return score && score >= 1 ? Math.min(10, Math.floor(score * 2 + 0.5)) : 0;
}

/** A score as it is printed; null where there is none yet. */
const scoreOf = (value: number | null, voice: Voice) =>
  halvesOf(value) ? voice.score(Math.min(5, value as number)) : null;

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
  const label = count ? voice.say("ratedBy", values, count) : voice.say("rated", values);
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
  href: string | null,
  voice: Voice,
): BadgeView {
  const { value = null, stars = null, count = 0, url = null, provider = "" } = rating ?? {};
  const platform = platformOf(provider);
  const score = scoreOf(value, voice);
  const reviews = count && voice.say("on", { what: voice.say("reviews", {}, count), platform });
  return {
    href: href ?? url,
    halves: score ? halvesOf(stars ?? value) : 0,
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
  word: string | null | undefined,
  href: string | null,
  voice: Voice,
): RatingView {
  const view = badgeView(rating, href, voice);
  // the words that are known here are Trustpilot's
  const isOther = rating?.provider === "trustoo";
  return { ...view, word: word || (isOther ? null : wordOf(view.halves, voice)) };
}

/** The platform's word for so many half stars, where it is known here: in English. */
export const wordOf = (halves: number, { locale }: Voice): string | null =>
  (/^en\b/.test(locale) && gradeWords[grades[halves] ?? 0]) || null;

/** A platform's name, as it writes it. */
export const platformOf = (provider: string): string =>
  provider === "trustoo" ? "Trustoo" : "Trustpilot";
