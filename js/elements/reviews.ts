import {
  attributesOfReviews,
  type ReviewsProperties,
  sheetOfBase,
  sheetOfStars,
} from "../generated/elements.js";
import { type DataClass, DataElement } from "./data.js";
import { bone } from "./score.js";

/** `<plaudit-reviews domain="example.com">`: reviews as a list, a grid or a carousel. */
export class PlauditReviews extends (DataElement as unknown as DataClass<ReviewsProperties>) {
  static override readonly tag = "plaudit-reviews";
  static override readonly attributes = attributesOfReviews;
  static override sheets = [sheetOfBase, sheetOfStars];
  /** @internal */
  static readonly load = () => import("./reviews-drawing.js");

  /** @internal */
  override get query(): string {
    const { stars, language, tagGroup, tag, orderBy, perPage } = this;
    return JSON.stringify([stars, language, tagGroup, tag, orderBy, perPage]);
  }

  /** @internal */
  override skeleton(): readonly Node[] {
    const { perPage, layout, clientWidth } = this;
    const columns = { list: 1.2, grid: Math.min(3, clientWidth / 288) | 0, carousel: 10 }[layout];
    // a line, and cards as high as is usual in columns: in a list they are lower
    const length = Math.min(10, perPage ?? 6) / (columns || 1) + 1.9;
    return Array.from({ length }, (_, at) => bone(at ? "card" : "bar"));
  }
}
