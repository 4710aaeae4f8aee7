// The gallery: one element at a time, live, in the options chosen; the address keeps them.
import config from "/config.js";
import "/plaudit/elements.js";
import { createClient } from "/plaudit/index.js";
import { byId, el } from "./dom.js";
import { DATA, ELEMENTS, FAULTS, LANGUAGES, OPTIONS, THEMES } from "./gallery-parts.js";
import { markupOf } from "./markup.js";
import { copy, createMessage } from "./message.js";
import * as shop from "./shop.js";
import * as trustbox from "./trustbox.js";

/** Pixels; more is as wide as there is room. */
const FULL = 700;
const TRUSTBOX = trustbox.TAG;
/** Milliseconds that another page is shown for. */
const AWAY = 1_200;
const STATES = {
  idle: "Not in the page",
  consent: "Waits for consent",
  loading: "Loading …",
  ready: "Shown",
  empty: "Nothing to show",
  error: "Failed",
  offline: "Out of reach: what was loaded earlier",
  "signed-out": "Signed out",
  "signing-in": "Signing in …",
  "signed-in": "Signed in",
};
const HINTS = {
  [shop.TAG]:
    "Elements that ask alike share what they ask for. A row of the histogram filters the reviews: press one.",
  values: "What stands in the markup is shown at once: no request, no WebAssembly.",
  given: "Data of your own, from your server or your build. Nothing is fetched.",
  rendered:
    "What renderToString() of plaudit/server writes: it is seen before any script runs, and the element takes it over as it is. No request, no WebAssembly.",
  [TRUSTBOX]:
    "Script and frame come from widget.trustpilot.com, so your page’s policy must let that in: script-src, frame-src, connect-src. The frame does not follow the page into the dark: theme says which. The link is for readers without script, and for when the frame cannot come.",
  styled:
    "The frame’s colours are Trustpilot’s. These are for what stands in its place: the question for consent, and the word that it could not be loaded.",
  "plaudit-sign-in":
    "With your own key; the demo adds the sandbox’s address. The implicit grant is legacy: with a server, sign people in there. See “With a server”.",
};

const EVENTS = ["load", "error", "consent", "sign-in", "sign-out"].map((it) => `plaudit-${it}`);

