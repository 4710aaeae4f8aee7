// What the tests in this folder share.
import { readFileSync } from "node:fs";
import { NOW } from "../kit.mjs";

export { argumentsOf } from "../arguments.mjs";
export { assertSilent, eachStrange, fails, NOW, rejects, shownOf } from "../kit.mjs";

export const readJson = (path) =>
  JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8"));

/** A clock that stands still, and passes only when it is told to. */
export function fakeTime(t) {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: NOW });
  return {
    /** Lets `ms` pass in steps, and what is due happen between them. */
    async pass(ms, step = ms / 20) {
      await settle();
      for (let left = ms; left > 0; left -= step) {
        t.mock.timers.tick(Math.min(step, left));
        await settle();
      }
    },
    set: (time) => t.mock.timers.setTime(time),
  };
}

/** Lets promises do what they can. */
export async function settle() {
  for (let turn = 0; turn < 4; turn += 1) await new Promise(setImmediate);
}

/** A sender that notes each request and when it came; `answer` is given its number, from 1. */
export function recorder(answer) {
  const requests = [];
  const send = async (request) => {
    requests.push({ at: Date.now(), url: new URL(request.url), method: request.method, request });
    return answer(requests.length, request);
  };
  return { send, requests };
}

/** How a promise stands: `{ value }`, `{ error }` or nothing yet. */
export function watch(promise) {
  const state = {};
  promise.then(
    (value) => Object.assign(state, { value }),
    (error) => Object.assign(state, { error }),
  );
  return state;
}
