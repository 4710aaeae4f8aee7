import {
  attributesOfStars,
  type StarsProperties,
  sheetOfStars,
  sheetOfStarsHost,
} from "../generated/elements.js";
import { type ElementClass, PlauditElement } from "./base.js";
import { stars } from "./dom.js";
import { platformOf, starsView } from "./views.js";
import { english, type Voice } from "./words.js";

/** `<plaudit-stars value="4.5">`: stars of a score. No request, no WebAssembly. */
export class PlauditStars extends (PlauditElement as unknown as ElementClass<StarsProperties>) {
  static override readonly tag = "plaudit-stars";
  static override readonly attributes = attributesOfStars;
  static override readonly sheets = [sheetOfStars, sheetOfStarsHost];

  protected draw(root: ShadowRoot, voice: Voice | null): void {
    if (this.adopted !== undefined) {
      this.adopted = undefined;
      return;
    }
    const { value, count, provider } = this;
    // A picture in the wrong language for a moment is better than none.
    const { halves, label } = starsView(value, count, platformOf(provider), voice ?? english);
    root.replaceChildren(stars(halves, label));
  }
}
