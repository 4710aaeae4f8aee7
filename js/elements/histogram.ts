import {
  attributesOfHistogram,
  type HistogramProperties,
  sheetOfBase,
  sheetOfStars,
} from "../generated/elements.js";
import { type DataClass, DataElement, type LoadEvents } from "./data.js";
import { bone } from "./score.js";

/** What `plaudit-filter` tells. */
export interface FilterDetail {
  /** The stars that are chosen now; none: all are shown. */
  stars: number[];
}

/** The events of `<plaudit-histogram>`. */
export interface FilterEvents extends LoadEvents {
  /** A row was chosen, or no more. */
  "plaudit-filter": CustomEvent<FilterDetail>;
}

/** `<plaudit-histogram>`: how many reviews have five stars, four, and so on. */
export class PlauditHistogram extends (DataElement as unknown as DataClass<
  HistogramProperties,
  FilterEvents
>) {
  static override readonly tag = "plaudit-histogram";
  static override readonly attributes = attributesOfHistogram;
  static override sheets = [sheetOfBase, sheetOfStars];
  /** @internal */
  static readonly load = () => import("./histogram-drawing.js");

  /** @internal */
  skeleton(): readonly Node[] {
    return Array.from({ length: 5 }, () => bone("bar"));
  }
}
