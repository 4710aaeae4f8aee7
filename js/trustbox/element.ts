// <plaudit-trustbox>: the official widget in a box of our own, which frameworks do not own.
import { PlauditError } from "../errors.js";
import {
  className,
  attributes as declared,
  style,
  type TrustboxProperties,
  templates,
} from "../generated/trustbox.js";
import { nearestLocale } from "./locale.js";
import {
  configure,
  late,
  load,
  refused,
  refuses,
  settings,
  type TrustboxOptions,
  waiting,
} from "./script.js";

/** How a `<plaudit-trustbox>` is. */
export type TrustboxState =
  /** It is not in a page. */
  | "idle"
  /** It waits for consent: nothing was requested. */
  | "consent"
  | "loading"
  | "ready"
  | "error";

/** `detail` of `plaudit-load`. */
export interface TrustboxLoad {
  /** The official frame. What is in it is of another origin. */
  readonly frame: HTMLIFrameElement;
}

/** The events of a `<plaudit-trustbox>`. They bubble and are composed. */
export interface TrustboxEventMap extends Omit<HTMLElementEventMap, `plaudit-${string}`> {
  /** The widget is there. */
  "plaudit-load": CustomEvent<TrustboxLoad>;
  /** It is not, and why. The link shows again. */
  "plaudit-error": CustomEvent<PlauditError>;
  /** The visitor pressed the button of `consent="required"`. Yours to remember. */
  "plaudit-consent": CustomEvent<null>;
}

