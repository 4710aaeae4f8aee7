// js/generated/, docs/endpoints.md and the tables of docs/elements.md, from what the Rust crate
// declares of the platforms' APIs and of the elements.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { elementsGuide, elementsGuideText } from "./elements-guide.mjs";
import { attributesOf, manifestOf } from "./manifest.mjs";
import { hashOf, isMain, once, root, run, runMain } from "./run.mjs";
import { sheetOfAll } from "./sheet.mjs";
import { trustboxTable } from "./trustbox-table.mjs";

const folder = join(root, "js", "generated");
const files = [
  ...["tables", "api", "trustpilot", "trustoo", "server-tables", "server-trustpilot"],
  ...["server-trustoo", "elements", "elements-histogram", "elements-loading"],
  ...["elements-reviews", "elements-sign-in", "attributes", "jsonld", "sheets", "trustbox"],
].map((name) => `js/generated/${name}.ts`);
const manifest = "js/generated/custom-elements.json";
const sheet = "js/generated/elements.css";
const guide = "docs/endpoints.md";
const trustboxSheet = join(root, "js", "trustbox", "style.css");

/** What each kind of parameter is in TypeScript; see `Kind` in src/api/endpoint.rs. */
const parameterTypes = {
  Id: "string",
  Ids: "readonly string[]",
  Domain: "string",
  Stars: "Stars | readonly Stars[]",
  HalfStars: "HalfStars",
  Whole: "number",
  PerPage: "number",
  PerLargePage: "number",
  Flag: "boolean",
  OrderBy: "OrderBy",
  Text: "string",
  Texts: "string | readonly string[]",
  Locale: "string",
  Country: "string",
  Countries: "string | readonly string[]",
  Languages: "string | readonly string[]",
  Slug: "string",
  Prose: "string",
  Email: "string",
  Emails: "string | readonly string[]",
  Uri: "string",
  DateTime: "string | Date",
  Any: "unknown",
  Bit: "boolean",
};
const aliases = {
  Stars: "1 | 2 | 3 | 4 | 5",
  HalfStars: "0 | 1 | 1.5 | 2 | 2.5 | 3 | 3.5 | 4 | 4.5 | 5",
  OrderBy: '"createdat.asc" | "createdat.desc" | "stars.asc" | "stars.desc"',
};
const answerTypes = {
  Text: "string",
  Number: "number",
  Flag: "boolean",
  Date: "string",
  Url: "string",
  Any: "unknown",
};
/** What the reader in js/mend.ts does with a value. */
const mended = { Number: 1, Date: 2, Url: 3 };

const capital = (name) => name[0].toUpperCase() + name.slice(1);
const comment = (docs, indent = "") =>
  docs.includes("\n")
    ? `${indent}/**\n${docs.replaceAll(/^/gm, `${indent} * `).replaceAll(/ +$/gm, "")}\n${indent} */\n`
    : `${indent}/** ${docs} */\n`;

/** What a parameter is in TypeScript. */
function parameterType({ kind, of, words }) {
  const word = words.map((it) => JSON.stringify(it)).join(" | ");
  if (kind === "Word") return word;
  if (kind === "Words") return `${word} | readonly (${word})[]`;
  if (kind === "Object") return of;
  if (kind === "Objects") return `readonly ${of}[]`;
  return parameterTypes[kind];
}

/** Members that are given by name; `exact` are sets of which exactly one is given. */
function membersOf(name, docs, fields, exact) {
  const member = (it, mark = it.required ? "" : "?") =>
    `${comment(it.docs, "  ")}  ${it.name}${mark}: ${parameterType(it)}${mark && " | undefined"};`;
  const usual = fields.filter((it) => !exact.some((set) => set.includes(it.name)));
  if (exact.length === 0) {
    return [`${comment(docs)}export interface ${name} {`, ...usual.map((it) => member(it)), "}"];
  }
  const choices = exact.map((set) => {
    const choice = set.map((chosen) => {
      const all = fields.filter((it) => set.includes(it.name));
      const lines = all.map((it) =>
        it.name === chosen ? member(it, "") : `  ${it.name}?: undefined;`,
      );
      return `{\n${lines.join("\n")}\n}`;
    });
    return `(${choice.join(" | ")})`;
  });
  const common = usual.map((it) => `${member(it)}\n`).join("");
  if (common) choices.unshift(`{\n${common}}`);
  return [`${comment(docs)}export type ${name} = ${choices.join(" & ")};`];
}

