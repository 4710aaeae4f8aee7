// What the types of all frameworks are made of. Types alone: nothing of it is left in JavaScript.
import type { Session } from "../auth.js";
import type { PlauditError } from "../errors.js";
import type { ElementAttributes, ElementEvents } from "../generated/attributes.js";
import type { TrustboxAttributes } from "../generated/trustbox.js";
import type { TrustboxEventMap } from "../trustbox/element.js";
import type { LoadDetail } from "./data.js";
import type { FilterDetail } from "./histogram.js";

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
  [N in Extract<keyof ElementOf<T>, "data" | "client">]?: ElementOf<T>[N] | undefined;
};

/** The names of a tag's events. */
export type EventNameOf<T extends Tag> = T extends keyof ElementEvents
  ? ElementEvents[T]
  : "plaudit-load" | "plaudit-error" | "plaudit-consent";

interface Events {
  "plaudit-load": CustomEvent<LoadDetail>;
  "plaudit-error": CustomEvent<PlauditError>;
  "plaudit-filter": CustomEvent<FilterDetail>;
  "plaudit-sign-in": CustomEvent<Session>;
  "plaudit-sign-out": CustomEvent<null>;
}

/** An event of a tag. */
export type EventOf<T extends Tag, N extends string> = (T extends "plaudit-trustbox"
  ? Named<TrustboxEventMap, N>
  : Named<Events, N>) & { readonly currentTarget: ElementOf<T> };

type Named<Map, N extends string> = N extends keyof Map ? Map[N] : never;

/** A name of markup as that of a property. */
export type Camel<N extends string> = N extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : N;