/** What a `<plaudit-trustbox>` is beside its attributes. */
export interface TrustboxElement extends HTMLElement, TrustboxProperties {
  addEventListener<K extends keyof TrustboxEventMap>(
    type: K,
    listener: (this: TrustboxElement, event: TrustboxEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof TrustboxEventMap>(
    type: K,
    listener: (this: TrustboxElement, event: TrustboxEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "plaudit-trustbox": PlauditTrustbox;
  }
}

/** Put in by the build. */
declare const VERSION: string;

const TAG = "plaudit-trustbox";
/** The slot of our own box; its name is nobody else's. */
const SLOT = "plaudit-trustbox-frame";
/** Says what `:state()` does, where that is not known yet: React complains of it when it hydrates. */
const STATE = "data-state";
const knowsStates = globalThis.CSS?.supports("selector(:state(x))");
const isData = (name: string) => name.startsWith("data-") && name !== STATE;
/** Attributes that are not passed on as `data-`, and where they come from in an official snippet. */
const OWN = {
  template: "data-template-id",
  "business-unit": "data-businessunit-id",
  locale: "data-locale",
  theme: "data-theme",
  height: "data-style-height",
  width: "data-style-width",
  consent: "",
} as const;

/** From here on there is room for more than a line, in pixels. */
const LARGE = 100;

/** Those in a page now. */
const connected = new Set<PlauditTrustbox>();
/** The page's own answer, if it gave one. */
let pageConsent = false;
/** Whether a gate that is not written as documented was told of. */
let hasWarned = false;
/** Sees a `lang` that changes above those in a page. */
let languages: MutationObserver | undefined;

const sheets = new WeakMap<Document, CSSStyleSheet>();
function dress(root: ShadowRoot): void {
  const { ownerDocument } = root;
  const { defaultView } = ownerDocument;
  // A document takes only sheets of its own realm; one that is not shown has none.
  if (!defaultView) return;
  let sheet = sheets.get(ownerDocument);
  if (!sheet) {
    sheet = new (defaultView as unknown as typeof globalThis).CSSStyleSheet();
    sheet.replaceSync(style);
    sheets.set(ownerDocument, sheet);
  }
  root.adoptedStyleSheets = [sheet];
}

/** The drawing: our own frame around the page's link, the official widget, and what stands in. */
function draw() {
  const make = (tag: string, part = "", ...children: (Node | string)[]) => {
    const node = document.createElement(tag);
    if (part) node.setAttribute("part", part);
    node.append(...children);
    return node;
  };
  const slot = (name: string, text?: string) => {
    const node = make("slot");
    if (name) node.setAttribute("name", name);
    if (text) {
      const words = make("span", "", text);
      words.lang = "en";
      words.dir = "ltr";
      node.append(words);
    }
    return node;
  };
  const button = (name: string, text: string) => make("button", name, slot(name, text));
  const link = make("div", "", slot(""));
  link.className = "link";
  const allow = button("allow", "Load reviews");
  const words = "Loading reviews tells Trustpilot your IP address and this page.";
  const consent = make("div", "consent", slot("consent", words), allow);
  const retry = button("retry", "Try again");
  const said = make("span");
  said.setAttribute("role", "status");
  const status = make("div", "status", said, retry);
  const base = make("div", "base", link, slot(SLOT), consent, status);
  base.className = "idle";
  base.tabIndex = -1;
  const failed = slot("error", "The reviews could not be loaded.");
  return { base, allow, retry, said, failed };
}

const attributes = declared.map((it) => it.replace("?", ""));
const isFlag = (name: string) => declared.includes(`${name}?`);
const camel = (name: string) => name.replace(/-./g, (it) => it.charAt(1).toUpperCase());
const names: readonly string[] = [...Object.keys(OWN), ...attributes];
/** What loads the widget anew when it changes. Pages note other `data-` on elements as they like. */
const heeded = [
  "lang",
  ...names,
  ...Object.values(OWN),
  ...attributes.map((name) => `data-${name}`),
];

/** What a property becomes as an attribute: lists with commas, null to none. */
function written(value: unknown): string | null {
  if (value === null || value === undefined || value === false) return null;
  if (value === true) return "";
  try {
    return Array.isArray(value) ? value.join(",") : String(value);
  } catch {
    // It was set: a gate must not open by what cannot be written.
    return "";
  }
}

// Importable where there is no DOM.
const Base = (globalThis.HTMLElement ?? class {}) as unknown as new () => TrustboxElement;

/** The class of `<plaudit-trustbox>`. Attributes are properties too: `review-languages`, `reviewLanguages`. */
export class PlauditTrustbox extends Base {
  /** The version of this package. */
  static readonly version: string = VERSION;
  /** @internal For another copy of this package in the page. */
  static readonly shared = { configure, consent };

  #parts = draw();
  #internals = this.attachInternals();
  #state: TrustboxState = "idle";
  #error: PlauditError | null = null;
  /** What was loaded, or is being loaded. */
  #shown: string | null = null;
  #inner: HTMLElement | null = null;
  /** Ends listeners, observers and timers of what is being loaded. */
  #ending: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #consent: boolean | null = null;
  #wasGated = false;
  #observer: MutationObserver | null = null;
  readonly #wake = () => this.retry();

  constructor() {
    super();
    const { base, allow, retry } = this.#parts;
    const root = this.attachShadow({ mode: "open" });
    dress(root);
    root.append(base);
    // A clone has children by now, and once it is in a page its frame is asked for.
    this.#sweep();
    allow.addEventListener("click", () => {
      base.focus({ preventScroll: true });
      this.#tell("plaudit-consent", null);
      this.allow();
    });
    retry.addEventListener("click", () => {
      base.focus({ preventScroll: true });
      this.retry();
    });
  }

  /** How it is. */
  get state(): TrustboxState {
    return this.#state;
  }

  /** Why it is in the state `error`. */
  get error(): PlauditError | null {
    return this.#error;
  }

  /** Lets this element load under `consent="required"`, until `revoke()`. */
  allow(): void {
    this.#consent = true;
    this.#update();
  }

  /** Removes the official frame, and waits for consent again. */
  revoke(): void {
    this.#consent = false;
    this.#wasGated = true;
    this.consent ??= "required";
    this.#update();
  }

  /** Tries again after an error; the script by a new node, if it is not there. */
  retry(): void {
    if (this.#state !== "error") return;
    this.#shown = null;
    this.#update();
  }

  /** Loads the official widget anew. */
  reload(): void {
    this.#shown = null;
    this.#update();
  }

  connectedCallback(): void {
    for (const name of names) {
      const property = camel(name) as keyof TrustboxProperties;
      if (!Object.hasOwn(this, property)) continue;
      // Set before the class was known, so it hides the accessor.
      const value = this[property];
      delete (this as Partial<TrustboxProperties>)[property];
      Object.assign(this, { [property]: value });
    }
    this.#sweep();
    const { ownerDocument } = this;
    if (!ownerDocument.defaultView) return;
    connected.add(this);
    this.#observer = new MutationObserver(() => {
      this.#sweep();
      this.#schedule();
    });
    this.#observer.observe(this, { attributeFilter: heeded, childList: true });
    languages ??= new MutationObserver(() => {
      for (const element of connected) element.#schedule();
    });
    for (const root of [ownerDocument, this.getRootNode()]) {
      languages.observe(root, { attributeFilter: ["lang"], subtree: true });
    }
    this.#read();
    this.#gate();
    this.#schedule();
  }

  disconnectedCallback(): void {
    connected.delete(this);
    if (!connected.size) languages?.disconnect();
    this.#observer?.disconnect();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#shown = null;
    this.#clear();
    this.#become("idle");
  }

  /** `moveBefore` keeps the frame as it is. */
  connectedMoveCallback(): void {}

  adoptedCallback(): void {
    if (this.shadowRoot) dress(this.shadowRoot);
  }

  /** After the task, so that several changes are one. */
  #schedule(): void {
    this.#timer ??= setTimeout(() => this.#update());
  }

  #become(state: TrustboxState): void {
    this.#state = state;
    this.#parts.base.className = state;
    if (state !== "error") {
      this.#error = null;
      waiting.delete(this.#wake);
      this.#parts.said.replaceChildren();
    }
    this.#internals.ariaBusy = String(state === "loading");
    const isOffline = state === "error" && !navigator.onLine;
    const shown = isOffline ? ["error", "offline"] : [state];
    const { states } = this.#internals;
    if (knowsStates) {
      states.clear();
      for (const name of shown) states.add(name);
    } else this.setAttribute(STATE, shown.join(" "));
  }

  #tell(type: keyof TrustboxEventMap, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail }));
  }

