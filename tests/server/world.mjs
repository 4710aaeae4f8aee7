// A platform, a store and managers on one clock of their own. For any runtime.
import { virtualTime } from "./time.mjs";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** What must never be seen. */
export const SECRETS = ["plaudit-demo-secret", "tpa-sandbox-", "tpr-sandbox-", "tpc-sandbox-"];
const START = Date.UTC(2026, 0, 1);
const CLIENTS = { trustpilot: "plaudit-demo-key", trustoo: "plaudit-demo-platform" };

/**
 * `{ time, sandbox, calls, api, manager(options), … }`. `calls` has the token requests that arrived;
 * `on.token` and `on.answer` may stand in for the platform, `api` answers everything else.
 */
export function makeWorld({ server, createSandbox }, { config = {} } = {}) {
  const time = virtualTime();
  const sandbox = createSandbox({
    now: START,
    sleep: time.sleep,
    config: {
      clients: [
        {
          client_id: CLIENTS.trustpilot,
          client_secret: "plaudit-demo-secret",
          redirect_hosts: ["localhost"],
        },
        {
          provider: "trustoo",
          client_id: CLIENTS.trustoo,
          client_secret: "plaudit-demo-secret",
          redirect_hosts: ["localhost"],
          platform: true,
        },
      ],
      ...config,
    },
  });
  const calls = [];
  const api = [];
  /** Access tokens that are good. */
  const alive = new Set();
  const on = {
    /** A Response in place of the sandbox's, or nothing. */
    token: async () => undefined,
    /** What is done with an answer before it is delivered. */
    answer: async (response) => response,
    /** The API. */
    api: async (request) => {
      const token = request.headers.get("authorization")?.replace(/^Bearer /, "");
      return new Response(null, { status: alive.has(token) ? 200 : 401 });
    },
  };

  async function send(input, init) {
    const request = new Request(input, init);
    const path = new URL(request.url).pathname;
    if (!/oauth.*\/(accesstoken|refresh|revoke|token)$|oauth_revoke_token$/.test(path)) {
      const { url, redirect } = request;
      api.push({ url, redirect, headers: Object.fromEntries(request.headers) });
      return on.api(request);
    }
    const text = await request.clone().text();
    const isJson = request.headers.get("content-type") === "application/json";
    const body = isJson ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
    const call = { path, body, at: time.now(), redirect: request.redirect };
    calls.push({ ...call, headers: Object.fromEntries(request.headers) });
    const own = await on.token(calls.at(-1), calls.length);
    const answer = own ?? (await sandbox.fetch(request));
    const said = await answer
      .clone()
      .json()
      .catch(() => ({}));
    const { access_token } = said?.data ?? said ?? {};
    if (access_token) {
      // The newest alone is good, as Trustpilot says.
      alive.clear();
      alive.add(access_token);
    }
    return on.answer(answer);
  }

  const managers = [];
  const store = server.memoryStore({ now: () => START + time.now() });
  return {
    time,
    sandbox,
    calls,
    api,
    alive,
    on,
    store,
    send,
    now: () => START + time.now(),
    advance: (ms) => time.advance(ms, (by) => sandbox.advance(by)),
    /** Time passes in which no timer runs. */
    async jump(ms) {
      sandbox.advance(Math.floor(ms));
      await time.jump(ms);
    },
    /** The path's last part of each token request. */
    paths: () => calls.map(({ path }) => path.split("/").at(-1)),
    manager({ provider = "trustpilot", grant, ...options } = {}) {
      let seed = 1;
      const made = server.createTokenManager({
        provider,
        credentials: { clientId: CLIENTS[provider], clientSecret: "plaudit-demo-secret" },
        grant: grant ?? { type: "client_credentials" },
        store,
        fetch: send,
        monotonic: time.now,
        now: () => START + time.now(),
        random: () => {
          seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
          return seed;
        },
        ...options,
      });
      managers.push(made);
      return made;
    },
    /** A code, as a user's sign-in brings it. */
    async code(provider = "trustpilot", redirectUri = "https://localhost/back") {
      const endpoint = {
        trustpilot: "https://authenticate.trustpilot.com",
        trustoo: "https://rapi.trustoo.io/api/v1/openapi/oauth/authorize",
      }[provider];
      const form = new URLSearchParams({
        client_id: CLIENTS[provider],
        redirect_uri: redirectUri,
        response_type: "code",
        state: "s",
        email: "demo@example.com",
        password: "plaudit",
        decision: "allow",
      });
      const answer = await sandbox.fetch(endpoint, {
        method: "POST",
        body: form,
        redirect: "manual",
      });
      return new URL(answer.headers.get("location")).searchParams.get("code");
    },
    async end() {
      for (const manager of managers) manager.close();
      await time.settle();
      time.restore();
    },
  };
}

/** The error of a promise, and not its value. */
export const errorOf = (promise) =>
  promise.then(
    () => {
      throw new Error("it was to fail");
    },
    (error) => error,
  );

/** A promise and what ends it. */
export function deferred() {
  let resolve;
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** A store that fails as told: `down(operation)` is true, `"hang"`, `"late"` or false. */
export function failing(store, down) {
  const wrapped = { timeout: store.timeout };
  for (const operation of ["read", "begin", "mark", "commit", "fail", "end"]) {
    wrapped[operation] = async (...input) => {
      const how = down(operation);
      if (how === "hang") return new Promise(() => {});
      if (how === true) throw new Error("the store is away");
      const answer = await store[operation](...input);
      // Carried out, and nobody hears of it.
      if (how === "late") throw new Error("the line was cut");
      return answer;
    };
  }
  return wrapped;
}
