// The sandbox's page: makes a form of each address, sends it, shows the answer. Text from answers
// only ever becomes text.
const root = new URL("..", import.meta.url).pathname.replace(/\/$/, "");
const byId = (id) => document.getElementById(id);
const [panel, overview, note, filter] = ["panel", "overview", "note", "filter"].map(byId);
const links = [...document.querySelectorAll("a[data-route]")];

const DEMO = { key: "plaudit-demo-key", trustoo: "plaudit-demo-trustoo" };
const secret = "plaudit-demo-secret";
const TOKENS = "/v1/oauth/oauth-business-users-for-applications";
/** Bodies to begin with, where the table of routes has none. */
const BODIES = {
  [`POST ${TOKENS}/accesstoken`]: new URLSearchParams({
    grant_type: "password",
    client_id: DEMO.key,
    client_secret: secret,
    username: "demo@example.com",
    password: "plaudit",
  }).toString(),
  [`POST ${TOKENS}/refresh`]: `grant_type=refresh_token&client_id=${DEMO.key}&client_secret=${secret}&refresh_token=`,
  [`POST ${TOKENS}/revoke`]: "token=",
  "POST /trustoo/api/v1/openapi/oauth/token": json({
    grant_type: "authorization_code",
    client_id: DEMO.trustoo,
    client_secret: secret,
    code: "",
    redirect_uri: `${location.origin}${root}/`,
  }),
  "POST /trustoo/api/v1/openapi/oauth_revoke_token": json({
    client_id: DEMO.trustoo,
    client_secret: secret,
    token: "",
  }),
  "POST /__sandbox/reset": json({ only: ["requests"] }),
  "POST /__sandbox/clock": json({ advance: 60_000 }),
  "POST /__sandbox/faults": json({ fault: "503", times: 1, match: { route: "/v1/*" } }),
  "POST /__sandbox/config": json({ state_echo: "always" }),
  "POST /__sandbox/snapshot": "{}",
  "POST /__sandbox/restore": json({ id: "s1" }),
};
/** More text than this is not coloured: it would take longer than it helps. */
const COLOURED = 100_000;

/** What the page was given by a sign-in or a token endpoint; it is nowhere but here. */
let token = "";
let running;

function json(value) {
  return JSON.stringify(value, null, 2);
}

/** Makes an element: properties, then children. */
function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in element && typeof value !== "string") element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

const read = async (what) => (await fetch(`${root}/__sandbox/${what}`)).json();
const hashOf = ({ method, path }) => `#${encodeURIComponent(`${method} ${path}`)}`;

const [{ routes }, { kinds }] = await Promise.all([read("routes"), read("faults")]);
const known = new Map(routes.map((route) => [hashOf(route), route]));

for (const link of links) {
  const [method, path] = link.dataset.route.split(" ");
  link.href = hashOf({ method, path });
}
byId("home").href = "#overview";
document.querySelector(".find").hidden = false;
filter.addEventListener("input", () => {
  const words = filter.value.toLowerCase().split(/\s+/);
  let shown = 0;
  for (const link of links) {
    const text = link.textContent.toLowerCase();
    const fits = words.every((word) => text.includes(word));
    link.parentElement.hidden = !fits;
    shown += fits ? 1 : 0;
  }
  for (const section of document.querySelectorAll("nav section")) {
    section.hidden = !section.querySelector("li:not([hidden])");
  }
  byId("matches").textContent = filter.value ? `${shown} of ${links.length}` : "";
});

/** One field with its label; gives the row and the control. */
function field(label, control, hint = null) {
  control.id = `field-${label.replace(/\W+/g, "-")}`;
  const parts = [make("label", { for: control.id }, label), control];
  if (hint) {
    control.setAttribute("aria-describedby", `${control.id}-hint`);
    parts.push(make("p", { id: `${control.id}-hint`, class: "hint" }, hint));
  }
  return make("div", { class: "field" }, ...parts);
}

const input = (value, more = {}) =>
  make("input", { value, autocomplete: "off", spellcheck: "false", ...more });

/** Which part of the example stands for each name in the path. */
function pathValues({ path, example }) {
  const parts = example.split("?")[0].split("/");
  const names = [...path.split("/").entries()].filter(([, part]) => part.startsWith("{"));
  return names.map(([at, part]) => [part.slice(1, -1), parts[at] ?? ""]);
}

/** What begins the fields of a sign-in page. */
const signIn = (path) => ({
  client_id: path.startsWith("/trustoo") ? DEMO.trustoo : DEMO.key,
  redirect_uri: `${location.origin}${root}/`,
  response_type: path.startsWith("/trustoo") ? "code" : "token",
  state: "from-the-sandbox-page",
});

