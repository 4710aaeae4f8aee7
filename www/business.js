// Draws one business unit, in the platform's own field names; any of them may be null.
import { el, svg } from "./dom.js";

const STAR = "M12 4.6l2.2 4.9 5.3.5-4 3.6 1.2 5.2-4.7-2.8-4.7 2.8 1.2-5.2-4-3.6 5.3-.5z";
const EMPTY = "#dcdce6";
const ROWS = [
  ["fiveStars", 5],
  ["fourStars", 4],
  ["threeStars", 3],
  ["twoStars", 2],
  ["oneStar", 1],
];

const whole = new Intl.NumberFormat("en");
const score = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat("en", { style: "percent" });

export function businessCard(unit) {
  const domain = unit.name?.identifying ?? "";
  const title = unit.displayName ?? domain;
  const stars = unit.score?.stars ?? 0;
  const trustScore = unit.score?.trustScore ?? 0;
  const reviews = unit.numberOfReviews ?? {};
  const total = reviews.total ?? 0;

  return el(
    "article",
    { class: "business", "aria-label": title },
    el(
      "div",
      { class: "business-head" },
      el("span", { class: "monogram", "aria-hidden": "true" }, [...title][0]?.toUpperCase() ?? "?"),
      el(
        "div",
        { class: "business-name" },
        el("h3", {}, title),
        el("p", {}, el("span", { class: "domain" }, domain), place(unit.country)),
      ),
    ),
    el(
      "div",
      { class: "rating" },
      starRow(stars),
      total > 0
        ? el(
            "p",
            { class: "rating-text" },
            el("strong", {}, score.format(trustScore)),
            " TrustScore · ",
            el("strong", {}, whole.format(total)),
            total === 1 ? " review" : " reviews",
          )
        : el("p", { class: "rating-text" }, "No reviews yet"),
    ),
    bars(reviews, total),
  );
}

/** The card's outline while there is nothing to show, so that nothing moves when there is. */
export function placeholder(text) {
  const bar = (kind) => el("span", { class: `ghost ${kind}` });
  return el(
    "div",
    { class: "business ghosts" },
    el(
      "div",
      { class: "business-head", "aria-hidden": "true" },
      bar("ghost-tile"),
      el("div", { class: "business-name" }, bar("ghost-title"), bar("ghost-line")),
    ),
    el("div", { class: "rating", "aria-hidden": "true" }, bar("ghost-stars")),
    el("p", { class: "ghost-text" }, text),
  );
}

export function notFound(domain) {
  return el(
    "div",
    { class: "business nobody" },
    el("span", { class: "monogram", "aria-hidden": "true" }, "?"),
    el("h3", {}, "No business goes by that domain"),
    el(
      "p",
      {},
      "The platform does not know ",
      el("span", { class: "domain" }, domain),
      ". Look for a typing mistake, or try it without “www.”.",
    ),
  );
}

/** Five tiles; a half star fills the left half of its tile. */
export function starRow(stars) {
  const row = svg("svg", {
    class: "stars",
    viewBox: "0 0 128 24",
    role: "img",
    "aria-label": stars > 0 ? `${stars} out of 5 stars` : "Not rated",
  });
  for (let index = 0; index < 5; index += 1) {
    const tile = svg("g", { transform: `translate(${index * 26} 0)` });
    const part = Math.min(Math.max(stars - index, 0), 1);
    tile.append(svg("rect", { width: 24, height: 24, rx: 2, fill: EMPTY }));
    if (part >= 1) tile.append(svg("rect", { width: 24, height: 24, rx: 2, fill: tint(stars) }));
    else if (part >= 0.5) {
      tile.append(
        svg("path", { d: "M12 0H2A2 2 0 0 0 0 2V22A2 2 0 0 0 2 24H12z", fill: tint(stars) }),
      );
    }
    tile.append(svg("path", { d: STAR, fill: "#fff" }));
    row.append(tile);
  }
  return row;
}

// One colour for the whole row, as the platform does: a half belongs to the star below, 4.5 to five.
function tint(stars) {
  if (stars >= 4.5) return "#00b67a";
  return ["#ff3722", "#ff3722", "#ff8622", "#ffce00", "#73cf11"][Math.floor(stars)];
}

function bars(reviews, total) {
  const list = el("ul", { class: "bars" });
  for (const [field, stars] of ROWS) {
    const count = reviews[field] ?? 0;
    const share = total > 0 ? count / total : 0;
    const fill = el("span", { class: "bar-fill" });
    fill.style.setProperty("inline-size", `${(share * 100).toFixed(2)}%`);
    list.append(
      el(
        "li",
        {},
        el("span", { class: "bar-name" }, stars === 1 ? "1 star" : `${stars} stars`),
        el("span", { class: "bar", "aria-hidden": "true" }, fill),
        el("span", { class: "bar-count" }, whole.format(count)),
        el("span", { class: "bar-share" }, percent.format(share)),
      ),
    );
  }
  return list;
}

function place(country) {
  if (typeof country !== "string" || !/^[A-Z]{2}$/.test(country)) return null;
  const name = new Intl.DisplayNames("en", { type: "region" }).of(country);
  return ` · ${name ?? country}`;
}
