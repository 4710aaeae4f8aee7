import "plaudit/elements";

const rating = document.createElement("plaudit-rating");
rating.provider = "yelp";
rating.value = "4.5";
rating.data = 1;
rating.addEventListener("plaudit-load", (event) => event.detail.nonsense);
document.addEventListener("plaudit-load", ({ detail }) => detail.nonsense);
document.addEventListener("plaudit-error", ({ detail }) => detail.rating);
export const state = rating.state === "nonsense";
