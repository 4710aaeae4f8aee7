// The page of someone who has a server: it talks to the broker alone, and holds no key and no token.
import { createClient, isPlauditError } from "/plaudit/index.js";
import { businessCard, notFound, placeholder, starRow } from "./business.js";
import { byId, el } from "./dom.js";
import { highlighted } from "./highlight.js";
import { busy, copy, createMessage } from "./message.js";
import { hideReviews, showReviews, time } from "./reviews.js";
import { PAGE_CODE, SERVER_CODE } from "./server-code.js";

const BROKER = "/broker";
/** No other site can send this header with a visitor's cookie. */
const OWN = { "x-plaudit": "1" };
const AT_ONCE = 50;
/** Nobody looks at a spinner for longer; who is to wait for longer is told so at once. */
const CALL_DEADLINE = 8000;
const SHOWN = 6;
const INVITATION =
  "Order numbers, customers’ email addresses and tags are private. Sign in, and the server asks for them with a token that this page never sees.";
const PRIVATE =
  "The server asked for these with the token that it keeps. Nobody else is given them, and no cache has them.";

const ACTIONS = {
  "sign-in": { label: "Sign in again", run: () => leave() },
  retry: { label: "Try again", run: () => again() },
  reload: { label: "Reload", run: () => location.reload() },
};
const message = createMessage(ACTIONS);
const signInLink = byId("sign-in");
const client = newClient();
const dates = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

/** What "Try again" does. */
let again = () => {};
let session = null;
/** The business that is shown. */
let unit = null;

byId("server-code").replaceChildren(...highlighted(SERVER_CODE));
byId("page-code").replaceChildren(...highlighted(PAGE_CODE));
byId("result").replaceChildren(placeholder("Stars, score and reviews come here."));
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", () => copy(byId(button.dataset.copy).textContent, message));
}
signInLink.addEventListener("click", signIn);
byId("sign-out").addEventListener("click", signOut);
byId("find-form").addEventListener("submit", find);
byId("domain").addEventListener("input", ({ target }) => target.removeAttribute("aria-invalid"));
byId("view").addEventListener("click", viewOften);
addEventListener("pageshow", ({ persisted }) => {
  // Back from the platform's page, out of the browser's cache.
  if (persisted) refresh();
});
addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && session) refresh();
});

const outcome = takeOutcome();
await Promise.all([refresh(), showCounts()]);
for (const name of ["find", "view"]) byId(name).disabled = false;
if (outcome) {
  message.showFailure(outcome, "server");
}
document.documentElement.setAttribute("data-ready", "");

/** What the broker says of a sign-in that failed (`errorPath`), taken out of the address. */
function takeOutcome() {
  const { searchParams } = new URL(location.href);
  const code = searchParams.get("plaudit_error");
  if (!code) return null;
  history.replaceState(null, "", location.pathname);
  return { code, oauthError: searchParams.get("plaudit_reason") ?? undefined };
}

function newClient() {
  return createClient({
    provider: "trustpilot",
    proxy: `${BROKER}/api`,
    // Neither the page nor the browser keeps answers here: what is seen is the server's work.
    cache: false,
    allowance: false,
    deadline: CALL_DEADLINE,
    fetch(request) {
      request.headers.set("x-plaudit", "1");
      return fetch(request, { cache: "no-store" });
    },
  });
}

// ---- the session

/** Asks the broker who is signed in; rejects where it does not say. */
async function askSession() {
  const answer = await fetch(`${BROKER}/session`, { headers: OWN }).catch(() => {
    throw { code: "network_error" };
  });
  if (answer.ok) return answer.json();
  const { code = "unexpected_answer" } = await answer.json().catch(() => ({}));
  if (code === "signed_out") return null;
  throw { code, status: answer.status };
}

/** Shows the session as it is now, and says so where it ended without this page. */
async function refresh() {
  busy(signInLink, false);
  const before = session;
  try {
    session = await askSession();
  } catch (failure) {
    tell(failure, refresh);
    return;
  }
  showSession();
  if (before && !session) message.showFailure({ code: "signed_out" }, "server");
  if (Boolean(before) !== Boolean(session)) await showPrivate();
}

function showSession() {
  const isSignedIn = session !== null;
  byId("session").dataset.state = isSignedIn ? "signed-in" : "signed-out";
  byId("state-text").textContent = isSignedIn ? "Signed in" : "Signed out";
  byId("panel-in").hidden = !isSignedIn;
  byId("panel-out").hidden = isSignedIn;
  byId("visible-cookies").textContent = document.cookie || "nothing";
  if (!isSignedIn) return;
  byId("session-began").textContent = dates.format(new Date(session.signedInAt));
  byId("session-ends").textContent = dates.format(new Date(session.expiresAt));
}

/** It is a link, and would work as one: the server is only asked first whether it is there. */
async function signIn(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  await leave();
}

/** Goes to sign in, also where there is a session whose token the platform does not take. */
async function leave() {
  if (signInLink.hasAttribute("data-busy")) return;
  message.hide();
  busy(signInLink, true);
  try {
    await askSession();
    location.assign(signInLink.href);
  } catch (failure) {
    busy(signInLink, false);
    tell(failure, leave);
  }
}

async function signOut() {
  const button = byId("sign-out");
  busy(button, true);
  message.hide();
  try {
    const answer = await fetch(`${BROKER}/sign-out`, { method: "POST", headers: OWN });
    if (!answer.ok) throw await answer.json().catch(() => ({ code: "unexpected_answer" }));
    session = null;
    showSession();
    await showPrivate();
    signInLink.focus({ preventScroll: true });
  } catch (failure) {
    tell(failure.code ? failure : { code: "network_error" }, signOut);
  }
  busy(button, false);
}

