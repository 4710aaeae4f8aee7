// What each fault of the sandbox's API comes to in a client, for Node and for browsers.

/**
 * `[fault, options, code, status, body, isRetried]`. `code` is what a call without retries ends
 * with, undefined where it succeeds all the same; `status` and the beginning of `body` are those of
 * the error. Where `isRetried`, a client with its own two retries gets over it.
 */
export const FAULTS = [
  ["401", {}, "unauthorized", 401, '{"fault"', false],
  ["403", {}, "forbidden", 403, '{"Error', false],
  ["404", {}, "not_found", 404, '{"Error', false],
  ["429", {}, "rate_limited", 429, '{"fault"', true],
  ["429", { retry_after: "1" }, "rate_limited", 429, '{"fault"', true],
  ["429", { retry_after: "date:1" }, "rate_limited", 429, '{"fault"', true],
  ["429", { retry_after: "soon" }, "rate_limited", 429, '{"fault"', true],
  ["429", { retry_after: "61" }, "rate_limited", 429, '{"fault"', false],
  ["500", {}, "server_error", 500, '{"Error', true],
  ["503", {}, "server_error", 503, '{"Error', true],
  ["503", { retry_after: "1" }, "server_error", 503, '{"Error', true],
  ["520", {}, "server_error", 520, "error code: 520", true],
  ["status", { status: 400 }, "bad_request", 400, '{"Error', false],
  ["status", { status: 408 }, "bad_request", 408, '{"Error', true],
  ["status", { status: 409 }, "bad_request", 409, '{"Error', false],
  ["status", { status: 418 }, "bad_request", 418, '{"Error', false],
  ["status", { status: 501 }, "server_error", 501, '{"Error', false],
  ["status", { status: 502 }, "server_error", 502, '{"Error', true],
  ["status", { status: 504 }, "server_error", 504, '{"Error', true],
  ["status", { status: 505 }, "server_error", 505, '{"Error', false],
  ["status", { status: 524 }, "server_error", 524, '{"Error', true],
  ["bug", {}, "server_error", 500, "", true],
  ["html", {}, "malformed_response", 200, "<!doctype html>", false],
  ["html", { status: 404 }, "not_found", 404, "<!doctype html>", false],
  ["html", { status: 502 }, "server_error", 502, "<!doctype html>", true],
  ["truncated-json", {}, "malformed_response", 200, "{", false],
  ["wrong-shape", {}, "malformed_response", 200, '["sandbox"]', false],
  ["empty", {}, "malformed_response", 200, "", false],
  ["hang", {}, "timeout", undefined, undefined, true],
  ["cut-before-headers", {}, "network_error", undefined, undefined, true],
  ["delay", { ms: 120 }, undefined],
  ["drip", { ms: 5 }, undefined],
  ["wrong-type", {}, undefined],
  ["date-skew", { seconds: -86_400 }, undefined],
  // of lists alone: one page has neither
  ["duplicate-page", {}, undefined],
  ["repeated-cursor", {}, undefined],
];

/** Those that are not the same everywhere: a page is stricter, and Node 20 takes half for whole. */
export const ELSEWHERE = ["cors-off", "cut-body"];

/** How a fault is written in a query (SB11). */
export function inQuery(fault, options) {
  const parts = Object.entries(options).map(
    ([name, value]) => `${name.replace("_", "-")}=${value}`,
  );
  return [fault, ...parts].join(";");
}
