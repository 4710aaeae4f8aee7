/**
 * The classes of the custom elements, not yet defined as elements.
 *
 * @packageDocumentation
 */
import { PlauditBadge } from "./elements/badge.js";
import { register } from "./elements/base.js";
import { PlauditHistogram } from "./elements/histogram.js";
import { PlauditRating } from "./elements/rating.js";
import { PlauditReviews } from "./elements/reviews.js";
import { PlauditSignIn } from "./elements/sign-in.js";
import { PlauditStars } from "./elements/stars.js";

export type { LoadDetail, LoadEvents, WidgetState } from "./elements/data.js";
export type { FilterDetail, FilterEvents } from "./elements/histogram.js";
export type { SignInEvents, SignInState } from "./elements/sign-in.js";
export type { WidgetClient, WidgetData } from "./elements/source.js";
export { addWords, type Plural, type Words } from "./elements/words.js";
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
  interface HTMLElementTagNameMap {
    "plaudit-badge": PlauditBadge;
    "plaudit-histogram": PlauditHistogram;
    "plaudit-rating": PlauditRating;
    "plaudit-reviews": PlauditReviews;
    "plaudit-sign-in": PlauditSignIn;
    "plaudit-stars": PlauditStars;
  }
}
