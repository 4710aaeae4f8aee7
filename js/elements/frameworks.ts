// What the types of all frameworks are made of. Types alone: nothing of it is left in JavaScript.
import type { ElementAttributes, ElementEvents } from "../generated/attributes.js";
import type { TrustboxAttributes } from "../generated/trustbox.js";
import type { TrustboxElement, TrustboxEventMap } from "../trustbox/element.js";
import type { LoadEvents } from "./data.js";
import type { FilterEvents } from "./histogram.js";
import type { SignInEvents } from "./sign-in.js";

/** The attributes of all elements by tag, the official widget's among them. */
export interface AllAttributes extends ElementAttributes {
  "plaudit-trustbox": TrustboxAttributes;
}

/** The tag of an element. */
export type Tag = keyof AllAttributes;

/** The class of a tag. */
export type ElementOf<T extends Tag> = T extends keyof HTMLElementTagNameMap
  ? HTMLElementTagNameMap[T]
  : HTMLElement;

/** The properties of a tag that are no attributes: data is handed over as it is. */
export type RichOf<T extends Tag> = {
  [N in Extract<keyof ElementOf<T>, "data" | "client" | "auth">]?: ElementOf<T>[N] | undefined;
};

/** The names of a tag's events. */
export type EventNameOf<T extends Tag> = T extends keyof ElementEvents
  ? ElementEvents[T]
  : "plaudit-load" | "plaudit-error" | "plaudit-consent";

/** The events of each of our elements. */
interface Events {
  "plaudit-badge": LoadEvents;
  "plaudit-histogram": FilterEvents;
  "plaudit-rating": LoadEvents;
  "plaudit-reviews": LoadEvents;
  "plaudit-sign-in": SignInEvents;
  "plaudit-trustbox": TrustboxEventMap;
}

/** An event of a tag. */
export type EventOf<T extends Tag, N extends string> = (T extends keyof Events
  ? N extends keyof Events[T]
    ? Events[T][N]
    : never
  : never) & { readonly currentTarget: ElementOf<T> };

/** What an element takes, by names in camel case: attributes, rich data, listeners. */
export type CamelProps<T extends Tag> = {
  [N in keyof AllAttributes[T] as Camel<N & string>]: AllAttributes[T][N];
} & RichOf<T> & {
    [N in EventNameOf<T> as `on${Capitalize<Camel<N>>}`]?:
      | ((event: EventOf<T, N>) => void)
      | undefined;
  };

/** A name of markup as that of a property. */
export type Camel<N extends string> = N extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : N;

export type { TrustboxElement };
