// A page of a shop, as a visitor of it sees the elements: a product, its rating, all reviews, a badge.
import { el, svg } from "./dom.js";

export const TAG = "shop";

/** What the platform's elements on that page are, in the order of the page. */
const PARTS = [
  ["plaudit-rating"],
  ["plaudit-histogram", ["for", "reviews"]],
  ["plaudit-reviews", ["id", "reviews"], ["layout", "carousel"]],
  ["plaudit-badge"],
];

/** Each as `[tag, attributes]`, with what is given to all of them. */
export const partsOf = (given) => PARTS.map(([tag, ...own]) => [tag, [...own, ...given]]);

/** The page as `{ page, members }`, its elements in their places; the first one is that of the product. */
export function makeShop(given) {
  const members = partsOf(given).map(([tag, attributes]) =>
    el(tag, Object.fromEntries(attributes)),
  );
  const [rating, histogram, reviews, badge] = members;
  const page = el(
    "article",
    { class: "shop" },
    el(
      "header",
      { class: "shop-head" },
      el("b", {}, "Seventh Shelf Books"),
      el("span", { class: "shop-nav" }, "New · Poetry · Maps"),
    ),
    el(
      "div",
      { class: "shop-product" },
      cover(),
      el(
        "div",
        { class: "shop-buy" },
        el("h3", {}, "A Year of Harbours"),
        el("p", {}, "Forty coasts, drawn by hand. Cloth, 224 pages."),
        rating,
        el(
          "p",
          { class: "shop-price" },
          el("b", {}, "£28"),
          el(
            "span",
            { class: "shop-button" },
            el("span", { class: "shop-button-text" }, "Add to bag"),
          ),
        ),
      ),
    ),
    el("div", { class: "shop-reviews" }, histogram, reviews),
    el("footer", { class: "shop-foot" }, badge, el("span", {}, "Delivery · Returns · Contact")),
  );
  return { page, members };
}

/** The book: a moon over hills and water. */
function cover() {
  return svg(
    "svg",
    { class: "shop-cover", viewBox: "0 0 120 160", "aria-hidden": "true", focusable: "false" },
    svg("rect", { class: "shop-sky", width: 120, height: 160, rx: 3 }),
    svg("circle", { class: "shop-moon", cx: 84, cy: 44, r: 17 }),
    svg("path", { class: "shop-far", d: "M0 98c18-20 34-24 52-10s40 8 68-16v88H0z" }),
    svg("path", { class: "shop-near", d: "M0 118c24-14 44-6 62 2s36 8 58-6v46H0z" }),
    svg("path", { class: "shop-waves", d: "M14 136h22m10 0h34m8 0h18M26 146h40m12 0h26" }),
    svg("path", { class: "shop-spine", d: "M7.5 0v160" }),
  );
}