  /** Whether it must wait. An attribute that comes back takes back what was allowed. */
  #gate(): boolean {
    const isGated = this.consent !== null;
    if (isGated && this.consent !== "required" && !hasWarned) {
      hasWarned = true;
      console.warn(`<${TAG}> waits for consent; write consent="required"`);
    }
    if (isGated && !this.#wasGated && this.#shown) this.#consent = false;
    this.#wasGated = isGated;
    return isGated && !(this.#consent ?? pageConsent);
  }

  /** @internal What the whole page was told. */
  decide(): void {
    this.#consent = null;
    this.#update();
  }

  /** What the official script is to read, by attribute; keeps the room for it. */
  #read(): ReadonlyMap<string, string> {
    const own = (name: keyof typeof OWN) =>
      this.getAttribute(name) || this.getAttribute(OWN[name]) || "";
    const wanted = own("template");
    const known = templates.find(([name, id]) => wanted === name || wanted === id) ?? [];
    const [, id = wanted, room = "0", usual = room === "0" ? "" : `${room}px`] = known;
    const height = own("height") || usual;
    const data = new Map<string, string>();
    for (const { name, value } of this.attributes) {
      if (isData(name)) data.set(name, value);
    }
    for (const name of attributes) {
      const value = this.getAttribute(name);
      if (value === null) continue;
      const full = `data-${name}`;
      if (!isFlag(name)) data.set(full, value);
      else if (value === "false") data.delete(full);
      else data.set(full, value || "true");
    }
    data.set("data-locale", own("locale") || nearestLocale(this));
    data.set("data-template-id", id);
    data.set("data-businessunit-id", own("business-unit"));
    data.set("data-style-width", own("width") || "100%");
    if (height) data.set("data-style-height", height);
    const theme = own("theme");
    if (theme) data.set("data-theme", theme);
    const isLength = /^[\d.]+(px|r?em)?$/.test(height);
    // A frame whose height is a share of none is 150 pixels high.
    const other = /%$/.test(height) ? 150 : room;
    const reserve = isLength ? height.replace(/\d$/, "$&px") : `${other}px`;
    const { base } = this.#parts;
    base.style.minHeight = reserve;
    // A link that is higher than the widget would make room that is then taken away.
    const isLarge = /em$/.test(reserve) || Number.parseFloat(reserve) >= LARGE;
    base.setAttribute("data-room", reserve === "0px" ? "none" : isLarge ? "large" : "small");
    return data;
  }

