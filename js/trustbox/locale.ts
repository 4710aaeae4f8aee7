// The official widget's locale for a page's language; the same as `locale` in src/widgets/trustbox.rs.
import { locales } from "../generated/trustbox.js";

const languageOf = (tag: string) => {
  const language = (tag.split(/[-_]/, 1)[0] ?? "").toLowerCase();
  return language === "no" ? "nb" : language;
};

/** The same, or the first of its language; `null` where there is none. */
export function localeOf(tag: string): string | null {
  const wanted = languageOf(tag);
  const exact = tag.replaceAll("_", "-").toLowerCase();
  const find = (test: (it: string) => boolean) => locales.find(test);
  return (
    find((it) => it.toLowerCase() === exact) ??
    find((it) => it === `${wanted}-${wanted.toUpperCase()}`) ??
    (wanted === "en" ? "en-US" : find((it) => languageOf(it) === wanted)) ??
    null
  );
}

/** Of the nearest `lang`, also outside of shadow roots, else of the browser. */
export function nearestLocale(element: Element): string {
  let at: Node | null = element;
  while (at) {
    const lang: string | null = at instanceof Element ? at.getAttribute("lang") : null;
    if (lang) return localeOf(lang) ?? "en-US";
    at = at.parentNode ?? (at instanceof ShadowRoot ? at.host : null);
  }
  return localeOf(navigator.language) ?? "en-US";
}
