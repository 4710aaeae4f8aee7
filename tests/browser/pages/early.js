// Runs before all others, as an analytics script would, and keeps what such a script could see.
// What the console says goes to the test's own server, since only Chromium's driver tells it.
(() => {
  const say = (kind, values) => {
    const texts = values.map((value) =>
      value instanceof Error
        ? `${value.message} ${value.stack} ${JSON.stringify(value)}`
        : String(value),
    );
    navigator.sendBeacon("/log", `${kind}: ${texts.join(" ")}`);
  };
  for (const kind of ["debug", "info", "log", "warn", "error"]) {
    const original = console[kind];
    console[kind] = (...values) => {
      say(kind, values);
      original.apply(console, values);
    };
  }
  addEventListener("error", ({ message, error }) => say("uncaught", [message, error]));
  addEventListener("unhandledrejection", ({ reason }) => say("unhandled", [reason]));

  // A router keeps something of its own in the history.
  history.replaceState({ router: 7 }, "");
  const seen = { start: location.href, length: history.length, events: [], later: [] };
  for (const type of ["hashchange", "popstate"]) {
    addEventListener(type, () => seen.events.push(type));
  }
  window.seen = seen;
})();
