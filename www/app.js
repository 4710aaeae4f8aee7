import config from "/config.js";
import { createAuth, createClient, isPlauditError } from "/plaudit/index.js";
import { businessCard, notFound, placeholder } from "./business.js";
import { exampleCode } from "./code.js";
import { byId } from "./dom.js";
import { faultSwitches } from "./faults.js";
import { highlighted } from "./highlight.js";
import { busy, copy, createMessage } from "./message.js";
import { hideReviews, showReviews } from "./reviews.js";
import { loadSettings, saveSettings } from "./settings.js";

const PROVIDER = "trustpilot";
const CALL_TIMEOUT = 5000;
const STATES = {
  "signed-out": "Signed out",
  "signing-in": "Signing in …",
  "signed-in": "Signed in",
  expired: "Expired",
};
const INVITATIONS = {
  "signed-out": "Let a merchant sign in at the platform and come back to this page with a token.",
  "signing-in": "The platform is asked. This page goes on as soon as the answer is here.",
  expired: "The token’s time is up, and it was thrown away. A new sign-in gives a new one.",
};
const VIA_HINTS = {
  header: "The browser asks for leave first (a preflight), then calls.",
  query: "One request instead of two, but the key stands in the address, and so in logs.",
  token: "auth.fetch() sends the token to the platform’s address and to no other.",
};
const ACTIONS = {
  "sign-in": { label: "Sign in again", run: () => signIn(lastMode) },
  retry: { label: "Try again", run: () => findForm.requestSubmit() },
  reload: { label: "Reload", run: () => location.reload() },
};

const settings = loadSettings();
const card = byId("session");
const message = createMessage(ACTIONS);
const findForm = byId("find-form");
const modes = { redirect: byId("sign-in-redirect"), popup: byId("sign-in-popup") };

// Only for what is shown meanwhile; what a callback is, plaudit decides.
const returning = /[#&?](access_token|code|error)=/.test(location.search + location.hash);
let auth;
let unsubscribe = () => {};
let signingIn = false;
let lastMode = "redirect";
let clock;
let running = null;

// Before anything is awaited: createAuth() takes a token out of the address.
renewAuth();
const faults = faultSwitches({
  sandbox: config.sandbox,
  say: (text) => message.show({ tone: "bad", text, next: "" }),
});
start();

function renewAuth() {
  unsubscribe();
  auth = createAuth({
    provider: PROVIDER,
    clientId: config.clientId,
    redirectUri: `${location.origin}/`,
    correlateBy: settings.correlate,
    storage: settings.storage,
    endpoints: { authorize: `${config.sandbox}/authenticate`, api: config.sandbox },
  });
  const stops = [
    auth.on("signedin", () => showSession("signed-in")),
    auth.on("signedout", () => showSession("signed-out")),
    auth.on("expiring", () =>
      message.show({
        tone: "warn",
        text: "The token ends soon.",
        next: "Sign out and in to go on.",
      }),
    ),
    auth.on("expired", () => {
      showSession("expired");
      message.showFailure({ code: "expired" }, "sign-in");
    }),
  ];
  unsubscribe = () => {
    for (const stop of stops) stop();
  };
}

async function start() {
  byId("result").replaceChildren(placeholder("Stars, score and reviews come here."));
  for (const name of ["correlate", "storage", "via"]) connectOption(name);
  showOptions();
  connectButtons();

  const inPopup = returning && window.opener !== null;
  if (returning) {
    busy(modes.redirect, true);
    showSession("signing-in");
  } else {
    showSession("signed-out");
  }
  document.documentElement.toggleAttribute("data-finishing", inPopup);

  await completed(() => auth.completeSignIn());
  document.documentElement.removeAttribute("data-finishing");
  document.documentElement.setAttribute("data-ready", "");
  await faults.refresh();
}

// ---- sign-in

function signIn(mode) {
  if (signingIn) return;
  signingIn = true;
  lastMode = mode;
  message.hide();
  busy(modes[mode], true);
  showSession("signing-in");
  // The call itself stays inside the click, or the browser blocks the popup.
  return completed(() => auth.signIn({ mode }), mode === "redirect");
}

/** Shows how a sign-in ended. A redirect that was begun ends on the next page instead. */
async function completed(step, leaving = false) {
  const fromHere = signingIn || returning;
  try {
    const answer = await step();
    if (answer === null && leaving) return;
    const done = answer ?? auth.session;
    showSession(done ? "signed-in" : "signed-out");
    if (done && fromHere) {
      message.show({ tone: "good", text: "You are signed in.", next: welcome(done) });
    }
  } catch (error) {
    showSession(auth.session ? "signed-in" : "signed-out");
    message.showError(error, "sign-in");
  }
  signingIn = false;
  for (const button of Object.values(modes)) busy(button, false);
  if (document.documentElement.hasAttribute("data-ready")) faults.refresh();
}

function welcome({ expiresIn, missingScope = [] }) {
  if (missingScope.length > 0) return `Not granted: ${missingScope.join(", ")}.`;
  return expiresIn === null ? "The platform did not say for how long." : "";
}

async function signOut() {
  busy(byId("sign-out"), true);
  try {
    await auth.signOut();
    message.hide();
    showSession("signed-out");
    modes.redirect.focus({ preventScroll: true });
  } catch (error) {
    message.showError(error, "sign-in");
  }
  busy(byId("sign-out"), false);
}

function showSession(state) {
  const signedIn = state === "signed-in";
  card.dataset.state = state;
  byId("state-text").textContent = STATES[state];
  byId("panel-in").toggleAttribute("hidden", !signedIn);
  byId("panel-out").toggleAttribute("hidden", signedIn);
  if (!signedIn) byId("out-text").textContent = INVITATIONS[state];
  for (const button of Object.values(modes))
    button.disabled = state === "signing-in" && !isBusy(button);
  byId("options").disabled = signedIn || state === "signing-in";
  byId("options-hint").textContent = signedIn ? "(sign out to change them)" : "";

  clearInterval(clock);
  if (signedIn && auth.session) {
    showLife(auth.session);
    clock = setInterval(() => showLife(auth.session), 500);
  }
}

function showLife(session) {
  if (!session) return;
  const { expiresAt, expiresIn, scope } = session;
  const left = expiresAt === null ? null : Math.max(0, expiresAt - Date.now());
  byId("countdown").textContent = left === null ? "Not told" : duration(left);
  byId("life-label").textContent =
    left === null ? "How long the token lasts" : "The token lasts for another";
  const share = left === null || !expiresIn ? 1 : Math.min(1, left / (expiresIn * 1000));
  byId("life").style.setProperty("inline-size", `${share * 100}%`);
  byId("session-ends").textContent =
    expiresAt === null
      ? "Unknown"
      : new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" }).format(
          expiresAt,
        );
  byId("session-scope").textContent = scope?.join(", ") || "The platform’s default";
  byId("session-kept").textContent =
    settings.storage === "memory" ? "In memory, until a reload" : "In this tab, also on reload";
}

