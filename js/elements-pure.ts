/**
 * The classes of the custom elements, not yet defined as elements.
 *
 * @packageDocumentation
 */
import type { Session } from "./auth.js";
import { PlauditBadge } from "./elements/badge.js";
import { register } from "./elements/base.js";
import type { LoadDetail } from "./elements/data.js";
import type { Heard } from "./elements/heard.js";
import type { FilterDetail } from "./elements/histogram.js";
import { PlauditHistogram } from "./elements/histogram.js";
import { PlauditRating } from "./elements/rating.js";
import { PlauditReviews } from "./elements/reviews.js";
import { PlauditSignIn } from "./elements/sign-in.js";
import { PlauditStars } from "./elements/stars.js";
import type { PlauditError } from "./errors.js";

export type { Rating, Review } from "./common.js";
export type { LoadDetail, LoadEvents, WidgetState } from "./elements/data.js";
export type { FilterDetail, FilterEvents } from "./elements/histogram.js";
export type { SignInEvents, SignInState } from "./elements/sign-in.js";
export type { WidgetClient, WidgetData } from "./elements/source.js";
export { addWords, type Plural, type Words } from "./elements/words.js";
export type { PlauditError, PlauditErrorCode } from "./errors.js";
export type { Phrases } from "./generated/elements.js";
export {
  PlauditBadge,
  PlauditHistogram,
  PlauditRating,
  PlauditReviews,
  PlauditSignIn,
  PlauditStars,
};

/** Defines all elements that are not defined yet, under their own names. */
export function defineElements(): void {
  const types = [PlauditStars, PlauditRating, PlauditBadge, PlauditHistogram, PlauditReviews];
  for (const type of [...types, PlauditSignIn]) register(type);
}

declare global {
  /** What `plaudit-load` tells, by entry: `plaudit/trustbox` tells something else. */
  interface PlauditLoads {
    elements: LoadDetail;
  }
  // of elements, documents and windows: events of ours bubble
  interface GlobalEventHandlersEventMap {
    "plaudit-load": Heard<PlauditLoads[keyof PlauditLoads]>;
    "plaudit-error": Heard<PlauditError>;
    "plaudit-filter": Heard<FilterDetail>;
    "plaudit-sign-in": Heard<Session>;
    "plaudit-sign-out": Heard<null>;
  }
  interface HTMLElementTagNameMap {
    "plaudit-badge": PlauditBadge;
    "plaudit-histogram": PlauditHistogram;
    "plaudit-rating": PlauditRating;
    "plaudit-reviews": PlauditReviews;
    "plaudit-sign-in": PlauditSignIn;
    "plaudit-stars": PlauditStars;
  }
}
