// custom-elements.json and the types of attributes, from what the Rust crate declares of the elements.

const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
const text = (value) => JSON.stringify(value);

/** What the listener of an event is given. */
const events = {
  "plaudit-load": "CustomEvent<LoadDetail>",
  "plaudit-error": "CustomEvent<PlauditError>",
  "plaudit-filter": "CustomEvent<FilterDetail>",
  "plaudit-sign-in": "CustomEvent<Session>",
  "plaudit-sign-out": "CustomEvent<null>",
  "plaudit-consent": "CustomEvent<null>",
};
const trustboxEvents = { ...events, "plaudit-load": "CustomEvent<TrustboxLoad>" };

/** Properties that are no attributes, by the group of attributes that comes with them. */
const rich = [
  {
    name: "data",
    type: "WidgetData | null",
    docs: "Data from elsewhere; with it nothing is fetched.",
  },
  {
    name: "client",
    type: "Client | null",
    docs: "A client of the page's own, in place of one made of the attributes.",
  },
  {
    name: "state",
    type: '"loading" | "ready" | "empty" | "error" | "offline"',
    docs: "What it is in; `:state(loading)` matches it too.",
    readonly: true,
  },
  {
    name: "error",
    type: "PlauditError | null",
    docs: "Why it shows nothing, or nothing new.",
    readonly: true,
  },
];
/** What can be called, by the same; the package's types have the rest. */
const calls = [["refresh", "Fetches again; what is shown stays until there is something new."]];
const states = [
  ["loading", "Something is on its way."],
  ["ready", "It shows what was asked for."],
  ["empty", "There is nothing to show yet."],
  ["error", "It cannot be shown."],
  ["offline", "It shows what was loaded earlier."],
];

/** The same of elements that fetch no data, and their states. */
const others = {
  "plaudit-sign-in": {
    extra: [
      {
        name: "auth",
        type: "Auth | null",
        docs: "What signs in: handed in, or made of the attributes as soon as it was needed.",
      },
      {
        name: "state",
        type: '"signed-out" | "signing-in" | "signed-in"',
        docs: "What it is in; `:state(signed-in)` matches it too.",
        readonly: true,
      },
    ],
    cssStates: [
      ["signed-out", "Nobody is signed in."],
      ["signing-in", "The platform is asked."],
      ["signed-in", "Somebody is signed in."],
    ],
  },
};

/** Of the official widget's element: properties that are no attributes. */
const trustboxExtra = [
  {
    name: "state",
    type: '"idle" | "consent" | "loading" | "ready" | "error"',
    docs: "How it is; `:state(loading)` matches it too.",
    readonly: true,
  },
  { name: "error", type: "PlauditError | null", docs: "Why it failed.", readonly: true },
];
const trustboxCalls = [
  ["allow", "Lets it load where `consent` makes it wait, until `revoke()`."],
  ["revoke", "Removes the official frame, and waits for consent again."],
  ["retry", "Tries again after an error."],
  ["reload", "Loads the official widget anew."],
];

const typeOf = ({ kind, words }) =>
  ({ text: "string", number: "number", flag: "boolean" })[kind] ?? words.map(text).join(" | ");

/** A type of the official widget's attribute, by `Kind` of src/widgets/trustbox.rs. */
const trustboxType = ({ kind, words }) =>
  words.length > 0 ? words.map(text).join(" | ") : kind === "Flag" ? "boolean" : "string";

const named = ([name, description]) => ({ name, description });

