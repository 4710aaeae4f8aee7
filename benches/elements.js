// Many rows of stars, as markup that a page puts in: plain SVG, and elements.
import { defineElements } from "plaudit/elements/pure";

defineElements();

const glyph = "l7.9 24.3h25.6l-20.7 15 7.9 24.3-20.7-15-20.7 15 7.9-24.3-20.7-15h25.6z";
const tile = (at, width) => `M${at * 104} 0h${width}v96h-${width}z`;
const places = [0, 1, 2, 3, 4];
const box = 'width="107" height="20" viewBox="0 0 512 96" role="img" aria-label="4.5 out of 5"';

/** As such drawings usually are: a tile and a star each. */
const eleven = (halves) => {
  const tiles = places.map((at) => {
    const fill = at * 2 < halves ? "#00b67a" : "#dcdce6";
    return `<path fill="${fill}" d="${tile(at, 96)}"/><path fill="#fff" d="M${at * 104 + 48} 16${glyph}"/>`;
  });
  return `<svg ${box}>${tiles.join("")}</svg>`;
};

/** As the elements draw them. */
const four = (halves) => {
  const filled = places.filter((at) => at * 2 < halves);
  const tiles = filled.map((at) => tile(at, at * 2 + 1 < halves ? 96 : 48));
  const stars = places.map((at) => `M${at * 104 + 48} 16${glyph}`);
  return `<svg ${box}><path fill="#dcdce6" d="${places.map((at) => tile(at, 96)).join("")}"/><path fill="#00b67a" d="${tiles.join("")}"/><path fill="#fff" d="${stars.join("")}"/></svg>`;
};

const element = (halves) => `<plaudit-stars value="${halves / 2}"></plaudit-stars>`;

const ways = [eleven, four, element];
const markup = new Map();

/** Milliseconds until so many rows are laid out. */
export async function stars(way, count) {
  const key = `${way} ${count}`;
  if (!markup.has(key)) {
    const rows = Array.from({ length: count }, (_, at) => `<p>${ways[way]((at % 9) + 2)}</p>`);
    markup.set(key, rows.join(""));
  }
  const main = document.createElement("main");
  document.body.replaceChildren(main);
  const html = markup.get(key);
  document.body.getBoundingClientRect();
  const start = performance.now();
  main.innerHTML = html;
  // elements are drawn at the end of the task
  await Promise.resolve();
  await Promise.resolve();
  const { height } = main.lastElementChild.getBoundingClientRect();
  const time = performance.now() - start;
  const drawings = (one) => (one.shadowRoot ?? one).querySelectorAll("path").length;
  const last = main.lastElementChild.firstElementChild;
  if (height < 15 || drawings(last) < 3) throw new Error("the stars were not drawn");
  return time;
}
