// A page with <plaudit-reviews>: the test says what it is given.
import "/plaudit/elements.js";

const here = document.getElementById("here");
const heard = [];
for (const name of ["plaudit-load", "plaudit-error"]) {
  document.addEventListener(name, ({ detail, bubbles, composed }) => {
    const { from, code, reviews } = detail;
    heard.push({ name, from, code, count: reviews?.length, bubbles, composed });
  });
}

/** A review with an id, and what a test wants of it. */
const review = (id, more) => ({
  provider: "trustpilot",
  id,
  stars: 5,
  title: `Title ${id}`,
  text: `Text of ${id}.`,
  language: "en",
  createdAt: "2024-02-01T12:00:00.000Z",
  author: `Author ${id}`,
  reply: null,
  verified: null,
  url: null,
  ...more,
});

/** An element with attributes and data, in the page. */
function make(attributes, data) {
  const element = document.createElement("plaudit-reviews");
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (data) element.data = data;
  here.append(element);
  return element;
}

/** What `look()` gives as soon as it is something. */
const until = async (look) => {
  for (;;) {
    const found = look();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 10));
  }
};

/** A clock that stands still, and what waits for a minute on it. The page's own: tests see copies. */
const clock = {
  now: Date.parse("2026-11-22T12:00:00Z"),
  fake() {
    const timers = new Set();
    const { setTimeout: set, clearTimeout: clear } = window;
    window.setTimeout = (run, delay, ...rest) => {
      const id = set.call(window, run, delay, ...rest);
      if (delay === 60_000) timers.add(id);
      return id;
    };
    window.clearTimeout = (id) => {
      timers.delete(id);
      clear.call(window, id);
    };
    Date.now = () => clock.now;
    return () => timers.size;
  },
  hide(isHidden) {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
    document.dispatchEvent(new Event("visibilitychange"));
  },
};

window.page = {
  clock,
  heard,
  review,
  make,
  reviews: (count) => Array.from({ length: count }, (_, at) => review(`${at}`)),
  /** Its state, when it is not loading. */
  settled: (element = here.lastElementChild) =>
    until(() =>
      ["ready", "empty", "error", "offline"].find((it) => element.matches(`:state(${it})`)),
    ),
  /** When so many reviews are there. */
  grown: (element, count) =>
    until(() => element.shadowRoot?.querySelectorAll("article").length === count),
};
document.documentElement.setAttribute("data-ready", "");
