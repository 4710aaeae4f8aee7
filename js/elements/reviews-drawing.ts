// What draws reviews and works with them: loaded when there are some.
import type { ReviewsProperties } from "../generated/elements.js";
import { words } from "../generated/elements-reviews.js";
import { agoIn } from "./ago.js";
import type { Drawing, Drawn, LoadDetail, WidgetState } from "./data.js";
import { address, h, part, stars } from "./dom.js";
import { fetchReviews, joined } from "./reviews-source.js";
import {
  type DateView,
  type ReviewsView,
  type ReviewView,
  reviewsView,
  selectionOf,
} from "./reviews-view.js";
import { type Selection, selected } from "./selection.js";
import { errorOf, type Source, type WidgetClient, type WidgetData } from "./source.js";
import { addEnglish, localeOf, type Voice, voiceFor } from "./words.js";

export { sheets } from "../generated/elements-reviews.js";

addEnglish(words);

/** How many are drawn in one go: more would hold up the page. */
const SLICE = 10;

const time = (name: string, { at, text }: DateView) => part("time", name, { datetime: at }, text);
const button = (name: string, attributes: { readonly "aria-label"?: string }, text: string) =>
  part("button", name, { type: "button", "data-do": name, ...attributes }, text);

/** A review, as an item of the list; in a carousel it is one of what `slide` says. */
export function drawReview(
  {
    name,
    halves,
    stars: label,
    title,
    text,
    lang,
    author,
    date,
    verified,
    href,
    reply,
  }: ReviewView,
  slide: string | null,
): HTMLElement {
  const dated = date && time("date", date);
  const to = address(href);
  const role = slide ? "group" : "listitem";
  // what is long makes no slide higher than others: it scrolls, by keys too
  const scrolls = (text: string) => slide && text.length > 150 && "0";
  return h(
    "div",
    { class: "item", role, "aria-roledescription": slide, "aria-label": slide && name },
    part(
      "article",
      "review",
      { "aria-label": !slide && name },
      h(
        "div",
        { class: "line" },
        label && stars(halves, label),
        date && time("age", { at: date.at, text: "" }),
      ),
      title && part("p", "title", { lang, dir: "auto" }, title),
      text && part("p", "text", { lang, dir: "auto", tabindex: scrolls(text) }, text),
      h(
        "p",
        { class: "line meta" },
        part("span", "author", { dir: "auto" }, author),
        // the author chose where it leads
        dated &&
          (to
            ? h("a", { href: to, target: "_blank", rel: "ugc nofollow noopener" }, dated)
            : dated),
        verified && part("span", "verified", {}, verified),
      ),
      reply &&
        part(
          "div",
          "reply",
          {},
          h(
            "p",
            { class: "line meta" },
            h("b", {}, reply.by),
            reply.date && time("date", reply.date),
          ),
          h("p", { class: "text", dir: "auto", tabindex: scrolls(reply.text) }, reply.text),
        ),
    ),
  );
}

/** All of it. */
export function drawReviews(view: ReviewsView): HTMLElement {
  const { layout, label, carousel, slide, previous, next, notice, status, more } = view;
  const href = address(view.href);
  return part(
    "div",
    "base",
    {
      class: `as-${layout}`,
      role: carousel && "group",
      "aria-roledescription": carousel,
      "aria-label": carousel && label,
    },
    h(
      "div",
      { class: "line" },
      href && part("a", "link", { href, target: "_blank", rel: "noopener" }, view.link),
      notice && part("span", "notice", {}, notice),
      previous && button("previous", { "aria-label": previous }, "‹"),
      next && button("next", { "aria-label": next }, "›"),
    ),
    h("slot", { name: "disclosure" }),
    !status &&
      part(
        "div",
        "list",
        {
          role: carousel ? "group" : "list",
          tabindex: carousel && "0",
          "aria-label": label,
          "aria-live": carousel && "polite",
        },
        ...view.reviews.map((it) => drawReview(it, slide)),
      ),
    part("p", "status", { class: status ? "status" : "hidden", role: "status" }, status),
    more && button("more", {}, more),
  );
}

