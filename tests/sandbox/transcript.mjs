// SB3: the same seed, clock and requests give the same bytes, wherever the core runs. This file
// runs in pages and workers too.
const KEY = "plaudit-demo-key";
const NOW = 1_767_225_600_000;
const ORIGIN = "http://api.trustpilot.com";
const TOKENS = "/v1/oauth/oauth-business-users-for-applications/accesstoken";
const JSON_TYPE = { "content-type": "application/json" };
/** What the transport adds, or not. */
const TRANSPORT = ["connection", "content-length", "keep-alive", "transfer-encoding"];

/**
 * Sends a conversation by `send({ method, url, headers, body })`, which gives
 * `{ status, headers: [name, value][], text }`, and gives its answers and their hash.
 */
export async function transcript(send) {
  const lines = [];
  const step = async (method, path, { headers = {}, body } = {}) => {
    const answer = await send({ method, url: ORIGIN + path, headers, body });
    const kept = answer.headers
      .map(([name, value]) => [name.toLowerCase(), value])
      .filter(([name]) => !TRANSPORT.includes(name))
      .sort();
    lines.push(JSON.stringify([method, path, answer.status, kept, answer.text]));
    return { ...answer, headers: Object.fromEntries(kept) };
  };
  const control = (path, body) =>
    step("POST", `/__sandbox/${path}`, { body: JSON.stringify(body) });
  const form = { "content-type": "application/x-www-form-urlencoded" };

  // a clock that runs has another time to tell until it is set
  for (const world of ["", "/w/other"]) {
    const url = `${ORIGIN}${world}/__sandbox/clock`;
    await send({ method: "POST", url, headers: {}, body: JSON.stringify({ set: NOW }) });
  }
  const { routes } = JSON.parse((await step("GET", "/__sandbox/routes")).text);
  const apikey = { apikey: KEY };
  const secret = "plaudit-demo-secret";
  const post = async (path, headers, body) =>
    JSON.parse((await step("POST", path, { headers, body })).text);
  const own = async (client_id) => {
    const grant = { grant_type: "client_credentials", client_id, client_secret: secret };
    const answer = await post(TOKENS, form, new URLSearchParams(grant).toString());
    return { authorization: `Bearer ${answer.access_token}` };
  };
  const shop = async () => {
    const redirect_uri = "http://127.0.0.1:4000/";
    const client = { client_id: "plaudit-demo-trustoo", redirect_uri };
    const user = { email: "demo@example.com", password: "plaudit", decision: "allow" };
    const asked = new URLSearchParams({ ...client, ...user, response_type: "code" });
    const page = "/trustoo/oauth/authorize";
    const { headers } = await step("POST", page, { headers: form, body: asked.toString() });
    const code = new URL(headers.location).searchParams.get("code");
    const grant = { ...client, client_secret: secret, grant_type: "authorization_code", code };
    const path = "/trustoo/api/v1/openapi/oauth/token";
    const answer = await post(path, JSON_TYPE, JSON.stringify(grant));
    return { authorization: `Bearer ${answer.data.access_token}` };
  };
  const [client, partner] = [await own(KEY), await own("plaudit-demo-partner-key")];
  for (const { method, area, access, example, example_body: body } of routes) {
    if (area !== "api" || !example) continue;
    const opened = {
      bearer: () => (example.includes("/partners/") ? partner : client),
      // The example that disconnects a platform ends its tokens.
      signed: shop,
    }[access];
    const headers = { ...(opened ? await opened() : apikey), ...(body ? JSON_TYPE : {}) };
    await step(method, example, { headers, body: body ?? undefined });
  }
  await step("GET", "/__sandbox/data");
  await step("GET", "/__sandbox/webhooks");
  await step("GET", "/v1/business-units/find?name=caf%C3%A9%20x%7C%22.example", {
    headers: apikey,
  });
  await step("GET", "/v1/nothing");
  await step("PUT", "/v1/business-units/find");
  await step("GET", "/");
  const fields = {
    client_id: KEY,
    redirect_uri: "http://127.0.0.1:4000/",
    state: "a b\u00e9",
    email: "demo@example.com",
    password: "plaudit",
    decision: "allow",
  };
  const signIn = async (response_type) => {
    const body = new URLSearchParams({ ...fields, response_type }).toString();
    const { headers } = await step("POST", "/authenticate", { headers: form, body });
    return new URLSearchParams(headers.location.replace(/^[^#?]*[#?]/, ""));
  };
  const authorization = `Bearer ${(await signIn("token")).get("access_token")}`;
  await step("GET", "/v1/business-units/find?name=example.com", { headers: { authorization } });
  const code = (await signIn("code")).get("code");
  const grant = { grant_type: "authorization_code", code, redirect_uri: fields.redirect_uri };
  const basic = `Basic ${btoa(`${KEY}:plaudit-demo-secret`)}`;
  await step("POST", TOKENS, {
    headers: { ...form, authorization: basic },
    body: new URLSearchParams(grant).toString(),
  });
  await control("faults", { fault: "503", probability: 0.5, retry_after: "date:9" });
  for (let call = 0; call < 8; call += 1) {
    await step("GET", "/v1/business-units/find?name=books.example", { headers: apikey });
  }
  await control("clock", { advance: 400_000_000 });
  await step("GET", "/w/other/v1/business-units/find?name=books.example", { headers: apikey });
  await step("GET", "/__sandbox/requests");
  await step("GET", "/__sandbox/faults");

  const bytes = new TextEncoder().encode(lines.join("\n"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hash = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { lines, hash };
}

/** `send` for a sandbox in the same process. */
export const within =
  (sandbox) =>
  async ({ method, url, headers, body }) => {
    const answer = await sandbox.fetch(url, { method, headers, body });
    return { status: answer.status, headers: [...answer.headers], text: await answer.text() };
  };
