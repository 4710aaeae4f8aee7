// oauth4webapi, the strictest of the clients, against the sandbox: what it takes as it is, what it
// refuses, and with which of its own options it goes on (SB19).
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as oauth from "oauth4webapi";
import { BACK, KEY, SECRET, TOKENS, worlds } from "./support.mjs";

const makeWorld = worlds("oauth4webapi");
const client = { client_id: KEY };
const basic = oauth.ClientSecretBasic(SECRET);
const inBody = oauth.ClientSecretPost(SECRET);
const plain = { [oauth.allowInsecureRequests]: true };
/** Its own way to take a type of token that it does not know. */
const bearerToken = { recognizedTokenTypes: { bearertoken: () => {} } };

const server = ({ url }) => ({
  issuer: url,
  authorization_endpoint: `${url}/authenticate`,
  token_endpoint: `${url}${TOKENS}/accesstoken`,
  revocation_endpoint: `${url}${TOKENS}/revoke`,
});

const credentials = async (as, authentication = basic, options = plain) =>
  oauth.clientCredentialsGrantRequest(as, client, authentication, {}, options);

/** Signs in and hands over what `validateAuthResponse` makes of the redirect. */
async function signIn(world, as, decision) {
  const address = new URL(as.authorization_endpoint);
  address.search = new URLSearchParams({
    client_id: KEY,
    redirect_uri: BACK,
    response_type: "code",
    state: "state-1",
  });
  const back = await world.allow(address, decision);
  return oauth.validateAuthResponse(as, client, back, "state-1");
}

const exchange = (as, parameters, redirectUri = BACK) =>
  oauth.authorizationCodeGrantRequest(
    as,
    client,
    basic,
    parameters,
    redirectUri,
    oauth.nopkce,
    plain,
  );

const refresh = async (world, token) => {
  const as = { ...server(world), token_endpoint: `${world.url}${TOKENS}/refresh` };
  return oauth.refreshTokenGrantRequest(as, client, basic, token, plain);
};

describe("oauth4webapi", () => {
  it("refuses the token type BearerToken unless told of it, and takes numbers that are texts", async () => {
    const as = server(makeWorld());
    await assert.rejects(
      oauth.processClientCredentialsResponse(as, client, await credentials(as)),
      (error) =>
        error.code === oauth.UNSUPPORTED_OPERATION &&
        error.message === "unsupported `token_type` value",
    );
    const answer = await credentials(as);
    assert.equal((await answer.clone().json()).expires_in, "359999");
    const token = await oauth.processClientCredentialsResponse(as, client, answer, bearerToken);
    assert.equal(token.expires_in, 359_999);
    assert.equal(token.token_type, "bearertoken");
    assert.match(token.issued_at, /^\d{10}$/);
  });

  it("or unless its fetch mends the answer", async () => {
    const as = server(makeWorld());
    const mend = async (url, init) => {
      const answer = await fetch(url, init);
      const body = { ...(await answer.json()), token_type: "bearer" };
      return Response.json(body, { status: answer.status });
    };
    const answer = await credentials(as, basic, { ...plain, [oauth.customFetch]: mend });
    const token = await oauth.processClientCredentialsResponse(as, client, answer);
    assert.equal(token.token_type, "bearer");
  });

  it("SB19 client credentials by Basic, which it percent-encodes, and in the body", async () => {
    const world = makeWorld();
    const as = server(world);
    for (const authentication of [basic, inBody]) {
      const answer = await credentials(as, authentication);
      const token = await oauth.processClientCredentialsResponse(as, client, answer, bearerToken);
      assert.equal(token.refresh_token, undefined);
      const resource = await oauth.protectedResourceRequest(
        token.access_token,
        "GET",
        new URL(world.url + (await world.reviews())),
        undefined,
        undefined,
        plain,
      );
      assert.equal((await resource.json()).reviews.length, 20);
    }
    const wrong = await credentials(as, oauth.ClientSecretBasic("wrong"));
    assert.equal(wrong.status, 401);
  });

  it("SB19 a code: good once, for its redirect address", async () => {
    const world = makeWorld();
    const as = server(world);
    const parameters = await signIn(world, as);
    const other = await exchange(as, parameters, `${BACK}/other`);
    assert.equal(other.status, 400);
    const token = await oauth.processAuthorizationCodeResponse(
      as,
      client,
      await exchange(as, parameters),
      bearerToken,
    );
    assert.match(token.refresh_token, /^tpr-sandbox-/);
    assert.equal(await world.status(token.access_token), 200);
    const again = await exchange(as, parameters);
    assert.equal(again.status, 400);
    await assert.rejects(
      oauth.processAuthorizationCodeResponse(as, client, again, bearerToken),
      // the gateway's words are not those of RFC 6749
      (error) => error.code === oauth.RESPONSE_IS_NOT_CONFORM,
    );
  });

  it("a sign-in with Google loses the state, and it refuses that", async () => {
    const world = makeWorld();
    await assert.rejects(
      signIn(world, server(world), "google"),
      (error) => error.code === oauth.INVALID_RESPONSE && /state/.test(error.message),
    );
  });

  it("SB19 a refresh rotates, and the old pair is dead", async () => {
    const world = makeWorld();
    const as = server(world);
    const answer = await exchange(as, await signIn(world, as));
    const first = await oauth.processAuthorizationCodeResponse(as, client, answer, bearerToken);
    const second = await oauth.processRefreshTokenResponse(
      as,
      client,
      await refresh(world, first.refresh_token),
      bearerToken,
    );
    assert.notEqual(second.refresh_token, first.refresh_token);
    assert.equal(await world.status(first.access_token), 401);
    assert.equal(await world.status(second.access_token), 200);
    assert.equal((await refresh(world, first.refresh_token)).status, 400);
  });

  it("SB14 reads refusals in the words of RFC 6749 where the sandbox is told to use them", async () => {
    const world = makeWorld();
    const as = server(world);
    await world.control("config", { token_errors: "rfc6749" });
    await assert.rejects(
      oauth.processRefreshTokenResponse(as, client, await refresh(world, "none"), bearerToken),
      (error) => error instanceof oauth.ResponseBodyError && error.error === "invalid_grant",
    );
    const wrong = await credentials(as, oauth.ClientSecretBasic("wrong"));
    await assert.rejects(
      oauth.processClientCredentialsResponse(as, client, wrong, bearerToken),
      (error) => error instanceof oauth.WWWAuthenticateChallengeError && error.status === 401,
    );
  });

  it("is told 429 when it asks too often, and may come back", async () => {
    const world = makeWorld();
    const as = server(world);
    await world.control("clock", { mode: "frozen" });
    const limits = { token: [{ calls: 1, seconds: 60 }], retry_after: "seconds" };
    await world.control("config", { limits });
    assert.equal((await credentials(as)).status, 200);
    const refused = await credentials(as);
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get("retry-after"), "60");
    await world.control("clock", { advance: 60_000 });
    assert.equal((await credentials(as)).status, 200);
  });

  it("SB19 what it revokes is dead", async () => {
    const world = makeWorld();
    const as = server(world);
    const answer = await exchange(as, await signIn(world, as));
    const token = await oauth.processAuthorizationCodeResponse(as, client, answer, bearerToken);
    const revoked = await oauth.revocationRequest(as, client, basic, token.refresh_token, plain);
    await oauth.processRevocationResponse(revoked);
    assert.equal(await world.status(token.access_token), 401);
    assert.equal((await refresh(world, token.refresh_token)).status, 400);
  });
});
