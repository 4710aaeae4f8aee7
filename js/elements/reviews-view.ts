// Reviews as they are shown, as texts.
import type { Review } from "../client.js";
import type { ReviewsProperties } from "../generated/elements.js";
import {
  isCount,
  membersOf,
  type Selection,
  selected,
  starsOf,
  textOf,
  timeOf,
} from "./selection.js";
import type { WidgetData } from "./source.js";
import { hrefOf, pageOf, platformOf } from "./views.js";
import type { Voice } from "./words.js";

/** A review. */
export interface ReviewView {
  /** What it is called where it is not read: its title, else its author. */
  name: string;
  /** In a carousel: which of how many it is. */
  position: string | null;
  halves: number;
  stars: string | null;
  title: string | null;
  text: string | null;
  /** Of title and text. */
  lang: string | null;
  author: string;
  date: DateView | null;
  verified: string | null;
  href: string | null;
  reply: { by: string; text: string; date: DateView | null } | null;
}

/** A date: for machines and for people. How long ago it was is written when it is seen. */
export interface DateView {
  at: string;
  text: string;
}

/** Reviews, and what stands around them. */
export interface ReviewsView {
  layout: ReviewsProperties["layout"];
  /** What the list is called. */
  label: string;
  /** What a carousel, its slides and its buttons are called. */
  carousel: string | null;
  slide: string | null;
  previous: string | null;
  next: string | null;
  href: string | null;
  link: string | null;
  /** That a selection is shown. */
  notice: string | null;
  reviews: readonly ReviewView[];
  /** Instead of reviews. */
  status: string | null;
  more: string | null;
}

/** What a selection is, by the attributes that say it; what makes no sense is left out. */
export function selectionOf(
  host: Pick<ReviewsProperties, "stars" | "language" | "tagGroup" | "tag" | "orderBy" | "perPage">,
): Selection {
  const listed = (list: string | null) => list?.toLowerCase().split(",") ?? [];
  const wanted = listed(host.stars).map(Number);
  const stars = ([1, 2, 3, 4, 5] as const).filter((it) => wanted.includes(it));
  const language = listed(host.language)
    .map((it) => it.trim().slice(0, 2))
    .filter((it) => /[a-z]{2}/.test(it));
  const { tagGroup, tag, orderBy, perPage } = host;
  return {
    ...(stars.length % 5 && { stars }),
    ...(language.length && { language }),
    ...(tagGroup && { tagGroup }),
    ...(tagGroup && tag && { tagValue: tag }),
    ...(/^(createdat|stars)\.(a|de)sc$/.test(orderBy ?? "") && {
      orderBy: orderBy as Selection["orderBy"],
    }),
    perPage: Math.min(100, Math.max(1, Math.floor(perPage ?? 6))),
  };
}

/** Which reviews are shown, said by what chose them; null where all are. */
export function noticeOf(
  { stars, language, tagGroup, tagValue }: Selection,
  voice: Voice,
): string | null {
  const what = [
    ...(stars ?? []).map((count) => voice.say("stars", {}, count)),
    ...(language ?? []).map((it) => languageOf(it, voice)),
    tagValue ?? tagGroup,
  ].filter((it) => it);
  return what.length ? voice.say("notice", { what: what.join(" · ") }) : null;
}

const writers = new Map<string, Intl.DateTimeFormat>();

/** The date of an instant: in UTC, so that it is the same on a server. */
export function written(time: number, { locale }: Voice): string {
  let writer = writers.get(locale);
  if (!writer) {
    writer = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
    writers.set(locale, writer);
  }
  return writer.format(time);
}

/** What a language is called. */
const languageOf = (code: string, { locale }: Voice): string =>
  new Intl.DisplayNames(locale, { type: "language" }).of(code) ?? code;

function dateOf(at: string | null, voice: Voice): DateView | null {
  const time = timeOf(at);
  return Number.isNaN(time)
    ? null
    : { at: new Date(time).toISOString(), text: written(time, voice) };
}

