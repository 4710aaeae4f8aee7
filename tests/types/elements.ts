// Compiled, never run: the elements as TypeScript sees them. By tests/types/types.test.mjs.
import "plaudit/elements";
import { createClient } from "plaudit";
import {
  type FilterDetail,
  type LoadDetail,
  PlauditRating,
  type WidgetData,
  type WidgetState,
} from "plaudit/elements/pure";

const rating = document.createElement("plaudit-rating");
export const same: PlauditRating = rating;
export const isOurs = document.querySelector("plaudit-badge") instanceof PlauditRating;

rating.value = 4.5;
rating.count = null;
rating.provider = "trustoo";
rating.loading = "eager";
rating.businessUnit = "46d6a890000064000500e0c3";
rating.client = createClient({ provider: "trustpilot", proxy: "/broker/api" });
rating.client = null;
rating.data = { rating: null };
rating.refresh();
// @ts-expect-error a score is a number
rating.value = "4.5";
// @ts-expect-error one of two
rating.provider = "elsewhere";
// @ts-expect-error it is what it is
rating.state = "ready";
// @ts-expect-error no such attribute
rating.busynessUnit = "x";
// @ts-expect-error a star drawing fetches nothing
document.createElement("plaudit-stars").data = null;

export const state: WidgetState = rating.state;
export const code: string | undefined = rating.error?.code;
export const data: WidgetData | null = rating.data;

rating.addEventListener("plaudit-load", ({ detail }) => {
  const same: LoadDetail = detail;
  return same.from === "network" && same.rating?.value;
});
rating.addEventListener("plaudit-error", ({ detail }) => detail.code === "rate_limited");
rating.addEventListener("click", ({ clientX }) => clientX, { once: true });
rating.addEventListener("theirs", (event: Event) => event.type);
// @ts-expect-error the error is no data
rating.addEventListener("plaudit-error", ({ detail }) => detail.rating);
// @ts-expect-error a click is no event of ours
rating.addEventListener("click", ({ detail }) => detail.rating);
const hear = ({ detail }: CustomEvent<FilterDetail>) => detail.stars.join();
const histogram = document.createElement("plaudit-histogram");
histogram.addEventListener("plaudit-filter", hear);
histogram.removeEventListener("plaudit-filter", hear);
histogram.for = "reviews";
document
  .createElement("plaudit-sign-in")
  .addEventListener("plaudit-sign-in", ({ detail }) => detail.kind);
