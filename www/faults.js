// "What goes wrong": the sandbox's failures as switches, armed through its control endpoint.
import { byId, el } from "./dom.js";

const AREAS = {
  redirect: { title: "When signing in", order: 0 },
  api: { title: "When calling", order: 1 },
};
// This one asks for a number; the numbers that matter have switches of their own.
const LEFT_OUT = new Set(["status"]);
// A browser repeats a request by itself when a connection that it used before breaks.
const REPEATED = new Set(["cut-before-headers"]);

/** `say(text)` shows a failure of the control endpoint itself. */
export function faultSwitches({ sandbox, say }) {
  const endpoint = `${sandbox}/__sandbox/faults`;
  const list = byId("faults");
  const clear = byId("clear-faults");
  const armedText = byId("faults-armed");
  let switches = new Map();
  let waiting = [];

  async function call(method, { path = "", body } = {}) {
    const response = await fetch(endpoint + path, {
      method,
      headers: body ? { "content-type": "application/json" } : {},
      body: body ? JSON.stringify(body) : undefined,
      cache: "no-store",
    });
    if (!response.ok) throw new Error(`the sandbox answered ${response.status}`);
    return response;
  }

  function show(rules) {
    waiting = rules.filter(isWaiting);
    const armed = new Set(waiting.map((rule) => rule.fault));
    for (const [id, box] of switches) box.checked = armed.has(id);
    const count = [...switches.keys()].filter((id) => armed.has(id)).length;
    clear.disabled = count === 0;
    armedText.textContent = count === 0 ? "" : count === 1 ? "One is on." : `${count} are on.`;
  }

  /** Resolves with how many failures were played since the last time. */
  async function refresh() {
    const before = new Set(waiting.map(({ id }) => id));
    try {
      const { kinds = [], rules = [] } = await (await call("GET")).json();
      if (switches.size === 0) draw(kinds);
      for (const rule of rules.filter(isLeftOver)) await remove(rule);
      show(rules);
      return rules.filter((rule) => before.has(rule.id) && !isWaiting(rule)).length;
    } catch {
      if (switches.size === 0) {
        list.replaceChildren(
          el(
            "p",
            { class: "hint" },
            "The sandbox does not answer. Start the demo anew, then reload.",
          ),
        );
      }
      return 0;
    }
  }

  function remove({ id }) {
    return call("DELETE", { path: `/${encodeURIComponent(id)}` });
  }

  function draw(kinds) {
    switches = new Map();
    const groups = grouped(kinds.filter(({ id }) => !LEFT_OUT.has(id)));
    const areas = [...groups].sort(([a], [b]) => order(a) - order(b));
    list.replaceChildren(...areas.map(([area, members]) => group(area, members)));
  }

  function group(area, members) {
    const title = AREAS[area]?.title ?? area;
    return el(
      "details",
      // On a phone two long lists would push the rest of the page away.
      { class: "fault-group", open: matchMedia("(min-width: 40rem)").matches },
      el("summary", {}, title, el("span", { class: "fault-count" }, String(members.length))),
      el("div", { class: "fault-list", role: "group", "aria-label": title }, ...members.map(row)),
    );
  }

  function row({ id, title, description }) {
    const box = el("input", {
      type: "checkbox",
      role: "switch",
      id: `fault-${id}`,
      "data-fault": id,
      "aria-describedby": description ? `fault-${id}-text` : undefined,
    });
    switches.set(id, box);
    box.addEventListener("change", () => toggle(id, box));
    return el(
      "div",
      { class: "fault" },
      el(
        "label",
        { for: `fault-${id}` },
        box,
        el("span", { class: "switch", "aria-hidden": "true" }),
        el("span", { class: "fault-title" }, title ?? id),
      ),
      description ? el("p", { id: `fault-${id}-text` }, description) : null,
    );
  }

  async function toggle(id, box) {
    box.disabled = true;
    try {
      if (box.checked) await call("POST", { body: { fault: id, times: REPEATED.has(id) ? 9 : 1 } });
      else {
        for (const rule of waiting.filter(({ fault }) => fault === id)) {
          await remove(rule);
        }
      }
    } catch {
      say("The sandbox did not take that. Is it still running?");
    } finally {
      box.disabled = false;
      box.focus({ preventScroll: true });
      await refresh();
    }
  }

  clear.addEventListener("click", async () => {
    try {
      await call("DELETE");
    } catch {
      say("The sandbox did not take that. Is it still running?");
    }
    await refresh();
  });

  return { refresh };
}

// A rule that was played is over: it stays in the sandbox's list, and its switch is off.
function isWaiting({ hits = 0 }) {
  return hits === 0;
}

function isLeftOver({ fault, times, hits = 0 }) {
  return REPEATED.has(fault) && hits > 0 && hits < times;
}

function order(area) {
  return AREAS[area]?.order ?? 9;
}

function grouped(kinds) {
  const groups = new Map();
  for (const kind of kinds) {
    groups.set(kind.area, [...(groups.get(kind.area) ?? []), kind]);
  }
  return groups;
}
