import type { PlauditError } from "../errors.js";
import { type Listening, PlauditElement, type Statics } from "./base.js";
import type { Loading } from "./loading.js";
import {
  errorOf,
  hasSource,
  type Source,
  type WidgetClient,
  type WidgetData,
  whenNear,
} from "./source.js";
import type { Voice } from "./words.js";

/** What an element that shows data is in. */
export type WidgetState = "loading" | "ready" | "empty" | "error" | "offline";

/** What `plaudit-load` tells. */
export interface LoadDetail extends WidgetData {
  /** Where it came from: pre-rendered markup, or a request. */
  from: "markup" | "network";
}

/** The events of elements with data. They bubble, out of shadow roots too. */
export interface LoadEvents {
  /** It shows what was asked for. */
  "plaudit-load": CustomEvent<LoadDetail>;
  /** It cannot be shown, or not anew. */
  "plaudit-error": CustomEvent<PlauditError>;
}

/** What draws an element's data, and what it does then. */
export interface Drawing {
  /** What is drawn of data. */
  content(data: WidgetData, voice: Voice): readonly Node[];
  /** Whether what is drawn of data only says that there is nothing yet. */
  isEmpty(data: WidgetData): boolean;
  /** Where it asks for more than a score. */
  fetch?(source: Source, client: WidgetClient, signal: AbortSignal): Promise<WidgetData>;
  /** What of it stands in the page, where that is not all. */
  told?(data: WidgetData): WidgetData;
  /** After data is shown, or markup that shows it was taken over. */
  drawn?(root: ShadowRoot, data: WidgetData): void;
  /** After the element went. */
  leave?(): void;
}

/** What a file that comes later sees of its element. */
export interface Drawn {
  readonly root: ShadowRoot | null;
  changed(): void;
  mark(state: string): void;
  emit(name: string, detail: unknown): void;
}

/** What elements with data have in common: how it is shown. Where it is fetched is in a file of its own. */
export abstract class DataElement extends PlauditElement {
  #given: WidgetData | null = null;
  /** What is drawn of it: more reviews go here, not into the page's own object. */
  #copy: WidgetData | null = null;
  #client: WidgetClient | null = null;
  #state: WidgetState = "loading";
  #error: PlauditError | null = null;
  #loading: Loading | null = null;
  #isWatched = false;
  #unwatch = () => {};

  /** Data from elsewhere; with it nothing is fetched. The same objects again change nothing. */
  get data(): WidgetData | null {
    return this.#given;
  }
  set data(data: WidgetData | null) {
    const before = this.#given;
    this.#given = data ?? null;
    if (before && data) {
      const members = Object.keys({ ...before, ...data }) as (keyof WidgetData)[];
      if (members.every((it) => before[it] === data[it])) return;
    }
    this.#copy = data && { ...data };
    this.changed();
  }

