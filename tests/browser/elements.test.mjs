// plaudit/elements in every engine. PLAUDIT_ENGINES=chromium narrows the engines, and node's
// --test-name-pattern the scenarios.

import { inEveryEngine } from "./scenario.mjs";
import { back } from "./scenarios/elements-back.mjs";
import { changes } from "./scenarios/elements-changes.mjs";
import { drawing } from "./scenarios/elements-drawing.mjs";
import { life } from "./scenarios/elements-life.mjs";
import { loading } from "./scenarios/elements-loading.mjs";
import { many } from "./scenarios/elements-many.mjs";
import { painting } from "./scenarios/elements-painted.mjs";

const topics = [back, changes, drawing, life, loading, many, painting];

await inEveryEngine((scenario, context) => {
  for (const define of topics) define(scenario, context);
});