function typeOf(type) {
  if (typeof type === "string") return answerTypes[type];
  if (type.List) {
    const item = typeOf(type.List);
    return `${item}[]`;
  }
  if (type.Map) return `{ [name: string]: ${typeOf(type.Map)} | undefined }`;
  return type.Object;
}

/** The shape of js/mend.ts: what in a value may need mending; null when nothing does. */
function shapeOf(type, platform, shared) {
  if (typeof type === "string") return mended[type] ?? null;
  if (type.List) return shapeOf(type.List, platform, shared);
  if (type.Map) {
    const member = shapeOf(type.Map, platform, shared);
    return member && { "*": member };
  }
  const known = shared.get(type.Object);
  if (known !== undefined) {
    if (known) known.uses += 1;
    return known;
  }
  const fields = {};
  for (const field of platform.objects[type.Object].fields) {
    const shape = shapeOf(field.type, platform, shared);
    if (shape) fields[field.name] = shape;
  }
  const made = Object.keys(fields).length > 0 ? { object: type.Object, fields, uses: 1 } : null;
  shared.set(type.Object, made);
  return made;
}

const key = (name) => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name));

function literal(shape, name) {
  if (shape === null) return "0";
  if (typeof shape === "number") return String(shape);
  if (shape.object && shape.uses > 1) return name(shape);
  const members = Object.entries(shape.fields ?? shape);
  return `{ ${members.map(([field, inner]) => `${key(field)}: ${literal(inner, name)}`).join(", ")} }`;
}

function groupsOf(platform) {
  const groups = new Map();
  for (const endpoint of platform.endpoints) {
    const group = groups.get(endpoint.group) ?? [];
    group.push(endpoint);
    groups.set(endpoint.group, group);
  }
  return groups;
}

function rowOf(endpoint, shape, isPrivate) {
  const { paging, group } = endpoint;
  const row = [JSON.stringify(endpoint.line), shape, JSON.stringify(endpoint.must)];
  row.push(String(endpoint.cache));
  if (paging) {
    const { parameter, items, next, most, perPage } = paging;
    row.push(JSON.stringify([parameter, items, next, most, perPage]));
  }
  if (isPrivate) row.push(...(paging ? [] : ["0"]), JSON.stringify(`${group}.${endpoint.name}`));
  return `[${row.join(", ")}]`;
}

function tables({ any, platforms }) {
  const lines = [
    "// Made by tools/generate.mjs.",
    "",
    "/**",
    " * What in a value may need mending. 1: a number, 2: a date, 3: an address; or what lies in it, by",
    ' * name, "*" for every other member. A list has the shape of its items.',
    " */",
    "export type Shape = 1 | 2 | 3 | { readonly [field: string]: Shape };",
    "",
    "/** An endpoint: see `Endpoint` in src/api/endpoint.rs. */",
    "export type Row = readonly [",
    "  line: string,",
    "  shape: Shape | 0,",
    "  must: string,",
    "  cache: 0 | 1 | 2 | 3,",
    "  paging?: readonly [parameter: string, items: string, next: string, most: number, perPage: string] | 0,",
    "  /** Where Rust makes the request of JSON: its name. */",
    "  own?: string,",
    "];",
    "",
    "/** The line of a request that is not declared: the path is its first argument. */",
    `export const any = ${JSON.stringify(any)};`,
    "",
    "/** Where the common view finds its members. */",
    "export type Common = { readonly [member: string]: string };",
    "",
    "/** A platform's API: see `Platform` in src/api/mod.rs. */",
    "export interface Platform {",
    "  readonly base: string;",
    "  readonly envelope: 0 | { readonly [code: number]: string };",
    "  readonly groups: { readonly [group: string]: { readonly [name: string]: Row } };",
    "  readonly rating: Common;",
    "  readonly review: Common;",
    "}",
    "",
  ];
  lines.push(...tablesOf(platforms));
  return lines.join("\n");
}

const serverTables = ({ server }) =>
  ["// Made by tools/generate.mjs.", 'import type { Platform } from "./tables.js";', ""]
    .concat(tablesOf(server, true))
    .concat(methodsOf(server))
    .join("\n");

