// Trustpilot's own widget in the gallery. Its script cannot come here: a stand-in of it, which the
// demo's server has, is loaded in its place, and the page says so.
import { consentToTrustbox, defineTrustbox, loadTrustbox } from "/plaudit/trustbox-pure.js";
import { el } from "./dom.js";

export const TAG = "plaudit-trustbox";
/** Trustpilot's own business unit, as in its documentation. */
const BUSINESS_UNIT = "46d6a890000064000500e0c3";
const PROFILE = "https://www.trustpilot.com/review/trustpilot.com";
const SCRIPT = "bootstrap/v5/tp.widget.bootstrap.min.js";
/** For who has a template that no list names. */
export const ANOTHER = "0123456789abcdef01234567";

const all = (names) => names.split(" ").map((name) => [name, name]);

/** The templates that have a name, the most seen first. */
export const TEMPLATES = [
  [
    "With reviews",
    all("carousel slider grid list list-filtered quote mini-carousel pop-up drop-down"),
  ],
  [
    "Score alone",
    all(
      "mini horizontal micro-combo micro-star micro-trustscore micro-review-count micro-button " +
        "starter flex review-collector",
    ),
  ],
  [
    "Products",
    all(
      "product-mini product-mini-multisource product-reviews product-reviews-carousel " +
        "product-reviews-gallery product-reviews-multisource product-reviews-seo " +
        "product-reviews-multisource-seo product-qa",
    ),
  ],
];
const NAMES = TEMPLATES.flatMap(([, templates]) => templates.map(([name]) => name));

/** The locales that the official widget is known to have. */
export const LOCALES = [
  ["", "As the page"],
  ["da-DK", "Dansk"],
  ["de-DE", "Deutsch"],
  ["de-AT", "Deutsch (Österreich)"],
  ["de-CH", "Deutsch (Schweiz)"],
  ["en-US", "English (US)"],
  ["en-GB", "English (UK)"],
  ["en-AU", "English (Australia)"],
  ["en-CA", "English (Canada)"],
  ["en-IE", "English (Ireland)"],
  ["en-NZ", "English (New Zealand)"],
  ["es-ES", "Español"],
  ["fr-FR", "Français"],
  ["fr-BE", "Français (Belgique)"],
  ["it-IT", "Italiano"],
  ["nl-NL", "Nederlands"],
  ["nl-BE", "Nederlands (België)"],
  ["nb-NO", "Norsk"],
  ["pl-PL", "Polski"],
  ["pt-PT", "Português"],
  ["pt-BR", "Português (Brasil)"],
  ["fi-FI", "Suomi"],
  ["sv-SE", "Svenska"],
  ["ru-RU", "Русский"],
  ["ja-JP", "日本語"],
  ["zh-CN", "中文"],
];

/** What becomes of the script. */
export const SCRIPT_FAULTS = [
  { id: "none", name: "comes", base: "/stand-in" },
  { id: "slow", name: "comes late", base: "/stand-in/slow" },
  { id: "blocked", name: "is blocked", base: "/stand-in/blocked" },
];

/** Custom properties that it has a use for. */
const STYLED = /^--plaudit-(color|accent|surface|border|radius|font)$/;
/** A theme as this element takes it; null where it changes nothing. */
export function themeFor(theme) {
  if (!theme.css) return theme;
  const css = Object.entries(theme.css).filter(([name]) => STYLED.test(name));
  return css.length > 0 ? { ...theme, css: Object.fromEntries(css) } : null;
}

export const templateOf = ({ template }) => template || NAMES[0];
export const isNamed = (template) => NAMES.includes(template);

/** The locale chosen here, or of the language that was chosen for another element. */
export function localeFor({ locale = "en" }) {
  const exact = LOCALES.find(([id]) => id === locale);
  if (exact || locale === "en") return exact ? locale : "";
  return LOCALES.find(([id]) => id.startsWith(`${locale}-`))?.[0] ?? "";
}

export function attributesOf(chosen) {
  const { theme, consent } = chosen;
  const locale = localeFor(chosen);
  return [
    ["template", templateOf(chosen)],
    ["business-unit", BUSINESS_UNIT],
    ...(locale ? [["locale", locale]] : []),
    ...(["light", "dark"].includes(theme) ? [["theme", theme]] : []),
    ...(consent ? [["consent", "required"]] : []),
  ];
}

/** What every snippet has in it, for readers without script. */
export const LINK = [`<a href="${PROFILE}"`, '  target="_blank" rel="noopener">Trustpilot</a>'];
const link = () => el("a", { href: PROFILE, target: "_blank", rel: "noopener" }, "Trustpilot");

export const makeTrustbox = () => el(TAG, {}, link());

/** Gives an element the attributes, and takes the others of ours away: one reload, whatever changed. */
export function update(box, attributes) {
  const wanted = new Map(attributes);
  for (const name of ["template", "business-unit", "locale", "theme", "consent"]) {
    if (wanted.has(name)) box.setAttribute(name, wanted.get(name));
    else box.removeAttribute(name);
  }
}

/** As a framework does it that writes all children anew. */
export const renderAgain = (box) => box.replaceChildren(link());

/** As a consent banner of the page does it; tells which call that was. */
export function decide(isGiven) {
  consentToTrustbox(isGiven);
  return `consentToTrustbox(${isGiven})`;
}

/** From here on the script comes so. What is loading comes to its end first. */
export async function setScript({ base }, box) {
  if (box?.state === "loading") await loadTrustbox().catch(() => {});
  // As if the page had just been opened: the stand-in is not there yet.
  delete window.Trustpilot;
  for (const script of document.querySelectorAll('script[src*="/stand-in/"]')) script.remove();
  defineTrustbox({ src: `${base}/${SCRIPT}` });
}

defineTrustbox({ src: `${SCRIPT_FAULTS[0].base}/${SCRIPT}` });

/** Who reads the page aloud must not be told that this is the official one. */
export function labelFrame({ frame }) {
  frame.title = "Stand-in of a TrustBox, drawn by this demo";
}
