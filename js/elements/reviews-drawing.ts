// What draws reviews and works with them: loaded when there are some.
import type { Review } from "../common.js";
import type { ReviewsProperties } from "../generated/elements.js";
import { words } from "../generated/elements-reviews.js";
import { agoIn } from "./ago.js";
import type { Drawing, Drawn, LoadDetail, WidgetState } from "./data.js";
import { address, h, part, stars } from "./dom.js";
import { fetchReviews, joined } from "./reviews-source.js";
import {
  type DateView,
  nameOf,
  nextOf,
  positionOf,
  type ReviewsView,
  type ReviewView,
  reviewOf,
  reviewsView,
  reviewView,
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
const button = (
  name: string,
  attributes: { readonly "aria-label"?: string; readonly "aria-expanded"?: string },
  text: string,
) => part("button", name, { type: "button", "data-do": name, ...attributes }, text);

/** A review, as an item of the list; in a carousel it is one of what `slide` says. */
export function drawReview(
  {
    name,
    position,
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
  return h(
    "div",
    { class: "item", role, "aria-roledescription": slide, "aria-label": slide && position },
    part(
      "article",
      "review",
      { "aria-label": name },
      h(
        "div",
        { class: "line" },
        label && stars(halves, label),
        date && time("age", { at: date.at, text: "" }),
      ),
      title && part("p", "title", { lang, dir: "auto" }, title),
      text && part("p", "text", { lang, dir: "auto" }, text),
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
          h("p", { class: "text", dir: "auto" }, reply.text),
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
      { class: "head" },
      href && part("a", "link", { href, target: "_blank", rel: "noopener" }, view.link),
      notice && part("span", "notice", {}, notice),
      previous &&
        next &&
        h(
          "div",
          { class: "turn" },
          button("previous", { "aria-label": previous }, "‹"),
          button("next", { "aria-label": next }, "›"),
        ),
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
        },
        ...view.reviews.map((it) => drawReview(it, slide)),
        // in a carousel it is the last card
        carousel && more && button("more", {}, more),
      ),
    part("p", "status", { class: status ? "status" : "hidden", role: "status" }, status),
    (!carousel || status) && more && button("more", {}, more),
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

/** What tells reviews from others; one that is there twice is two. */
function keysOf(reviews: readonly Review[]): readonly string[] {
  const times = new Map<string, number>();
  return reviews.map((it) => {
    const { id, stars, title, text, language, createdAt, author, reply, verified, url } = it;
    const own = [id, stars, title, text, language, createdAt, author, verified, url];
    const key = JSON.stringify([own, reply?.text, reply?.createdAt]);
    const time = (times.get(key) ?? 0) + 1;
    times.set(key, time);
    return `${time} ${key}`;
  });
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
  /** Whether that is another selection than was drawn before. */
  #isOther = false;
  /** How many reviews there may be in the list. */
  #count = 0;
  #list: Element | null = null;
  /** What is in the list, by {@link keysOf}, and how it is drawn. */
  #items = new Map<string, HTMLElement>();
  #how: readonly unknown[] = [];
  /** The last filling of the list: one before it ends. */
  #filling = 0;
  /** Where the reader was before it was drawn again. */
  #left = 0;
  #focused: Element | null = null;
  #slides: IntersectionObserver | null = null;
  readonly #inView = new WeakSet<Element>();
  /** Whether a button turned the carousel, and it has not come to rest. */
  #isTurned = false;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #texts: ResizeObserver | null = null;
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
    this.#left = this.#list?.scrollLeft ?? 0;
    this.#focused = this.#host.root?.activeElement ?? null;
    const view = reviewsView(data, this.#host, voice, this.#count, this.#count);
    const base = drawReviews(view);
    this.#fill(base.querySelector(".list"), data, voice, view.slide);
    return [base];
  }

  isEmpty({ reviews, next }: WidgetData): boolean {
    return !nextOf(next) && !selected(reviews ?? [], selectionOf(this.#host)).length;
  }

  told(data: WidgetData): WidgetData {
    return { ...data, reviews: this.#shown(data).map(reviewOf) };
  }

  /** What there is of data in the list. */
  #shown({ reviews }: WidgetData): readonly Review[] {
    return selected(reviews ?? [], selectionOf(this.#host)).slice(0, this.#count);
  }

  drawn(root: ShadowRoot, data: WidgetData): void {
    this.#take(data);
    this.leave();
    root.addEventListener("click", this);
    const live = root.querySelector("[part=status]");
    const text = live?.textContent || root.querySelector(".notice")?.textContent;
    // who cannot see it hears what changes, not what comes with its text
    if (this.#isOther && live && text) {
      this.#rest = setTimeout(() => {
        live.textContent = text;
      }, 300);
    }
    this.#isOther = false;
    const list = root.querySelector(".list");
    if (list !== this.#list) {
      // it came with the markup
      const items = [...root.querySelectorAll<HTMLElement>(".item")];
      const keys = keysOf(this.#shown(data));
      this.#items = new Map(items.map((it, at) => [keys[at] ?? "", it]));
      this.#list = list;
    }
    this.#return(root);
    aging.add(this.#age);
    addEventListener("pageshow", age);
    document.addEventListener("visibilitychange", age);
    age();
    const measured = (entries: readonly ResizeObserverEntry[]) => {
      // not here: it would change what is observed
      requestAnimationFrame(() => this.#cut(entries.map(({ target }) => target)));
    };
    this.#texts = new ResizeObserver(measured);
    if (list && this.#host.layout === "carousel") {
      const seen = (entries: readonly IntersectionObserverEntry[]) => {
        for (const { target, isIntersecting } of entries) {
          this.#inView[isIntersecting ? "add" : "delete"](target);
          this.#still(target);
        }
        this.#mark();
        if (!this.#isTurned) return;
        clearTimeout(this.#rest);
        this.#rest = setTimeout(() => this.#tell(), 300);
      };
      this.#slides = new IntersectionObserver(seen, { root: list, threshold: 0.6 });
      list.addEventListener("focusout", ({ target }) => {
        const slide = (target as Element).closest(".list > *");
        // by then it is known what has the focus
        if (slide) setTimeout(() => this.#still(slide));
      });
    }
    for (const it of list?.children ?? []) this.#watch(it);
  }

  /** Has the reader where they were before it was drawn again. */
  #return(root: ShadowRoot): void {
    if (this.#left) this.#list?.scrollTo({ left: this.#left, behavior: "instant" });
    const before = this.#focused;
    this.#focused = null;
    if (!before) return;
    const part = before.getAttribute("part");
    const isOne = part === "list" || before.matches("[data-do]:not(.toggle)");
    const now = isOne ? root.querySelector(`[part=${part}]`) : before;
    if (now && now !== root.activeElement && root.contains(now)) {
      (now as HTMLElement).focus({ preventScroll: true });
    }
  }

  /** Nobody comes by keys to a slide that is out of view; what has the focus stays, and comes into view. */
  #still(slide: Element): void {
    const { activeElement = null } = this.#host.root ?? {};
    (slide as HTMLElement).inert = !this.#inView.has(slide) && !slide.contains(activeElement);
  }

  #watch(item: Element): void {
    this.#slides?.observe(item);
    for (const it of item.querySelectorAll(".text")) this.#texts?.observe(it);
  }

  /** Gives texts that are cut a button that shows all of them, in place of their last line. */
  async #cut(texts: readonly Element[]): Promise<void> {
    const voice = await voiceFor(localeOf(this.#host));
    const closed = texts.filter((it) => it.isConnected && !it.classList.contains("open"));
    // first all is written, then all is read: it is laid out once
    for (const it of closed) if (it.matches(".cut")) it.classList.remove("cut");
    const cut = new Set(closed.filter((it) => it.scrollHeight > it.clientHeight + 1));
    for (const it of closed) {
      const isCut = cut.has(it);
      if (isCut) it.classList.add("cut");
      const after = it.nextElementSibling;
      const toggle = after?.matches(".toggle") ? after : null;
      if (!isCut) toggle?.remove();
      else if (!toggle)
        it.after(button("toggle", { "aria-expanded": "false" }, voice.say("readMore")));
    }
  }

  /** Shows all of a text, or its beginning. */
  async #toggle(button: Element): Promise<void> {
    const voice = await voiceFor(localeOf(this.#host));
    const isOpen = button.previousElementSibling?.classList.toggle("open");
    button.setAttribute("aria-expanded", `${isOpen}`);
    button.textContent = voice.say(isOpen ? "readLess" : "readMore");
    if (!isOpen) button.closest(".item")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** Clicks in the root. */
  handleEvent({ target }: Event): void {
    const button = (target as Element).closest("[data-do]");
    const name = button?.getAttribute("data-do");
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    if (name === "more") this.#grow(button, false);
    else if (name === "toggle") this.#toggle(button);
    else if (name === "previous") this.#turn(-1);
    else if (name === "next") {
      const more = this.#list?.querySelector<HTMLElement>(".more");
      if (more && !more.inert) this.#grow(more, true);
      else this.#turn(1);
    }
  }

  #take(data: WidgetData): void {
    this.#data = data;
    if (this.#of === this.#asked) return;
    this.#isOther = !!this.#of;
    this.#of = this.#asked;
    this.#count = selectionOf(this.#host).perPage;
  }

  leave(): void {
    this.#flight?.abort();
    clearTimeout(this.#rest);
    this.#slides?.disconnect();
    this.#slides = null;
    this.#texts?.disconnect();
    this.#texts = null;
    aging.delete(this.#age);
  }

  readonly #age = (): void => {
    const ago = agoIn(localeOf(this.#host));
    for (const it of this.#host.root?.querySelectorAll<HTMLTimeElement>(".age") ?? []) {
      const text = ago(Date.parse(it.dateTime), Date.now());
      if (it.textContent !== text) it.textContent = text;
    }
  };

  /**
   * Has the list show what there is of data: what is in it stays, and what is new is put between it, some
   * at a time, so that the page has its turn.
   */
  async #fill(
    list: Element | null,
    data: WidgetData,
    voice: Voice,
    slide: string | null,
  ): Promise<void> {
    this.#filling += 1;
    const filling = this.#filling;
    const isNew = list !== this.#list;
    this.#list = list;
    const name = nameOf(data, this.#host);
    const how = [voice, name, slide];
    if (isNew && how.some((it, at) => it !== this.#how[at])) this.#items.clear();
    this.#how = how;
    if (!list) return;
    const reviews = this.#shown(data);
    const keys = keysOf(reviews);
    const wanted = new Set(keys);
    for (const key of this.#items.keys()) if (!wanted.has(key)) this.#items.delete(key);
    const put = (item: Element, at: number) => {
      if (list.children[at] !== item) list.insertBefore(item, list.children[at] ?? null);
    };
    for (const [at, item] of keys.flatMap((key) => this.#items.get(key) ?? []).entries()) {
      put(item, at);
    }
    let drawn = 0;
    for (const [at, key] of keys.entries()) {
      const review = reviews[at];
      const position = positionOf(at, reviews.length, this.#host, voice);
      if (position) this.#items.get(key)?.setAttribute("aria-label", position);
      if (this.#items.has(key) || !review) continue;
      if (drawn > 0 && drawn % SLICE === 0) {
        await new Promise((done) => setTimeout(done));
        if (filling !== this.#filling) return;
      }
      drawn += 1;
      const item = drawReview(reviewView(reviewOf(review), name, position, voice), slide);
      this.#items.set(key, item);
      put(item, at);
      if (list.isConnected) this.#watch(item);
      if (drawn % SLICE === 0) this.#age();
    }
    this.#age();
  }

  /** Shows more reviews: of those that are there, else the next page. */
  async #grow(button: Element, isTurn: boolean): Promise<void> {
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
    const shown = new Set(this.#shown(data));
    try {
      const { length } = selected(data.reviews ?? [], selection);
      if (shown.size === length && nextOf(data.next))
        await this.#fetchMore(data, selection, signal);
    } catch (cause) {
      if (signal.aborted) return;
      say(voice.say("error"), "status");
      button.textContent = voice.say("retry");
      this.#host.emit("plaudit-error", errorOf(cause));
      return;
    }
    if (signal.aborted) return;
    this.#count = shown.size + selection.perPage;
    if (!list) {
      this.#host.changed();
      return;
    }
    const { more, slide } = reviewsView(data, this.#host, voice, this.#count, this.#count);
    await this.#fill(list, data, voice, slide);
    if (signal.aborted) return;
    const now = this.#shown(data);
    say(voice.say("added", {}, now.length - shown.size), "hidden");
    if (more) button.textContent = more;
    else button.remove();
    if (isTurn) {
      this.#turn(1);
      return;
    }
    const items = list.querySelectorAll(":scope > .item");
    const added = items[now.findIndex((it) => !shown.has(it))];
    const first = (added ?? items[items.length - 1])?.firstElementChild;
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
    this.#isTurned = true;
    const way = getComputedStyle(list).direction === "rtl" ? -by : by;
    list.scrollBy({ left: way * list.clientWidth });
  }

  /** Tells who cannot see it which slides a button brought: the focus stays where it was. */
  async #tell(): Promise<void> {
    const voice = await voiceFor(localeOf(this.#host));
    const live = this.#host.root?.querySelector("[part=status]");
    const items = [...(this.#list?.querySelectorAll(":scope > .item") ?? [])];
    const first = items.findIndex((it) => this.#inView.has(it));
    const last = items.findLastIndex((it) => this.#inView.has(it));
    this.#isTurned = false;
    if (!live || first < 0) return;
    const at = [...new Set([first, last])].map((it) => voice.count(it + 1)).join("–");
    live.textContent = voice.say("position", { at }, items.length);
  }

  /** Where the carousel ends, its buttons do nothing. */
  #mark(): void {
    for (const [name, slide] of [
      ["previous", this.#list?.firstElementChild],
      ["next", this.#list?.lastElementChild],
    ] as const) {
      // with more to come it goes on
      const isEnd = slide?.matches(".item") && !(slide as HTMLElement).inert;
      this.#host.root
        ?.querySelector(`[data-do=${name}]`)
        ?.setAttribute("aria-disabled", `${!!isEnd}`);
    }
  }
}
