// simple-oauth2 against the sandbox: every grant, refresh and revoke (SB19).
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AuthorizationCode, ClientCredentials, ResourceOwnerPassword } from "simple-oauth2";
import { BACK, KEY, SECRET, TOKENS, USER, worlds } from "./support.mjs";

const makeWorld = worlds("simple-oauth2");

const config = ({ origin, path }, options = {}, secret = SECRET) => ({
  client: { id: KEY, secret },
  auth: {
    tokenHost: origin,
    tokenPath: `${path}${TOKENS}/accesstoken`,
    refreshPath: `${path}${TOKENS}/refresh`,
    revokePath: `${path}${TOKENS}/revoke`,
  },
  options,
});
const withPage = (world) => {
  const all = config(world);
  return { ...all, auth: { ...all.auth, authorizePath: `${world.path}/authenticate` } };
};
const failsWith = (status) => (error) => error.output?.statusCode === status;

describe("simple-oauth2", () => {
  for (const [name, options] of [
    ["Basic, form-encoded", { credentialsEncodingMode: "strict" }],
    ["Basic as it stands", { credentialsEncodingMode: "loose" }],
    ["the body", { authorizationMethod: "body" }],
  ]) {
    it(`SB19 client credentials by ${name}`, async () => {
      const world = makeWorld();
      const { token } = await new ClientCredentials(config(world, options)).getToken();
      assert.equal(await world.status(token.access_token), 200);
      assert.equal(token.refresh_token, undefined);
      const left = token.expires_at.getTime() - Date.now();
      assert.ok(left > 359_900_000 && left <= 359_999_000, `${left}`);
      const wrong = new ClientCredentials(config(world, options, "wrong"));
      await assert.rejects(wrong.getToken(), failsWith(401));
    });
  }

  it("is refused with JSON bodies", async () => {
    const client = new ClientCredentials(config(makeWorld(), { bodyFormat: "json" }));
    await assert.rejects(client.getToken(), failsWith(415));
  });

  it("SB19 password: a refresh rotates, and the old pair is dead", async () => {
    const world = makeWorld();
    const client = new ResourceOwnerPassword(config(world));
    const first = await client.getToken(USER);
    assert.equal(await world.status(first.token.access_token), 200);
    const second = await first.refresh();
    assert.notEqual(second.token.refresh_token, first.token.refresh_token);
    assert.equal(await world.status(first.token.access_token), 401);
    assert.equal(await world.status(second.token.access_token), 200);
    await assert.rejects(first.refresh(), failsWith(400));
    assert.equal(await world.status((await second.refresh()).token.access_token), 200);
    await assert.rejects(client.getToken({ ...USER, password: "wrong" }), failsWith(400));
  });

  it("loses a refresh token that no new one follows", async () => {
    const world = makeWorld();
    await world.control("config", { refresh_rotation: "omit" });
    const first = await new ResourceOwnerPassword(config(world)).getToken(USER);
    const second = await first.refresh();
    assert.equal(await world.status(second.token.access_token), 200);
    assert.equal(second.token.refresh_token, undefined);
    await assert.rejects(second.refresh(), failsWith(400));
    assert.equal((await world.refresh(first.token.refresh_token)).status, 200);
  });

  it("SB19 a code: good once, for its redirect address, and not for long", async () => {
    const world = makeWorld();
    const client = new AuthorizationCode(withPage(world));
    const signIn = async () => {
      const address = client.authorizeURL({ redirect_uri: BACK, state: "state-1" });
      const back = await world.allow(address);
      assert.equal(back.searchParams.get("state"), "state-1");
      return back.searchParams.get("code");
    };
    const code = await signIn();
    const other = { code, redirect_uri: `${BACK}/other` };
    await assert.rejects(client.getToken(other), failsWith(400));
    const { token } = await client.getToken({ code, redirect_uri: BACK });
    assert.equal(await world.status(token.access_token), 200);
    await assert.rejects(client.getToken({ code, redirect_uri: BACK }), (error) => {
      assert.deepEqual(error.data.payload, {
        ErrorCode: "invalid_grant",
        Error: "The code is not valid",
      });
      return failsWith(400)(error);
    });
    const late = await signIn();
    await world.control("clock", { advance: 600_000 });
    await assert.rejects(client.getToken({ code: late, redirect_uri: BACK }), failsWith(400));
  });

  it("SB19 what it revokes is dead", async () => {
    const world = makeWorld();
    const client = new ResourceOwnerPassword(config(world));
    const first = await client.getToken(USER);
    await first.revoke("access_token");
    assert.equal(await world.status(first.token.access_token), 401);
    const second = await first.refresh();
    await second.revokeAll();
    assert.equal(await world.status(second.token.access_token), 401);
    await assert.rejects(second.refresh(), failsWith(400));
  });

  it("is told 429 when it asks too often", async () => {
    const world = makeWorld();
    await world.control("config", { limits: { token: [{ calls: 2, seconds: 600 }] } });
    const client = new ResourceOwnerPassword(config(world));
    const first = await client.getToken(USER);
    await first.refresh();
    await assert.rejects(client.getToken(USER), (error) => {
      assert.equal(error.data.payload.fault.detail.errorcode, "policies.ratelimit.QuotaViolation");
      return failsWith(429)(error);
    });
  });

  it("takes Trustoo's envelope for a token, and its errors too", async () => {
    const { origin, path, allow } = makeWorld();
    const client = new AuthorizationCode({
      client: { id: "plaudit-demo-trustoo", secret: SECRET },
      auth: {
        tokenHost: origin,
        tokenPath: `${path}/trustoo/api/v1/openapi/oauth/token`,
        authorizePath: `${path}/trustoo/oauth/authorize`,
      },
      options: { bodyFormat: "json", authorizationMethod: "body", scopeSeparator: "," },
    });
    const address = client.authorizeURL({
      redirect_uri: BACK,
      scope: ["read_orders", "write_reviews"],
    });
    const code = (await allow(address)).searchParams.get("code");
    const { token } = await client.getToken({ code, redirect_uri: BACK });
    assert.equal(token.access_token, undefined);
    assert.match(token.data.access_token, /^sbx[A-Za-z0-9+/]{19}==$/);
    assert.equal(token.data.scope, "read_orders,write_reviews");
    const again = await client.getToken({ code, redirect_uri: BACK });
    assert.equal(again.token.code, 5);
    assert.equal(again.token.data, null);
  });
});