/** The method of each private request, which the lines do not have. */
function methodsOf(platforms) {
  const lines = platforms.map(({ id, endpoints }) => {
    const members = endpoints.map(
      (it) => `    "${it.group}.${it.name}": "${it.method.toUpperCase()}",`,
    );
    return [`  ${id}: {`, ...members, "  },"].join("\n");
  });
  return [
    "/** How each request is sent, by platform, resource and name. */",
    "export const methods: { readonly [platform: string]: { readonly [name: string]: string } } = {",
    ...lines,
    "};",
    "",
  ];
}

function tablesOf(platforms, isPrivate = false) {
  const lines = [];
  for (const platform of platforms) {
    const shared = new Map();
    const shapes = new Map(
      platform.endpoints.map((it) => [it, shapeOf(it.answer, platform, shared)]),
    );
    const name = ({ object }) => `${platform.id}${object}`;
    for (const shape of shared.values()) {
      if (!shape || shape.uses < 2) continue;
      lines.push(`const ${name(shape)} = ${literal({ fields: shape.fields }, name)} as const;`);
    }
    lines.push(`export const ${platform.id}: Platform = {`);
    lines.push(`  base: ${JSON.stringify(platform.base)},`);
    lines.push(`  envelope: ${platform.envelope ? JSON.stringify(platform.envelope) : 0},`);
    lines.push("  groups: {");
    for (const [group, endpoints] of groupsOf(platform)) {
      lines.push(`    ${group}: {`);
      for (const endpoint of endpoints) {
        const shape = literal(shapes.get(endpoint), name);
        lines.push(`      ${endpoint.name}: ${rowOf(endpoint, shape, isPrivate)},`);
      }
      lines.push("    },");
    }
    lines.push("  },");
    lines.push(`  rating: ${JSON.stringify(platform.rating)},`);
    lines.push(`  review: ${JSON.stringify(platform.review)},`, "};", "");
  }
  return lines;
}

/** The answers, parameters and functions of a platform; `known` is the public part of a private one. */
function types(platform, known) {
  const parts = [];
  const imported = [];
  const used = new Set(platform.endpoints.flatMap((it) => it.parameters.map((p) => p.kind)));
  for (const [name, type] of Object.entries(aliases)) {
    if (!used.has(name)) continue;
    const isKnown = known?.endpoints.some((it) => it.parameters.some((p) => p.kind === name));
    if (isKnown) imported.push(name);
    else parts.push(`${comment(aliasDocs[name])}export type ${name} = ${type};`);
  }
  for (const [name, input] of Object.entries(platform.inputs)) {
    parts.push(...membersOf(name, input.docs, input.fields, input.oneOf));
  }
  for (const [name, { docs, fields }] of Object.entries(platform.objects)) {
    if (JSON.stringify(known?.objects[name]) === JSON.stringify({ docs, fields })) {
      imported.push(name);
      continue;
    }
    const members = fields.map(
      (it) => `${comment(it.docs, "  ")}  ${key(it.name)}?: ${nullable(typeOf(it.type))};`,
    );
    parts.push(
      `${comment(`${docs}\nAny member may be missing or null, and there may be others.`)}export interface ${name} {`,
      ...members,
      "}",
    );
  }
  const groups = [];
  for (const [group, endpoints] of groupsOf(platform)) {
    const functions = [];
    for (const endpoint of endpoints) {
      const named = endpoint.parameters.filter((it) => !it.positional);
      const options = `${capital(group)}${capital(endpoint.name)}Options`;
      if (named.length > 0) {
        const docs = `What \`${group}.${endpoint.name}\` takes.`;
        parts.push(...membersOf(options, docs, named, endpoint.oneOf));
      }
      functions.push(functionOf(endpoint, named, options));
    }
    groups.push(`  readonly ${group}: {\n${functions.join("\n")}\n  };`);
  }
  parts.push(`${comment("What the platform answers, by resource.")}export interface Endpoints {`);
  parts.push(...groups, "}", "");
  const head = ["// Made by tools/generate.mjs."];
  const text = parts.join("\n");
  const calls = ["Call", "CallOptions", "Having", "Pages", "WalkOptions"];
  const needed = calls.filter((name) => new RegExp(`\\b${name}\\b`).test(text));
  head.push(`import type { ${needed.join(", ")} } from "../calls.js";`);
  // Some are members of others that are not told of here.
  const direct = imported.filter((name) => new RegExp(`\\b${name}\\b`).test(text));
  if (direct.length > 0) {
    head.push(`import type { ${direct.sort().join(", ")} } from "./${platform.id}.js";`);
  }
  return [...head, "", text].join("\n");
}

