/**
 * The custom elements, with types for Vue. Importing this defines them, as `plaudit/elements` does.
 *
 * @packageDocumentation
 */

import type { HTMLAttributes, PublicProps } from "vue";
import type { AllAttributes, Camel, CamelProps, ElementOf, Tag } from "./elements/frameworks.js";
import { defineElements } from "./elements-pure.js";

export * from "./elements-pure.js";

/** What an element takes in a template, where names are checked in camel case. */
export type PlauditProps<T extends Tag> = CamelProps<T> &
  Omit<HTMLAttributes, Camel<keyof AllAttributes[T] & string>>;

/** A custom element, as Vue's tools know components. */
export type PlauditComponent<T extends Tag> = new () => ElementOf<T> & {
  /** @deprecated For types alone. */
  $props: PlauditProps<T> & PublicProps;
};

type Components = { [T in Tag]: PlauditComponent<T> };

declare module "vue" {
  // `strictTemplates` would refuse what is put into an element's slot
  interface HTMLAttributes {
    slot?: string | undefined;
  }
  interface GlobalComponents extends Components {}
}

if (globalThis.customElements) defineElements();
