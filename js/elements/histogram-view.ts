// A histogram as it is shown, as texts.
import type { Rating } from "../common.js";
import { isCount } from "./selection.js";
import type { Voice } from "./words.js";

/** A row of a histogram. */
export interface HistogramRow {
  stars: number;
  label: string;
  share: string;
  /** All of it for who cannot see the bar. */
  name: string;
  /** The length of the bar, of 1,000. */
  width: number;
  /** Whether it is chosen, where it can be. */
  isPressed: boolean | null;
}

/** What a histogram shows: its rows, from five stars to one. */
export interface HistogramView {
  rows: HistogramRow[];
  /** Instead of rows. */
  status: string | null;
}

/** How many reviews there are of one star, of two, and so on: five whole numbers, or it is not known. */
export const distributionOf = (raw: unknown): Rating["distribution"] =>
  Array.isArray(raw) && raw.length === 5 && Array.from(raw).every(isCount)
    ? (raw as unknown as Rating["distribution"])
    : null;

/** A histogram; `chosen` are the stars that are chosen, where they can be. */
export function histogramView(
  raw: unknown,
  chosen: readonly number[] | null,
  voice: Voice,
): HistogramView {
  const distribution = distributionOf(raw);
  if (!distribution) return { rows: [], status: voice.say("none") };
  const all = distribution.reduce((sum, count) => sum + count, 0);
  const percent = new Intl.NumberFormat(voice.locale, { style: "percent" });
  const rows = distribution.map((count, at) => {
    const ratio = all ? count / all : 0;
    const label = voice.say("stars", {}, at + 1);
    const share = percent.format(ratio);
    const reviews = voice.say("reviews", {}, count);
    return {
      stars: at + 1,
      label,
      share,
      name: voice.say("row", { stars: label, reviews, share }),
      // few are seen too
      width: ratio && Math.max(10, Math.round(ratio * 1000)),
      isPressed: chosen?.includes(at + 1) ?? null,
    };
  });
  return { rows: rows.reverse(), status: null };
}
