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
  static readonly load = () => import("./reviews-drawing.js");

  protected override get query(): string {
    const { stars, language, tagGroup, tag, orderBy, perPage } = this;
    return JSON.stringify([stars, language, tagGroup, tag, orderBy, perPage]);
  }

  protected override skeleton(): readonly Node[] {
    const { perPage, layout } = this;
    const rows = Math.min(10, perPage ?? 6) / { list: 1, grid: 2, carousel: 10 }[layout];
    return Array.from({ length: Math.max(1, rows) }, () => bone("card"));
  }
}
