// What is shown, as texts: the same on a server, which has it drawn by Rust, and in a page.
import { words as english, grades, gradeWords } from "../generated/elements.js";
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

/** What stars alone are called. */
export function starsView(
  value: number | null,
  count: number | null,
  platform: string,
  voice: Voice,
): StarsView {
  const halves = halvesOf(value);
  if (!halves) return { halves, label: voice.say("none") };
  const values = { value: voice.score(value as number), platform };
  const label = count ? voice.say("ratedBy", values, count) : voice.say("rated", values);
  return { halves, label };
}

/** The platform's word for so many half stars, where it is known here: in English. */
export function wordOf(halves: number, voice: Voice): string | null {
  return voice.words === english ? gradeWords[grades[halves] ?? 0] || null : null;
}

/** A platform's name, as it writes it. */
export const platformOf = (provider: string): string =>
  provider === "trustoo" ? "Trustoo" : "Trustpilot";
