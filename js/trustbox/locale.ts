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
  let at: Element | undefined = element;
  let lang: string | null | undefined;
  while (at && !lang) {
    lang = at.closest('[lang]:not([lang=""])')?.getAttribute("lang");
    const root: Node = at.getRootNode();
    // Only that of a shadow root is an element: links have a `host` too.
    at = root.nodeType === 11 ? (root as ShadowRoot).host : undefined;
  }
  return localeOf(lang ?? navigator.language) ?? "en-US";
}
