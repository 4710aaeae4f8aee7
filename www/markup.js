// The lines that a page needs for what is shown, ready to be pasted.
import { highlighted, MARKUP } from "./highlight.js";

const WIDE = 66;

const quoted = (text) =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** An element; `children` are lines. */
function elementOf(tag, attributes, children = []) {
  const words = attributes.map(([name, value]) =>
    value === "" ? name : `${name}="${quoted(value)}"`,
  );
  const line = [`<${tag}`, ...words].join(" ");
  const opened =
    line.length <= WIDE ? line : `<${tag}\n${words.map((word) => `  ${word}`).join("\n")}\n`;
  return `${opened}>${children.map((it) => `\n  ${it}`).join("")}${children.length > 0 ? "\n" : ""}</${tag}>`;
}

/**
 * As nodes, coloured; their text is the markup. `elements` are [tag, attributes, children], `tag` is
 * what the theme is for.
 */
export function markupOf({ tag, elements, theme, data, markup, entry }) {
  const lines = [
    `<script type="module" src="/plaudit/${entry ?? "elements"}.js"></script>`,
    // what a server wrote stays as it is
    ...(markup === null ? elements.map((it) => elementOf(...it)) : [markup]),
  ];
  if (theme.css) {
    const rules = Object.entries(theme.css).map(([name, value]) => `    ${name}: ${value};`);
    lines.push("<style>", `  ${tag} {`, ...rules, "  }", "</style>");
  }
  if (data) {
    // a script ends at the first "</script", wherever it stands
    const text = JSON.stringify(data, null, 2)
      .replace(/\[[\d\s,]+\]/g, (numbers) => numbers.replaceAll(/\s+/g, " "))
      .replaceAll("<", "\\u003c")
      .replaceAll("\n", "\n  ");
    lines.push(
      '<script type="module">',
      `  document.querySelector("${tag}").data = ${text};`,
      "</script>",
    );
  }
  return highlighted(lines.join("\n"), MARKUP);
}
