// A page without elements: a scenario puts them in. What they tell is in `window.told`. With `?late`
// they are defined when the scenario says so.
const told = [];
window.told = told;
for (const name of ["plaudit-load", "plaudit-error", "plaudit-filter"]) {
  document.addEventListener(name, ({ target, detail, bubbles, composed }) => {
    const state = target.state;
    const { from, code, stars } = detail;
    const text = JSON.stringify([detail, `${detail.stack}`]);
    told.push({ name, id: target.id, state, from, code, stars, bubbles, composed, text });
  });
}
/** Puts markup into the page, as a script does. */
window.put = (html) => {
  const main = document.querySelector("main");
  main.innerHTML = html;
  return main.firstElementChild;
};
window.define = () => import("/plaudit/elements.js");
/** When what was set has been drawn, which for a histogram is when its file is here. */
window.drawn = async () => {
  await new Promise((done) => setTimeout(done));
  const isWaiting = ({ data, state }) => data && state === "loading";
  while ([...document.querySelectorAll("plaudit-histogram")].some(isWaiting)) {
    await new Promise((done) => setTimeout(done, 5));
  }
};
/** Waits until `look()` gives something true, at most so many milliseconds, and gives the last. */
window.waitFor = async (look, patience = 20_000) => {
  const end = performance.now() + patience;
  while (!look() && performance.now() < end) await new Promise((done) => setTimeout(done, 5));
  return look();
};
/** When none of these is on its way any more: words of other languages are files. */
window.settled = async (elements) => {
  await window.drawn();
  await window.waitFor(() => elements.every(({ state }) => state !== "loading"), 4_000);
};
/** A rating as a client gives it. */
window.rated = (value = 4.4, count = 1234, distribution = [32, 41, 87, 262, 812]) => ({
  rating: {
    provider: "trustpilot",
    value,
    stars: null,
    count,
    distribution,
    name: "Example",
    url: "https://www.trustpilot.com/review/example.com",
  },
});
/** What a reader of screens is told of an element: names of pictures, and texts that are not hidden. */
window.heard = (element) => {
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.ariaHidden === "true" || node.getAttribute?.("aria-hidden") === "true") return "";
    const label = node.getAttribute?.("aria-label");
    if (label) return ` ${label} `;
    return ` ${[...(node.shadowRoot ?? node).childNodes].map(walk).join("")} `;
  };
  return walk(element).replace(/\s+/g, " ").trim();
};
if (!location.search.includes("late")) {
  await window.define();
}
document.documentElement.setAttribute("data-ready", "");
