import type { RatingProperties } from "../generated/elements.js";
import { type DataClass, DataElement } from "./data.js";
import { base, h, part } from "./dom.js";
import type { WidgetData } from "./source.js";
import { type BadgeView, halvesOf, isScore } from "./views.js";

/** A drawing and its score, which stay together, between a word and the number of reviews. */
export const drawScore = (
  { href, score, scale, text }: BadgeView,
  drawing: Node,
  word?: Node | null | "",
): HTMLElement =>
  base(
    href,
    word,
    h(
      "span",
      { class: "pair" },
      drawing,
      score && part("span", "score", { "aria-hidden": "true" }, score),
      scale && h("span", { class: "hidden" }, scale),
    ),
    part("span", "count", {}, text),
  );

/** What stands where a text will be. */
export const bone = (name: string): HTMLElement => h("span", { class: `bone ${name}` });

/** What elements of one score have in common. */
export abstract class ScoreElement extends (DataElement as unknown as DataClass<RatingProperties>) {
  /** @internal */
  override get own(): WidgetData | null {
    const { provider, value, count, name } = this;
    return isScore(value)
      ? { rating: { provider, value, stars: null, count, distribution: null, name, url: null } }
      : null;
  }

  /** @internal */
  isEmpty({ rating }: WidgetData): boolean {
    return !halvesOf(rating?.value);
  }
}
