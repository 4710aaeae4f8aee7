// A React application around the official widget: StrictMode, hydration, keyed and changing children.
import { createElement as h, StrictMode, useEffect, useState } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server.browser";

window.reactErrors = [];
const options = {
  onRecoverableError: (error) => window.reactErrors.push(String(error)),
  onUncaughtError: (error) => window.reactErrors.push(String(error)),
};

function Reviews() {
  const [{ route, texts, theme, stars, consent }, set] = useState({
    route: "reviews",
    texts: ["Trustpilot"],
    theme: "light",
  });
  // As docs/trustbox.md has it: when the page is hydrated.
  useEffect(() => {
    if (!window.plaudit) window.start();
  }, []);
  window.setReact = (change) => set((state) => ({ ...state, ...change }));
  if (route !== "reviews") return h("p", null, "Another route");
  const href = "https://www.trustpilot.com/review/example.com";
  return h(
    "plaudit-trustbox",
    {
      template: "carousel",
      "business-unit": "x",
      "review-languages": "en,da",
      theme,
      stars,
      consent,
      "onplaudit-load": () => {
        window.reactLoads = (window.reactLoads ?? 0) + 1;
      },
    },
    texts.map((text) => h("a", { key: text, href }, text)),
  );
}

const app = () => h(StrictMode, null, h(Reviews));
window.renderReact = () => {
  const room = document.getElementById("room");
  window.root = createRoot(room, options);
  window.root.render(app());
};
/** As a server would have written it. */
window.reactMarkup = () => renderToString(app());
window.hydrateReact = () => {
  window.root = hydrateRoot(document.getElementById("room"), app(), options);
};
