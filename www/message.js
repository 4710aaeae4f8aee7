// The message that lies over the page: what happened, and what to do next.
import { isPlauditError } from "/plaudit/index.js";
import { byId, el } from "./dom.js";
import { explain } from "./messages.js";

const GOOD_NEWS_FOR = 6000;

/**
 * Connects the message's buttons. `actions` by the name that messages.js gives them:
 * `{ label, run }`.
 */
export function createMessage(actions) {
  const message = byId("message");
  let goodNews;

  byId("message-close").addEventListener("click", hide);
  byId("message-action").addEventListener("click", ({ target }) =>
    actions[target.dataset.action].run(),
  );
  addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && message.dataset.tone !== "none") hide();
  });

  function show({ code = "", tone, text, next, action, chips = [], quote }) {
    clearTimeout(goodNews);
    message.dataset.code = code;
    message.dataset.tone = tone;
    const [said, silent] = tone === "good" ? ["status", "alert"] : ["alert", "status"];
    byId(`message-${silent}`).replaceChildren();
    byId(`message-${said}`).replaceChildren(...sentences({ code, text, next, chips, quote }));

    const offer = byId("message-action");
    offer.hidden = !action;
    offer.textContent = action ? actions[action].label : "";
    offer.dataset.action = action ?? "";
    byId("message-close").hidden = false;
    if (tone === "good") goodNews = setTimeout(hide, GOOD_NEWS_FOR);
  }

  /** Shows a failure of plaudit's; `during` as `explain` takes it. */
  function showFailure(error, during) {
    const words = explain(error, during);
    show({
      code: error.code,
      tone: "bad",
      text: words.text,
      next: words.next,
      action: words.do,
      chips: [error.oauthError, error.status ? `HTTP ${error.status}` : null],
      quote: error.description,
    });
  }

  /** Shows whatever was thrown. */
  function showError(error, during) {
    if (isPlauditError(error)) return showFailure(error, during);
    console.error(error);
    show({
      tone: "bad",
      text: "This page itself stumbled; plaudit did not.",
      next: "Reload the page.",
      action: "reload",
    });
  }

  function hide() {
    clearTimeout(goodNews);
    const hadFocus = message.contains(document.activeElement);
    message.dataset.code = "";
    message.dataset.tone = "none";
    byId("message-alert").replaceChildren();
    byId("message-status").replaceChildren();
    byId("message-action").hidden = true;
    byId("message-close").hidden = true;
    if (hadFocus) byId("main").focus({ preventScroll: true });
  }

  return { show, showFailure, showError, hide };
}

function sentences({ code, text, next, chips, quote }) {
  const lines = [el("p", { class: "message-text" }, text)];
  if (next) lines.push(el("p", { class: "message-next" }, next));
  if (quote) {
    lines.push(el("p", { class: "message-next" }, `The platform says: “${quote.slice(0, 160)}”`));
  }
  const shown = [code, ...chips].filter(Boolean);
  const chip = (content) => el("code", { class: "chip" }, content);
  if (shown.length > 0) lines.push(el("p", { class: "message-chips" }, ...shown.map(chip)));
  return lines;
}

/** A button that says that it is at work. */
export function busy(button, on) {
  button.toggleAttribute("data-busy", on);
  button.setAttribute("aria-busy", String(on));
}

/** Puts an example into the clipboard. */
export async function copy(text, message) {
  try {
    await navigator.clipboard.writeText(text);
    message.show({ tone: "good", text: "The code is in your clipboard.", next: "" });
  } catch {
    message.show({
      tone: "bad",
      text: "The browser did not let this page copy.",
      next: "Select the text by hand.",
    });
  }
}
