import { glyph, grades } from "../generated/elements.js";

type Child = Node | string | null | undefined | false;
type Attributes = Readonly<Record<string, string | null | undefined | false>>;

/** An element: attributes in order, those that are null or false left out; texts as text nodes. */
export function h(
  tag: string,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElement {
  return fill(document.createElement(tag), attributes, children);
}

function fill<E extends Element>(
  element: E,
  attributes: Attributes,
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
  attributes: Attributes,
  ...children: readonly Child[]
): SVGElement {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/** An element that `::part()` and the sheets reach by the same name. */
export const part = (
  tag: string,
  name: string,
  attributes?: Attributes,
  ...children: readonly Child[]
): HTMLElement => h(tag, { class: name, part: name, ...attributes }, ...children);

/** An address that may be linked, as the address that is linked; else null. */
export function address(text: string | null | undefined): string | null {
  // what browsers would leave out or read otherwise makes it none
  const [, rest] = /^(?:https:)?(\/\/(?!\/)[^\0-\x20\x7f-\xa0\\<>"`]+)$/i.exec(text ?? "") ?? [];
  return rest ? `https:${rest}` : null;
}

/** What holds all of a widget: a link, where there is an address. */
export function base(href: string | null, ...children: readonly Child[]): HTMLElement {
  const safe = address(href);
  return safe
    ? part("a", "base", { href: safe, target: "_blank", rel: "noopener" }, ...children)
    : part("div", "base", {}, ...children);
}

const tile = (x: number, width: number) => `M${x} 0h${width}v96h-${width}z`;

/** The path of the tiles that so many half stars fill. */
const tiles = (halves: number): string => {
  let path = "";
  for (let at = 0; at * 2 < halves; at++) path += tile(at * 104, halves > at * 2 + 1 ? 96 : 48);
  return path;
};

const path = (name: string, d: string) => svg("path", { class: name, d });
const drawing = (name: string, width: number, halves: number, ...paths: readonly Node[]) =>
  svg(
    "svg",
    {
      class: name,
      part: "stars",
      viewBox: `0 0 ${width} 96`,
      "data-grade": `${grades[halves]}`,
    },
    ...paths,
  );
const glyphs = (...at: readonly number[]) => path("g", at.map((x) => `M${x} 16${glyph}`).join(""));

const drawn: SVGElement[] = [];

/** Stars as three paths: clones of one of eleven drawings. Without a label they are decoration. */
export function stars(halves: number, label?: string | null): SVGElement {
  drawn[halves] ??= drawing(
    "stars",
    512,
    halves,
    path("e", tiles(10)),
    path("f", tiles(halves)),
    glyphs(48, 152, 256, 360, 464),
  );
  const clone = document.importNode(drawn[halves], true);
  return fill(clone, label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" }, []);
}

/** One star in its tile, in the colour that so many have. */
export const star = (halves: number): SVGElement =>
  fill(
    drawing("star", 96, halves, path(halves ? "f" : "e", tile(0, 96)), glyphs(48)),
    { "aria-hidden": "true" },
    [],
  );