function declarationOf(
  { tag, name, docs, attributes, events: told, parts, properties, slots },
  { extra = [], methods = [], cssStates, types = events } = {},
) {
  return {
    kind: "class",
    customElement: true,
    name,
    tagName: tag,
    description: docs,
    superclass: { name: "HTMLElement" },
    attributes: attributes.map((it) => ({
      name: it.name,
      description: it.docs,
      type: { text: it.type },
      ...(it.kind === "word" && { default: it.words[0] }),
      fieldName: camel(it.name),
    })),
    members: [
      ...attributes.map((it) => ({
        kind: "field",
        name: camel(it.name),
        description: it.docs,
        type: { text: it.kind === "flag" || it.kind === "word" ? it.type : `${it.type} | null` },
        attribute: it.name,
        reflects: true,
      })),
      ...extra.map((it) => ({
        kind: "field",
        name: it.name,
        description: it.docs,
        type: { text: it.type },
        ...(it.readonly && { readonly: true }),
      })),
      ...methods.map(([method, description]) => ({
        kind: "method",
        name: method,
        description,
        return: { type: { text: "void" } },
      })),
    ],
    events: told.map(([event, description]) => ({
      name: event,
      description,
      type: { text: types[event] },
    })),
    slots: slots.map(named),
    cssParts: parts.map(named),
    cssProperties: properties.map(named),
    ...(cssStates && { cssStates: cssStates.map(named) }),
  };
}

const moduleOf = (path, declarations) => ({
  kind: "javascript-module",
  path,
  declarations,
  exports: declarations.flatMap(({ name, tagName }) => [
    { kind: "js", name, declaration: { name, module: path } },
    { kind: "custom-element-definition", name: tagName, declaration: { name, module: path } },
  ]),
});

/** custom-elements.json, schema 2.1.0. */
export function manifestOf({ widgets, trustbox }) {
  const elements = widgets.elements.map((it) => {
    const hasData = it.attributes.some(({ name }) => name === "base-url");
    const attributes = it.attributes.map((one) => ({ ...one, type: typeOf(one) }));
    const own = { ...it, name: it.class, attributes };
    const data = { extra: rich, methods: calls, cssStates: states };
    return declarationOf(own, hasData ? data : others[it.tag]);
  });
  const attributes = [...trustbox.own, ...trustbox.attributes].map((it) => ({
    ...it,
    kind: it.kind === "Flag" ? "flag" : "text",
    type: trustboxType(it),
  }));
  const docs = "Trustpilot's official widget, typed and safe where routes change.";
  const own = { tag: "plaudit-trustbox", name: "PlauditTrustbox", docs, properties: [] };
  const official = declarationOf(
    { ...own, ...trustbox, attributes },
    {
      types: trustboxEvents,
      cssStates: trustbox.states,
      extra: trustboxExtra,
      methods: trustboxCalls,
    },
  );
  const modules = [
    moduleOf("dist/elements.js", elements),
    moduleOf("dist/trustbox.js", [official]),
  ];
  return `${JSON.stringify({ schemaVersion: "2.1.0", readme: "README.md", modules }, null, 2)}\n`;
}

const memberType = ({ kind, words }) =>
  ({ text: "string", number: "number | string", flag: "boolean" })[kind] ??
  words.map(text).join(" | ");

/** js/generated/attributes.ts: the elements' attributes as markup has them. */
export function attributesOf({ elements }) {
  const interfaceOf = ({ tag, class: name, attributes }) => [
    `/** The attributes of \`${tag}\`, by their names in markup. */`,
    `export interface ${name}Attributes {`,
    ...attributes.flatMap((it) => [
      `  /** ${it.docs} */`,
      `  ${it.name.includes("-") ? text(it.name) : it.name}?: ${memberType(it)} | null | undefined;`,
    ]),
    "}",
  ];
  return [
    "// Made by tools/generate.mjs.",
    "",
    ...elements.flatMap(interfaceOf),
    "/** The attributes of each element. */",
    "export interface ElementAttributes {",
    ...elements.map(({ tag, class: name }) => `  ${text(tag)}: ${name}Attributes;`),
    "}",
    "/** The names of each element's events. */",
    "export interface ElementEvents {",
    ...elements.map(
      ({ tag, events: told }) =>
        `  ${text(tag)}: ${told.map(([name]) => text(name)).join(" | ") || "never"};`,
    ),
    "}",
    "",
  ].join("\n");
}