  /** A client of the page's own, in place of one made of the attributes. */
  get client(): WidgetClient | null {
    return this.#client;
  }
  set client(client: WidgetClient | null) {
    if (client === this.#client) return;
    this.#client = client ?? null;
    this.refresh();
  }

  /** What it is in; `:state(loading)` matches it; in engines without that, `[data-state="loading"]`. */
  get state(): WidgetState {
    return this.#state;
  }

  /** Why it shows nothing, or nothing new. */
  get error(): PlauditError | null {
    return this.#error;
  }

  /** Fetches again. What is shown stays until there is something new. */
  refresh(): void {
    this.#isWatched = false;
    this.#loading?.refresh();
    this.changed();
  }

  /** @internal Data that stands in the attributes. */
  get own(): WidgetData | null {
    return null;
  }
  /**
   * @internal What chooses what is fetched, besides where it is fetched from: for a score the language of
   * the platform's word, where that is shown.
   */
  get query(): string {
    return "";
  }
  /** @internal What has the content's size before there is any. */
  abstract skeleton(voice: Voice | null): readonly Node[];

  override connectedCallback(): void {
    this.upgrade("data");
    this.upgrade("client");
    super.connectedCallback();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch();
    this.#isWatched = false;
    this.drawing?.leave?.();
    this.#loading?.leave();
  }

  protected override get isGiven(): boolean {
    return this.#given !== null;
  }

  /** @internal What draws it: its file, once that is here, or the element itself. */
  get drawing(): Drawing | null {
    return ((this.constructor as typeof DataElement).load ? this.late : this) as Drawing | null;
  }

  /** @internal */
  protected override draw(root: ShadowRoot, voice: Voice | null): void {
    const given = this.#copy ?? this.own;
    if (this.#loading) {
      this.#loading.draw(root, voice, given);
      return;
    }
    // a page's own goes first
    if (this.#copy) this.adopted = this.stale = undefined;
    const { schema = "none", loading } = this as { schema?: string; loading?: string };
    if (this.adopted || this.stale || (given && schema !== "none")) this.#bring();
    else if (!given) this.#watch(loading === "eager");
    if (given && voice && !this.adopted) {
      if (this.drawing) {
        try {
          this.show(given, voice);
          return;
        } catch {
          // it says what is wrong
          this.#bring();
        }
      } else this.#await(this.prepare());
    }
    // what came with a clone stays, and what is shown while its words come
    if (!root.firstChild || (!given && this.#state !== "loading")) {
      root.replaceChildren(...this.skeleton(voice));
    }
    this.enter("loading");
  }

  /** Has what fetches brought when it is near. */
  #watch(isEager: boolean): void {
    if (this.#isWatched) return;
    this.#isWatched = true;
    const go = () => {
      // beside it, not after it
      if (!this.#client && hasSource(this as unknown as Source)) {
        import("../index.js").catch(() => {});
      }
      this.#bring(true);
    };
    if (isEager) go();
    else this.#unwatch = whenNear(this, go);
  }

  /** Has it drawn again with what comes. */
  #await(file: Promise<unknown>): void {
    file.then(
      () => this.changed(),
      (cause) => {
        this.enter("error", errorOf(cause));
        this.emit("plaudit-error", this.#error);
        addEventListener("online", () => this.refresh(), { once: true });
      },
    );
  }

  /** Has what fetches, tells and takes over loaded. */
  #bring(isNear = false): void {
    const file = Promise.all([import("./loading.js"), this.prepare()]);
    this.#await(
      file.then(([{ Loading }]) => {
        this.#loading ??= new Loading(this as never, isNear);
      }),
    );
  }

  /** @internal Draws data, which `put` puts in the root; throws what its parts throw. */
  show(
    data: WidgetData,
    voice: Voice,
    put = (nodes: readonly Node[]) => this.root?.replaceChildren(...nodes),
  ): void {
    const root = this.root as ShadowRoot;
    const stops = () => [...root.querySelectorAll<HTMLElement>("a,button")];
    const focused = stops().indexOf(root.activeElement as HTMLElement);
    put((this.drawing as Drawing).content(data, voice));
    stops()[focused]?.focus({ preventScroll: true });
    this.settle(root, data);
  }

  /** @internal What stands in the root shows data. */
  settle(root: ShadowRoot, data: WidgetData): void {
    const drawing = this.drawing as Drawing;
    drawing.drawn?.(root, data);
    this.enter(drawing.isEmpty(data) ? "empty" : "ready");
  }

  /** @internal The end of each drawing. */
  enter(state: WidgetState, error: PlauditError | null = null): void {
    this.#state = state;
    this.#error = error;
    this.mark(state);
    this.internals.ariaBusy = `${state === "loading"}`;
  }
}

/**
 * The same with the properties of an element; `P` is what its attributes are as properties, `E` are
 * its events.
 */
export type DataClass<P, E = LoadEvents> = (abstract new () => Listening<E> & DataElement & P) &
  Statics;
