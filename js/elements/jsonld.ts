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
  /** What is asked for it: it tells items apart, and is not written. */
  source?: string | null | undefined;
}

/** Structured data, or why there is none. */
export interface SchemaMade {
  key: string;
  json: string | null;
  warnings: SchemaWarning[];
}

/** The text as a server has it too, which takes no half of a character; unless there is nothing in it. */
const said = (text: string | null | undefined): string | undefined =>
  text?.replace(/\p{Surrogate}/gu, "\ufffd").replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, "") ||
  undefined;

const isScore = (value: number | null | undefined): value is number =>
  value !== null && value !== undefined && value >= 1 && value <= 5;

const nameOf = ({ name, rating }: SchemaItem) => said(name) ?? said(rating?.name);

const keyOf = (item: SchemaItem): string =>
  `${item.type} ${said(item.id) ?? said(item.source) ?? said(item.rating?.url) ?? nameOf(item) ?? ""}`;

/** The same as `json_ld` in src/widgets/jsonld.rs. */
export function jsonLd(item: SchemaItem): SchemaMade {
  const { schema, type, provider, business, rating } = item;
  const found: SchemaWarning[] = [];
  const name = nameOf(item);
  const made = (json: string | null): SchemaMade => ({ key: keyOf(item), json, warnings: found });
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
    "@id": said(item.id),
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

/** An item of a page. */
interface Entry {
  readonly key: string;
  readonly document: Document;
  /** Where there is something to say. */
  script: HTMLScriptElement | undefined;
  /** What each element says of it, the last one last. */
  readonly users: Map<Element, SchemaItem>;
}

const OURS = "script[data-plaudit]";
const pages = new WeakMap<Document, Map<string, Entry>>();
const entries = new WeakMap<Element, Entry>();
const warned = new Set<string>();

function warn(element: Element, key: string, warning: SchemaWarning): void {
  const of = `${warning} ${key}`;
  if (warned.has(of)) return;
  // there is no end to the items that a page may show one after another
  if (warned.size > 99) warned.clear();
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
  readonly shop: string | null;
  readonly businessUnit: string | null;
  readonly domain: string | null;
}

/** What an element says; null where it says nothing. */
function itemOf(element: Element, data: WidgetData | null): SchemaItem | null {
  const own = element as Described;
  const { schema, name, provider, sku } = own;
  if (!data || schema === "none" || !element.isConnected) return null;
  const place = own.businessUnit || own.domain;
  return {
    ...data,
    schema,
    type: own.schemaType || (sku ? "Product" : "Organization"),
    id: own.schemaId,
    name,
    provider,
    business: !sku && !!place,
    source: [place, own.shop, sku].filter(Boolean).join(" "),
  };
}

/** Writes the structured data of what an element shows; with null takes it away. */
export function describe(element: Element, data: WidgetData | null): void {
  const document = element.ownerDocument;
  const item = itemOf(element, data);
  const key = item ? keyOf(item) : null;
  // what came with its markup is the element's own, whatever item it is of
  for (const it of element.querySelectorAll(`:scope > ${OURS}`)) {
    if (it.getAttribute("data-plaudit") !== key) it.remove();
  }
  const before = entries.get(element);
  if (before && (before.key !== key || before.document !== document)) {
    entries.delete(element);
    before.users.delete(element);
    write(before);
  }
  const page = pageOf(element);
  if (key === null || !item) return;
  const entry = page.get(key) ?? { key, document, script: undefined, users: new Map() };
  page.set(key, entry);
  entries.set(element, entry);
  entry.users.delete(element);
  entry.users.set(element, item);
  write(entry);
}

const isPlaced = ({ script, document }: Entry): boolean | undefined =>
  script?.isConnected && script.ownerDocument === document;

/** All that is said of the item; where two differ, the last one's. They share a name. */
function write(entry: Entry): void {
  const { key, document, users } = entry;
  const page = pages.get(document) as Map<string, Entry>;
  const items = [...users.values()];
  const names = [...items.map((it) => said(it.rating?.name)), ...items.map((it) => said(it.name))];
  const name = names.findLast(Boolean);
  const all: object[] = [];
  let last: Element | undefined;
  for (const [element, item] of users) {
    const { json, warnings } = jsonLd({ ...item, name: said(item.name) ?? name });
    for (const warning of warnings) warn(element, key, warning);
    if (!json) continue;
    all.push(JSON.parse(json));
    last = element;
  }
  if (!last) {
    entry.script?.remove();
    entry.script = undefined;
    if (!users.size && page.get(key) === entry) page.delete(key);
    return;
  }
  const node: Node = Object.assign({}, ...all);
  if (!entry.script) {
    if (isThere(last, page, node)) {
      warn(last, key, "already_there");
      return;
    }
    const type = `${node["@type"]}`;
    for (const other of page.values()) {
      if (other.script && other.key.startsWith(`${type} `)) warn(last, type, "second_item");
    }
  }
  const json = written(node);
  if (isPlaced(entry) && entry.script?.textContent === json) return;
  entry.script?.remove();
  entry.script = scriptOf(document, json);
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

/** Where markup of a page that concerns an element may be: another component's root is not looked into. */
const rootsOf = (element: Element): Iterable<ParentNode> =>
  new Set(
    [element.ownerDocument, element.isConnected && element.getRootNode()].filter(
      Boolean,
    ) as ParentNode[],
  );

/** The items of an element's page that are ours, those that came with the markup among them. */
function pageOf(element: Element): Map<string, Entry> {
  const document = element.ownerDocument;
  let page = pages.get(document);
  if (!page) {
    page = new Map();
    pages.set(document, page);
  }
  for (const entry of page.values()) {
    if (!entry.script || isPlaced(entry)) continue;
    // a router may have taken the whole head, or it stood in the markup of one of several elements
    for (const it of entry.users.keys()) if (!it.isConnected) entry.users.delete(it);
    write(entry);
  }
  for (const root of rootsOf(element)) {
    for (const script of root.querySelectorAll<HTMLScriptElement>(OURS)) {
      const key = script.getAttribute("data-plaudit") as string;
      const entry = page.get(key);
      if (!entry) page.set(key, { key, document, script, users: new Map() });
      else if (!entry.script) entry.script = script;
      else if (entry.script !== script) script.remove();
    }
  }
  return page;
}

interface Node {
  "@type"?: unknown;
  "@id"?: unknown;
  "@graph"?: unknown;
  name?: unknown;
  aggregateRating?: unknown;
}

/** Whether markup that is not ours has the item's rating already. */
function isThere(element: Element, page: Map<string, Entry>, item: Node): boolean {
  if (!item.aggregateRating) return false;
  const ours = new Set<Element | undefined>([...page.values()].map(({ script }) => script));
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
  for (const root of rootsOf(element)) {
    for (const script of root.querySelectorAll('script[type="application/ld+json"]')) {
      if (ours.has(script)) continue;
      try {
        if (isIt(JSON.parse(script.textContent ?? ""))) return true;
      } catch {
        // a script of somebody else's that is no JSON
      }
    }
  }
  return false;
}