/** What writes how long ago things were, of each element that shows it. */
const aging = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** One timer for the page, which stands still while nobody looks. */
function age(): void {
  clearTimeout(timer);
  if (!aging.size || document.hidden) return;
  for (const it of aging) it();
  timer = setTimeout(age, 60_000);
}

/** The element, as its drawing sees it. */
type Host = HTMLElement &
  Drawn &
  ReviewsProperties & { readonly client: WidgetClient | null; readonly state: WidgetState };

/** Reviews of one element. */
export default class Reviews implements Drawing {
  readonly #host: Host;
  #data: WidgetData | null = null;
  /** What it was asked for, by attributes. */
  #of = "";
  /** How many reviews there may be in the list. */
  #count = 0;
  #list: Element | null = null;
  #slides: IntersectionObserver | null = null;
  #flight: AbortController | null = null;

  constructor(host: Host) {
    this.#host = host;
  }

  async fetch(source: Source, client: WidgetClient, signal: AbortSignal): Promise<WidgetData> {
    const found = await fetchReviews(source, client, selectionOf(this.#host), 1, signal);
    const { reviews = [], next } = (this.#of === this.#asked && this.#data) || {};
    const all = joined(found.reviews, reviews);
    // fetched again: what was added stays, if there is no gap before it
    return next !== undefined && all.length < found.reviews.length + (reviews?.length ?? 0)
      ? { reviews: all, next }
      : found;
  }

  get #asked(): string {
    const { domain, businessUnit, sku, shop } = this.#host;
    return JSON.stringify([selectionOf(this.#host), domain, businessUnit, sku, shop]);
  }

  content(data: WidgetData, voice: Voice): readonly Node[] {
    this.#take(data);
    const view = reviewsView(data, this.#host, voice, this.#count);
    const { reviews, slide } = view;
    const base = drawReviews({ ...view, reviews: reviews.slice(0, SLICE) });
    this.#append(base.querySelector(".list"), reviews.slice(SLICE), slide);
    return [base];
  }

  isEmpty({ reviews, next }: WidgetData): boolean {
    return !next && !selected(reviews ?? [], selectionOf(this.#host)).length;
  }

  told(data: WidgetData): WidgetData {
    const reviews = selected(data.reviews ?? [], selectionOf(this.#host)).slice(0, this.#count);
    return { ...data, reviews };
  }

  drawn(root: ShadowRoot, data: WidgetData): void {
    this.#take(data);
    this.leave();
    root.addEventListener("click", this);
    const list = root.querySelector(".list");
    this.#list = list;
    aging.add(this.#age);
    addEventListener("pageshow", age);
    document.addEventListener("visibilitychange", age);
    age();
    if (!list || this.#host.layout !== "carousel") return;
    const seen = (entries: readonly IntersectionObserverEntry[]) => {
      for (const { target, isIntersecting } of entries) {
        // what has the focus comes into view
        (target as HTMLElement).inert = !isIntersecting && !target.contains(root.activeElement);
      }
      this.#mark();
    };
    this.#slides = new IntersectionObserver(seen, { root: list, threshold: 0.6 });
    for (const slide of list.children) this.#slides.observe(slide);
  }

  /** Clicks in the root. */
  handleEvent({ target }: Event): void {
    const button = (target as Element).closest("[data-do]");
    const name = button?.getAttribute("data-do");
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    if (name === "more") this.#grow(button);
    else if (name === "next") this.#turn(1);
    else if (name === "previous") this.#turn(-1);
  }

  #take(data: WidgetData): void {
    this.#data = data;
    if (this.#of === this.#asked) return;
    this.#of = this.#asked;
    this.#count = selectionOf(this.#host).perPage;
  }

  leave(): void {
    this.#flight?.abort();
    this.#slides?.disconnect();
    this.#slides = null;
    aging.delete(this.#age);
  }

  readonly #age = (): void => {
    const ago = agoIn(localeOf(this.#host));
    for (const it of this.#host.root?.querySelectorAll<HTMLTimeElement>(".age") ?? []) {
      it.textContent = ago(Date.parse(it.dateTime), Date.now());
    }
  };

  /** Adds reviews, some at a time: between them the page has its turn. */
  async #append(
    list: Element | null,
    views: readonly ReviewView[],
    slide: string | null,
  ): Promise<void> {
    this.#list = list;
    for (let at = 0; at < views.length; at += SLICE) {
      await new Promise((done) => setTimeout(done));
      if (list !== this.#list) return;
      for (const view of views.slice(at, at + SLICE)) {
        const item = drawReview(view, slide);
        list?.append(item);
        this.#slides?.observe(item);
      }
      this.#age();
    }
  }

  /** Shows more reviews: of those that are there, else the next page. */
  async #grow(button: Element): Promise<void> {
    const data = this.#data;
    const list = this.#list;
    const live = this.#host.root?.querySelector("[part=status]");
    if (!data || !live || this.#host.state === "loading") return;
    this.#flight = new AbortController();
    const { signal } = this.#flight;
    const say = (text: string, look: string) => {
      button.removeAttribute("aria-disabled");
      live.className = look;
      live.textContent = text;
    };
    button.setAttribute("aria-disabled", "true");
    const selection = selectionOf(this.#host);
    const voice = await voiceFor(localeOf(this.#host));
    const chosen = () => selected(data.reviews ?? [], selection);
    const shown = chosen().slice(0, this.#count);
    const before = shown.length;
    try {
      if (before === chosen().length && data.next) await this.#fetchMore(data, selection, signal);
    } catch (cause) {
      if (signal.aborted) return;
      say(voice.say("error"), "status");
      button.textContent = voice.say("retry");
      this.#host.emit("plaudit-error", errorOf(cause));
      return;
    }
    if (signal.aborted) return;
    this.#count = before + selection.perPage;
    if (!list) {
      this.#host.changed();
      return;
    }
    const now = chosen();
    // in an order, what is new may come before what is there
    const isMoved = shown.some((it, at) => it !== now[at]);
    if (isMoved) list.replaceChildren();
    const { reviews, more, slide } = reviewsView(data, this.#host, voice, this.#count);
    await this.#append(list, isMoved ? reviews : reviews.slice(before), slide);
    if (signal.aborted) return;
    say(voice.say("added", {}, reviews.length - before), "hidden");
    if (more) button.textContent = more;
    else button.remove();
    const added = list.children[now.findIndex((it) => !shown.includes(it))];
    const first = (added ?? list.lastElementChild)?.firstElementChild;
    first?.setAttribute("tabindex", "-1");
    (first as HTMLElement | null)?.focus();
  }

  async #fetchMore(data: WidgetData, selection: Selection, signal: AbortSignal): Promise<void> {
    const { clientOf } = await import("./loading.js");
    const client = this.#host.client ?? (await clientOf(this.#host));
    const { reviews, next } = await fetchReviews(
      this.#host,
      client,
      selection,
      data.next ?? 1,
      signal,
    );
    if (signal.aborted) return;
    data.reviews = joined(data.reviews, reviews);
    data.next = next;
    this.#host.emit("plaudit-load", { ...data, from: "network" } satisfies LoadDetail);
  }

  /** Scrolls the carousel by what is seen of it. */
  #turn(by: 1 | -1): void {
    const list = this.#list;
    if (!list) return;
    const way = getComputedStyle(list).direction === "rtl" ? -by : by;
    list.scrollBy({ left: way * list.clientWidth });
  }

  /** Where the carousel ends, its buttons do nothing. */
  #mark(): void {
    for (const [name, slide] of [
      ["previous", this.#list?.firstElementChild],
      ["next", this.#list?.lastElementChild],
    ] as const) {
      const isEnd = !(slide as HTMLElement | null)?.inert;
      this.#host.root
        ?.querySelector(`[data-do=${name}]`)
        ?.setAttribute("aria-disabled", `${isEnd}`);
    }
  }
}
