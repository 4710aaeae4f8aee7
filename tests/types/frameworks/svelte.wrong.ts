import type {} from "plaudit/elements/svelte";
import type { SvelteHTMLElements } from "svelte/elements";

export const wrong: SvelteHTMLElements["plaudit-rating"][] = [
  { value: {} },
  { provider: "yelp" },
  { data: "text" },
  { "onplaudit-load": (event) => event.detail.nonsense },
];
export const signIn: SvelteHTMLElements["plaudit-sign-in"][] = [{ auth: "text" }];
