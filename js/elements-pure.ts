/**
 * The classes of the custom elements, not yet defined as elements.
 *
 * @packageDocumentation
 */
import { register } from "./elements/base.js";
import { PlauditReviews } from "./elements/reviews.js";
import { PlauditSignIn } from "./elements/sign-in.js";
import { PlauditStars } from "./elements/stars.js";

export type { SignInState } from "./elements/sign-in.js";
export { addWords, type Plural, type Words } from "./elements/words.js";
export { PlauditReviews, PlauditSignIn, PlauditStars };

/** Defines all elements that are not defined yet, under their own names. */
export function defineElements(): void {
  for (const type of [PlauditStars, PlauditReviews, PlauditSignIn]) register(type);
}
