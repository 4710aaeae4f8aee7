/**
 * The custom elements, with types for Svelte. Importing this defines them, as `plaudit/elements` does.
 *
 * @packageDocumentation
 */

import type { HTMLAttributes } from "svelte/elements";
import type {
  AllAttributes,
  ElementOf,
  EventNameOf,
  EventOf,
  RichOf,
  Tag,
} from "./elements/frameworks.js";
import { defineElements } from "./elements-pure.js";

export * from "./elements-pure.js";

/** What an element takes in a component's markup. */
export type PlauditProps<T extends Tag> = Omit<
  HTMLAttributes<ElementOf<T>>,
  keyof AllAttributes[T]
> &
  AllAttributes[T] &
  RichOf<T> & {
    [N in EventNameOf<T> as `on${N}` | `on:${N}`]?: ((event: EventOf<T, N>) => void) | undefined;
  };

type Elements = { [T in Tag]: PlauditProps<T> };

declare module "svelte/elements" {
  interface SvelteHTMLElements extends Elements {}
}

if (globalThis.customElements) defineElements();
