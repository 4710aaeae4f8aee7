// The broker's numbers and spans through the real @opentelemetry/api.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { inspect } from "node:util";
import * as api from "@opentelemetry/api";
import { openTelemetry } from "../../dist/server.js";
import { FIND, KEY, makeBroker, unit } from "./broker-support.mjs";

const numbers = [];
const spans = [];

const instrument = (name, options) => {
  const note = (value, attributes) => numbers.push({ name, value, attributes, ...options });
  return { add: note, record: note };
};

/** As much of an SDK as notes what it is given. */
const meters = {
  getMeter: () => ({ createCounter: instrument, createHistogram: instrument }),
};
const tracers = {
  getTracer: (library) => ({
    startActiveSpan(name, { attributes }, work) {
      const span = { library, name, attributes, isEnded: false };
      spans.push(span);
      return work({
        setStatus: (status) => Object.assign(span, { status }),
        end: () => Object.assign(span, { isEnded: true }),
      });
    },
  }),
};

describe("openTelemetry", () => {
  before(() => {
    api.metrics.setGlobalMeterProvider(meters);
    api.trace.setGlobalTracerProvider(tracers);
  });
  after(() => {
    api.metrics.disable();
    api.trace.disable();
  });

  it("counts and times requests and calls, by route", async () => {
    const { ask } = makeBroker(undefined, openTelemetry(api));
    await ask(FIND);
    await ask(FIND);
    const of = (name) => numbers.filter((one) => one.name === name);
    assert.deepEqual(
      of("plaudit.broker.requests").map(({ value, attributes }) => [value, attributes]),
      ["miss", "hit"].map((cache) => [
        1,
        { route: "businessUnits.find", method: "GET", status: 200, cache },
      ]),
    );
    assert.deepEqual(of("plaudit.broker.upstream.calls")[0].attributes, {
      route: "businessUnits.find",
      result: "answer",
    });
    const [{ unit: ms, value }] = of("plaudit.broker.upstream.duration");
    assert.equal(ms, "ms");
    assert.ok(value >= 0);
    assert.deepEqual(spans, [
      {
        library: "plaudit",
        name: "plaudit businessUnits.find",
        attributes: { "plaudit.route": "businessUnits.find" },
        isEnded: true,
      },
    ]);
  });

  it("BF24 failures put nothing of what was sent or said into numbers and spans", async () => {
    const fail = () => Promise.reject(new Error(`planted ${KEY}`));
    const { ask, logs } = makeBroker((_, at) => (at === 1 ? fail() : unit()), openTelemetry(api));
    const headers = { cookie: "a=planted", authorization: "Bearer planted" };
    assert.equal((await ask(`${FIND}&planted=1`, { headers })).status, 400);
    assert.equal((await ask(FIND, { headers })).status, 502);
    await ask("/api/planted", { headers, method: "PLANTED" });
    const shown = inspect([numbers, spans, logs], { depth: 9 });
    for (const secret of ["planted", "PLANTED", KEY]) assert.ok(!shown.includes(secret), shown);
    assert.ok(spans.every(({ isEnded }) => isEnded));
  });

  it("a span that fails says so, and the failure goes on", async () => {
    const { trace } = openTelemetry(api, "shop");
    await assert.rejects(
      trace("work", {}, () => Promise.reject(new Error("planted"))),
      /planted/,
    );
    const { library, status, isEnded } = spans.at(-1);
    assert.deepEqual(
      [library, status, isEnded],
      ["shop", { code: api.SpanStatusCode.ERROR }, true],
    );
  });
});
