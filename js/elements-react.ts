/**
 * The custom elements, with types for React. Importing this defines them, as `plaudit/elements` does.
 *
 * @packageDocumentation
 */

import type { ClassAttributes, HTMLAttributes } from "react";
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

/** What an element takes in JSX: attributes as in markup, rich data as properties, `onplaudit-…`. */
export type PlauditProps<T extends Tag> = Omit<
  HTMLAttributes<ElementOf<T>>,
  keyof AllAttributes[T] | "onError" | "onLoad"
> &
  // key and ref
  ClassAttributes<ElementOf<T>> &
  AllAttributes[T] &
  RichOf<T> & {
    /** React hands it to custom elements as it is. */
    class?: string | undefined;
  } & { [N in EventNameOf<T> as `on${N}`]?: ((event: EventOf<T, N>) => void) | undefined };

type Intrinsic = { [T in Tag]: PlauditProps<T> };

declare module "react" {
  namespace JSX {
    interface IntrinsicElements extends Intrinsic {}
  }
}

if (globalThis.customElements) defineElements();