  #update(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!connected.has(this)) return;
    const data = this.#read();
    if (this.#gate()) {
      this.#shown = null;
      this.#clear();
      this.#become("consent");
      return;
    }
    const wanted = JSON.stringify(heeded.map((name) => data.get(name)));
    const isWhole = this.#inner === null || this.#inner.parentNode === this;
    if (wanted === this.#shown && isWhole) return;
    this.#shown = wanted;
    void this.#load(data);
  }

  /** Removes the official frame and all that listens for it. */
  #clear(): void {
    this.#ending?.abort();
    this.#inner?.remove();
    this.#inner = null;
    this.#sweep();
  }

  /** Removes frames that are not its own: clones of an element bring them along. */
  #sweep(): void {
    for (const child of [...this.children]) {
      if (child.slot === SLOT && child !== this.#inner) child.remove();
    }
  }

  async #load(data: ReadonlyMap<string, string>): Promise<void> {
    this.#clear();
    this.#become("loading");
    const ending = new AbortController();
    this.#ending = ending;
    const lack = lacking(data);
    if (lack) {
      const error = new PlauditError("invalid_argument", `<${TAG}> ${lack}`);
      console.warn(error.message);
      this.#fail(error);
      return;
    }
    try {
      const api = await load();
      // The gate may have been put up this very moment.
      if (ending.signal.aborted || this.#gate()) return;
      const inner = document.createElement("div");
      inner.className = className;
      inner.slot = SLOT;
      for (const [name, value] of data) inner.setAttribute(name, value);
      this.#inner = inner;
      this.#listen(inner, ending.signal);
      this.append(inner);
      api.loadFromElement(inner, true);
    } catch (thrown) {
      if (ending.signal.aborted) return;
      const isOurs = thrown instanceof PlauditError;
      this.#fail(
        isOurs
          ? thrown
          : new PlauditError("provider_error", "the TrustBox script refused: see description", {
              description: thrown instanceof Error ? thrown.message : String(thrown),
              cause: thrown,
            }),
      );
      // Whoever was told may have ended it.
      if (!isOurs || this.#state !== "error") return;
      // Others may bring it, or it may come late.
      waiting.add(this.#wake);
      if (!navigator.onLine) {
        this.#ending = new AbortController();
        const { signal } = this.#ending;
        addEventListener("online", this.#wake, { once: true, signal });
      }
    }
  }

  /** Waits until the frame says that it is there, or is there and says nothing. */
  #listen(inner: HTMLElement, signal: AbortSignal): void {
    const { src, timeout } = settings;
    const { origin } = new URL(src);
    const frameOf = () => inner.querySelector("iframe");
    const ready = () => {
      const frame = frameOf();
      if (signal.aborted || !frame) return;
      this.#ending?.abort();
      this.#become("ready");
      this.#tell("plaudit-load", { frame });
    };
    addEventListener(
      "message",
      (event) => {
        if (event.origin !== origin || event.source !== frameOf()?.contentWindow) return;
        if (commandOf(event.data) === "loaded") ready();
      },
      { signal },
    );
    // Its load does not bubble, yet it is captured.
    inner.addEventListener(
      "load",
      ({ target }) => {
        const frame = frameOf();
        // A frame without an address is loaded too. A refusal by the page's policy looks like a load,
        // and is told after it.
        if (frame?.src && target === frame) setTimeout(ready, SETTLING);
      },
      { capture: true, signal },
    );
    document.addEventListener(
      "securitypolicyviolation",
      (event) => {
        const isMeant = refuses(event, /^(frame|child)-src/, frameOf()?.src ?? "");
        if (isMeant) this.#fail(refused("frame"));
      },
      { signal },
    );
    let timer: ReturnType<typeof setTimeout> | undefined;
    // What nobody comes near may wait: some templates load only when seen.
    const observer = new IntersectionObserver((entries) => {
      // What was seen before the end is still told after it.
      if (signal.aborted || !entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      timer = setTimeout(() => this.#fail(late("frame", timeout)), timeout);
    });
    observer.observe(this);
    signal.addEventListener("abort", () => {
      observer.disconnect();
      clearTimeout(timer);
    });
  }

  #fail(error: PlauditError): void {
    this.#clear();
    this.#become("error");
    this.#error = error;
    const { said, retry, failed } = this.#parts;
    said.replaceChildren(failed);
    // Only the page can mend that.
    retry.hidden = error.code === "invalid_argument";
    this.#tell("plaudit-error", error);
  }
}

/** Why the official script cannot make anything of these. */
function lacking(data: ReadonlyMap<string, string>): string | undefined {
  const template = data.get("data-template-id");
  if (!data.get("data-businessunit-id")) return "needs business-unit";
  if (!template) return "needs template";
  if (/^[\da-f]{24}$/i.test(template)) return undefined;
  return `has template="${template}", neither a name of docs/trustbox.md nor an id of 24 hex digits`;
}

/** How long after a frame's load a refusal of it may still be told. */
const SETTLING = 100;

/** The command of a message of the official frame. */
function commandOf(data: unknown): unknown {
  try {
    return (JSON.parse(data as string) as { command?: unknown } | null)?.command;
  } catch {
    return undefined;
  }
}

for (const name of names) {
  Object.defineProperty(PlauditTrustbox.prototype, camel(name), {
    configurable: true,
    enumerable: true,
    get(this: HTMLElement) {
      const value = this.getAttribute(name);
      return isFlag(name) ? value !== null && value !== "false" : value;
    },
    set(this: HTMLElement, value: unknown) {
      const text = written(value);
      if (text === null) this.removeAttribute(name);
      else this.setAttribute(name, text);
    },
  });
}

/**
 * Registers `<plaudit-trustbox>`, unless a copy of this package did, and sets how the official script
 * is loaded. Can be called again for other options.
 *
 * @throws {@link PlauditError} `invalid_argument` for options that cannot be.
 */
export function defineTrustbox(options: TrustboxOptions = {}): void {
  const known = registered();
  (known?.shared ?? PlauditTrustbox.shared).configure(options);
  if (!known) globalThis.customElements?.define(TAG, PlauditTrustbox);
  else if (known.version !== VERSION) {
    console.warn(`<${TAG}> is there already: version ${known.version}, not ${VERSION}`);
  }
}

/**
 * Tells every `<plaudit-trustbox consent="required">` of the page, those to come too, what the
 * visitor decided. With `false` official frames are removed; the script, once loaded, stays until
 * the page is left.
 */
export function consentToTrustbox(isGiven: boolean): void {
  (registered()?.shared ?? PlauditTrustbox.shared).consent(isGiven);
}

function consent(isGiven: boolean): void {
  pageConsent = isGiven === true;
  for (const element of [...connected]) element.decide();
}

/** The class that the page has, this one or that of another copy. */
const registered = () =>
  globalThis.customElements?.get(TAG) as Partial<typeof PlauditTrustbox> | undefined;
