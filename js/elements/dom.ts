import { glyph, grades } from "../generated/elements.js";

type Child = Node | string | null | undefined | false;

/** An element: attributes in order, those that are null or false left out; texts as text nodes. */
export function h(
  tag: string,
  attributes: Readonly<Record<string, string | null | undefined | false>> = {},
  ...children: readonly Child[]
): HTMLElement {
  return fill(document.createElement(tag), attributes, children);
}

function fill<E extends Element>(
  element: E,
  attributes: Readonly<Record<string, string | null | undefined | false>>,
  children: readonly Child[],
): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "string") element.setAttribute(name, value);
  }
  element.append(...(children.filter((child) => typeof child === "string" || child) as Node[]));
  return element;
}

/** An SVG element. */
export function svg(
  tag: string,
  attributes: Readonly<Record<string, string | null | undefined | false>>,
  ...children: readonly Child[]
): SVGElement {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

const tile = (x: number, width: number) => `M${x} 0h${width}v96h-${width}z`;

/** The path of the tiles that so many half stars fill. */
const tiles = (halves: number): string => {
  let path = "";
  for (let at = 0; at * 2 < halves; at++) path += tile(at * 104, halves > at * 2 + 1 ? 96 : 48);
  return path;
};

const drawn: SVGElement[] = [];

/** Stars as three paths: clones of one of eleven drawings. Without a label they are decoration. */
export function stars(halves: number, label?: string | null): SVGElement {
  drawn[halves] ??= svg(
    "svg",
    { class: "stars", part: "stars", viewBox: "0 0 512 96", "data-grade": `${grades[halves]}` },
    svg("path", { class: "e", d: tiles(10) }),
    svg("path", { class: "f", d: tiles(halves) }),
    svg("path", {
      class: "g",
      d: [48, 152, 256, 360, 464].map((x) => `M${x} 16${glyph}`).join(""),
    }),
  );
  const clone = document.importNode(drawn[halves], true);
  return fill(clone, label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" }, []);
}
