// Structured data of what an element shows, in the page's head. Loaded when an element asks for it.
import { authorLimit, warnings as messages, withStars } from "../generated/jsonld.js";
import type { WidgetData } from "./source.js";

/** What speaks against structured data, or why there is none. */
export type SchemaWarning = keyof typeof messages;

/** What is rated, and how; see `Item` in src/widgets/jsonld.rs. */
export interface SchemaItem extends WidgetData {
  schema?: "aggregate" | "reviews" | undefined;
  type: string;
  id?: string | null | undefined;
  name?: string | null | undefined;
  provider?: string | undefined;
  business?: boolean | undefined;
}

/** Structured data, or why there is none. */
export interface SchemaMade {
  key: string;
  json: string | null;
  warnings: SchemaWarning[];
}

/** The text, unless there is nothing in it. */
const said = (text: unknown): string | undefined =>
  (typeof text === "string" && text.replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, "")) || undefined;

const isScore = (value: unknown): value is number =>
  typeof value === "number" && value >= 1 && value <= 5;

/** The same as `json_ld` in src/widgets/jsonld.rs. */
export function jsonLd(item: SchemaItem): SchemaMade {
  const { schema, type, provider, business, rating } = item;
  const found: SchemaWarning[] = [];
  const name = said(item.name) ?? said(rating?.name);
  const id = said(item.id);
  const made = (json: string | null): SchemaMade => ({
    key: `${type} ${id ?? said(rating?.url) ?? name ?? ""}`,
    json,
    warnings: found,
  });
  const none = (warning: SchemaWarning) => {
    found.push(warning);
    return made(null);
  };
  if (!/^[A-Z][A-Za-z0-9]*$/.test(type)) return none("bad_type");
  if (!name) return none("missing_name");

  let aggregateRating: object | undefined;
  const value = rating?.value;
  const count = rating?.count as number;
  if (value !== null && value !== undefined) {
    if (!isScore(value)) found.push("bad_value");
    else if (!(Number.isSafeInteger(count) && count > 0)) found.push("missing_count");
    else aggregateRating = { ...score("AggregateRating", value), reviewCount: count };
  }

  const given = item.reviews ?? [];
  const asked = schema === "reviews" ? given : [];
  const review = asked.flatMap(({ author, createdAt, stars, title, text, language }) => {
    const by = said(author);
    if (!by || [...by].length >= authorLimit || !isScore(stars)) return [];
    return {
      "@type": "Review",
      author: { "@type": "Person", name: by },
      datePublished: /^\d{4}-\d\d-\d\d/.exec(createdAt ?? "")?.[0],
      reviewRating: score("Rating", stars),
      name: said(title),
      reviewBody: said(text),
      inLanguage: said(language),
    };
  });
  if (review.length < asked.length) found.push("review_left_out");
  if (!aggregateRating && !review.length) {
    return !asked.length && given.length ? none("reviews_not_asked") : made(null);
  }
  if (!withStars.includes(type)) found.push("no_stars");
  else if (type === "Product" && business) found.push("business_as_product");
  if (review.length && provider === "trustpilot") found.push("platform_reviews");
  const node = {
    "@context": "https://schema.org",
    "@type": type,
    "@id": id,
    name,
    aggregateRating,
    review: review.length ? review : undefined,
  };
  return made(written(node));
}

