// A business unit's reviews, six at a time: each "Show more" takes the next from one walk.
import { isPlauditError } from "/plaudit/index.js";
import { starRow } from "./business.js";
import { byId, el } from "./dom.js";

const STEP = 6;
const LONG = 320;

/** The walk under way: its items, and what ends it. */
let walk = null;

/**
 * Begins anew with the reviews of a business unit; `onError` hears of a failure.
 *
 * @param {ReturnType<import("plaudit").createClient>} client
 * @param {{ id: string }} unit
 */
export function showReviews(client, unit, onError) {
  hideReviews();
  byId("reviews").hidden = false;
  const filter = byId("review-stars");
  const begin = () => {
    walk?.leave.abort();
    const leave = new AbortController();
    const stars = filter.value ? Number(filter.value) : undefined;
    const options = { stars, perPage: 24, signal: leave.signal };
    const all = client.businessUnits.reviews.all(unit.id, options);
    walk = { leave, items: all[Symbol.asyncIterator](), client };
    byId("review-list").replaceChildren();
    more(onError);
  };
  filter.onchange = begin;
  byId("more-reviews").onclick = () => more(onError);
  begin();
}

/** Takes the reviews away, and ends what is under way for them. */
export function hideReviews() {
  walk?.leave.abort();
  walk = null;
  byId("reviews").hidden = true;
}

async function more(onError) {
  const { items, client, leave } = walk;
  const [list, button, status] = ["review-list", "more-reviews", "review-status"].map(byId);
  button.toggleAttribute("data-busy", true);
  button.disabled = true;
  const fresh = [];
  let ended = false;
  try {
    while (fresh.length < STEP && !ended) {
      const { value, done } = await items.next();
      if (done) ended = true;
      else fresh.push(card(client.toReview(value)));
    }
  } catch (error) {
    if (leave.signal.aborted) return;
    // The walk is over; what came stays.
    ended = true;
    if (!isPlauditError(error) || error.code !== "aborted") onError(error);
  }
  if (leave.signal.aborted) return;
  list.append(...fresh);
  button.toggleAttribute("data-busy", false);
  button.disabled = ended;
  button.hidden = ended;
  const count = list.childElementCount;
  status.textContent =
    count === 0 ? "No review to show." : `${count} shown${ended ? ", that is all of them" : ""}.`;
}

function card({ stars, title, text, language, createdAt, author, reply, verified }) {
  const lang = language ?? undefined;
  return el(
    "li",
    { class: "review" },
    el("div", { class: "review-head" }, starRow(stars ?? 0), time(createdAt)),
    title && el("h3", { dir: "auto", lang }, title),
    text && el("p", { class: "review-text", dir: "auto", lang }, shorten(text)),
    el(
      "p",
      { class: "review-author" },
      el("bdi", {}, author ?? "Somebody"),
      verified ? " · verified" : null,
    ),
    reply &&
      el(
        "div",
        { class: "review-reply" },
        el("p", { class: "label" }, "The business replied"),
        el("p", { dir: "auto" }, shorten(reply.text)),
      ),
  );
}

const dates = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" });

/** A review's day; null where it is not told. */
export function time(createdAt) {
  if (!createdAt) return null;
  return el("time", { datetime: createdAt }, dates.format(new Date(createdAt)));
}

/** At most so many characters, none of them cut in two. */
function shorten(text) {
  const characters = [...text];
  return characters.length > LONG ? `${characters.slice(0, LONG).join("")}…` : text;
}
