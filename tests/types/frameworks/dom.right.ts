import "plaudit/elements";

const rating = document.createElement("plaudit-rating");
rating.businessUnit = "46d6a890000064000500e0c3";
rating.value = 4.5;
rating.data = { rating: null };
rating.addEventListener("plaudit-load", (event) => event.detail.from === "markup");
export const state = document.querySelector("plaudit-badge")?.state === "offline";
