// What the suites of real clients share: one sandbox, and a world of its own for each test.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { bringSandbox, startSandbox } from "../../tools/sandbox.mjs";

export const KEY = "plaudit-demo-key";
export const SECRET = "plaudit-demo-secret";
export const USER = { username: "demo@example.com", password: "plaudit" };
export const BACK = "http://127.0.0.1:4000/back";
export const TOKENS = "/v1/oauth/oauth-business-users-for-applications";

// clients that obey these must not send loopback to a proxy
process.env.NO_PROXY = process.env.no_proxy = "127.0.0.1,localhost";

/** Starts a sandbox around the tests of a file; gives what makes a world. */
export function worlds(name) {
  let sandbox;
  let count = 0;
  before(async () => {
    await bringSandbox();
    sandbox = await startSandbox();
  });
  after(() => sandbox?.close());
  return () => {
    count += 1;
    return makeWorld(sandbox.url, `/w/${name}-${count}`);
  };
}

function makeWorld(origin, path) {
  const url = origin + path;
  const control = async (address, body) => {
    const init = body && { method: "POST", body: JSON.stringify(body) };
    const answer = await fetch(`${url}/__sandbox/${address}`, init);
    assert.ok(answer.ok, `${address}: ${answer.status}`);
    return answer.json();
  };
  const post = (address, fields) =>
    fetch(url + address, {
      method: "POST",
      body: new URLSearchParams(fields),
      redirect: "manual",
    });
  const get = (address, token) =>
    fetch(url + address, { headers: token ? { authorization: `Bearer ${token}` } : {} });
  return {
    origin,
    path,
    url,
    control,
    /** The status that an access token gets from the API. */
    status: async (token) => (await get("/v1/business-units/find?name=example.com", token)).status,
    /** A private address of the API, which wants a token. */
    reviews: async () => {
      const answer = await fetch(`${url}/v1/business-units/find?name=example.com&apikey=${KEY}`);
      return `/v1/private/business-units/${(await answer.json()).id}/reviews`;
    },
    /** Signs in as the user would; `address` is what the client made. */
    allow: async (address, decision = "allow") => {
      const { origin: base, pathname, searchParams } = new URL(address);
      const fields = [
        ...searchParams,
        ["email", USER.username],
        ["password", USER.password],
        ["decision", decision],
      ];
      const answer = await fetch(base + pathname, {
        method: "POST",
        body: new URLSearchParams(fields),
        redirect: "manual",
      });
      assert.equal(answer.status, 303);
      return new URL(answer.headers.get("location"));
    },
    revoke: async (token) => assert.equal((await post(`${TOKENS}/revoke`, { token })).status, 200),
    /** How often a token was asked for. */
    asked: async () => (await control(`requests?route=${TOKENS}/accesstoken`)).requests.length,
    /** The status and body of the sandbox's refresh, as a form with the client in the body. */
    refresh: async (token) => {
      const answer = await post(`${TOKENS}/refresh`, {
        grant_type: "refresh_token",
        refresh_token: token,
        client_id: KEY,
        client_secret: SECRET,
      });
      return { status: answer.status, body: await answer.json() };
    },
  };
}
