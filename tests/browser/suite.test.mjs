// All browser scenarios, one browser an engine. PLAUDIT_ENGINES=chromium narrows the engines, and
// node's --test-name-pattern the scenarios.

import { inEveryEngine } from "./scenario.mjs";
import { accessibility } from "./scenarios/accessibility.mjs";
import { api } from "./scenarios/api.mjs";
import { broker } from "./scenarios/broker.mjs";
import { callbacks } from "./scenarios/callbacks.mjs";
import { client } from "./scenarios/client.mjs";
import { gallery } from "./scenarios/gallery.mjs";
import { galleryTrustbox } from "./scenarios/gallery-trustbox.mjs";
import { history } from "./scenarios/history.mjs";
import { pages } from "./scenarios/pages.mjs";
import { popups } from "./scenarios/popups.mjs";
import { redirects } from "./scenarios/redirects.mjs";
import { sandbox } from "./scenarios/sandbox.mjs";
import { sessions } from "./scenarios/sessions.mjs";
import { watch } from "./scenarios/watch.mjs";

const topics = [
  watch,
  redirects,
  popups,
  callbacks,
  history,
  sessions,
  pages,
  client,
  api,
  accessibility,
  sandbox,
  broker,
  gallery,
  galleryTrustbox,
];

await inEveryEngine(
  (scenario, context) => {
    for (const define of topics) define(scenario, context);
  },
  // As a user's browser has it: a window opens in a click's handler or not at all.
  { popupBlocker: true },
);
