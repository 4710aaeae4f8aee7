// The options of this page, kept so that they are still there after the redirect.

const KEY = "plaudit-demo";
const CHOICES = {
  correlate: ["state", "redirect-uri"],
  storage: ["memory", "session"],
  via: ["header", "query", "token"],
};

export function loadSettings() {
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") ?? {};
  } catch {
    // Storage may be forbidden or hold something else; the defaults do.
  }
  return Object.fromEntries(
    Object.entries(CHOICES).map(([name, values]) => [
      name,
      values.includes(kept[name]) ? kept[name] : values[0],
    ]),
  );
}

export function saveSettings(settings) {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // The choice then lasts until the page is left.
  }
}