const aliasDocs = {
  Stars: "Whole stars.",
  HalfStars: "Stars that there are images and words for.",
  OrderBy: "The order of reviews.",
};

/** What `type` is where the platform may send null; `unknown` covers that. */
const nullable = (type) => (type === "unknown" ? type : `${type} | null`);

function functionOf(endpoint, named, options) {
  const { name, paging } = endpoint;
  const positional = endpoint.parameters
    .filter((it) => it.positional)
    .map((it) => `${it.name}: ${parameterType(it)}, `)
    .join("");
  const own = named.length > 0 ? `${options} & ` : "";
  const mark = named.some((it) => it.required) || endpoint.oneOf.length > 0 ? "" : "?";
  const plain = typeOf(endpoint.answer);
  // What the client has checked is not optional.
  const answer = endpoint.must ? `Having<${plain}, "${endpoint.must}">` : plain;
  const request = `\`${endpoint.method.toUpperCase()} ${endpoint.path}\``;
  const docs = comment(
    `${endpoint.docs}\n\n${request}${endpoint.official ? `: ${endpoint.official}` : ""}`,
    "    ",
  );
  const call = `(${positional}options${mark}: ${own}CallOptions): Call<${answer}>`;
  if (!paging) return `${docs}    ${name}${call};`;
  // The walk sets the page itself.
  const walked = `Omit<${options}, "${paging.parameter}"> & WalkOptions`;
  const item = `NonNullable<${plain}["${paging.items}"]>[number]`;
  return `${docs}    readonly ${name}: {\n      ${call};\n      /** All of them, page after page. */\n      all(${positional}options${mark}: ${walked}): Pages<${item}>;\n    };`;
}

const api = `// Made by tools/generate.mjs.
export type { Endpoints as TrustooEndpoints } from "./trustoo.js";
export type { Endpoints as TrustpilotEndpoints } from "./trustpilot.js";
`;

function guideOf({ platforms, server }) {
  const lines = [
    "# Every endpoint",
    "",
    "Made from the Rust declarations by `tools/generate.mjs`; a test holds it to Trustpilot's own",
    "collection of requests. How the functions are used stands in [the client's guide](client.md).",
    "",
  ];
  for (const platform of [...platforms, ...server]) {
    const isPrivate = server.includes(platform);
    lines.push(`## ${capital(platform.id)}${isPrivate ? " with plaudit/server" : ""}`, "");
    if (isPrivate) {
      const own = platform.id === "trustoo" ? "trustoo" : "private";
      lines.push(`Only on a server, by a token: see [its guide](${own}.md).`, "");
    } else if (!platform.endpoints[0].official) {
      lines.push("Seen in the code of shops, documented nowhere: **unverified**.", "");
    } else {
      lines.push(
        "`POST`s are answered to pages through a `proxy` alone, since the platform allows other origins",
        "`GET` only (CORS).",
        "",
      );
    }
    const official = platform.endpoints.some((it) => it.official);
    lines.push(`| Function | Request |${official ? " In the platform's collection |" : ""}`);
    lines.push(`| --- | --- |${official ? " --- |" : ""}`);
    for (const it of platform.endpoints) {
      const positional = it.parameters.filter((p) => p.positional).map((p) => p.name);
      const named = it.parameters.filter((p) => !p.positional);
      const one = it.oneOf.map((set) => set.join(" or "));
      const rest = named.filter((p) => !it.oneOf.flat().includes(p.name));
      const options = rest
        .map((p) => (p.required ? p.name : `${p.name}?`))
        .concat(one)
        .join(", ");
      const args = [...positional, ...(options ? [`{ ${options} }`] : [])].join(", ");
      const call = `\`${it.group}.${it.name}(${args})\`${it.paging ? ", `.all`" : ""}`;
      const host = it.base ? new URL(it.base).host : "";
      const request = `\`${it.method.toUpperCase()} ${host && `${host}/v1`}${it.path}\``;
      lines.push(`| ${call} | ${request} |${official ? ` ${it.official} |` : ""}`);
    }
    lines.push("");
  }
  return lines.join("\n");
}

