// Compiled, never run: <plaudit-trustbox> as TypeScript sees it. By tests/types/types.test.mjs.
import "plaudit/trustbox";
import {
  consentToTrustbox,
  defineTrustbox,
  loadTrustbox,
  PlauditError,
  type PlauditTrustbox,
  type TrustboxAttributes,
  type TrustboxState,
  type TrustpilotApi,
} from "plaudit/trustbox/pure";

const box = document.createElement("plaudit-trustbox");
export const same: PlauditTrustbox = box;
export const found: PlauditTrustbox | null = document.querySelector("plaudit-trustbox");

box.template = "carousel";
box.template = "677d6738a1b2c3d4e5f60718"; // one of an account's own
box.businessUnit = "46d6a890000064000500e0c3";
box.locale = "da-DK";
box.theme = "dark";
box.stars = [4, 5];
box.stars = "4,5";
box.reviewLanguages = ["en", "da"];
box.scrollToList = true;
box.height = 140;
box.height = null;
box.consent = "required";
// @ts-expect-error there are five stars
box.stars = [6];
// @ts-expect-error a template is a text
box.template = 5;
// @ts-expect-error no such attribute
box.busynessUnit = "x";
// @ts-expect-error it is what it is
box.state = "ready";
// @ts-expect-error an address in markup or by property would let others choose the script
box.src = "https://shop.example/x.js";

export const theme: string | null = box.theme;
export const isScrolling: boolean = box.scrollToList;
export const state: TrustboxState = box.state;
const failure: PlauditError | null = box.error;
export const isOurs = failure instanceof PlauditError;

box.addEventListener("plaudit-load", ({ detail }) => detail.frame.contentWindow);
box.addEventListener("plaudit-error", ({ detail }) => detail.code === "network_error");
box.addEventListener("plaudit-consent", ({ detail }) => detail satisfies null);
box.addEventListener("click", ({ clientX }) => clientX);
box.addEventListener("theirs", (event: Event) => event.type);
// @ts-expect-error the error has no frame
box.addEventListener("plaudit-error", ({ detail }) => detail.frame);
box.allow();
box.revoke();
box.retry();
box.reload();

// What a framework's types for templates are made of.
export const attributes: TrustboxAttributes = {
  template: "micro-star",
  "business-unit": "x",
  "review-languages": ["en"],
  theme: "light",
  height: 24,
};
// @ts-expect-error no such attribute
export const wrong: TrustboxAttributes = { "busyness-unit": "x" };

defineTrustbox({ timeout: 10_000, nonce: "r4nd0m" });
consentToTrustbox(true);
export const api: Promise<TrustpilotApi> = loadTrustbox({
  src: "https://shop.example/trustbox.js",
  policy: { createScriptURL: (address: string) => address },
});
// @ts-expect-error not a policy
void loadTrustbox({ policy: {} });