/** As JSON, so that nothing in it ends the script. */
const written = (node: object): string =>
  JSON.stringify(node).replace(
    /[<>&\u2028\u2029]/g,
    (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

const score = (type: string, ratingValue: number) => ({
  "@type": type,
  ratingValue,
  bestRating: 5,
  worstRating: 1,
});

interface Entry {
  script: HTMLScriptElement;
  /** What each element says of the item, the last one last. */
  users: Map<Element, string>;
}

const pages = new WeakMap<Document, Map<string, Entry>>();
const keys = new WeakMap<Element, string>();
const warned = new Set<string>();

function warn(element: Element, key: string, warning: SchemaWarning): void {
  const of = `${warning} ${key}`;
  if (warned.has(of)) return;
  warned.add(of);
  console.warn(`plaudit: <${element.localName}>: ${messages[warning]} (${key.trim()})`);
}

/** What an element has of the structured data's attributes, as properties. */
interface Described extends Element {
  readonly schema: "none" | "aggregate" | "reviews";
  readonly schemaType: string | null;
  readonly schemaId: string | null;
  readonly name?: string | null;
  readonly provider: string;
  readonly sku: string | null;
  readonly businessUnit: string | null;
  readonly domain: string | null;
}

/** Writes the structured data of what an element shows; with null takes it away. */
export function describe(element: Element, data: WidgetData | null): void {
  const own = element as Described;
  const { schema, schemaId, name, provider, sku } = own;
  const page = entriesOf(element.ownerDocument);
  if (!data || schema === "none") {
    forget(element, page);
    return;
  }
  const type = own.schemaType || (sku ? "Product" : "Organization");
  const business = !sku && !!(own.businessUnit || own.domain);
  const item = { ...data, schema, type, id: schemaId, name, provider, business };
  const { key, json, warnings } = jsonLd(item);
  for (const warning of warnings) warn(element, key, warning);
  if (keys.get(element) !== key) forget(element, page);
  if (!json) {
    forget(element, page);
    return;
  }
  let entry = page.get(key);
  if (!entry) {
    if (isThere(element.ownerDocument, page, JSON.parse(json))) {
      warn(element, key, "already_there");
      return;
    }
    for (const other of page.keys()) {
      if (other.startsWith(`${type} `)) warn(element, type, "second_item");
    }
    entry = { script: scriptOf(element.ownerDocument, json), users: new Map() };
    page.set(key, entry);
  }
  entry.users.delete(element);
  entry.users.set(element, json);
  keys.set(element, key);
  write(entry);
}

/** All that is said of the item; where two differ, the last one's. */
function write(entry: Entry): void {
  const all = [...entry.users.values()].map((json): object => JSON.parse(json));
  const json = written(Object.assign({}, ...all));
  const { script } = entry;
  if (script.isConnected && script.textContent === json) return;
  script.remove();
  entry.script = scriptOf(script.ownerDocument, json);
}

/**
 * A script in the page's head that holds JSON. Under Trusted Types each text of a script is looked at
 * when it is first prepared, even one that no browser runs; so it is prepared empty, as an old
 * browser's script, and filled after.
 */
function scriptOf(document: Document, json: string): HTMLScriptElement {
  const script = document.createElement("script");
  script.noModule = true;
  script.toggleAttribute("src", true);
  document.head.append(script);
  script.type = "application/ld+json";
  script.removeAttribute("src");
  script.removeAttribute("nomodule");
  script.append(document.createTextNode(json));
  return script;
}

/** The items of a page that are ours, those that came with the markup among them. */
function entriesOf(document: Document): Map<string, Entry> {
  let page = pages.get(document);
  if (!page) {
    page = new Map();
    pages.set(document, page);
  }
  for (const [key, entry] of page) {
    if (entry.script.isConnected) continue;
    // a router may have taken the whole head, or it stood in the markup of one of several elements
    for (const it of entry.users.keys()) if (!it.isConnected) entry.users.delete(it);
    if (entry.users.size) write(entry);
    else page.delete(key);
  }
  for (const script of document.querySelectorAll<HTMLScriptElement>("script[data-plaudit]")) {
    const key = script.getAttribute("data-plaudit") as string;
    const entry = page.get(key);
    if (!entry) page.set(key, { script, users: new Map() });
    else if (entry.script !== script) script.remove();
  }
  return page;
}

function forget(element: Element, page: Map<string, Entry>): void {
  const key = keys.get(element);
  const entry = page.get(key ?? "");
  keys.delete(element);
  if (!entry?.users.delete(element)) return;
  if (entry.users.size) {
    write(entry);
    return;
  }
  entry.script.remove();
  page.delete(key as string);
}

interface Node {
  "@type"?: unknown;
  "@id"?: unknown;
  "@graph"?: unknown;
  name?: unknown;
  aggregateRating?: unknown;
}

/** Whether markup that is not ours has the item's rating already. */
function isThere(document: Document, page: Map<string, Entry>, item: Node): boolean {
  if (!item.aggregateRating) return false;
  const ours = new Set([...page.values()].map(({ script }) => script));
  const isIt = (node: Node): boolean =>
    Array.isArray(node)
      ? node.some(isIt)
      : !!node &&
        typeof node === "object" &&
        (isIt(node["@graph"] as Node) ||
          (!!node.aggregateRating &&
            [node["@type"]].flat().includes(item["@type"]) &&
            (node["@id"] && item["@id"]
              ? node["@id"] === item["@id"]
              : !node.name || node.name === item.name)));
  for (const script of document.querySelectorAll('script[type="application/ld+json"]')) {
    if (ours.has(script as HTMLScriptElement)) continue;
    try {
      if (isIt(JSON.parse(script.textContent ?? ""))) return true;
    } catch {
      // a script of somebody else's that is no JSON
    }
  }
  return false;
}
