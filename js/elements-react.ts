/**
 * The custom elements, with types for React. Importing this defines them, as `plaudit/elements` does.
 *
 * @packageDocumentation
 */

import type { ClassAttributes, HTMLAttributes } from "react";
import type {
  AllAttributes,
  CamelProps,
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

/** The tags of an element's class. */
type TagOf<E> = { [T in Tag]: E extends ElementOf<T> ? T : never }[Tag];

/** What {@link props} hands an element. Conditional, so that listeners in it get their types. */
export type GivenTo<E> = E extends HTMLElement ? CamelProps<TagOf<E>> : never;

/**
 * A `ref` that hands an element properties and listeners, by names in camel case, which TypeScript then
 * checks. It does so when React hydrates too, where React itself leaves both out (react/react#35446).
 * What a later rendering no longer names keeps its value.
 *
 * ```tsx
 * <plaudit-badge ref={props({ data: { rating }, onPlauditLoad: ({ detail }) => detail.from })} />
 * ```
 */
export function props<E extends HTMLElement>(
  given: GivenTo<E>,
): (element: E | null) => (() => void) | undefined {
  return (element) => {
    if (!element) return undefined;
    const end = new AbortController();
    for (const [name, value] of Object.entries<unknown>(given)) {
      const [, event] = /^on([A-Z].*)$/.exec(name) ?? [];
      if (!event) Object.assign(element, { [name]: value });
      else if (value) {
        const type = event.replace(/[A-Z]/g, (it) => `-${it.toLowerCase()}`).slice(1);
        element.addEventListener(type, value as EventListener, end);
      }
    }
    return () => end.abort();
  };
}

if (globalThis.customElements) defineElements();
