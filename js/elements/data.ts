import type { Client } from "../client.js";
import type { PlauditError } from "../errors.js";
import { PlauditElement } from "./base.js";
import { h } from "./dom.js";
import { clientOf, errorOf, hasSource, type Source, type WidgetData, whenNear } from "./source.js";
import type { Voice } from "./words.js";

/** What an element that shows data is in. */
export type WidgetState = "loading" | "ready" | "empty" | "error" | "offline";

/** What `plaudit-load` tells. */
export interface LoadDetail extends WidgetData {
  /** Where it came from: pre-rendered markup, or a request. */
  from: "markup" | "network";
}

/** What elements with data have in common: where it comes from, and the states on the way. */
export abstract class DataElement extends PlauditElement {
  #given: WidgetData | null = null;
  #client: Client<"trustpilot"> | Client<"trustoo"> | null = null;
  #state: WidgetState = "loading";
  #error: PlauditError | null = null;
  /** The last answer, and to what it is one. */
  #answer: WidgetData | null = null;
  #answerOf = "";
  /** What was asked for last. */
  #of = "";
  #flight: AbortController | null = null;
  #unwatch = () => {};

  /** Data from elsewhere; with it nothing is fetched. */
  get data(): WidgetData | null {
    return this.#given;
  }
  set data(data: WidgetData | null) {
    this.#given = data ?? null;
    this.changed();
  }

  /** A client of the page's own, in place of one made of the attributes. */
  get client(): Client<"trustpilot"> | Client<"trustoo"> | null {
    return this.#client;
  }
  set client(client: Client<"trustpilot"> | Client<"trustoo"> | null) {
    this.#client = client ?? null;
    this.#of = "";
    this.changed();
  }

  /** What it is in; `:state(loading)` and `[data-state="loading"]` match it too. */
  get state(): WidgetState {
    return this.#state;
  }

  /** Why it shows nothing, or nothing new. */
  get error(): PlauditError | null {
    return this.#error;
  }

  /** Fetches again. What is shown stays until there is something new. */
  refresh(): void {
    this.#of = "";
    this.#error = null;
    this.changed();
  }

  /** @internal Data that stands in the attributes. */
  protected get own(): WidgetData | null {
    return null;
  }
  /** @internal Which of the attributes choose what is fetched. */
  protected get query(): string {
    return "";
  }
  /** @internal */
  protected abstract fetch(
    source: Source,
    client: Client<"trustpilot"> | Client<"trustoo">,
    signal: AbortSignal,
  ): Promise<WidgetData>;
  /** @internal What is drawn of data; null where there is nothing to show. */
  protected abstract content(data: WidgetData, voice: Voice): readonly Node[] | null;
  /** @internal Whether what is drawn of data only says that there is nothing yet. */
  protected isEmpty(_data: WidgetData): boolean {
    return false;
  }
  /** @internal What has the content's size before there is any. */
  protected abstract skeleton(voice: Voice | null): readonly Node[];

  override connectedCallback(): void {
    this.upgrade("data");
    this.upgrade("client");
    super.connectedCallback();
  }

  override disconnectedCallback(): void {
    // moved within the task: it goes on
    queueMicrotask(() => {
      if (this.isConnected || !this.#flight) return;
      this.#end();
      this.#of = "";
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
    if (this.adopted !== undefined) {
      this.#answer = this.adopted as WidgetData;
      this.#answerOf = of;
      this.#of = of;
      this.adopted = undefined;
      this.#enter("ready");
      this.emit("plaudit-load", { ...this.#answer, from: "markup" } satisfies LoadDetail);
      this.drawn(root, this.#answer);
      return;
    }
    const given = this.#given ?? this.own;
    if (given) {
      this.#end();
      this.#of = "";
      this.#error = null;
    } else if (of !== this.#of && hasSource(source)) this.#load(of, source);
    const data = given ?? (this.#answerOf === of ? this.#answer : null);
    const isBusy = !voice || (!data && !this.#error);
    if (isBusy) {
      // what was shown for other attributes stays until there is something new
      if (!root.firstChild) root.replaceChildren(...this.skeleton(voice));
      this.#enter("loading");
      return;
    }
    const content = data && this.content(data, voice);
    const isOffline = this.#error?.code === "network_error";
    const state = this.#error && !(content && isOffline) ? "error" : content ? "ready" : "empty";
    const notes = this.#error
      ? [
          h(
            "p",
            { class: "status", part: "status", role: "status" },
            voice.say(content ? "offline" : "error"),
          ),
          h("button", { part: "retry", type: "button", "data-do": "retry" }, voice.say("retry")),
        ]
      : content
        ? []
        : [h("p", { class: "status", part: "status" }, voice.say("none"))];
    root.replaceChildren(...(content ?? []), ...notes);
    const seen = state === "ready" && data && this.isEmpty(data) ? "empty" : state;
    this.#enter(this.#error && content && isOffline ? "offline" : seen);
    if (data) this.drawn(root, data);
  }

  /** @internal After data is shown, or markup that shows it was taken over. */
  protected drawn(_root: ShadowRoot, _data: WidgetData): void {}

  #enter(state: WidgetState): void {
    const { states } = this.internals;
    try {
      states?.delete(this.#state);
      states?.add(state);
    } catch {
      // old engines want a dash before
    }
    this.#state = state;
    this.setAttribute("data-state", state);
    this.internals.ariaBusy = `${state === "loading"}`;
  }

  #end(): void {
    this.#unwatch();
    this.#flight?.abort();
    this.#flight = null;
  }

  #load(of: string, source: Source): void {
    this.#end();
    this.#of = of;
    this.#error = null;
    const flight = new AbortController();
    this.#flight = flight;
    const { signal } = flight;
    const go = async () => {
      let data: WidgetData | undefined;
      try {
        data = await this.fetch(source, this.#client ?? (await clientOf(source)), signal);
      } catch (cause) {
        if (!signal.aborted) this.#error = errorOf(cause);
      }
      if (signal.aborted) return;
      this.#flight = null;
      if (data) {
        this.#answer = data;
        this.#answerOf = of;
        this.emit("plaudit-load", { ...data, from: "network" } satisfies LoadDetail);
      } else this.emit("plaudit-error", this.#error);
      this.changed();
    };
    if (source.loading === "eager") go();
    else this.#unwatch = whenNear(this, go);
  }

  /** @internal Clicks in the root. */
  handleEvent({ target }: Event): void {
    const button = (target as Element).closest("[data-do]");
    if (button) this.act(button.getAttribute("data-do") as string, button);
  }

  /** @internal What a button that says so does. */
  protected act(name: string, _button: Element): void {
    if (name === "retry") this.refresh();
  }
}

/**
 * The same with the properties of an element; `P` is what its attributes are as properties.
 *
 * @internal
 */
export const withData = <P>() =>
  DataElement as unknown as (abstract new () => DataElement & P) &
    Pick<typeof DataElement, keyof typeof DataElement>;
