// Custom elements as text: what is shown is worked out as in a page, the markup is Rust's.
import { callable, object, string } from "../arguments.js";
import type { Rating, Review } from "../common.js";
import { distributionOf, histogramView } from "../elements/histogram-view.js";
import type { SchemaItem, SchemaMade, SchemaWarning } from "../elements/jsonld.js";
import { nextOf, reviewOf, reviewsView, selectionOf } from "../elements/reviews-view.js";
import { isCount, membersOf, selected, textOf, wellFormed } from "../elements/selection.js";
import {
  badgeView,
  isScore,
  pageOf,
  platformOf,
  ratingView,
  starsView,
} from "../elements/views.js";
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
  /**
   * The reviews, as `client.toReview()` gives them. Those that are shown come along in the markup; all of
   * them where there is no `next`, since "show more" has no others.
   */
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

const ITEM = namesOf<SchemaItem>()(
  "type schema provider business source id name rating word reviews next",
);

type Given = Pick<RenderOptions, "attributes" | "rating" | "word" | "reviews" | "next">;
type Properties = StarsProperties &
  RatingProperties &
  BadgeProperties &
  HistogramProperties &
  ReviewsProperties;

/** What is drawn, and what the element takes over with it. */
type Draw = (own: Properties, given: Given, voice: Voice) => { view: object; data: object };

/** A rating as its type says it, with nothing else in it: what has another form counts as absent. */
function cleaned(raw: Rating): Rating;
function cleaned(raw: Rating | null): Rating | null;
function cleaned(raw: Rating | null): Rating | null {
  if (raw === null) return null;
  const { provider, value, stars, count, distribution, name, url } = object(raw, "rating");
  return {
    provider: textOf(provider) ?? "",
    value: isScore(value) ? value : null,
    stars: isScore(stars) ? stars : null,
    count: isCount(count) ? count : null,
    distribution: distributionOf(distribution),
    name: textOf(name),
    url: pageOf(url),
  };
}

/** The rating that was given, or that stands in the attributes. */
function ratingOf(own: Properties, { rating, attributes }: Given): Rating | null {
  if (rating !== undefined) return cleaned(rating);
  const { provider, value, count, name } = own;
  if (!attributes || !("value" in attributes) || attributes.value === undefined) {
    throw invalid("rating: must be given, or the attribute value");
  }
  const data = { provider, value, stars: null, count, distribution: null, name, url: null };
  // without a score there is none, whatever stands in its place
  return isScore(value) ? cleaned(data) : null;
}

/**
 * The reviews that come with their element, and the page after them. With a next page they are those
 * that are shown. Without one, "show more" has no others than those that were given: they come along.
 */
function reviewsOf(own: Properties, { reviews, next }: Given): Pick<Given, "reviews" | "next"> {
  if (!reviews) throw invalid("reviews: must be given");
  const selection = selectionOf(own);
  const found = selected(list(reviews, "reviews"), selection).map(reviewOf);
  const after = nextOf(next);
  const { perPage } = selection;
  if (!after) return { reviews: found };
  if (found.length <= perPage) return { reviews: found, next: after };
  // what is left out comes again: the element's own pages are as long as what it shows
  return { reviews: found.slice(0, perPage), next: 2 };
}

const draws: { readonly [T in WidgetTag]: Draw } = {
  "plaudit-stars": ({ value, count, provider }, _, voice) => ({
    view: starsView(value, count, platformOf(provider), voice),
    data: {},
  }),
  "plaudit-rating": (own, given, voice) => {
    const rating = ratingOf(own, given);
    const { word } = given;
    return { view: ratingView(rating, word, own, voice), data: { rating, word } };
  },
  "plaudit-badge": (own, given, voice) => {
    const rating = ratingOf(own, given);
    return { view: badgeView(rating, own, voice), data: { rating } };
  },
  "plaudit-histogram": (own, { rating }, voice) => {
    if (rating === undefined) throw invalid("rating: must be given");
    const data = { rating: cleaned(rating) };
    const chosen = own.for ? [] : null;
    return { view: histogramView(data.rating?.distribution, chosen, voice), data };
  },
  "plaudit-reviews": (own, given, voice) => {
    const rating = given.rating === undefined ? undefined : cleaned(given.rating);
    const data = { rating, ...reviewsOf(own, given) };
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
      own[camel] =
        words.split(",").find((it) => it === value?.toLowerCase()) ?? words.split(",")[0];
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
  const { onWarning } = given;
  callable(onWarning, "onWarning");
  const text = (name: "locale" | "nonce" | "stylesheet" | "word") => {
    const value: string | null | undefined = given[name];
    return value === undefined || value === null ? undefined : wellFormed(string(value, name));
  };
  const said = text("locale");
  const [word, nonce, stylesheet] = [text("word"), text("nonce"), text("stylesheet")];
  const attributes = new Map<string, string>();
  for (const [name, value] of Object.entries(object(given.attributes ?? {}, "attributes"))) {
    if (value === undefined || value === null || value === false) continue;
    if (!["string", "number", "boolean"].includes(typeof value)) {
      throw invalid(`attributes.${name}: must be a string, a number or a boolean`);
    }
    attributes.set(wellFormed(name), value === true ? "" : wellFormed(`${value}`));
  }
  const locale =
    known(attributes.get("locale")) ?? known(attributes.get("lang")) ?? known(said) ?? "en";
  const voice = voiceFor(locale);
  if (tag === "plaudit-stars" && given.rating && !attributes.has("value")) {
    // the element has its attributes alone to draw it again
    const { value, count, provider } = cleaned(given.rating);
    if (value) attributes.set("value", `${value}`);
    if (value && count !== null) attributes.set("count", `${count}`);
    if (provider === "trustoo" && !attributes.has("provider")) attributes.set("provider", provider);
  }
  const { view, data } = draw(propertiesOf(tag, attributes), { ...given, word }, voice);
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
 *
 * @throws PlauditError with code `invalid_argument`, naming the argument.
 */
export function jsonLd(item: SchemaItem): SchemaMade {
  const { type, schema, provider, business, rating, reviews, id, name, source } = strict(
    item,
    "item",
    ITEM,
  );
  if (schema && !["aggregate", "reviews"].includes(schema)) {
    throw invalid('item.schema: must be "aggregate" or "reviews"');
  }
  if (business && typeof business !== "boolean") throw invalid("item.business: must be a boolean");
  const numberOf = (value: unknown) => (Number.isFinite(value) ? value : null);
  const rated = rating && object(rating, "item.rating");
  return call<SchemaMade>("structured_data", {
    type: wellFormed(string(type, "item.type")),
    schema: schema || undefined,
    provider: textOf(provider) ?? undefined,
    business: business || undefined,
    id: textOf(id),
    name: textOf(name),
    source: textOf(source),
    rating: rated && {
      value: numberOf(rated.value),
      count: numberOf(rated.count),
      name: textOf(rated.name),
      url: textOf(rated.url),
    },
    reviews:
      reviews &&
      list(reviews, "item.reviews")
        .filter(membersOf)
        .map((it) => ({ ...reviewOf(it), stars: numberOf(it.stars) })),
  });
}
