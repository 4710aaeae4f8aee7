import type {} from "plaudit/elements/svelte";
import type { SvelteHTMLElements } from "svelte/elements";

export const rating: SvelteHTMLElements["plaudit-rating"] = {
  class: "mine",
  "business-unit": "46d6a890000064000500e0c3",
  provider: "trustpilot",
  value: 4.5,
  data: { rating: null },
  "onplaudit-load": (event) => event.detail.from === "markup" && event.currentTarget.state,
  "on:plaudit-error": ({ detail }) => detail.code,
};
export const signIn: SvelteHTMLElements["plaudit-sign-in"] = {
  auth: null,
  "onplaudit-sign-in": ({ detail }) => detail.kind,
};
