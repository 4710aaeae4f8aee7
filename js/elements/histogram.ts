import {
  attributesOfHistogram,
  type HistogramProperties,
  sheetOfBase,
  sheetOfHistogram,
  sheetOfStars,
} from "../generated/elements.js";
import { type DataClass, DataElement, type LoadEvents } from "./data.js";
import { h, part, svg } from "./dom.js";
import type { WidgetData } from "./source.js";
import { type HistogramRow, type HistogramView, histogramView } from "./views.js";
import { english, type Voice } from "./words.js";

/** What `plaudit-filter` tells. */
export interface FilterDetail {
  /** The stars that are chosen now; none: all are shown. */
  stars: number[];
}

/** The events of `<plaudit-histogram>`. */
export interface FilterEvents extends LoadEvents {
  /** A row was chosen, or no more. */
  "plaudit-filter": CustomEvent<FilterDetail>;
}

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

/** `<plaudit-histogram>`: how many reviews have five stars, four, and so on. */
export class PlauditHistogram extends (DataElement as unknown as DataClass<
  HistogramProperties,
  FilterEvents
>) {
  static override readonly tag = "plaudit-histogram";
  static override readonly attributes = attributesOfHistogram;
  static override readonly sheets = [sheetOfBase, sheetOfStars, sheetOfHistogram];

  #chosen: number[] = [];
  readonly #watch = globalThis.MutationObserver && new MutationObserver(() => this.#follow());

  protected content({ rating }: WidgetData, voice: Voice): readonly Node[] | null {
    const distribution = rating?.distribution;
    if (!distribution) return null;
    return [drawHistogram(histogramView(distribution, this.for ? this.#chosen : null, voice))];
  }

  protected override isEmpty({ rating }: WidgetData): boolean {
    return !rating?.distribution?.some(Boolean);
  }

  protected skeleton(voice: Voice | null): readonly Node[] {
    const list = drawHistogram(histogramView([0, 0, 0, 0, 0], null, voice ?? english));
    list.classList.add("skeleton");
    list.ariaHidden = "true";
    return [list];
  }

  protected override drawn(): void {
    this.#watch.disconnect();
    const target = this.#target;
    if (target) this.#watch.observe(target, { attributeFilter: ["stars"] });
    this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watch.disconnect();
  }

  protected override act(_name: string, button: Element): void {
    const stars = Number(button.getAttribute("data-stars"));
    const others = this.#chosen.filter((one) => one !== stars);
    const isNew = others.length === this.#chosen.length;
    this.#chosen = isNew ? [...others, stars].sort() : others;
    const target = this.#target;
    if (this.#chosen.length) target?.setAttribute("stars", this.#chosen.join());
    else target?.removeAttribute("stars");
    this.#follow();
    this.emit("plaudit-filter", { stars: this.#chosen } satisfies FilterDetail);
  }

  get #target(): Element | null {
    const { for: id } = this;
    return id ? (this.getRootNode() as Document | ShadowRoot).getElementById(id) : null;
  }

  /** The rows say what is chosen, here or in the reviews' own attribute. */
  #follow(): void {
    const target = this.#target;
    if (target) this.#chosen = (target.getAttribute("stars")?.match(/[1-5]/g) ?? []).map(Number);
    for (const button of this.root?.querySelectorAll("[data-stars]") ?? []) {
      const isChosen = this.#chosen.includes(Number(button.getAttribute("data-stars")));
      button.setAttribute("aria-pressed", `${isChosen}`);
    }
  }
}
