// An integration partner's six steps, as its server walks them.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createSandbox } from "plaudit/sandbox";
import { KEY, platform } from "./support.mjs";

const PARTNER = { client_id: "plaudit-demo-partner-key", client_secret: "plaudit-demo-secret" };
const BACK = "http://127.0.0.1:4000/";

describe("an integration partner", () => {
  it("SB19 walks from credentials to the customer's reviews", async () => {
    const sandbox = createSandbox();
    const { token, call } = platform(sandbox);
    const own = await token({ ...PARTNER, grant_type: "client_credentials" });
    const found = await call("GET", "/business-units/find?name=coffee.example", own);
    const { id } = found.body;
    const root = "/private/partners/plaudit-demo-partner";
    assert.equal((await call("GET", `${root}/check/${id}`, own)).status, 201);
    const made = await call("POST", `${root}/key/${id}`, own);
    assert.equal(made.status, 201);
    const key = made.body.partnerCustomerKey;
    const find = `https://api.trustpilot.com/v1/business-units/${id}`;
    assert.equal((await sandbox.fetch(find, { headers: { apikey: key } })).status, 200);
    assert.ok(!JSON.stringify(sandbox.requests()).includes(key));

    const form = new URLSearchParams({
      client_id: PARTNER.client_id,
      redirect_uri: BACK,
      response_type: "code",
      email: "demo@example.com",
      password: "plaudit",
      decision: "allow",
    });
    const page = "https://authenticate.trustpilot.com/";
    const redirect = await sandbox.fetch(page, { method: "POST", body: form });
    const code = new URL(redirect.headers.get("location")).searchParams.get("code");
    const grant = { ...PARTNER, grant_type: "authorization_code", code, redirect_uri: BACK };
    const customer = await token(grant);
    const reviews = `/private/business-units/${id}/reviews`;
    assert.equal((await call("GET", reviews, own)).status, 403);
    assert.equal((await call("GET", reviews, customer)).status, 200);
  });

  it("SB14 may have to name its id in a header", async () => {
    const sandbox = createSandbox({ config: { partner_header: "x-partner-id" } });
    const { token } = platform(sandbox);
    const grant = { ...PARTNER, grant_type: "authorization_code", code: "x", redirect_uri: BACK };
    await assert.rejects(token(grant), /x-partner-id must hold/);
    const named = { "x-partner-id": "plaudit-demo-partner" };
    await assert.rejects(token(grant, named), /code is not valid/);
    // Another client's grant is as it was.
    await assert.rejects(token({ ...grant, client_id: KEY }), /code is not valid/);
  });

  it("is told no by 200, and refused by 403 and 404", async () => {
    const sandbox = createSandbox({ config: { partner_permissions: ["coffee.example"] } });
    const { token, call } = platform(sandbox);
    const own = await token({ ...PARTNER, grant_type: "client_credentials" });
    const { id } = (await call("GET", "/business-units/find?name=example.com", own)).body;
    const other = await token({ ...PARTNER, client_id: KEY, grant_type: "client_credentials" });
    const status = async (method, path, bearer) => (await call(method, path, bearer)).status;
    const root = "/private/partners";
    assert.deepEqual(
      [
        await status("GET", `${root}/plaudit-demo-partner/check/${id}`, own),
        await status("POST", `${root}/plaudit-demo-partner/key/${id}`, own),
        await status("POST", `${root}/another/key/${id}`, own),
        await status("POST", `${root}/plaudit-demo-partner/key/${id}`, other),
        await status("GET", `${root}/plaudit-demo-partner/check/${id}`, "none"),
      ],
      [200, 200, 404, 403, 401],
    );
  });
});
