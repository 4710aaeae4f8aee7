// The demo's gallery of elements in every engine.
import { inEveryEngine } from "./scenario.mjs";
import { gallery } from "./scenarios/gallery.mjs";
import { galleryTrustbox } from "./scenarios/gallery-trustbox.mjs";

const topics = [gallery, galleryTrustbox];

await inEveryEngine(
  (scenario, context) => {
    for (const define of topics) define(scenario, context);
  },
  { popupBlocker: true },
);