const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

/** An attribute in one word, as js/elements/base.ts reads it. */
const specOf = ({ name, kind, words }) =>
  name + { text: "", number: "#", flag: "?", word: `=${words.join(",")}` }[kind];

const propertyType = ({ kind, words }) =>
  ({
    text: "string | null",
    number: "number | null",
    flag: "boolean",
    word: words.map((it) => JSON.stringify(it)).join(" | "),
  })[kind];

/** A style sheet, minified. */
async function minified(file) {
  const { transform } = await import("esbuild");
  const text = readFileSync(file, "utf8");
  const { code } = await transform(text, { loader: "css", minify: true, target: "es2022" });
  return code.trim();
}

/** The sheets of src/widgets/css by name, minified. */
async function minifiedSheets() {
  const css = join(root, "src", "widgets", "css");
  const sheets = {};
  for (const file of readdirSync(css).sort()) {
    sheets[basename(file, ".css")] = await minified(join(css, file));
  }
  return sheets;
}

/** js/generated/sheets.ts: which sheets each element has, for who renders on a server. */
const sheetNames = ({ elements }, minified) =>
  [
    "// Made by tools/generate.mjs.",
    "",
    "export const sheets: { readonly [name: string]: string } = {",
    ...Object.entries(minified).map(
      (it) => `  ${it.map((one) => JSON.stringify(one)).join(": ")},`,
    ),
    "};",
    "/** The names of each element's sheets, in order. */",
    "export const sheetsOf: { readonly [tag: string]: readonly string[] } = {",
    ...elements.map(({ tag, sheets }) => `  ${JSON.stringify(tag)}: ${JSON.stringify(sheets)},`),
    "};",
    "",
  ].join("\n");

const named = (name) => camel(`-${name}`);
const short = (tag) => tag.slice("plaudit-".length);
const sheetOf = (name) => `sheetOf${named(name)}`;
const phrases = (words) =>
  Object.entries(words).map(([name, phrase]) => `  ${name}: ${JSON.stringify(phrase)},`);

/** The sheets that are there from the start: those of elements without a file, and of hosts. */
function firstSheets({ elements, own }) {
  const first = elements.filter(({ tag }) => !own[short(tag)]).flatMap(({ sheets }) => sheets);
  return (name) => first.includes(name) || name.endsWith("-host");
}

/** js/generated/elements-<name>.ts: the words and sheets that come with a file of its own. */
function ownOf(name, widgets, minified) {
  const { elements, own, words } = widgets;
  const isFirst = firstSheets(widgets);
  const { sheets = [] } = elements.find(({ tag }) => short(tag) === name) ?? {};
  const texts = sheets.filter((it) => !isFirst(it)).map((it) => minified[it]);
  return [
    "// Made by tools/generate.mjs.",
    "",
    "export const words = {",
    ...phrases(Object.fromEntries(own[name].map((it) => [it, words[it]]))),
    "} as const;",
    ...(texts.length ? [`export const sheets: readonly string[] = ${JSON.stringify(texts)};`] : []),
    "",
  ].join("\n");
}