function duration(ms) {
  const seconds = Math.ceil(ms / 1000);
  const two = (value) => String(value).padStart(2, "0");
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${parts[0]}h ${two(parts[1])}m ${two(parts[2])}s`;
}

// ---- find

async function find(event) {
  event.preventDefault();
  if (running) {
    // While a call is under way the button says "Stop".
    running.abort();
    return;
  }
  const input = byId("domain");
  const domain = input.value.trim();
  message.hide();
  if (domain === "") {
    message.showFailure({ code: "invalid_argument" }, "call");
    input.setAttribute("aria-invalid", "true");
    input.focus();
    return;
  }
  input.removeAttribute("aria-invalid");

  hideReviews();
  running = new AbortController();
  const began = performance.now();
  let found = false;
  showFinding(true);
  try {
    const caller = client();
    const unit = await caller.businessUnits.find(domain, { signal: running.signal });
    showResult("found", businessCard(unit));
    showReviews(caller, unit, (error) => message.showError(error, "call"));
    byId("took").textContent = `${Math.round(performance.now() - began)} ms`;
    byId("find-status").textContent = `Found ${unit.displayName ?? domain}.`;
    found = true;
  } catch (error) {
    if (isPlauditError(error) && error.code === "not_found") {
      showResult("not-found", notFound(domain));
    } else {
      showResult("empty", placeholder("Nothing to show: the call did not succeed."));
    }
    if (isPlauditError(error) && error.code === "invalid_argument") {
      input.setAttribute("aria-invalid", "true");
    }
    message.showError(error, "call");
  }
  running = null;
  showFinding(false);
  const played = await faults.refresh();
  if (found && played > 0 && !running) {
    message.show({
      tone: "good",
      text: "It went wrong as you asked, and the call still succeeded.",
    });
  }
}

function client() {
  const ways = {
    header: {},
    query: { keyIn: "query" },
    token: { fetch: (input, init) => auth.fetch(input, init) },
  };
  return createClient({
    provider: PROVIDER,
    apiKey: config.apiKey,
    baseUrl: `${config.sandbox}/v1`,
    timeout: CALL_TIMEOUT,
    ...ways[settings.via],
  });
}

function showFinding(finding) {
  const result = byId("result");
  byId("find").toggleAttribute("data-busy", finding);
  byId("find-label").textContent = finding ? "Stop" : "Find";
  result.setAttribute("aria-busy", String(finding));
  if (finding) {
    byId("took").textContent = "";
    byId("find-status").textContent = "Asking the platform.";
    showResult("busy", placeholder("Asking the platform …"));
  } else if (result.dataset.state !== "found") {
    byId("find-status").textContent = "";
  }
}

function showResult(state, content) {
  byId("result").dataset.state = state;
  byId("result").replaceChildren(content);
}

// ---- the page

function connectButtons() {
  for (const [mode, button] of Object.entries(modes)) {
    button.disabled = false;
    button.addEventListener("click", () => signIn(mode));
  }
  byId("sign-out").addEventListener("click", signOut);
  byId("find").disabled = false;
  findForm.addEventListener("submit", find);
  byId("domain").addEventListener("input", ({ target }) => target.removeAttribute("aria-invalid"));
  byId("copy-code").addEventListener("click", () => copy(byId("code").textContent, message));
  addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") faults.refresh();
  });
  // Back from the platform's page without an answer: the page comes out of the cache as it was left.
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted || !signingIn) return;
    signingIn = false;
    for (const button of Object.values(modes)) busy(button, false);
    showSession(auth.session ? "signed-in" : "signed-out");
  });
}

function connectOption(name) {
  const select = byId(name);
  select.value = settings[name];
  select.addEventListener("change", () => {
    settings[name] = select.value;
    saveSettings(settings);
    showOptions();
    // Only offered while nobody is signed in, so there is no session to lose.
    if (name !== "via") renewAuth();
  });
}

function showOptions() {
  byId("via-hint").textContent = VIA_HINTS[settings.via];
  byId("code").replaceChildren(...highlighted(exampleCode(settings)));
}

function isBusy(button) {
  return button.hasAttribute("data-busy");
}
