// Trustpilot's own client for Node (npm "trustpilot") against the sandbox (SB19).
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import trustpilot from "trustpilot";
import { KEY, SECRET, USER, worlds } from "./support.mjs";

const { TrustpilotApi } = trustpilot;
const makeWorld = worlds("npm-trustpilot");

const api = (world, config = {}) =>
  new TrustpilotApi({ baseUrl: world.url, key: KEY, secret: SECRET, ...USER, ...config });
const bearer = (client) => client.defaults.headers.authorization.replace("Bearer ", "");
const failsWith = (status) => (error) => error.response?.status === status;

describe("npm trustpilot", () => {
  it("SB19 reads with the key alone", async () => {
    const world = makeWorld();
    const client = api(world).apiRequest;
    const { data } = await client("/v1/business-units/find", { params: { name: "example.com" } });
    assert.equal(data.name.identifying, "example.com");
    const wrong = api(world, { key: "wrong" }).apiRequest;
    const params = { name: "example.com" };
    await assert.rejects(wrong("/v1/business-units/find", { params }), failsWith(401));
  });

  for (const grantType of ["password", "client_credentials"]) {
    it(`SB19 gets a token by ${grantType} and reads private reviews with it`, async () => {
      const world = makeWorld();
      const user = grantType === "password" ? {} : { username: "", password: "" };
      const client = await api(world, { grantType, ...user }).authenticate();
      assert.match(bearer(client), /^tpa-sandbox-[0-9a-f]{32}$/);
      const { data } = await client.get(await world.reviews());
      assert.equal(data.reviews.length, 20);
    });
  }

  it("SB19 is refused with a wrong secret, a wrong password and a revoked token", async () => {
    const world = makeWorld();
    await assert.rejects(api(world, { secret: "wrong" }).authenticate(), failsWith(401));
    await assert.rejects(api(world, { password: "wrong" }).authenticate(), failsWith(400));
    const client = await api(world).authenticate();
    const reviews = await world.reviews();
    await client.get(reviews);
    await world.revoke(bearer(client));
    await assert.rejects(client.get(reviews), failsWith(401));
  });

  it("SB5 its token ends by the clock", async () => {
    const world = makeWorld();
    const client = await api(world).authenticate();
    const reviews = await world.reviews();
    await world.control("clock", { advance: 360_000_000 });
    await assert.rejects(client.get(reviews), failsWith(401));
  });

  it("asks anew at every call, since it adds seconds to milliseconds, and runs into 429", async () => {
    const world = makeWorld();
    await world.control("config", { limits: { token: [{ calls: 2, seconds: 600 }] } });
    const client = api(world);
    const first = bearer(await client.authenticate());
    const second = bearer(await client.authenticate());
    assert.notEqual(first, second);
    await assert.rejects(client.authenticate(), failsWith(429));
    assert.equal(await world.asked(), 3);
    // it keeps the promise that failed, for good
    await world.control("reset", { only: ["allowances"] });
    await assert.rejects(client.authenticate(), failsWith(429));
    assert.equal(await world.asked(), 3);
    await api(world).authenticate();
  });

  it("SB14 keeps its token a while where issued_at is in milliseconds", async () => {
    const world = makeWorld();
    await world.control("config", { token_answer: "apigee" });
    const client = api(world);
    const first = bearer(await client.authenticate());
    assert.equal(bearer(await client.authenticate()), first);
    assert.equal(await world.asked(), 1);
  });
});
