import { localeOf, present, type Voice, voiceOf } from "./words.js";

declare const VERSION: string;

type Kind = "" | "#" | "?" | readonly string[];

type Spec = readonly [name: string, property: string, kind: Kind];

const read = new Map<string, readonly Spec[]>();

/** Attributes, which are declared as `name`, `name#`, `name?` or `name=word,word`. */
function specs(declared: string): readonly Spec[] {
  let found = read.get(declared);
  if (!found) {
    found = declared.split(" ").map((spec): Spec => {
      const [, name = "", kind = "", words = ""] = /^([\w-]+)([#?=]?)(.*)$/.exec(spec) ?? [];
      const property = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
      return [name, property, kind === "=" ? words.split(",") : (kind as Kind)];
    });
    read.set(declared, found);
  }
  return found;
}

/** Makes an attribute a property. */
function reflect(prototype: object, [name, property, kind]: Spec): void {
  Object.defineProperty(prototype, property, {
    configurable: true,
    enumerable: true,
    get(this: Element) {
      const value = this.getAttribute(name);
      if (kind === "?") return value !== null;
      if (kind === "#") return value?.trim() && Number.isFinite(+value) ? +value : null;
      return typeof kind === "string" || kind.includes(value as string) ? value : kind[0];
    },
    set(this: Element, value: unknown) {
      if (kind === "?") this.toggleAttribute(name, !!value);
      else if (value === null || value === undefined) this.removeAttribute(name);
      else this.setAttribute(name, `${value}`);
    },
  });
}

/** The documents whose languages are watched. */
const watched = new WeakSet<Document>();

/** The sheets that a document's elements share. */
const shared = new WeakMap<Document, Map<string, CSSStyleSheet>>();

function sheetsOf(document: Document, texts: readonly string[]): CSSStyleSheet[] {
  let sheets = shared.get(document);
  if (!sheets) {
    sheets = new Map();
    shared.set(document, sheets);
  }
  return texts.map((text) => {
    let sheet = sheets.get(text);
    if (!sheet) {
      // of the document's own realm, else it would not take it
      sheet = new (document.defaultView as typeof window).CSSStyleSheet();
      sheet.replaceSync(text);
      sheets.set(text, sheet);
    }
    return sheet;
  });
}

// A server that imports this has no elements.
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

/** A file of what works in an element, and its sheets. */
interface Late {
  readonly default: new (element: never) => unknown;
  readonly sheets: readonly string[];
}

/** What all elements have in common: attributes as properties, one root, one drawing a task. */
export abstract class PlauditElement extends Base {
  /** Its name in markup. */
  static readonly tag: string = "";
  /** The package's version. */
  static readonly version: string = VERSION;
  /** @internal What it takes. */
  static readonly attributes: string = "";
  /** @internal Its sheets. */
  static sheets: readonly string[] = [];
  /** @internal Loads what works in it, where that is in a file of its own. */
  static readonly load?: () => Promise<Late>;
  /** @internal That file, once it is here. */
  static late?: Late;

  /** Its attributes, which become properties with this: each definition asks for it. */
  static get observedAttributes(): string[] {
    // biome-ignore lint/complexity/noThisInStatic: each class has attributes of its own
    const { attributes, prototype } = this;
    for (const spec of specs(attributes)) reflect(prototype, spec);
    return ["lang", ...specs(attributes).map(([name]) => name)];
  }

  /** @internal */
  protected readonly internals = this.attachInternals();
  /** @internal Its shadow root, once there is one. */
  protected root: ShadowRoot | null = null;
  /** @internal What was drawn on the server: its data, if what it was drawn of still holds. */
  protected adopted: unknown;
  /** @internal The same, where it no longer holds. */
  protected stale: unknown;
  #late: unknown;
  #isScheduled = false;

  /**
   * @internal Draws; called at most once a task, with the element in a document. Without a voice while
   * its words are on their way.
   */
  protected abstract draw(root: ShadowRoot, voice: Voice | null): void;

  connectedCallback(): void {
    const { ownerDocument } = this;
    present.add(this);
    if (!watched.has(ownerDocument)) {
      watched.add(ownerDocument);
      new MutationObserver((all) => {
        // an element's own is an attribute like others
        if (all.some(({ target }) => !present.has(target as PlauditElement))) {
          for (const it of present) it.changed();
        }
      }).observe(ownerDocument, { subtree: true, attributeFilter: ["lang"] });
    }
    for (const [, property] of specs((this.constructor as typeof PlauditElement).attributes)) {
      this.upgrade(property);
    }
    this.changed();
  }

  disconnectedCallback(): void {
    present.delete(this);
  }

  /** With it `moveBefore()` is no way out and in again. */
  connectedMoveCallback(): void {}

  adoptedCallback(): void {
    if (this.root && this.ownerDocument.defaultView) this.#dress(this.root);
  }

  attributeChangedCallback(_name: string, before: string | null, after: string | null): void {
    if (before !== after) this.changed();
  }

  /** @internal A property that was set before the class was known would hide the accessor. */
  protected upgrade(name: string): void {
    if (!Object.hasOwn(this, name)) return;
    const own = this as unknown as Record<string, unknown>;
    const value = own[name];
    delete own[name];
    own[name] = value;
  }

  /** @internal */
  changed(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      if (this.isConnected) this.#update();
    });
  }

  /** @internal What the drawing depends on, as pre-rendered markup has it too. */
  protected get key(): string {
    const { attributes } = this.constructor as typeof PlauditElement;
    const given = specs(attributes)
      .filter(([name]) => name !== "api-key" && this.hasAttribute(name))
      .map(([name]) => `${name}=${this.getAttribute(name)}`);
    return [VERSION, localeOf(this), ...given.sort()].join(" ");
  }

  /** @internal Whether it may be given a root though the parser could still bring one. */
  protected get isGiven(): boolean {
    return false;
  }

  /** @internal Shows style sheets what it is in. */
  protected mark(state: string): void {
    try {
      this.internals.states.clear();
      this.internals.states.add(state);
    } catch {
      // without `:state()`; else React would complain of the attribute when it hydrates
      this.setAttribute("data-state", state);
    }
  }

  /** @internal An event of ours: it bubbles, out of shadow roots too. */
  protected emit(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  /** @internal What works in it, once its file is here. */
  protected get late(): unknown {
    const { late } = this.constructor as typeof PlauditElement;
    if (late) this.#late ??= new late.default(this as never);
    return this.#late;
  }

  /** @internal Has its file loaded. */
  protected async prepare(): Promise<void> {
    const type = this.constructor as typeof PlauditElement;
    const late = await type.load?.();
    if (!late) return;
    if (!type.late) type.sheets = [...type.sheets, ...late.sheets];
    type.late = late;
    if (this.root) this.#dress(this.root);
  }

  #update(): void {
    // a template's document shows nothing
    const root = this.ownerDocument.defaultView && (this.root ?? this.#open());
    if (!root) return;
    const voice = voiceOf(localeOf(this));
    // drawn again when the words are there; what was drawn on the server has them
    if (voice instanceof Promise && this.adopted === undefined) voice.then(() => this.changed());
    this.draw(root, voice instanceof Promise ? null : voice);
  }

  #dress(root: ShadowRoot): void {
    const { sheets, load, late } = this.constructor as typeof PlauditElement;
    root.adoptedStyleSheets = sheetsOf(this.ownerDocument, sheets);
    // what came with the markup, as soon as ours are all here
    if (late || !load) for (const it of root.querySelectorAll("style, link")) it.remove();
  }

  /** The root: the one that came with the markup, kept as it is, or a new one. */
  #open(): ShadowRoot | null {
    // a clone's root is not told to internals everywhere
    let root = this.internals.shadowRoot ?? this.shadowRoot;
    if (!root) {
      const inert = this.querySelector<HTMLTemplateElement>(":scope > template[shadowrootmode]");
      if (!inert && !this.isGiven && document.readyState === "loading") {
        // A root attached now would be in the way of the one that the parser may bring.
        document.addEventListener("DOMContentLoaded", () => this.changed(), { once: true });
        return null;
      }
      root = this.attachShadow({ mode: "open", clonable: true, serializable: true });
      if (inert) {
        root.append(inert.content);
        inert.remove();
      }
    }
    this.root = root;
    if (root.firstChild) this.#adopt(root);
    this.#dress(root);
    return root;
  }

  #adopt(root: ShadowRoot): void {
    const state = root.querySelector('script[type="application/json"]');
    state?.remove();
    // data of the page's own goes first
    if (!state || this.isGiven) return;
    try {
      const data = JSON.parse(state.textContent ?? "");
      if (state.getAttribute("data-of") === this.key) this.adopted = data;
      else this.stale = data;
    } catch {
      // drawn anew
    }
  }
}

/** Listeners for the events `E`, by name, before those of all elements. */
export interface Listening<E> {
  addEventListener<K extends keyof E>(
    type: K,
    listener: (event: E[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof E>(
    type: K,
    listener: (event: E[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
}

/** What a class of an element has. */
export interface Statics {
  /** Its name in markup. */
  readonly tag: string;
  /** The package's version. */
  readonly version: string;
  readonly observedAttributes: string[];
  /** @internal */
  readonly attributes: string;
  /** @internal */
  readonly sheets: readonly string[];
}

/**
 * The base with the properties of an element; `P` is what its attributes are as properties, `E` are
 * its events.
 */
export type ElementClass<P, E = unknown> = (abstract new () => Listening<E> & PlauditElement & P) &
  Statics;

/** Makes a class an element, unless its name is taken: pages may load this twice. */
export function register(type: typeof PlauditElement): void {
  const taken = customElements.get(type.tag) as { version?: string } | undefined;
  if (taken) {
    if (taken.version !== VERSION) {
      console.warn(`plaudit: <${type.tag}> is already defined, by version ${taken.version}`);
    }
    return;
  }
  customElements.define(type.tag, type as unknown as CustomElementConstructor);
}