function faultFields(area) {
  const select = make("select");
  select.append(make("option", { value: "" }, "none"));
  for (const kind of kinds.filter((kind) => kind.area === area)) {
    select.append(make("option", { value: kind.id }, `${kind.id}: ${kind.title}`));
  }
  const more = make("div", { class: "fields" });
  const about = make("p", { class: "hint", role: "status" });
  select.addEventListener("change", () => {
    const kind = kinds.find(({ id }) => id === select.value);
    about.textContent = kind?.description ?? "";
    const names = kind ? [...(area === "api" ? ["ms"] : []), ...kind.options] : [];
    more.replaceChildren(
      ...names.map((name) => field(`Fault: ${name}`, input("", { "data-option": name }))),
    );
  });
  const text = () => {
    const options = [...more.querySelectorAll("input")].filter(({ value }) => value !== "");
    const pairs = options.map((one) => `;${one.dataset.option.replace("_", "-")}=${one.value}`);
    return select.value && select.value + pairs.join("");
  };
  return { row: field("Fault", select), about, more, text };
}

const OPENED_BY = {
  key: "opened by an API key or a bearer token",
  bearer: "opened by a bearer token",
  signed: "opened by a bearer token or a signature",
  client: "opened by the client's id and secret in the query",
};

/** Shows the form of an address. */
function show(route) {
  const { method, path, area, access, example } = route;
  const isPage = area === "authorize" && method === "GET";
  const isControl = area === "control";
  const given = new URLSearchParams(example.split("?")[1]);
  const starting = isPage ? Object.entries(signIn(path)) : [];
  const names = isPage ? [...starting.map(([name]) => name), "scope"] : [...route.query];
  if (method === "GET" && path === "/__sandbox/requests") names.push("method", "route", "since");
  const value = (name) => given.get(name) ?? Object.fromEntries(starting)[name] ?? "";

  const inPath = pathValues(route).map(([name, text]) => [name, input(text, { required: true })]);
  const inQuery = names.map((name) => [name, input(value(name))]);
  const key = access === "key" ? input(DEMO.key) : null;
  const bearer = access === "bearer" || access === "signed" ? input(token) : null;
  const hasBody = ["POST", "PUT"].includes(method) && area !== "authorize";
  const text = route.example_body ?? BODIES[`${method} ${path}`] ?? "";
  const rows = String(Math.min(text.split("\n").length + 2, 16));
  const body = hasBody ? make("textarea", { rows, spellcheck: "false" }) : null;
  if (body) body.value = text;
  const fault = isControl ? null : faultFields(area === "authorize" ? "redirect" : "api");

  const group = (title, rows) =>
    rows.length > 0
      ? make("fieldset", {}, make("legend", {}, title), make("div", { class: "fields" }, ...rows))
      : null;
  const send = make("button", { class: "primary" }, isPage ? "Open" : "Send");
  const stop = make("button", { type: "button", hidden: true }, "Stop");
  const form = make(
    "form",
    {},
    group(
      "Path",
      inPath.map(([name, control]) => field(name, control)),
    ),
    group(
      "Query",
      inQuery.map(([name, control]) => field(name, control)),
    ),
    group("Body", body ? [field("JSON or a form", body)] : []),
    make(
      "div",
      { class: "fields" },
      key && field("API key", key),
      bearer && field("Bearer token", bearer, "A sign-in, or the token endpoint, fills it in."),
      fault?.row ?? null,
    ),
    fault?.about ?? null,
    fault?.more ?? null,
    make("p", { class: "actions" }, send, stop),
  );
  const answer = make("div", { id: "answer" });

  const target = () => {
    let at = 0;
    const filled = path.replace(/\{\w+\}/g, () => encodeURIComponent(inPath[at++][1].value));
    const query = new URLSearchParams(
      inQuery
        .filter(([, control]) => control.value !== "")
        .map(([name, { value }]) => [name, value]),
    );
    if (fault?.text()) query.set("__fault", fault.text());
    return `${root}${filled}${query.size > 0 ? `?${query}` : ""}`;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isPage) {
      location.assign(target());
      return;
    }
    const headers = {};
    if (key?.value) headers.apikey = key.value;
    if (bearer?.value) headers.authorization = `Bearer ${bearer.value}`;
    if (body?.value) {
      const isJson = /^\s*[[{]/.test(body.value);
      headers["content-type"] = isJson ? "application/json" : "application/x-www-form-urlencoded";
    }
    running?.abort();
    running = new AbortController();
    send.disabled = true;
    stop.hidden = false;
    const asked = { method, url: location.origin + target(), headers, body: body?.value || null };
    await ask(asked, answer, running.signal);
    send.disabled = false;
    stop.hidden = true;
  });
  stop.addEventListener("click", () => running?.abort());

  const facts = [
    route.official && `Trustpilot's collection: ${route.official}`,
    OPENED_BY[access],
    route.unverified && `not verified: ${route.unverified}`,
  ].filter(Boolean);
  const page = hashOf({ method: "GET", path });
  const isForm = area === "authorize" && method === "POST";
  const heading = make(
    "h1",
    { tabindex: "-1" },
    make("span", { class: `verb ${method.toLowerCase()}` }, method),
    " ",
    make("code", {}, ...path.split(/(?=\/)/).flatMap((part) => [part, make("wbr")])),
  );
  panel.replaceChildren(
    make("p", { class: "back" }, make("a", { href: "#" }, "All addresses")),
    heading,
    make("p", {}, route.description),
    make("ul", { class: "tags" }, ...facts.map((fact) => make("li", {}, fact))),
    ...(isForm ? [make("a", { href: page }, "Open the page that sends it")] : [form, answer]),
  );
  return heading;
}

