// What the broker's tests share: brokers on a clock that is moved by hand, and requests as browsers
// send them.
import { createBroker } from "plaudit/server";
import { assert } from "../kit.mjs";
import { clock, numbers } from "./clock.mjs";

export const ORIGIN = "https://shop.example";
export const KEY = "k3y-of-the-server";
export const ID = "46d6a890000064000500e0c3";
export const SECRET = "s3cret-of-the-application";

export const json = (value, init = {}) =>
  new Response(JSON.stringify(value), {
    ...init,
    headers: { "content-type": "application/json", ...init.headers },
  });

/** What Trustpilot says of a business. */
export const unit = (more = {}) => json({ id: ID, displayName: "Example", ...more });

/** A platform that answers with `answer(request, number)` and notes what it is asked. */
export function platform(answer = () => unit()) {
  const requests = [];
  const send = async (request) => {
    requests.push(request);
    return answer(request, requests.length);
  };
  return { send, requests };
}

/** A broker over a platform, on a clock and with random bytes that are the same in each run. */
export function makeBroker(answer, options = {}) {
  const time = clock();
  const upstream = platform(answer);
  const next = numbers(11);
  const logs = [];
  const broker = createBroker({
    provider: "trustpilot",
    origin: ORIGIN,
    apiKey: KEY,
    fetch: upstream.send,
    now: time.now,
    monotonic: time.monotonic,
    random: (bytes) => Uint8Array.from({ length: bytes }, () => Math.floor(next() * 256)),
    onLog: (entry) => logs.push(entry),
    ...options,
  });
  /** Asks as a page of the own origin does, unless headers say otherwise. */
  const ask = (path, { method = "GET", headers = {}, body, context, host = ORIGIN, signal } = {}) =>
    broker.fetch(new Request(host + path, { method, headers, body, signal }), context);
  const post = (path, value, headers = {}) =>
    ask(path, {
      method: "POST",
      body: typeof value === "string" ? value : JSON.stringify(value),
      headers: { "content-type": "application/json", ...headers },
    });
  return { broker, ask, post, time, logs, requests: upstream.requests };
}

export const FIND = "/api/business-units/find?name=example.com";

/** Asserts that an answer is a failure as clients read it; its body. */
export async function fails(answer, status, code) {
  const text = await answer.text();
  assert.equal(answer.status, status, text);
  const body = JSON.parse(text);
  assert.equal(body.code, code);
  assert.deepEqual(Object.keys(body), ["code", "message", "requestId"]);
  assert.equal(typeof body.message, "string");
  assert.equal(body.requestId, answer.headers.get("x-request-id"));
  assert.equal(answer.headers.get("cache-control"), "private, no-store");
  assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
  assert.equal(answer.headers.get("access-control-allow-origin"), null);
  return body;
}
