import {
  attributesOfRating,
  sheetOfBase,
  sheetOfRating,
  sheetOfStars,
} from "../generated/elements.js";
import { base, part, stars } from "./dom.js";
import { bone, drawScore, ScoreElement } from "./score.js";
import type { WidgetData } from "./source.js";
import { type RatingView, ratingView } from "./views.js";
import { localeOf, type Voice } from "./words.js";

/** What a rating draws. */
export const drawRating = (view: RatingView): HTMLElement =>
  drawScore(view, stars(view.halves), view.word && part("span", "label", {}, view.word));

/** `<plaudit-rating>`: word, stars, score, number of reviews and a link. */
export class PlauditRating extends ScoreElement {
  static override readonly tag = "plaudit-rating";
  static override readonly attributes = attributesOfRating;
  static override readonly sheets = [sheetOfBase, sheetOfStars, sheetOfRating];

  /** @internal */
  override get query(): string {
    return localeOf(this);
  }

  /** @internal */
  content({ rating, word }: WidgetData, voice: Voice): readonly Node[] {
    return [drawRating(ratingView(rating, word, this, voice))];
  }

  /** @internal */
  skeleton(): readonly Node[] {
    return [base(null, bone("label"), stars(0), bone("score"), bone("count"))];
  }
}
