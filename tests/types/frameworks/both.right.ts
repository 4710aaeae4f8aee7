import "plaudit/elements";
import "plaudit/trustbox";

document.addEventListener("plaudit-load", ({ detail }) =>
  "frame" in detail ? detail.frame.src : detail.rating?.value,
);
document.addEventListener("plaudit-error", ({ target, detail }) => [target.hidden, detail.code]);
document.addEventListener("plaudit-consent", ({ detail }) => detail satisfies null);
const box = document.createElement("plaudit-trustbox");
box.addEventListener("plaudit-load", ({ detail }) => detail.frame.src);
const rating = document.createElement("plaudit-rating");
rating.addEventListener("plaudit-load", ({ detail }) => detail.rating?.value);
