import "plaudit/elements";
import type { PlauditError, Rating, Review } from "plaudit/elements";

const rating = document.createElement("plaudit-rating");
rating.businessUnit = "46d6a890000064000500e0c3";
rating.value = 4.5;
rating.data = { rating: null };
rating.addEventListener("plaudit-load", (event) => event.detail.from === "markup");
export const state = document.querySelector("plaudit-badge")?.state === "offline";

document.addEventListener("plaudit-load", ({ detail }) => console.log(detail.rating?.value));
document.addEventListener("plaudit-error", ({ target, detail }) => {
  target.hidden = true;
  console.log(detail.code);
});
window.addEventListener("plaudit-filter", ({ detail }) => detail.stars.join());
document.body.addEventListener("plaudit-sign-in", ({ detail }) => detail.kind);
document.addEventListener("plaudit-sign-out", (event: CustomEvent<null>) => event.detail);
export const told: PlauditError | null = rating.error;
export const common = (one: Rating, review: Review) => [one.value, review.author];
