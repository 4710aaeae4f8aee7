// The lines that a page needs for what is shown, ready to be pasted.
import { highlighted, MARKUP } from "./highlight.js";

const WIDE = 66;

const quoted = (text) =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** As nodes, coloured; their text is the markup. `children` are lines. */
export function markupOf({ tag, attributes, theme, data, markup, children = [], entry }) {
  const words = attributes.map(([name, value]) =>
    value === "" ? name : `${name}="${quoted(value)}"`,
  );
  const line = [`<${tag}`, ...words].join(" ");
  const opened =
    line.length <= WIDE ? line : `<${tag}\n${words.map((word) => `  ${word}`).join("\n")}\n`;
  const lines = [
    `<script type="module" src="/plaudit/${entry ?? "elements"}.js"></script>`,
    // what a server wrote stays as it is
    markup ??
      `${opened}>${children.map((it) => `\n  ${it}`).join("")}${children.length > 0 ? "\n" : ""}</${tag}>`,
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
