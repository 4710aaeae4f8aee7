// Signing in, by redirect and in a window of its own, in every engine. PLAUDIT_ENGINES=chromium
// narrows the engines, and node's --test-name-pattern the scenarios.

import { inEveryEngine } from "./scenario.mjs";
import { callbacks } from "./scenarios/callbacks.mjs";
import { history } from "./scenarios/history.mjs";
import { pages } from "./scenarios/pages.mjs";
import { popups } from "./scenarios/popups.mjs";
import { redirects } from "./scenarios/redirects.mjs";
import { sessions } from "./scenarios/sessions.mjs";
import { watch } from "./scenarios/watch.mjs";

const topics = [watch, redirects, popups, callbacks, history, sessions, pages];

await inEveryEngine(
  (scenario, context) => {
    for (const define of topics) define(scenario, context);
  },
  // As a user's browser has it: a window opens in a click's handler or not at all.
  { popupBlocker: true },
);