const message = createMessage({});
const stage = byId("stage");
const frame = byId("frame");
/** The options; what is not in the address is the first choice. */
const chosen = Object.fromEntries(new URLSearchParams(location.search));
// Who comes back from the platform wants to see the button.
if (/[#&?](access_token|error)=/.test(location.hash)) chosen.element = "sign-in";
/** Those that are shown: several in a shop. */
let members = [];
/** The first of them, whose state is told. */
let element;
/** What stands in the frame, and has the theme. */
let shown;
/** What the server wrote of it, where it did. */
let markup = null;
let began = 0;
let requests = 0;
/** How often something was shown. */
let turn = 0;
let later;

start();

async function start() {
  picker();
  await fault(current(FAULTS, "platform"), { quietly: true });
  await trustbox.setScript(current(trustbox.SCRIPT_FAULTS, "script"));
  show();
  byId("width").addEventListener("input", ({ target }) => {
    choose("width", target.value === target.max ? "" : target.value, {
      anew: false,
      isMoving: true,
    });
  });
  for (const id of ["width", "controls"]) byId(id).addEventListener("change", keep);
  new ResizeObserver(() => requestAnimationFrame(setWidth)).observe(stage);
  byId("again").addEventListener("click", () => show());
  byId("copy").addEventListener("click", () => copy(byId("code").textContent, message));
  // What a button in the element begins is measured from there.
  frame.addEventListener("click", measure, { capture: true });
  byId("leave").addEventListener("click", leave);
  byId("render").addEventListener("click", () => {
    measure();
    trustbox.renderAgain(element);
  });
  byId("decide").addEventListener("click", () => {
    measure();
    const call = trustbox.decide(element.state === "consent");
    byId("told").replaceChildren(el("code", {}, call));
  });
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
  for (const name of EVENTS) frame.addEventListener(name, (event) => tell(event));
  // What goes wrong here goes wrong nowhere else.
  addEventListener("pagehide", () => {
    if (current(FAULTS, "platform").rule) navigator.sendBeacon(...healing());
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) fault(current(FAULTS, "platform"), { quietly: true });
  });
  document.documentElement.setAttribute("data-ready", "");
}

/** The chosen one of a list by its id, the first one by default. */
function current(list, name) {
  return list.find(({ id }) => id === chosen[name]) ?? list[0];
}

function kind() {
  return ELEMENTS.find(({ tag }) => idOfTag(tag) === chosen.element) ?? ELEMENTS[0];
}

/** What stands in the address for an element. */
function idOfTag(tag) {
  return tag.replace("plaudit-", "");
}

/** The data that an element can take. */
function offered({ tag }) {
  return DATA.filter(({ only, not }) => only.includes(tag) && !not.includes(tag));
}

function choose(name, value, { anew = true, isMoving = false } = {}) {
  // Whoever has to agree has not done so before.
  if (name === "consent") trustbox.decide(false);
  if (value) chosen[name] = value;
  else delete chosen[name];
  if (!isMoving) keep();
  if (anew) show();
  else dress();
}

/** The address has what was chosen; a little later where a browser had enough changes of it. */
function keep() {
  clearTimeout(later);
  const query = String(new URLSearchParams(chosen));
  if (query === location.search.slice(1)) return;
  try {
    history.replaceState(history.state, "", query ? `?${query}` : location.pathname);
  } catch {
    later = setTimeout(keep, 2_000);
  }
}

// ---- what is shown

function measure() {
  requests = 0;
  began = performance.now();
}

async function show() {
  const { tag, name } = kind();
  const data = current(offered({ tag }), "data");
  turn += 1;
  const mine = turn;
  const made = data?.id === "rendered" ? await byServer(tag) : null;
  // something else was chosen meanwhile
  if (mine !== turn) return;
  measure();
  byId("stage-title").textContent = name;
  byId("told").textContent = "";
  controls(tag);
  // It follows its attributes, and keeps what the visitor allowed.
  const isKept = tag === TRUSTBOX && element?.localName === tag && element.isConnected;
  if (!isKept) {
    if (tag === shop.TAG) ({ page: shown, members } = shop.makeShop(attributes(tag, data)));
    else {
      shown = made ?? (tag === TRUSTBOX ? trustbox.makeTrustbox() : document.createElement(tag));
      members = [shown];
      if (!made) {
        for (const [attribute, value] of attributes(tag, data)) {
          shown.setAttribute(attribute, value);
        }
      }
    }
    [element] = members;
    markup = made?.outerHTML ?? null;
    const asks = data?.attributes && client(data.attributes, tag === shop.TAG);
    for (const it of members) {
      if (data?.data) it.data = data.data;
      else if (asks) it.client = asks;
    }
    frame.dataset.tag = tag;
    frame.replaceChildren(shown);
    watch();
  }
  dress();
}

/** As a router does it: another page, and this one anew. */
async function leave() {
  turn += 1;
  const mine = turn;
  const away = el(
    "p",
    { class: "away" },
    "Another page of your application: frame, listeners and timers are gone.",
  );
  away.style.setProperty("min-block-size", `${element.offsetHeight}px`);
  frame.replaceChildren(away);
  byId("told").textContent = "";
  await new Promise((done) => setTimeout(done, AWAY));
  if (mine === turn) show();
}

/** The element as the demo's server writes it, its root still in its template. */
async function byServer(tag) {
  const [locale, , dir = ""] = languageOf();
  const { layout = "list" } = chosen;
  try {
    const answer = await fetch(`/rendered/${tag}?${new URLSearchParams({ locale, dir, layout })}`);
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
    return answer.ok ? document.adoptNode(parsed.body.firstElementChild) : null;
  } catch {
    return null;
  }
}

/**
 * A client of its own, so that each choice is seen as a visitor's first. What elements of one page ask
 * for is kept for the others of it.
 */
function client({ provider = "trustpilot", proxy }, isPage) {
  return createClient({
    provider,
    proxy,
    ...(!isPage && { cache: false }),
    fetch(request) {
      requests += 1;
      return fetch(request);
    },
  });
}

function attributes(tag, data) {
  if (tag === TRUSTBOX) return trustbox.attributesOf(chosen);
  const given = Object.entries(data?.attributes ?? {});
  if (tag === "plaudit-stars" || data?.id === "values") {
    given.push(["value", chosen.value ?? "4.6"], ["count", "1234"]);
    if (tag !== "plaudit-stars")
      given.push(["href", "https://www.trustpilot.com/review/example.com"]);
  }
  if (tag === "plaudit-sign-in") {
    given.push(["client-id", config.clientId], ["endpoint", `${config.sandbox}/authenticate`]);
  }
  for (const { name, choices } of OPTIONS[tag] ?? []) {
    const value = chosen[name];
    if (choices ? choices.indexOf(value) > 0 : value) given.push([name, choices ? value : ""]);
  }
  const [language, , direction] = languageOf();
  if (language !== "en") given.push(["locale", language]);
  if (direction) given.push(["dir", direction]);
  return given;
}

/** The language chosen; of a locale, its language. */
const languageOf = () =>
  LANGUAGES.find(([id]) => id === chosen.locale?.split("-", 1)[0]) ?? LANGUAGES[0];

/** The themes that an element has a use for. */
const themesOf = (tag) =>
  tag === TRUSTBOX ? THEMES.map(trustbox.themeFor).filter((it) => it !== null) : THEMES;

/** What changes without a new element: width, theme, and the markup. */
function dress() {
  const { tag } = kind();
  const theme = current(themesOf(tag), "theme");
  stage.dataset.theme = theme.id;
  for (const { css = {} } of THEMES) {
    for (const name of Object.keys(css)) shown.style.removeProperty(name);
  }
  for (const [name, value] of Object.entries(theme.css ?? {})) shown.style.setProperty(name, value);
  setWidth();
  const data = current(offered({ tag }), "data");
  const given = attributes(tag, data);
  if (tag === TRUSTBOX) trustbox.update(element, given);
  byId("code").replaceChildren(
    ...markupOf({
      tag: tag === shop.TAG ? "body" : tag,
      elements: pasted(tag, given),
      theme,
      data: data?.data,
      markup,
      entry: tag === TRUSTBOX ? "trustbox" : "elements",
    }),
  );
  const hint = tag === TRUSTBOX && theme.css ? HINTS.styled : HINTS[tag];
  byId("code-hint").textContent = hint ?? HINTS[data?.id] ?? hintOf(data);
}

/** As wide as chosen; a slider to where nothing changes any more would be none. */
function setWidth() {
  const { paddingInlineStart, paddingInlineEnd } = getComputedStyle(stage);
  const room =
    stage.clientWidth - Number.parseFloat(paddingInlineStart) - Number.parseFloat(paddingInlineEnd);
  const slider = byId("width");
  const most = Math.max(Number(slider.min) + 10, Math.min(FULL, Math.floor(room / 10) * 10));
  const width = Math.min(Number(chosen.width) || FULL, most);
  slider.max = String(most);
  slider.value = String(width);
  frame.toggleAttribute("data-full", width === most);
  frame.style.setProperty("inline-size", width < most ? `${width}px` : "");
  byId("width-text").textContent = width < most ? `${width} px` : "Full";
}

/** The elements of the markup, as [tag, attributes, children]. */
function pasted(tag, given) {
  if (tag === shop.TAG) return shop.partsOf(given);
  if (tag === TRUSTBOX) return [[tag, given, trustbox.LINK]];
  return [[tag, tag === "plaudit-sign-in" ? ofYours(given) : given]];
}

/** Attributes as a page of one's own has them: the sandbox is nowhere but here. */
function ofYours(given) {
  return given
    .filter(([name]) => name !== "endpoint")
    .map(([name, value]) => [name, name === "client-id" ? "your-api-key" : value]);
}

function hintOf(data) {
  return data?.attributes
    ? `${data.attributes.proxy} is a server’s address that adds the key, such as plaudit’s broker; so no key stands in the page.`
    : "";
}

/** Says what the element is in. */
function watch() {
  const mine = element;
  const look = () => {
    if (mine !== element) return;
    const state = mine.state ?? "ready";
    const text = STATES[state] ?? state;
    byId("stage-state").dataset.state = state;
    // A reader hears of a change, not of each frame.
    if (byId("stage-state-text").textContent !== text) byId("stage-state-text").textContent = text;
    const offer = state === "consent" ? "Agree for the whole page" : "Take consent back";
    if (byId("decide").textContent !== offer) byId("decide").textContent = offer;
    requestAnimationFrame(look);
  };
  look();
}

function tell({ type, detail }) {
  const took = Math.round(performance.now() - began);
  const asked = requests === 1 ? "1 request" : `${requests} requests`;
  const what = detail?.code ? `${type}: ${detail.code}` : type;
  const isTrustbox = kind().tag === TRUSTBOX;
  if (isTrustbox && type === "plaudit-load") trustbox.labelFrame(detail);
  byId("told").replaceChildren(
    el("code", {}, what),
    /sign|consent/.test(type) ? "" : ` after ${took} ms${isTrustbox ? "" : `, ${asked}`}`,
  );
}

// ---- what can be chosen

function radio(name, id, label, isChecked, onChoose, more = null) {
  const input = el("input", { type: "radio", name, value: id, checked: isChecked });
  input.addEventListener("change", onChoose);
  return el("label", {}, input, el("span", {}, label, more));
}

function picker() {
  const chosenTag = kind().tag;
  for (const { tag, name, says } of ELEMENTS) {
    const id = idOfTag(tag);
    const more = el("small", {}, says);
    byId("picker").append(
      radio("element", id, name, tag === chosenTag, () => choose("element", id), more),
    );
  }
  for (const one of FAULTS) {
    const isOn = one === current(FAULTS, "platform");
    byId("fault-list").append(radio("platform", one.id, one.name, isOn, () => fault(one)));
  }
  for (const one of trustbox.SCRIPT_FAULTS) {
    const isOn = one === current(trustbox.SCRIPT_FAULTS, "script");
    byId("script-list").append(radio("script", one.id, one.name, isOn, () => scriptFault(one)));
  }
}

/** The fields for an element; those that are there already stay, and with them the focus. */
function controls(tag) {
  const form = byId("controls");
  byId("platform").hidden = !offered({ tag }).some(({ attributes }) => attributes);
  byId("again").hidden = byId("platform").hidden;
  for (const id of ["stand-in", "life", "script"]) byId(id).hidden = tag !== TRUSTBOX;
  byId("decide").hidden = chosen.consent !== "required";
  if (form.dataset.tag === tag && form.dataset.data === (chosen.data ?? "")) return;
  const isOther = form.dataset.tag !== tag;
  form.dataset.tag = tag;
  form.dataset.data = chosen.data ?? "";
  const data = current(offered({ tag }), "data");
  const fields = [];
  const lists = offered({ tag });
  if (lists.length > 0)
    fields.push(
      select(
        "data",
        "Data",
        lists.map(({ id, name }) => [id, name]),
      ),
    );
  if (tag === "plaudit-stars" || data?.id === "values") fields.push(range());
  if (tag === TRUSTBOX) fields.push(...templates());
  for (const option of OPTIONS[tag] ?? []) {
    // the demo's server knows no other choice
    if (data?.id !== "rendered" || option.name === "layout") fields.push(fieldOf(option));
  }
  fields.push(themes(tag));
  fields.push(
    tag === TRUSTBOX
      ? select("locale", "Locale", trustbox.LOCALES, trustbox.localeFor(chosen))
      : select("locale", "Language", LANGUAGES, languageOf()[0]),
  );
  const focused = document.activeElement?.id;
  form.replaceChildren(...fields);
  if (!isOther && focused) byId(focused)?.focus({ preventScroll: true });
}

/** Which template: one of those with a name, or any other by its id. */
function templates() {
  const ANY = "another";
  const template = trustbox.templateOf(chosen);
  const choices = [...trustbox.TEMPLATES, [ANY, "Another id"]];
  const isNamed = trustbox.isNamed(template);
  const input = el("input", {
    type: "text",
    id: "template-id",
    value: isNamed ? trustbox.ANOTHER : template,
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
  });
  const label = el("label", { for: "template-id" }, "Its id");
  const field = el("div", { class: "field", hidden: isNamed }, label, input);
  input.addEventListener("input", () => {
    if (input.value.trim()) choose("template", input.value.trim(), { isMoving: true });
  });
  const own = select("template", "Template", choices, isNamed ? template : ANY, (value) => {
    field.hidden = value !== ANY;
    choose("template", value === ANY ? input.value.trim() || trustbox.ANOTHER : value);
  });
  return [own, field];
}

/** A tile of each theme, in its colours. */
function themes(tag) {
  const tiles = themesOf(tag).map((theme) => {
    const stars = el("plaudit-stars", { value: 4.5 });
    for (const [name, value] of Object.entries(theme.css ?? {}))
      stars.style.setProperty(name, value);
    const isOn = theme.id === current(themesOf(tag), "theme").id;
    const more = el("span", { "aria-hidden": "true" }, stars);
    const tile = radio(
      "theme",
      theme.id,
      theme.name,
      isOn,
      () => choose("theme", idOf(theme), { anew: false }),
      more,
    );
    tile.lastElementChild.dataset.theme = theme.id;
    return tile;
  });
  return el("fieldset", { class: "themes" }, el("legend", {}, "Theme"), ...tiles);
}

/** What stands in the address for it: nothing for the first. */
const idOf = ({ id }) => (id === THEMES[0].id ? "" : id);

function fieldOf({ name, label, kind: type, choices, names = [] }) {
  if (type === "flag") {
    const box = el("input", {
      type: "checkbox",
      role: "switch",
      id: name,
      checked: name in chosen,
    });
    box.addEventListener("change", () => choose(name, box.checked ? "on" : ""));
    const track = el("span", { class: "switch", "aria-hidden": "true" });
    return el("div", { class: "fault" }, el("label", {}, box, track, el("span", {}, label)));
  }
  return select(
    name,
    label,
    choices.map((choice, at) => [choice, names[at] ?? choice]),
  );
}

/** `choices` are [id, text], or [label, choices] for a group of them. */
function select(name, label, choices, value = chosen[name], onChoose = (it) => choose(name, it)) {
  const all = choices.flatMap(([id, text]) => (Array.isArray(text) ? text : [[id, text]]));
  const known = all.some(([id]) => id === value);
  const options = (list) =>
    list.map(([id, text]) =>
      Array.isArray(text)
        ? el("optgroup", { label: id }, ...options(text))
        : el("option", { value: id, selected: id === (known ? value : all[0][0]) }, text),
    );
  const box = el("select", { id: name }, ...options(choices));
  box.addEventListener("change", () => onChoose(box.selectedIndex === 0 ? "" : box.value));
  return el(
    "div",
    { class: "field" },
    el("label", { for: name }, label),
    el("span", { class: "select" }, box),
  );
}

function range() {
  const value = chosen.value ?? "4.6";
  const text = el("output", { for: "value" }, value);
  const input = el("input", { type: "range", id: "value", min: 0, max: 5, step: 0.1, value });
  input.addEventListener("input", () => {
    text.textContent = input.value;
    element.setAttribute("value", input.value);
    choose("value", input.value, { anew: false, isMoving: true });
  });
  return el("div", { class: "field range" }, el("label", { for: "value" }, "Score"), input, text);
}

// ---- what goes wrong

/** What ends all failures of the sandbox: an address, and what is sent there. */
const healing = () => [`${config.sandbox}/__sandbox/reset`, JSON.stringify({ only: ["faults"] })];

/** Makes the platform behave so, for this page's calls. */
async function fault(one, { quietly = false } = {}) {
  const endpoint = `${config.sandbox}/__sandbox/faults`;
  try {
    await fetch(endpoint, { method: "DELETE" });
    if (one.rule) {
      const body = JSON.stringify({ ...one.rule, times: 1_000_000 });
      const headers = { "content-type": "application/json" };
      const answer = await fetch(endpoint, { method: "POST", headers, body });
      if (!answer.ok) throw new Error(`the sandbox answered ${answer.status}`);
    }
  } catch {
    message.show({
      tone: "bad",
      text: "The sandbox did not take that.",
      next: "Is it still running?",
    });
    return;
  }
  if (quietly) return;
  // What is shown stays while there is nothing new: so it is seen.
  if (one.id === "offline" && element.state === "ready" && element.refresh && !members[1]) {
    choose("platform", one.id, { anew: false });
    measure();
    element.refresh();
  } else choose("platform", one.id === "none" ? "" : one.id);
}

/** Makes Trustpilot's own script come so. */
async function scriptFault(one) {
  await trustbox.setScript(one, element);
  choose("script", one.id === "none" ? "" : one.id);
  element.reload?.();
}
