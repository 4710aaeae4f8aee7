// <plaudit-reviews> in every engine.
import { inEveryEngine } from "./scenario.mjs";
import { elementsReviews } from "./scenarios/elements-reviews.mjs";

await inEveryEngine(elementsReviews);
