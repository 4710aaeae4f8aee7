// Custom elements as text: what is shown is worked out as in a page, the markup is Rust's.
import { callable, object, string } from "../arguments.js";
import type { Rating, Review } from "../common.js";
import { histogramView } from "../elements/histogram-view.js";
import type { SchemaItem, SchemaMade, SchemaWarning } from "../elements/jsonld.js";
import { reviewsView } from "../elements/reviews-view.js";
import { badgeView, platformOf, ratingView, starsView } from "../elements/views.js";
import type { Voice } from "../elements/words.js";
import { invalid } from "../errors.js";
import type { ElementAttributes } from "../generated/attributes.js";
import {
  type BadgeProperties,
  attributes as declared,
  type HistogramProperties,
  type RatingProperties,
  type ReviewsProperties,
  type StarsProperties,
} from "../generated/elements.js";
import { warnings as messages } from "../generated/jsonld.js";
import { sheets, sheetsOf } from "../generated/sheets.js";
import { call } from "./core.js";
import { list, namesOf, strict } from "./options.js";
import { voiceFor } from "./words.js";

/** An element that can be rendered as text. */
export type WidgetTag =
  | "plaudit-stars"
  | "plaudit-rating"
  | "plaudit-badge"
  | "plaudit-histogram"
  | "plaudit-reviews";

/** What any element may have beside its own attributes. */
export interface GlobalAttributes {
  id?: string | undefined;
  class?: string | undefined;
  style?: string | undefined;
  slot?: string | undefined;
  title?: string | undefined;
  lang?: string | undefined;
  dir?: "ltr" | "rtl" | "auto" | undefined;
  hidden?: boolean | undefined;
  role?: string | undefined;
  [name: `data-${string}` | `aria-${string}`]: string | number | boolean | null | undefined;
}

/** What is rendered, and how. */
export interface RenderOptions<T extends WidgetTag = WidgetTag> {
  /**
   * The element's attributes, by their names in markup. `true` is an attribute without a value;
   * `false`, `null` and `undefined` are none. `api-key` never gets into the markup: name a `proxy`.
   */
  attributes?: (Omit<ElementAttributes[T], "api-key"> & GlobalAttributes) | undefined;
  /** The score, as `client.toRating()` gives it; else that of the attributes `value` and `count`. */
  rating?: Rating | null | undefined;
  /** The platform's word for the score in the page's language, where you asked for it. */
  word?: string | null | undefined;
  /** The reviews, as `client.toReview()` gives them. */
  reviews?: readonly Review[] | null | undefined;
  /** The number of the page of reviews that comes next, where there is one: it gets a button. */
  next?: number | null | undefined;
  /** The page's language (BCP 47), unless the attributes say it. Default: `en`. */
  locale?: string | undefined;
  /** The nonce of the page's Content-Security-Policy. */
  nonce?: string | undefined;
  /** The address of `plaudit/elements.css` on your site: a link to it in place of the sheets. */
  stylesheet?: string | undefined;
  /** Hears what speaks against the structured data that `schema` asks for. */
  onWarning?: ((warning: SchemaWarning, message: string) => void) | undefined;
}

const OPTIONS = namesOf<RenderOptions>()(
  "attributes rating word reviews next locale nonce stylesheet onWarning",
);

type Given = Pick<RenderOptions, "rating" | "word" | "reviews" | "next">;
type Properties = StarsProperties &
  RatingProperties &
  BadgeProperties &
  HistogramProperties &
  ReviewsProperties;

/** What is drawn, and what the element takes over with it. */
type Draw = (own: Properties, given: Given, voice: Voice) => { view: object; data: object };

/** The rating that was given, or that stands in the attributes. */
function ratingOf({ provider, value, count, name }: Properties, { rating }: Given): Rating | null {
  if (rating !== undefined) return rating && object(rating, "rating");
  if (value === null) throw invalid("rating: must be given, or the attribute value");
  return { provider, value, stars: null, count, distribution: null, name, url: null };
}

const draws: { readonly [T in WidgetTag]: Draw } = {
  "plaudit-stars": ({ value, count, provider }, _, voice) => ({
    view: starsView(value, count, platformOf(provider), voice),
    data: {},
  }),
  "plaudit-rating": (own, given, voice) => {
    const rating = ratingOf(own, given);
    const { word } = given;
    return { view: ratingView(rating, word, own.href, voice), data: { rating, word } };
  },
  "plaudit-badge": (own, given, voice) => {
    const rating = ratingOf(own, given);
    return { view: badgeView(rating, own.href, voice), data: { rating } };
  },
  "plaudit-histogram": (own, { rating }, voice) => {
    if (!rating?.distribution) throw invalid("rating: must have a distribution");
    const chosen = own.for === null ? null : [];
    return { view: histogramView(rating.distribution, chosen, voice), data: { rating } };
  },
  "plaudit-reviews": (own, { rating, reviews, next }, voice) => {
    if (!reviews) throw invalid("reviews: must be given");
    const data = { rating, reviews: list(reviews, "reviews"), next };
    return { view: reviewsView(data, own, voice), data };
  },
};

