import { at } from "../../common.js";
import type { Platform, Row } from "../../generated/tables.js";
import { waitOf } from "../../transport.js";
import type { Budget } from "./budget.js";
import type { Failed } from "./cache.js";
import type { Hooks } from "./telemetry.js";

/** What is sent to the platform. */
export interface Outbound {
  /** The name of its route. */
  readonly name: string;
  readonly row: Row;
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Whether somebody waits for it. */
  readonly isUrgent: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** What came of it: nothing of the platform's own words but the JSON of a success. */
export type Inward =
  | { readonly kind: "answer"; readonly status: number; readonly text: string }
  | { readonly kind: "absent" }
  /** 401: key or token was refused. */
  | { readonly kind: "unauthorized" }
  | Failed;

export interface UpstreamParts {
  readonly platform: Platform;
  readonly sender: (request: Request) => Promise<Response>;
  readonly budget: Budget;
  /** Milliseconds for an answer with its body. */
  readonly timeout: number;
  /** Bytes of an answer at most. */
  readonly most: number;
  readonly hooks: Hooks;
}

export type Upstream = (outbound: Outbound) => Promise<Inward>;

const failed = (status: number, code: string, isKept: boolean, retryAfter?: number): Failed => ({
  kind: "failed",
  status,
  code,
  isKept,
  retryAfter,
});

/** Asks the platform: within the budget, in time, and without following it anywhere. */
export function createUpstream(parts: UpstreamParts): Upstream {
  const { platform, sender, budget, timeout, most, hooks } = parts;

  async function send(outbound: Outbound): Promise<Inward> {
    const { url, method, headers, body = null, signal } = outbound;
    const controller = new AbortController();
    let isLate = false;
    let cut: () => void = () => {};
    const ended = new Promise<undefined>((resolve) => {
      cut = () => {
        controller.abort();
        resolve(undefined);
      };
    });
    const timer = setTimeout(() => {
      isLate = true;
      cut();
    }, timeout);
    signal?.addEventListener("abort", cut);
    if (signal?.aborted) cut();
    const exchange = async (): Promise<Inward> => {
      const init = { method, headers, body, redirect: "manual" as const };
      // A redirect would carry the key to wherever it leads (BF18).
      const response = await sender(new Request(url, { ...init, signal: controller.signal }));
      return read(response, outbound.row);
    };
    try {
      // A sender that is deaf to its signal does not keep anybody waiting.
      const answer = controller.signal.aborted
        ? undefined
        : await Promise.race([exchange(), ended]);
      if (answer) return answer;
      return isLate ? failed(504, "timeout", true) : failed(499, "aborted", false);
    } catch {
      if (isLate) return failed(504, "timeout", true);
      return signal?.aborted ? failed(499, "aborted", false) : failed(502, "network_error", true);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cut);
    }
  }

  async function read(response: Response, row: Row): Promise<Inward> {
    const { status } = response;
    if (status < 200 || status >= 300) {
      void response.body?.cancel().catch(() => {});
      return readFailure(response);
    }
    const text = await readText(response);
    if (text === undefined) return failed(502, "malformed_response", true);
    if (status === 204 || text === "") {
      // A write may have nothing to say; a read has.
      return row[3] === 0 ? { kind: "answer", status: 200, text: "{}" } : malformed;
    }
    const type = response.headers.get("content-type") ?? "";
    if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type)) return malformed;
    return readData(text, row);
  }

  function readFailure({ status, headers }: Response): Inward {
    const hint = waitOf(headers.get("retry-after") ?? "");
    const retryAfter = hint === undefined ? undefined : hint * 1_000;
    if (status === 401) return { kind: "unauthorized" };
    if (status === 404 || status === 410) return { kind: "absent" };
    if (status === 403) return failed(403, "forbidden", false);
    if (status === 429) {
      budget.pause(retryAfter ?? 5_000);
      return failed(429, "rate_limited", false, retryAfter ?? 5_000);
    }
    if (status >= 500 || status === 408) return failed(502, "server_error", true, retryAfter);
    if (status >= 400) return failed(400, "bad_request", false);
    return malformed;
  }

  function readData(text: string, row: Row): Inward {
    const [, , must, , paging] = row;
    let data: unknown;
    try {
      data = JSON.parse(text);
    } catch {
      return malformed;
    }
    if (Object(data) !== data) return malformed;
    if (platform.envelope) {
      const number = Number(at(data, "code") ?? Number.NaN);
      const code = platform.envelope[number];
      if (code === "not_found") return { kind: "absent" };
      if (code === "unauthorized") return { kind: "unauthorized" };
      if (code === "rate_limited") {
        budget.pause(5_000);
        return failed(429, code, false, 5_000);
      }
      if (code === "server_error") return failed(502, code, true);
      if (number !== 0) return number > 0 ? failed(400, "bad_request", false) : malformed;
      data = at(data, "data");
    }
    const isWhole =
      (!must || (at(data, must) ?? null) !== null) &&
      (!paging || Array.isArray(at(data, paging[1])));
    return isWhole ? { kind: "answer", status: 200, text } : malformed;
  }

  /** The body's text; undefined where it is too long or no UTF-8 (BF20). */
  async function readText(response: Response): Promise<string | undefined> {
    const reader = response.body?.getReader();
    if (!reader) return "";
    const pieces: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      size += value.byteLength;
      if (size > most) {
        void reader.cancel().catch(() => {});
        return undefined;
      }
    }
    const bytes = new Uint8Array(size);
    let at = 0;
    for (const piece of pieces) {
      bytes.set(piece, at);
      at += piece.byteLength;
    }
    try {
      // At once: what is decoded piece by piece takes twice the memory, and longer to send.
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      return undefined;
    }
  }

  return async (outbound) => {
    const { name, isUrgent } = outbound;
    const wait = budget.take(isUrgent);
    if (wait) {
      hooks.metrics.count("plaudit.broker.refused", { route: name, reason: "budget" });
      return failed(429, "rate_limited", false, wait);
    }
    const begun = performance.now();
    const answer = await hooks.trace(`plaudit ${name}`, { "plaudit.route": name }, () =>
      send(outbound),
    );
    if (hooks.isUsed) {
      const ms = performance.now() - begun;
      const code = answer.kind === "failed" ? answer.code : answer.kind;
      hooks.metrics.count("plaudit.broker.upstream.calls", { route: name, result: code });
      hooks.metrics.time("plaudit.broker.upstream.duration", ms, { route: name, result: code });
      const isFine = answer.kind === "answer" || answer.kind === "absent";
      const level = isFine ? "info" : "warn";
      hooks.log({ level, event: "upstream", route: name, code, ms });
    }
    return answer;
  };
}

const malformed: Failed = failed(502, "malformed_response", true);
