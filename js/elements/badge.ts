import {
  attributesOfBadge,
  sheetOfBadge,
  sheetOfBase,
  sheetOfRating,
  sheetOfStars,
} from "../generated/elements.js";
import { base, star } from "./dom.js";
import { bone, drawScore, ScoreElement } from "./score.js";
import type { WidgetData } from "./source.js";
import { type BadgeView, badgeView } from "./views.js";
import type { Voice } from "./words.js";

/** What a badge draws. */
export const drawBadge = (view: BadgeView): HTMLElement => drawScore(view, star(view.halves));

/** `<plaudit-badge>`: one star, score and count, small. */
export class PlauditBadge extends ScoreElement {
  static override readonly tag = "plaudit-badge";
  static override readonly attributes = attributesOfBadge;
  static override readonly sheets = [sheetOfBase, sheetOfStars, sheetOfRating, sheetOfBadge];

  /** @internal */
  content({ rating }: WidgetData, voice: Voice): readonly Node[] {
    return [drawBadge(badgeView(rating, this, voice))];
  }

  /** @internal */
  skeleton(): readonly Node[] {
    return [base(null, star(0), bone("score"), bone("count"))];
  }
}
