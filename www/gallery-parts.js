// What the gallery offers: elements, data, themes, languages, faults. An element that the package
// does not define is not offered.
import { TAG as SHOP_PAGE } from "./shop.js";
import { TAG as TRUSTBOX } from "./trustbox.js";

const all = (names) => names.split(" ").map((name) => `plaudit-${name}`);
const FETCHING = all("rating badge histogram reviews");
const WITH_PAGE = [SHOP_PAGE, ...FETCHING];
const SHOP = { proxy: "/api/trustpilot" };

/** The elements, the most wanted first; before them a page that has several. */
export const ELEMENTS = [
  { tag: SHOP_PAGE, name: "A shop", says: "Several on one page" },
  { tag: "plaudit-rating", name: "Rating", says: "Word, stars, count" },
  { tag: "plaudit-reviews", name: "Reviews", says: "List, grid or carousel" },
  { tag: "plaudit-histogram", name: "Histogram", says: "How the stars are spread" },
  { tag: "plaudit-badge", name: "Badge", says: "Small, for a footer" },
  { tag: "plaudit-stars", name: "Stars", says: "A drawing, no request" },
  { tag: TRUSTBOX, name: "TrustBox", says: "Trustpilot’s own frame" },
  { tag: "plaudit-sign-in", name: "Sign-in", says: "The button for merchants" },
].filter(({ tag }) => tag === SHOP_PAGE || customElements.get(tag));

const review = (stars, title, text, author, language, more) => ({
  provider: "trustpilot",
  id: `${author}-${stars}`,
  stars,
  title,
  text,
  language,
  createdAt: "2025-12-01T09:30:00.000Z",
  author,
  reply: null,
  verified: null,
  url: null,
  ...more,
});

/** Data of the page's own, in plaudit's common form. */
const HANDED_IN = {
  rating: {
    provider: "trustpilot",
    value: 4.8,
    stars: 5,
    count: 4,
    distribution: [0, 0, 0, 1, 3],
    name: "Pottery Lane",
    url: "https://www.trustpilot.com/review/pottery.example",
  },
  reviews: [
    review(5, "Lovely glaze", "The bowls came well packed, one day early.", "Ana", "en", {
      verified: true,
    }),
    review(5, "Jede Schale ein Unikat", "Gern wieder, auch zum Verschenken.", "Jörg", "de", {
      verified: true,
    }),
    review(5, "جميل جدا", "الجودة رائعة والتوصيل سريع.", "ليلى", "ar"),
    review(
      4,
      "<b>Good</b>, not cheap",
      "Text is text: <script>alert(1)</script>",
      "Bo & Co",
      "en",
      {
        reply: { text: "Thank you, Bo. Text stays text here.", createdAt: null },
      },
    ),
  ],
};

/** Where what is shown comes from: attributes, or what is set as a property. */
export const DATA = [
  {
    id: "good",
    name: "A good shop",
    attributes: { domain: "books.example", ...SHOP },
    only: WITH_PAGE,
  },
  {
    id: "poor",
    name: "A poor one",
    attributes: { domain: "alpine-pets.example", ...SHOP },
    only: WITH_PAGE,
  },
  {
    id: "none",
    name: "One without reviews",
    attributes: { domain: "new-shop.example", ...SHOP },
    only: WITH_PAGE,
  },
  { id: "unknown", name: "A typing mistake", attributes: { domain: "boks.example", ...SHOP } },
  {
    id: "product",
    name: "A product",
    attributes: { domain: "example.com", sku: "EXAM-1001", ...SHOP },
  },
  {
    id: "trustoo",
    name: "A product at Trustoo",
    attributes: {
      provider: "trustoo",
      shop: "example.com",
      sku: "classic",
      proxy: "/api/trustoo",
    },
    not: ["plaudit-histogram"],
  },
  { id: "values", name: "Values in the markup", only: all("stars rating badge") },
  { id: "given", name: "Handed in by script", data: HANDED_IN, only: FETCHING },
  { id: "rendered", name: "Drawn by the server", only: FETCHING },
].map((it) => ({ only: FETCHING, not: [], ...it }));

/** How it looks: custom properties, and the colours of the page around it. */
export const THEMES = [
  { id: "page", name: "The page’s" },
  { id: "light", name: "Light" },
  { id: "dark", name: "Dark" },
  {
    id: "brand",
    name: "Your brand",
    css: {
      "--plaudit-star-fill": "#4338ca",
      "--plaudit-accent": "#4338ca",
      "--plaudit-muted": "#4c5270",
      "--plaudit-surface": "#ffffff",
      "--plaudit-border": "#c7cbee",
      "--plaudit-radius": "1.25em",
    },
  },
  {
    id: "serif",
    name: "Bookish",
    css: {
      "--plaudit-font": 'Georgia, "Times New Roman", serif',
      "--plaudit-star-fill": "#9a6a16",
      "--plaudit-star-empty": "#e4d9c3",
      "--plaudit-accent": "#7a4f0b",
      "--plaudit-muted": "#655743",
      "--plaudit-border": "#d8c9aa",
      "--plaudit-radius": "0",
    },
  },
  {
    id: "quiet",
    name: "Quiet",
    css: {
      "--plaudit-star-fill": "currentcolor",
      "--plaudit-star-empty": "#d4d4d8",
      "--plaudit-star-size": "1em",
    },
  },
];

export const LANGUAGES = [
  ["en", "English"],
  ["de", "Deutsch"],
  ["fr", "Français"],
  ["es", "Español"],
  ["it", "Italiano"],
  ["nl", "Nederlands"],
  ["da", "Dansk"],
  ["pl", "Polski"],
  ["ja", "日本語"],
  ["ar", "العربية", "rtl"],
];

/** What the platform does. `times` of a rule is more than anyone will try. */
export const FAULTS = [
  { id: "none", name: "well" },
  { id: "slow", name: "slow", rule: { fault: "delay", ms: 2500 } },
  { id: "429", name: "overrun (429)", rule: { fault: "429", retry_after: 1 } },
  { id: "500", name: "broken (500)", rule: { fault: "500" } },
  { id: "offline", name: "out of reach", rule: { fault: "cut-before-headers" } },
];

/** What else an element takes; each is an attribute of its own. */
export const OPTIONS = {
  "plaudit-stars": [{ name: "outline", label: "Outline for contrast", kind: "flag" }],
  "plaudit-reviews": [
    { name: "layout", label: "Layout", kind: "choice", choices: ["list", "grid", "carousel"] },
    {
      name: "stars",
      label: "Only with stars",
      kind: "choice",
      choices: ["", "5", "4,5", "1,2"],
      names: ["All", "5", "4 and 5", "1 and 2"],
    },
    {
      name: "language",
      label: "Only in",
      kind: "choice",
      choices: ["", "en", "de", "fr", "nl"],
      names: ["All languages", "English", "German", "French", "Dutch"],
    },
    {
      name: "order-by",
      label: "Order",
      kind: "choice",
      choices: ["", "stars.desc", "stars.asc"],
      names: ["Newest first", "Best first", "Worst first"],
    },
    {
      name: "per-page",
      label: "At a time",
      kind: "choice",
      choices: ["", "3", "9"],
      names: ["6", "3", "9"],
    },
  ],
  [TRUSTBOX]: [
    {
      name: "consent",
      label: "Consent",
      kind: "choice",
      choices: ["", "required"],
      names: ["Not asked for", "Required"],
    },
  ],
  "plaudit-sign-in": [
    {
      name: "mode",
      label: "Window",
      kind: "choice",
      choices: ["redirect", "popup"],
      names: ["This one", "One of its own"],
    },
  ],
};
