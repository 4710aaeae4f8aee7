import { words as builtIn, type Phrases } from "../generated/elements.js";

/** A phrase of a language that differs by number, by the categories of `Intl.PluralRules`. */
export type Plural = { readonly [category in Intl.LDMLPluralRule]?: string } & {
  readonly other: string;
};

/** What the elements say: the names of {@link Phrases}, each with its places in braces. */
export type Words = { readonly [name in keyof Phrases]: string | Plural };

type Name = keyof Phrases;
type Values = Readonly<Record<string, string>>;

const known = new Map<string, Words | Promise<unknown>>([["en", builtIn]]);

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

/** Takes a language's words; what is missing is said in English. */
export function addWords(language: string, words: Partial<Words>): void {
  known.set(language, { ...builtIn, ...words });
  voices.clear();
}

/** How a language writes numbers and dates, and what it says. */
export class Voice {
  readonly locale: string;
  readonly words: Words;
  readonly #score: Intl.NumberFormat;
  readonly #count: Intl.NumberFormat;
  readonly #share: Intl.NumberFormat;
  readonly #plural: Intl.PluralRules;
  #date: Intl.DateTimeFormat | undefined;

  constructor(locale: string, words: Words) {
    this.locale = locale;
    this.words = words;
    const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
    this.#score = new Intl.NumberFormat(locale, digits);
    this.#count = new Intl.NumberFormat(locale);
    this.#share = new Intl.NumberFormat(locale, { style: "percent" });
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

  /** The date of an instant: in UTC, so that it is the same on a server. */
  date(time: number): string {
    this.#date ??= new Intl.DateTimeFormat(this.locale, { dateStyle: "medium", timeZone: "UTC" });
    return this.#date.format(time);
  }

  /** What a language is called. */
  language(code: string): string {
    return new Intl.DisplayNames(this.locale, { type: "language" }).of(code) ?? code;
  }

  /** A share of one, as percent. */
  share(value: number): string {
    return this.#share.format(value);
  }

  /** A phrase, `count` in its place and choosing its form. */
  say(name: Name, values: Values = {}, count = 0): string {
    const phrase = this.words[name];
    const text =
      typeof phrase === "string" ? phrase : (phrase[this.#plural.select(count)] ?? phrase.other);
    const all: Values = { count: this.count(count), ...values };
    return text.replace(/\{(\w+)\}/g, (_, place: string) => all[place] ?? "");
  }
}

const midnight = (time: number) => new Date(time).setHours(0, 0, 0, 0);

/** How long ago an instant was; nothing where that is thirty days or more, or yet to come. */
export function agoIn(locale: string): (time: number, now: number) => string {
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  return (time, now) => {
    const minutes = (now - time) / 60_000;
    // an hour, since clocks differ
    if (!(minutes > -60 && minutes < 43_200)) return "";
    if (minutes < 1) return words.format(0, "second");
    if (minutes < 60) return words.format(-Math.floor(minutes), "minute");
    if (minutes < 1440) return words.format(-Math.floor(minutes / 60), "hour");
    // yesterday is what was before midnight
    const days = Math.round((midnight(now) - midnight(time)) / 86_400_000);
    return days < 7 ? words.format(-days, "day") : words.format(-Math.floor(days / 7), "week");
  };
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
      (file) => known.set(language, { ...builtIn, ...file.default }),
      // Without its words a page is better off than without its stars.
      () => known.set(language, builtIn),
    );
    if (loading) known.set(language, loading);
    else known.set(language, builtIn);
    words = loading ?? builtIn;
  }
  if (words instanceof Promise) return words;
  const voice = new Voice(locale, words as Words);
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