/** An element's attributes as its properties give them. */
function propertiesOf(tag: string, attributes: ReadonlyMap<string, string>): Properties {
  const own: Record<string, unknown> = {};
  for (const spec of (declared[tag] ?? "").split(" ")) {
    const [, name = "", kind, words = ""] = /^([\w-]+)([#?=]?)(.*)$/.exec(spec) ?? [];
    const value = attributes.get(name) ?? null;
    const camel = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    if (kind === "?") own[camel] = value !== null;
    else if (kind === "#") own[camel] = value?.trim() && Number.isFinite(+value) ? +value : null;
    else if (kind === "=")
      own[camel] = words.split(",").find((it) => it === value) ?? words.split(",")[0];
    else own[camel] = value;
  }
  return own as unknown as Properties;
}

/** A locale that `Intl` knows, as it writes it; as the elements look for theirs. */
function known(locale: string | undefined): string | undefined {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale ?? [])[0];
  } catch {
    return undefined;
  }
}

interface Rendered {
  readonly html: string;
  readonly warnings: readonly SchemaWarning[];
}

/**
 * An element as text, with what it shows in a declarative shadow root: it is there before any script
 * runs, and the element takes it over as it is, without a flash and without a request. For a server,
 * or for when a site is built.
 *
 * What is written is safe to put into a page as it is.
 *
 * @throws PlauditError with code `invalid_argument`, naming the argument.
 */
export function renderToString<T extends WidgetTag>(
  tag: T,
  options: RenderOptions<T> = {},
): string {
  const draw = Object.hasOwn(draws, tag) ? draws[tag] : undefined;
  if (!draw) throw invalid(`tag: must be one of ${Object.keys(draws).join(", ")}`);
  const given = strict(options as RenderOptions, "", OPTIONS);
  const { nonce, stylesheet, onWarning } = given;
  callable(onWarning, "onWarning");
  for (const name of ["locale", "nonce", "stylesheet", "word"] as const) {
    const value = given[name];
    if (value !== undefined && value !== null) string(value, name);
  }
  const attributes = new Map<string, string>();
  for (const [name, value] of Object.entries(object(given.attributes ?? {}, "attributes"))) {
    if (value === undefined || value === null || value === false) continue;
    if (!["string", "number", "boolean"].includes(typeof value)) {
      throw invalid(`attributes.${name}: must be a string, a number or a boolean`);
    }
    attributes.set(name, value === true ? "" : `${value}`);
  }
  const locale =
    known(attributes.get("locale")) ?? known(attributes.get("lang")) ?? known(given.locale) ?? "en";
  const voice = voiceFor(locale);
  if (tag === "plaudit-stars" && given.rating && !attributes.has("value")) {
    // the element has its attributes alone to draw it again
    const { value, count } = object(given.rating, "rating");
    if (value) attributes.set("value", `${value}`).set("count", `${count}`);
  }
  const { view, data } = draw(propertiesOf(tag, attributes), given, voice);
  const { html, warnings } = call<Rendered>("render_widget", {
    element: tag,
    view,
    attributes: [...attributes],
    locale,
    css: (sheetsOf[tag] ?? []).map((name) => sheets[name] ?? "").join(""),
    nonce,
    stylesheet,
    data: JSON.stringify(data),
  });
  for (const warning of warnings) onWarning?.(warning, messages[warning]);
  return html;
}

/**
 * Structured data of what is rated, as text for a script element in the page's head:
 * `<script type="application/ld+json">${json}</script>`. It is escaped already. `json` is `null` where
 * there is nothing to mark up; `warnings` say why, or what speaks against it.
 */
export function jsonLd(item: SchemaItem): SchemaMade {
  // the core takes no half of a character, and the page's own markup has none either
  const whole = (_: string, it: unknown) =>
    typeof it === "string" ? it.replace(/\p{Surrogate}/gu, "\ufffd") : it;
  return call<SchemaMade>(
    "structured_data",
    JSON.parse(JSON.stringify(object(item, "item"), whole)),
  );
}
