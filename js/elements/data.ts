import type { PlauditError } from "../errors.js";
import { type Listening, PlauditElement, type Statics } from "./base.js";
import { part } from "./dom.js";
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
  /** What is drawn of data; null where there is nothing to show. */
  content(data: WidgetData, voice: Voice): readonly Node[] | null;
  /** Whether what is drawn of data only says that there is nothing yet. */
  isEmpty(data: WidgetData): boolean;
  /** Where it asks for more than a score. */
  fetch?(source: Source, client: WidgetClient, signal: AbortSignal): Promise<WidgetData>;
  /** What of it stands in the page, where that is not all. */
  told?(data: WidgetData): WidgetData;
  /** After data is shown, or markup that shows it was taken over. */
  drawn?(root: ShadowRoot, data: WidgetData): void;
  /** What a button that says so does. */
  act?(name: string, button: Element): void;
  /** After the element went. */
  leave?(): void;
}

/** What a drawing that comes in a file of its own sees of its element. */
export interface Drawn {
  readonly root: ShadowRoot | null;
  changed(): void;
  mark(state: string): void;
  emit(name: string, detail: unknown): void;
}

/** What elements with data have in common: where it comes from, and the states on the way. */
export abstract class DataElement extends PlauditElement {
  #given: WidgetData | null = null;
  /** What is drawn of it: more reviews go here, not into the page's own object. */
  #copy: WidgetData | null = null;
  /** What came with the markup of an element that names no source. */
  #markup: WidgetData | null = null;
  #client: WidgetClient | null = null;
  #state: WidgetState = "loading";
  #error: PlauditError | null = null;
  /** The last answer, and to what it is one. */
  #answer: LoadDetail | null = null;
  #answerOf = "";
  /** What was asked for last. */
  #of = "";
  #flight: AbortController | null = null;
  #unwatch = () => {};
  /** What search engines are told of, where that was asked for. */
  #described: WidgetData | null = null;
  /** What is told as soon as it is seen. */
  #news: [name: string, detail: unknown] | null = null;
  /** Why there is nothing to draw with. */
  #missing: PlauditError | null = null;