/**
 * A review as its type says it, with nothing else in it: what has another form counts as absent. Its
 * address is one at a platform.
 */
export function reviewOf(raw: unknown): Review {
  const of = membersOf(raw) ?? {};
  const dated = (at: unknown) => (Number.isNaN(timeOf(at)) ? null : textOf(at));
  const reply = membersOf(of.reply);
  const answer = textOf(reply?.text);
  return {
    provider: textOf(of.provider) ?? "",
    id: textOf(of.id),
    stars: starsOf(of.stars),
    title: textOf(of.title),
    text: textOf(of.text),
    language: textOf(of.language),
    createdAt: dated(of.createdAt),
    author: textOf(of.author),
    reply: answer ? { text: answer, createdAt: dated(reply?.createdAt) } : null,
    verified: typeof of.verified === "boolean" ? of.verified : null,
    url: pageOf(of.url),
  };
}

/** Which of how many a review is; said in a carousel, since a list says it by itself. */
export const positionOf = (
  at: number,
  count: number,
  { layout }: Pick<ReviewsProperties, "layout">,
  voice: Voice,
): string | null =>
  layout === "carousel" ? voice.say("position", { at: voice.count(at + 1) }, count) : null;

/** A review, in its own form; `name` is the business's. */
export function reviewView(
  review: Review,
  name: string | null,
  position: string | null,
  voice: Voice,
): ReviewView {
  const { stars, title, text, language, createdAt, reply, verified, url } = review;
  const author = review.author || voice.say("anonymous");
  return {
    name: title || author,
    position,
    halves: (stars ?? 0) * 2,
    stars: stars ? voice.say("rated", { value: voice.count(stars) }) : null,
    title,
    text,
    lang: /^[a-z]{2,3}(-\w{2,8})*$/i.test(language ?? "") ? language : null,
    author,
    date: dateOf(createdAt, voice),
    verified: verified ? voice.say("verified") : null,
    href: url,
    reply: reply && {
      by: name ? voice.say("reply", { name }) : voice.say("replied"),
      text: reply.text,
      date: dateOf(reply.createdAt, voice),
    },
  };
}

/** The number of the next page; null where there is none. */
export const nextOf = (next: unknown): number | null => (isCount(next) && next ? next : null);

/** What reviews need to know of their element: its attributes as properties. */
export type ReviewsHost = Pick<
  ReviewsProperties,
  "provider" | "layout" | "name" | "href" | "domain" | "stars" | "language" | "tagGroup" | "tag"
> &
  Pick<ReviewsProperties, "orderBy" | "perPage">;

/** The business's name, where it is known. */
export const nameOf = ({ rating }: WidgetData, { name }: { name: string | null }): string | null =>
  name || textOf(rating?.name);

/** Reviews, the first `count` of those that are in the selection; views of those from `first` on. */
export function reviewsView(
  data: WidgetData,
  host: ReviewsHost,
  voice: Voice,
  count?: number,
  first = 0,
): ReviewsView {
  const selection = selectionOf(host);
  const { provider, layout } = host;
  const all = selected(data.reviews ?? [], selection);
  const reviews = all.slice(0, count ?? selection.perPage);
  const notice = noticeOf(selection, voice);
  const name = nameOf(data, host);
  const href = hrefOf(data.rating, host);
  const label = voice.say("title");
  const slides = (name: "carousel" | "slide" | "previous" | "next") =>
    layout === "carousel" ? voice.say(name) : null;
  return {
    layout,
    label,
    carousel: slides("carousel"),
    slide: slides("slide"),
    previous: slides("previous"),
    next: slides("next"),
    href,
    link: href && voice.say("on", { what: label, platform: platformOf(provider) }),
    notice,
    reviews: reviews.slice(first).map((it, at) => {
      const position = positionOf(first + at, reviews.length, host, voice);
      return reviewView(reviewOf(it), name, position, voice);
    }),
    status: reviews.length ? null : voice.say(notice ? "noMatch" : "none"),
    more: nextOf(data.next) || all.length > reviews.length ? voice.say("more") : null,
  };
}
