// The client, and the pages of the demo and of the sandbox, in every engine.
import { inEveryEngine } from "./scenario.mjs";
import { accessibility } from "./scenarios/accessibility.mjs";
import { api } from "./scenarios/api.mjs";
import { broker } from "./scenarios/broker.mjs";
import { client } from "./scenarios/client.mjs";
import { sandbox } from "./scenarios/sandbox.mjs";

const topics = [client, api, accessibility, sandbox, broker];

await inEveryEngine(
  (scenario, context) => {
    for (const define of topics) define(scenario, context);
  },
  { popupBlocker: true },
);
