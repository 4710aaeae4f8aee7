import { type Phrases, words } from "../generated/elements.js";

/** A phrase of a language that differs by number, by the categories of `Intl.PluralRules`. */
export type Plural = { readonly [category in Intl.LDMLPluralRule]?: string } & {
  readonly other: string;
};

/** What the elements say: the names of {@link Phrases}, each with its places in braces. */
export type Words = { readonly [name in keyof Phrases]: string | Plural };

type Name = keyof Phrases;
type Values = Readonly<Record<string, string>>;

/** English, as far as it is here. */
const builtIn: Partial<Words> = { ...words };
const known = new Map<string, Partial<Words> | Promise<unknown>>([["en", builtIn]]);

const files: { readonly [language: string]: () => Promise<{ default: Partial<Words> }> } = {
  ar: () => import("./locales/ar.js"),
  da: () => import("./locales/da.js"),
  de: () => import("./locales/de.js"),
  es: () => import("./locales/es.js"),
  fi: () => import("./locales/fi.js"),
  fr: () => import("./locales/fr.js"),
  he: () => import("./locales/he.js"),
  it: () => import("./locales/it.js"),
  ja: () => import("./locales/ja.js"),
  nb: () => import("./locales/nb.js"),
  nl: () => import("./locales/nl.js"),
  // Norwegian, without saying which
  no: () => import("./locales/nb.js"),
  pl: () => import("./locales/pl.js"),
  pt: () => import("./locales/pt.js"),
  ru: () => import("./locales/ru.js"),
  sv: () => import("./locales/sv.js"),
  zh: () => import("./locales/zh.js"),
};

/** Takes what an element of its own says in English. */
export const addEnglish = (words: Partial<Words>): Partial<Words> => Object.assign(builtIn, words);

/** The elements of all documents. */
export const present = new Set<{ changed(): void }>();

/** Has everything said again. */
function anew(): void {
  voices.clear();
  for (const it of present) it.changed();
}

/** Takes a language's words; what is missing is said in English. */
export function addWords(language: string, words: Partial<Words>): void {
  known.set(language, words);
  anew();
}

/** How a language writes numbers and dates, and what it says. */
export class Voice {
  readonly locale: string;
  readonly words: Partial<Words>;
  readonly #score: Intl.NumberFormat;
  readonly #count: Intl.NumberFormat;
  readonly #plural: Intl.PluralRules;

  constructor(locale: string, words: Partial<Words>) {
    this.locale = locale;
    this.words = words;
    const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
    this.#score = new Intl.NumberFormat(locale, digits);
    this.#count = new Intl.NumberFormat(locale);
    this.#plural = new Intl.PluralRules(words === builtIn ? "en" : locale);
  }

  /** A score, with one decimal. */
  score(value: number): string {
    return this.#score.format(value);
  }

  /** A whole number. */
  count(value: number): string {
    return this.#count.format(value);
  }

  /** A phrase, `count` in its place and choosing its form. */
  say(name: Name, values: Values = {}, count = 0): string {
    const phrase = this.words[name] ?? builtIn[name] ?? "";
    const text =
      typeof phrase === "string" ? phrase : (phrase[this.#plural.select(count)] ?? phrase.other);
    const all: Values = { count: this.count(count), ...values };
    return text.replace(/\{(\w+)\}/g, (_, place: string) => all[place] ?? "");
  }
}

/** What is said where no other words are there yet. */
export const english: Voice = new Voice("en", builtIn);

const voices = new Map<string, Voice>();

/** The voice of a locale; a promise while its words are on their way. Never rejects. */
export function voiceOf(locale: string): Voice | Promise<unknown> {
  const found = voices.get(locale);
  if (found) return found;
  const { language } = new Intl.Locale(locale);
  let words = known.get(language);
  if (!words) {
    const loading = files[language]?.().then(
      (file) => {
        // the page's own may have come before
        if (known.get(language) === loading) known.set(language, file.default);
      },
      () => {
        // Without its words a page is better off than without its stars.
        known.set(language, builtIn);
        addEventListener("online", () => known.delete(language) && anew(), { once: true });
      },
    );
    if (loading) known.set(language, loading);
    else known.set(language, builtIn);
    words = loading ?? builtIn;
  }
  if (words instanceof Promise) return words;
  const voice = new Voice(locale, words);
  voices.set(locale, voice);
  return voice;
}

/** A locale that `Intl` knows, or undefined. */
function valid(locale: string | null | undefined): string | undefined {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale ?? [])[0];
  } catch {
    return undefined;
  }
}

/** The locale of an element: its own, the nearest `lang`, across shadow roots, the browser's. */
export function localeOf(element: Element): string {
  let found = valid(element.getAttribute("locale"));
  for (let at: Element | undefined = element; at && !found; ) {
    const nearest: Element | null = at.closest("[lang]");
    found = valid(nearest?.getAttribute("lang"));
    const root = (nearest?.parentElement ?? at).getRootNode();
    at = nearest?.parentElement ?? (root as ShadowRoot).host;
  }
  return found ?? valid(navigator.language) ?? "en";
}

/** The voice of a locale once its words are there. */
export async function voiceFor(locale: string): Promise<Voice> {
  for (;;) {
    const voice = voiceOf(locale);
    if (voice instanceof Voice) return voice;
    await voice;
  }
}