  /** What draws it: its part, once that is here, or the element itself. */
  get #drawing(): Drawing | null {
    return ((this.constructor as typeof DataElement).load ? this.late : this) as Drawing | null;
  }

  /** Data from elsewhere; with it nothing is fetched. */
  get data(): WidgetData | null {
    return this.#given;
  }
  set data(data: WidgetData | null) {
    this.#given = data ?? null;
    this.#copy = data && { ...data };
    this.changed();
  }

  /** A client of the page's own, in place of one made of the attributes. */
  get client(): WidgetClient | null {
    return this.#client;
  }
  set client(client: WidgetClient | null) {
    this.#client = client ?? null;
    this.refresh();
  }

  /** What it is in; `:state(loading)` matches it; in engines without that, `[data-state="loading"]`. */
  get state(): WidgetState {
    return this.#state;
  }

  /** Why it shows nothing, or nothing new. */
  get error(): PlauditError | null {
    return this.#missing ?? this.#error;
  }

  /** Fetches again. What is shown stays until there is something new. */
  refresh(): void {
    this.#of = "";
    this.#missing = null;
    this.changed();
  }

  /** @internal Data that stands in the attributes. */
  protected get own(): WidgetData | null {
    return null;
  }
  /**
   * @internal What chooses what is fetched, besides where it is fetched from: for a score the language of
   * the platform's word, where that is shown.
   */
  protected get query(): string {
    return "";
  }
  /** @internal What has the content's size before there is any. */
  protected abstract skeleton(voice: Voice | null): readonly Node[];

  override connectedCallback(): void {
    this.upgrade("data");
    this.upgrade("client");
    addEventListener("online", this);
    addEventListener("pageshow", this);
    super.connectedCallback();
  }

  override disconnectedCallback(): void {
    removeEventListener("online", this);
    removeEventListener("pageshow", this);
    this.#drawing?.leave?.();
    // moved within the task: it goes on
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#describe(null);
      if (this.#flight) this.#end();
    });
  }

  protected override get isGiven(): boolean {
    return this.#given !== null;
  }

  /** @internal */
  protected override draw(root: ShadowRoot, voice: Voice | null): void {
    root.addEventListener("click", this);
    const source = this as unknown as Source;
    const { provider, businessUnit, domain, sku, shop, proxy, apiKey, baseUrl } = source;
    const asked = [provider, businessUnit, domain, sku, shop, proxy, apiKey, baseUrl, this.query];
    const of = JSON.stringify(asked);
    const isSourced = hasSource(source);
    const drawing = this.#drawing;
    const adopted = this.adopted as WidgetData | undefined;
    if (adopted) {
      if (!drawing) {
        // what a server drew stays, though nothing more comes of it
        if (this.#missing) this.#enter("error");
        else this.#await();
        return;
      }
      this.adopted = undefined;
      this.#keep(of, adopted, "markup");
      this.#of = of;
      this.#markup = isSourced || this.own ? null : this.#answer;
      this.#show(root, drawing, this.#answer as LoadDetail);
      return;
    }
    const given = this.#copy ?? this.own ?? (isSourced ? null : this.#markup);
    if (given || !isSourced) this.#end();
    else if (of !== this.#of) this.#load(of, source);
    const data = given ?? (this.#answerOf === of ? this.#answer : null);
    const error = this.#missing ?? (given ? null : this.#error);
    if (data && !drawing && !error) this.#await();
    if (!voice || this.#flight || !(error || (data && drawing))) {
      // what was shown stays until there is something new
      if (!root.firstChild || !(this.#of || given)) {
        root.replaceChildren(...this.skeleton(voice));
        this.#describe(null);
      }
      this.#enter("loading");
      return;
    }
    const content = data && drawing?.content(data, voice);
    const isOffline = error?.code === "network_error";
    const note = (text: "error" | "offline" | "none") =>
      part(
        "p",
        "status",
        { role: error && "status" },
        voice.say(text),
        error?.retryable &&
          part("button", "retry", { type: "button", "data-do": "retry" }, voice.say("retry")),
      );
    const focused = root.activeElement;
    root.replaceChildren(...(content ?? [note(error ? "error" : "none")]));
    // Other errors are the page's: what is shown is as good as before.
    if (content && isOffline) root.append(note("offline"));
    if (focused) root.querySelector<HTMLElement>("a,button")?.focus();
    if (content && drawing) this.#show(root, drawing, data, isOffline ? "offline" : undefined);
    else {
      this.#describe(null);
      this.#enter(error ? "error" : "empty");
    }
  }

  #show(root: ShadowRoot, drawing: Drawing, data: WidgetData, state?: WidgetState): void {
    this.#enter(state ?? (drawing.isEmpty(data) ? "empty" : "ready"));
    drawing.drawn?.(root, data);
    this.#describe(drawing.told?.(data) ?? data);
  }

  /** Draws again with what draws it, or says why that is missing. */
  #await(): void {
    this.prepare()
      .catch((cause) => {
        this.#missing = errorOf(cause);
        this.#news = ["plaudit-error", this.#missing];
      })
      .then(() => this.changed());
  }

  #describe(data: WidgetData | null): void {
    const { schema = "none" } = this as { schema?: string };
    const before = this.#described;
    this.#described = schema === "none" ? null : data;
    if (before || this.#described) {
      import("./jsonld.js").then(
        ({ describe }) => describe(this, this.#described),
        // what does not load is not told
        () => {},
      );
    }
  }

  /** The end of each drawing. */
  #enter(state: WidgetState): void {
    this.#state = state;
    this.mark(state);
    this.internals.ariaBusy = `${state === "loading"}`;
    const news = state !== "loading" && this.#news;
    if (news) this.#news = null;
    if (news) this.emit(...news);
  }

  #keep(of: string, data: WidgetData, from: LoadDetail["from"]): void {
    this.#answer = { ...data, from };
    this.#answerOf = of;
    this.#news = ["plaudit-load", this.#answer];
  }

  /** Nothing is on its way, and nothing is wrong. */
  #end(): void {
    this.#unwatch();
    this.#flight?.abort();
    this.#flight = this.#error = this.#news = null;
    this.#of = "";
  }

  #load(of: string, source: Source): void {
    this.#end();
    this.#of = of;
    const flight = new AbortController();
    this.#flight = flight;
    const { signal } = flight;
    const go = async () => {
      try {
        const [{ clientOf, fetchData }] = await Promise.all([
          import("./fetch.js"),
          this.prepare(),
          this.#client ?? import("../index.js"),
        ]);
        const client = this.#client ?? (await clientOf(source));
        const data = await (this.#drawing?.fetch?.(source, client, signal) ??
          fetchData(source, client, signal, this.query));
        if (signal.aborted) return;
        this.#keep(of, data, "network");
      } catch (cause) {
        if (signal.aborted) return;
        this.#error = errorOf(cause);
        this.#news = ["plaudit-error", this.#error];
      }
      this.#flight = null;
      this.changed();
    };
    if (source.loading === "eager") go();
    else this.#unwatch = whenNear(this, go);
  }

  /** @internal Clicks in the root; the window is online, or comes back from where it was kept. */
  handleEvent({ type, target, persisted }: Event & { persisted?: boolean }): void {
    if (type !== "click") {
      const isStale = persisted && this.#answer?.from === "network";
      if (isStale || (type === "online" && this.error?.retryable)) this.refresh();
      return;
    }
    const button = (target as Element).closest("[data-do]");
    const name = button?.getAttribute("data-do");
    if (name === "retry") this.refresh();
    else if (name) this.#drawing?.act?.(name, button as Element);
  }
}

/**
 * The same with the properties of an element; `P` is what its attributes are as properties, `E` are
 * its events.
 */
export type DataClass<P, E = LoadEvents> = (abstract new () => Listening<E> & DataElement & P) &
  Statics;
