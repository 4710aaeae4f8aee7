// The page of someone who has a server: it talks to the broker alone, and holds no key and no token.
import { createClient, isPlauditError } from "/plaudit/index.js";
import { businessCard, notFound, placeholder } from "./business.js";
import { highlighted } from "./code.js";
import { byId } from "./dom.js";
import { explain } from "./messages.js";
import { hideReviews, showReviews } from "./reviews.js";

const BROKER = "/broker";
/** No other site can send this header with a visitor's cookie. */
const OWN = { "x-plaudit": "1" };
const AT_ONCE = 50;

const SERVER_CODE = `import { createBroker, fileStore } from "plaudit/server";

const broker = createBroker({
  provider: "trustpilot",
  origin: "https://shop.example",
  apiKey: process.env.TRUSTPILOT_API_KEY,
  credentials: { clientId: process.env.TRUSTPILOT_API_KEY, clientSecret: process.env.TRUSTPILOT_API_SECRET },
  tokenStore: fileStore("tokens"),
});
export default { fetch: broker.fetch }; // or in Hono, Express, Next.js, SvelteKit, Deno, Bun, Workers`;
const PAGE_CODE = `import { createClient } from "plaudit";

button.onclick = () => location.assign("/broker/sign-in?return_to=/");
const client = createClient({ provider: "trustpilot", proxy: "/broker/api" });
const shop = await client.businessUnits.find("trustpilot.com"); // no key in this page`;

// Neither keeps answers here nor counts: what is seen is the server's work.
const client = createClient({
  provider: "trustpilot",
  proxy: `${BROKER}/api`,
  cache: false,
  allowance: false,
});
let views = 0;

byId("server-code").replaceChildren(...highlighted(SERVER_CODE));
byId("page-code").replaceChildren(...highlighted(PAGE_CODE));
byId("result").replaceChildren(placeholder("Stars, score and reviews come here."));
byId("sign-in").addEventListener("click", () => {
  busy("sign-in", true);
  location.assign(`${BROKER}/sign-in?return_to=${encodeURIComponent("/server.html")}`);
});
byId("sign-out").addEventListener("click", signOut);
byId("find-form").addEventListener("submit", find);
byId("view").addEventListener("click", viewOften);
// Back from the platform's page, out of the browser's cache.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) showSession();
});
for (const name of ["sign-in", "find", "view"]) byId(name).disabled = false;
await Promise.all([showSession(), showCalls()]);
document.documentElement.setAttribute("data-ready", "");

async function showSession() {
  busy("sign-in", false);
  let isSignedIn = false;
  try {
    const answer = await fetch(`${BROKER}/session`, { headers: OWN });
    isSignedIn = answer.ok && (await answer.json()).signedIn === true;
    say(answer.ok || answer.status === 401 ? "" : "The server does not answer as it should.");
  } catch {
    say("The server does not answer.");
  }
  byId("session").dataset.state = isSignedIn ? "signed-in" : "signed-out";
  byId("state-text").textContent = isSignedIn ? "Signed in" : "Signed out";
  byId("panel-in").hidden = !isSignedIn;
  byId("panel-out").hidden = isSignedIn;
  byId("visible-cookies").textContent = document.cookie || "nothing";
}

async function signOut() {
  busy("sign-out", true);
  try {
    await fetch(`${BROKER}/sign-out`, { method: "POST", headers: OWN });
  } catch {
    // what the session is now, the next question tells
  }
  busy("sign-out", false);
  await showSession();
}

const say = (text) => {
  byId("session-message").textContent = text;
};

async function find(event) {
  event.preventDefault();
  const domain = byId("domain").value.trim();
  const began = performance.now();
  hideReviews();
  busy("find", true);
  show("busy", placeholder("Asking the server …"));
  try {
    const unit = await client.businessUnits.find(domain);
    views += 1;
    show("found", businessCard(unit));
    showReviews(client, unit, fail);
    byId("took").textContent = `${Math.round(performance.now() - began)} ms`;
    byId("find-status").textContent = `Found ${unit.displayName ?? domain}.`;
  } catch (error) {
    fail(error, domain);
  }
  busy("find", false);
  await showCalls();
}

function fail(error, domain = "") {
  if (!isPlauditError(error)) throw error;
  if (error.code === "not_found") return show("not-found", notFound(domain));
  const { text, next = "" } = explain(error, "call");
  show("empty", placeholder(`${text} ${next}`));
  byId("find-status").textContent = text;
}

function show(state, content) {
  byId("result").dataset.state = state;
  byId("result").replaceChildren(content);
}

/** As many visitors at once: each asks for the business on its own. */
async function viewOften() {
  const domain = byId("domain").value.trim();
  busy("view", true);
  const began = performance.now();
  const asked = Array.from({ length: AT_ONCE }, () =>
    client.businessUnits.find(domain).then(
      () => true,
      () => false,
    ),
  );
  const seen = (await Promise.all(asked)).filter(Boolean).length;
  views += seen;
  const took = Math.round(performance.now() - began);
  byId("view-status").textContent =
    seen === AT_ONCE ? `${AT_ONCE} views in ${took} ms.` : `${seen} of ${AT_ONCE} views succeeded.`;
  busy("view", false);
  await showCalls();
}

async function showCalls() {
  byId("views").textContent = String(views);
  try {
    const { calls } = await (await fetch("/upstream.json")).json();
    byId("calls").textContent = String(calls);
  } catch {
    byId("calls").textContent = "?";
  }
}

function busy(id, is) {
  byId(id).toggleAttribute("data-busy", is);
  byId(id).disabled = is;
}
