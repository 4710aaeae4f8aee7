// What draws a histogram: loaded when there is one.
import type { HistogramProperties } from "../generated/elements.js";
import { words } from "../generated/elements-histogram.js";
import type { Drawing, Drawn } from "./data.js";
import { h, part, svg } from "./dom.js";
import type { FilterDetail } from "./histogram.js";
import { type HistogramRow, type HistogramView, histogramView } from "./histogram-view.js";
import type { WidgetData } from "./source.js";
import { addEnglish, type Voice } from "./words.js";

export { sheets } from "../generated/elements-histogram.js";

addEnglish(words);

const hidden = { "aria-hidden": "true" };

function drawRow({ stars, label, share, name, width, isPressed }: HistogramRow): HTMLElement {
  const button = isPressed !== null && {
    type: "button",
    "data-do": "filter",
    "data-stars": `${stars}`,
    "aria-pressed": `${isPressed}`,
  };
  const row = part(
    button ? "button" : "div",
    "row",
    button || {},
    h("span", { class: "hidden" }, name),
    part("span", "label", hidden, label),
    svg(
      "svg",
      {
        class: "track",
        part: "track",
        viewBox: "0 0 1000 1",
        preserveAspectRatio: "none",
        "data-grade": `${stars}`,
        ...hidden,
      },
      svg("path", { class: "f", part: "bar", d: `M0 0h${width}v1H0z` }),
    ),
    part("span", "share", hidden, share),
  );
  return h("li", {}, row);
}

/** What a histogram draws. */
export const drawHistogram = ({ rows }: HistogramView): HTMLElement =>
  // WebKit takes the role from lists without markers
  part("ul", "list", { role: "list" }, ...rows.map(drawRow));

/** A histogram of one element. */
export default class Histogram implements Drawing {
  readonly #host: HTMLElement & Drawn & HistogramProperties;
  #chosen: number[] = [];
  readonly #watch = new MutationObserver(() => this.#follow());

  constructor(host: HTMLElement & Drawn & HistogramProperties) {
    this.#host = host;
  }

  content({ rating }: WidgetData, voice: Voice): readonly Node[] {
    const distribution = rating?.distribution;
    if (!distribution) return [part("p", "status", {}, voice.say("none"))];
    return [
      drawHistogram(histogramView(distribution, this.#host.for ? this.#chosen : null, voice)),
    ];
  }

  isEmpty({ rating }: WidgetData): boolean {
    return !rating?.distribution?.some(Boolean);
  }

  drawn(root: ShadowRoot): void {
    root.addEventListener("click", this);
    this.#watch.disconnect();
    const target = this.#target;
    if (target) this.#watch.observe(target, { attributeFilter: ["stars"] });
    this.#follow();
  }

  leave(): void {
    this.#watch.disconnect();
  }

  /** Clicks in the root. */
  handleEvent({ target: clicked }: Event): void {
    const button = (clicked as Element).closest("[data-stars]");
    if (!button) return;
    const stars = Number(button.getAttribute("data-stars"));
    const others = this.#chosen.filter((one) => one !== stars);
    const isNew = others.length === this.#chosen.length;
    this.#chosen = isNew ? [...others, stars].sort() : others;
    const target = this.#target;
    if (this.#chosen.length) target?.setAttribute("stars", this.#chosen.join());
    else target?.removeAttribute("stars");
    this.#follow();
    this.#host.emit("plaudit-filter", { stars: this.#chosen } satisfies FilterDetail);
  }

  get #target(): Element | null {
    const { for: id } = this.#host;
    return id ? (this.#host.getRootNode() as Document | ShadowRoot).getElementById(id) : null;
  }

  /** The rows say what is chosen, here or in the reviews' own attribute. */
  #follow(): void {
    const target = this.#target;
    if (target) this.#chosen = (target.getAttribute("stars")?.match(/[1-5]/g) ?? []).map(Number);
    for (const button of this.#host.root?.querySelectorAll("[data-stars]") ?? []) {
      const isChosen = this.#chosen.includes(Number(button.getAttribute("data-stars")));
      button.setAttribute("aria-pressed", `${isChosen}`);
    }
  }
}
