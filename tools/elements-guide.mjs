// The tables of docs/elements.md: what src/widgets/element.rs says of each custom element, between
// `<!-- name -->` and `<!-- end -->`.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./run.mjs";

export const elementsGuide = "docs/elements.md";

/** Attributes of so many elements are told of once. */
const SHARED = 3;

const code = (text) => `\`${text}\``;
const cell = (text) => text.replaceAll("|", "\\|");
const listed = (names) => names.map(code).join(", ");

function table(head, rows) {
  const line = (cells) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const takes = ({ kind, words }) =>
  ({ text: "text", number: "number", flag: "there or not", word: listed(words) })[kind];

const attributeTable = (attributes) =>
  table(
    ["attribute", "value", ""],
    attributes.map((it) => [code(it.name), takes(it), it.docs]),
  );

function shared({ elements }) {
  const found = new Map();
  for (const { attributes } of elements) {
    for (const it of attributes) found.set(it.name, [...(found.get(it.name) ?? []), it]);
  }
  return [...found.values()].filter((all) => all.length >= SHARED).map(([first]) => first);
}

function properties({ elements }) {
  const found = new Map();
  for (const { tag, properties } of elements) {
    for (const [name, docs] of properties) {
      const known = found.get(name) ?? { docs, tags: [] };
      known.tags.push(tag.replace("plaudit-", ""));
      found.set(name, known);
    }
  }
  return table(
    ["custom property", "", "heeded by"],
    [...found].map(([name, { docs, tags }]) => [code(name), docs, tags.join(", ")]),
  );
}

function element({ docs, attributes, events, parts, slots }, known) {
  const common = attributes.filter(({ name }) => known.has(name)).map(({ name }) => name);
  const own = attributes.filter(({ name }) => !known.has(name));
  const named = (title, rows) => rows.length > 0 && table([title, ""], rows);
  const sections = [
    docs,
    own.length > 0 && attributeTable(own),
    common.length > 0 && `Of the shared ones: ${listed(common)}.`,
    named(
      "event",
      events.map(([name, text]) => [code(name), text]),
    ),
    named(
      "`::part`",
      parts.map(([name, text]) => [code(name), text]),
    ),
    named(
      "slot",
      slots.map(([name, text]) => [name ? code(name) : "the one without a name", text]),
    ),
  ];
  return sections.filter(Boolean).join("\n\n");
}

/** The guide with its tables made anew. */
export function elementsGuideText(widgets) {
  const all = shared(widgets);
  const known = new Set(all.map(({ name }) => name));
  const blocks = new Map([
    ["shared", attributeTable(all)],
    ["properties", properties(widgets)],
    ...widgets.elements.map((it) => [it.tag, element(it, known)]),
  ]);
  const text = readFileSync(join(root, elementsGuide), "utf8");
  return text.replaceAll(
    /<!-- ([\w-]+) -->\n.*?<!-- end -->/gs,
    (_, name) => `<!-- ${name} -->\n\n${blocks.get(name) ?? ""}\n\n<!-- end -->`,
  );
}