/** Sends a request and shows what comes of it. */
async function ask({ method, url, headers, body }, answer, signal) {
  const state = make("p", { class: "state", role: "status" }, "Waiting for an answer\u2026");
  answer.replaceChildren(make("h2", {}, "Answer"), state);
  answer.scrollIntoView({ block: "nearest" });
  const parts = ["curl", ...(method === "GET" ? [] : ["-X", method])];
  for (const [name, value] of Object.entries(headers)) parts.push("-H", quote(`${name}: ${value}`));
  if (body) parts.push("--data", quote(body));
  const request = make("details", {}, make("summary", {}, "Request"));
  request.append(block("As a command", [...parts, quote(url)].join(" ")));
  answer.append(request);
  const start = performance.now();
  const took = () => `${Math.round(performance.now() - start)} ms`;
  let text = "";
  try {
    const response = await fetch(url, { method, headers, body, signal });
    const status = `${response.status} ${response.statusText}`.trim();
    const pill = make("strong", { class: response.ok ? "good" : "bad" }, status);
    state.replaceChildren(pill, ` ${took()}`);
    const lines = [...response.headers].map(([name, value]) => `${name}: ${value}`);
    const shown = make("details", {}, make("summary", {}, `Headers (${lines.length})`));
    shown.append(block("Headers", lines.join("\n")));
    answer.append(shown);
    text = await response.text();
    state.append(`, ${new TextEncoder().encode(text).length.toLocaleString("en")} bytes`);
  } catch (error) {
    const stopped = error.name === "AbortError";
    const why = stopped ? "Stopped" : `No whole answer: ${error.message}`;
    const pill = make("strong", { class: stopped ? "soft" : "bad" }, why);
    // what came of it before stays: a status, where the body broke off
    const before = state.querySelector("strong");
    state.replaceChildren(...(before ? [before, " "] : []), pill, ` ${took()}`);
  }
  if (text === "") return;
  showBody(text, answer);
  answer.scrollIntoView({ block: "nearest" });
}

function showBody(text, answer) {
  try {
    const value = JSON.parse(text);
    remember(value);
    const pretty = json(value);
    answer.append(block("Body", pretty, pretty.length <= COLOURED));
  } catch {
    answer.append(make("p", { class: "hint" }, "The body is no JSON."), block("Body", text));
  }
}

/** An access token that an answer holds is for the fields that ask for one. */
function remember(value) {
  const found = value?.access_token ?? value?.data?.access_token;
  if (typeof found !== "string") return;
  token = found;
  note.textContent = "There is a token now: it stands in every field that asks for one.";
}

const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** Text that scrolls by itself, and by the keyboard. */
function block(label, text, isColoured = false) {
  const pre = make("pre", { tabindex: "0", role: "region", "aria-label": label });
  if (isColoured) pre.append(...colours(text));
  else pre.textContent = text;
  return pre;
}

/** JSON with names, texts and the rest apart. */
function* colours(text) {
  let at = 0;
  for (const match of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|-?\d[\d.eE+-]*|true|false|null/g)) {
    yield text.slice(at, match.index);
    const [all, string, colon] = match;
    const kind = string ? (colon ? "name" : "text") : "value";
    yield make("span", { class: kind }, string ?? all);
    yield colon ?? "";
    at = match.index + all.length;
  }
  yield text.slice(at);
}

/** Shows what the address bar names. `focus` where a person came from another one. */
function view(focus) {
  running?.abort();
  const route = known.get(location.hash);
  panel.hidden = !route;
  overview.hidden = Boolean(route);
  document.body.classList.toggle("picked", Boolean(route));
  const heading = route ? show(route) : overview.querySelector("h1");
  document.title = route ? `${route.method} ${route.path}` : "plaudit sandbox";
  for (const link of [...links, byId("home")]) {
    const isHere = route ? link.getAttribute("href") === hashOf(route) : link.id === "home";
    if (isHere) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (focus) heading.focus({ preventScroll: true });
  if (focus && route) scrollTo({ top: 0 });
}

/** Takes what a sign-in came back with out of the address. */
function comeBack() {
  const parts = new URLSearchParams(`${location.search.slice(1)}&${location.hash.slice(1)}`);
  if (!["access_token", "code", "error"].some((name) => parts.has(name))) return;
  history.replaceState(null, "", `${root}/`);
  if (parts.has("access_token")) remember({ access_token: parts.get("access_token") });
  else if (parts.has("code")) note.textContent = `A code came back: ${parts.get("code")}`;
  else note.textContent = `The sign-in came back with an error: ${parts.get("error")}`;
}

comeBack();
addEventListener("hashchange", () => view(true));
view(false);
document.documentElement.dataset.ready = "";