/** js/generated/elements.ts: the custom elements, their words, drawings and sheets. */
function elementsOf(widgets, minified) {
  const { elements, words, own, grades, stars } = widgets;
  const owned = Object.values(own).flat();
  const shared = Object.fromEntries(
    Object.entries(words).filter(([name]) => !owned.includes(name)),
  );
  const isFirst = firstSheets(widgets);
  const sheets = Object.entries(minified)
    .filter(([name]) => isFirst(name))
    .map(([name, css]) => `export const ${sheetOf(name)} = ${JSON.stringify(css)};`);
  const specs = elements.map(({ tag, attributes }) => {
    const text = attributes.map(specOf).join(" ");
    return `export const attributesOf${named(short(tag))} = ${JSON.stringify(text)};`;
  });
  const types = elements.flatMap(({ class: name, tag, attributes }) => [
    comment(`The attributes of \`${tag}\` as properties.`) +
      `export interface ${name.replace("Plaudit", "")}Properties {`,
    ...attributes.map((it) => `${comment(it.docs, "  ")}  ${camel(it.name)}: ${propertyType(it)};`),
    "}",
  ]);
  const [, glyph] = /^M48 16(.*?z)/.exec(stars.glyphs);
  return [
    "// Made by tools/generate.mjs.",
    "",
    "export const words = {",
    ...phrases(shared),
    "} as const;",
    "/** The phrases of the elements, in English. */",
    "export interface Phrases {",
    ...Object.entries(words).map(
      ([name, phrase]) => `  readonly ${name}: ${JSON.stringify(phrase)};`,
    ),
    "}",
    `export const gradeWords: readonly string[] = ${JSON.stringify(["", ...grades])};`,
    "/** By the number of half stars: which of the five colours and words. */",
    `export const grades: readonly number[] = ${JSON.stringify(stars.grades)};`,
    `export const glyph = ${JSON.stringify(glyph)};`,
    ...sheets,
    "// `name` is text, `name#` a number, `name?` there or not, `name=a,b` one of these.",
    ...specs,
    "export const attributes: { readonly [tag: string]: string } = {",
    ...elements.map(({ tag }) => `  ${JSON.stringify(tag)}: attributesOf${named(short(tag))},`),
    "};",
    ...types,
    "",
  ].join("\n");
}

/** What js/elements/jsonld.ts knows, apart from the rest, since few pages load it. */
const jsonldOf = ({ jsonld: { withStars, authorLimit, warnings } }) =>
  [
    "// Made by tools/generate.mjs.",
    "",
    `export const withStars: readonly string[] = ${JSON.stringify(withStars)};`,
    `export const authorLimit = ${authorLimit};`,
    "/** What speaks against structured data, or why there is none. */",
    "export const warnings = {",
    ...warnings.map(([name, message]) => `  ${name}: ${JSON.stringify(message)},`),
    "} as const;",
    "",
  ].join("\n");

/** What the Rust crate says of itself. */
async function describe() {
  const file = join(root, "target", "npm", "endpoints.json");
  mkdirSync(dirname(file), { recursive: true });
  const args = ["run", "--quiet", "--example", "describe", file];
  await run("endpoints (cargo run)", "cargo", args, { log: "describe" });
  return JSON.parse(readFileSync(file, "utf8"));
}

/** The text of each guide that is made from the declarations, by its path. */
export async function guideTexts() {
  const described = await describe();
  return new Map([
    [guide, guideOf(described)],
    [elementsGuide, elementsGuideText(described.widgets)],
  ]);
}

/** Makes js/generated/ unless it was made from the same declarations. */
export async function generate() {
  const inputs = ["src/api", "src/server", "src/widgets", "src/error.rs"];
  inputs.push(
    "examples",
    "Cargo.lock",
    "tools/generate.mjs",
    "tools/trustbox-table.mjs",
    "tools/manifest.mjs",
    "tools/sheet.mjs",
    "js/trustbox/style.css",
  );
  await once("generate", hashOf(inputs), [...files, manifest, sheet], async () => {
    const described = await describe();
    mkdirSync(folder, { recursive: true });
    const write = (name, text) => writeFileSync(join(folder, `${name}.ts`), text);
    const sheets = await minifiedSheets();
    write("elements", elementsOf(described.widgets, sheets));
    for (const name of Object.keys(described.widgets.own)) {
      write(`elements-${name}`, ownOf(name, described.widgets, sheets));
    }
    write("sheets", sheetNames(described.widgets, sheets));
    writeFileSync(join(root, sheet), sheetOfAll(sheets, described.widgets.elements));
    write("attributes", attributesOf(described.widgets));
    writeFileSync(join(root, manifest), manifestOf(described));
    write("jsonld", jsonldOf(described.widgets));
    write("tables", tables(described));
    write("api", api);
    for (const platform of described.platforms) write(platform.id, types(platform));
    write("trustbox", trustboxTable(described.trustbox, await minified(trustboxSheet)));
    write("server-tables", serverTables(described));
    for (const platform of described.server) {
      const known = described.platforms.find(({ id }) => id === platform.id);
      write(`server-${platform.id}`, types(platform, known));
    }
  });
}

// `node tools/generate.mjs`: both, for whoever changed an endpoint.
if (isMain(import.meta.url)) {
  await runMain(async () => {
    await generate();
    for (const [path, text] of await guideTexts()) writeFileSync(join(root, path), text);
  });
}