// ---- failures

/** Shows a failure, in the broker's own words where it has sent some. */
function tell(failure, retry) {
  again = retry;
  message.showFailure(failure, "server");
}

/** A failed call: what the broker says of it stands in the body. */
function tellCall(error, retry) {
  if (!isPlauditError(error)) return message.showError(error, "server");
  const { status, retryAfter, code } = error;
  let own = code;
  try {
    own = JSON.parse(error.body).code ?? code;
  } catch {
    // No answer, or none of the broker's.
  }
  if (own === "network_error" && status) own = "platform_unreachable";
  tell({ code: own, status, retryAfter }, retry);
}

// ---- find

async function find(event) {
  event?.preventDefault();
  const input = byId("domain");
  const domain = input.value.trim();
  message.hide();
  hideReviews();
  byId("private").hidden = true;
  unit = null;
  input.removeAttribute("aria-invalid");
  busy(byId("find"), true);
  byId("took").textContent = "";
  byId("find-status").textContent = "Asking the server.";
  show("busy", placeholder("Asking the server …"));
  const began = performance.now();
  let status = "";
  try {
    unit = await client.businessUnits.find(domain);
    show("found", businessCard(unit));
    byId("took").textContent = `${Math.round(performance.now() - began)} ms`;
    status = `Found ${unit.displayName ?? domain}.`;
    showReviews(client, unit, (error) => tellCall(error, find));
    showPrivate();
  } catch (error) {
    const { code } = error;
    if (code === "not_found") show("not-found", notFound(domain));
    else show("empty", placeholder("Nothing to show: the call did not succeed."));
    if (code === "invalid_argument") {
      input.setAttribute("aria-invalid", "true");
      input.focus();
      message.showFailure(error, "call");
    } else if (code === "not_found") {
      status = "No business goes by that domain.";
    } else {
      tellCall(error, find);
    }
  }
  byId("find-status").textContent = status;
  busy(byId("find"), false);
  await showCounts();
}

function show(state, content) {
  byId("result").dataset.state = state;
  byId("result").replaceChildren(content);
}

// ---- page views

/** As many visitors at once, each with a client of its own: one alone would ask once for all. */
async function viewOften() {
  const domain = byId("domain").value.trim();
  const button = byId("view");
  if (button.hasAttribute("data-busy")) return;
  busy(button, true);
  message.hide();
  const before = await counts();
  const began = performance.now();
  const views = Array.from({ length: AT_ONCE }, () => newClient().businessUnits.find(domain));
  const results = await Promise.allSettled(views);
  const took = Math.round(performance.now() - began);
  const seen = results.filter(({ status }) => status === "fulfilled").length;
  const after = await counts();
  const failed = results.find(({ status }) => status === "rejected");
  if (failed) {
    const isMistake = failed.reason.code === "invalid_argument";
    if (isMistake) message.showFailure(failed.reason, "call");
    else tellCall(failed.reason, viewOften);
  }
  byId("view-status").textContent =
    before && after && seen > 0 ? told(seen, took, after.calls - before.calls) : "";
  showCounts(after);
  busy(button, false);
}

function told(views, took, calls) {
  const asked = ["no call", "one call"][calls] ?? `${calls} calls`;
  const why = calls === 0 ? ": the answer was there" : "";
  return `${views} views in ${took} ms, ${asked} to the platform${why}.`;
}

/** What the server counted; null where it does not say. */
async function counts() {
  try {
    return await (await fetch("/upstream.json")).json();
  } catch {
    return null;
  }
}

async function showCounts(known) {
  const { views = "–", calls = "–" } = known ?? (await counts()) ?? {};
  byId("views").textContent = String(views);
  byId("calls").textContent = String(calls);
}

// ---- what only a server may have

async function showPrivate() {
  const [card, state, list] = ["private", "private-state", "private-list"].map(byId);
  card.hidden = unit === null;
  if (unit === null) return;
  state.textContent = "";
  list.replaceChildren();
  byId("private-lead").textContent = session ? PRIVATE : INVITATION;
  if (!session) return;
  const asked = unit;
  state.textContent = "Asking …";
  try {
    const path = `/private/business-units/${asked.id}/reviews`;
    const { data } = await client.request("GET", path, { query: { perPage: SHOWN } });
    if (unit !== asked) return;
    list.replaceChildren(...data.reviews.map(privateCard));
    const count = data.reviews.length;
    state.textContent = count === 0 ? "No review yet" : `The latest ${count}`;
  } catch (error) {
    if (unit !== asked) return;
    state.textContent = "";
    if (error.status !== 401) return tellCall(error, showPrivate);
    await refresh();
    if (session) message.showFailure({ code: "token_refused", status: 401 }, "server");
  }
}

function privateCard({ stars, title, language, createdAt, referenceId, referralEmail, tags }) {
  const fact = (name, ...values) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, ...(values.length > 0 ? values : ["–"])));
  const given = (value) => (typeof value === "string" && value !== "" ? [value] : []);
  const chips = (tags ?? []).map(({ group, value }) =>
    el("span", { class: "chip tag" }, `${group}: ${value}`),
  );
  return el(
    "li",
    { class: "review" },
    el("div", { class: "review-head" }, starRow(stars ?? 0), time(createdAt)),
    title && el("h3", { dir: "auto", lang: language ?? undefined }, title),
    el(
      "dl",
      { class: "facts" },
      fact("Order", ...given(referenceId)),
      fact("Email", ...given(referralEmail)),
      fact("Tags", ...chips),
    ),
  );
}
