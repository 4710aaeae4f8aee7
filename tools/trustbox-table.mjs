// js/generated/trustbox.ts, from what the Rust crate declares of the official widget.

const camel = (name) => name.replace(/-./g, (it) => it[1].toUpperCase());
const text = (value) => JSON.stringify(value);
const open = (words) => `${words.map(text).join(" | ")} | (string & {})`;

/** What an attribute takes and what its property gives, by `Kind` of src/widgets/trustbox.rs. */
const kinds = {
  Text: ["string", "string | null"],
  Color: ["string", "string | null"],
  Number: ["number | string", "string | null"],
  Flag: ['boolean | "true" | "false"', "boolean"],
  Stars: ["string | number | readonly (1 | 2 | 3 | 4 | 5)[]", "string | null"],
  List: ["string | readonly string[]", "string | null"],
  Template: ["TrustboxTemplate", "TrustboxTemplate | null"],
  Locale: ["TrustboxLocale", "TrustboxLocale | null"],
};

function typesOf({ kind, words }) {
  return words.length > 0 ? [open(words), `${open(words)} | null`] : kinds[kind];
}

/** `style` is the element's sheet, minified. */
export function trustboxTable({ script, className, templates, locales, own, attributes }, style) {
  const all = [...own, ...attributes];
  const member = ({ docs, name, ...it }) =>
    `  /** ${docs} */\n  ${name.includes("-") ? text(name) : name}?: ${typesOf(it)[0]} | undefined;`;
  const accessors = ({ docs, name, ...it }) => {
    const [takes, gives] = typesOf(it);
    const nothing = takes.startsWith("boolean") ? "" : " | null";
    return [
      `  /** ${docs} */`,
      `  get ${camel(name)}(): ${gives};`,
      `  set ${camel(name)}(value: ${takes}${nothing} | undefined);`,
    ].join("\n");
  };
  const rows = templates.map(({ name, id, height, reserve }) =>
    [name, id, reserve, ...(height && height !== `${reserve}px` ? [height] : [])].join(" "),
  );
  const names = attributes.map(({ name, kind }) => (kind === "Flag" ? `${name}?` : name));
  return [
    "// Made by tools/generate.mjs.",
    "",
    `export const script = ${text(script)};`,
    `export const className = ${text(className)};`,
    "",
    `export const style = ${text(style)};`,
    "",
    "/** Templates: name, id, room to be kept in pixels, and the usual height where it is another. */",
    `export const templates: readonly string[][] = ${text(rows.join())}`,
    '  .split(",")',
    '  .map((it) => it.split(" "));',
    `export const locales: readonly string[] = ${text(locales)};`,
    "/** Attributes that are passed on as `data-`; `name?` is there or not. */",
    `export const attributes: readonly string[] = ${text(names.join(" "))}.split(" ");`,
    "",
    "/** A template of the official widget by its name; any other by its id. */",
    `export type TrustboxTemplate = ${open(templates.map(({ name }) => name))};`,
    "/** A locale that the official widget is known to have; others pass. */",
    `export type TrustboxLocale = ${open(locales)};`,
    "",
    "/** The attributes of `<plaudit-trustbox>` as markup has them. */",
    "export interface TrustboxAttributes {",
    ...all.map(member),
    "}",
    "",
    "/** The same as properties: lists may be arrays, `null` removes. */",
    "export interface TrustboxProperties {",
    ...all.map(accessors),
    "}",
    "",
  ].join("\n");
}
