// What the tests in this folder share.
export const KEY = "plaudit-demo-key";
export const EPOCH = Date.UTC(2026, 0, 1);
export const FIND = `https://api.trustpilot.com/v1/business-units/find?name=example.com&apikey=${KEY}`;

/** The sign-in form, filled in. */
export const signInForm = (more = {}) =>
  new URLSearchParams({
    client_id: KEY,
    redirect_uri: "http://127.0.0.1:4000/",
    response_type: "token",
    state: "st-1",
    email: "demo@example.com",
    password: "plaudit",
    decision: "allow",
    ...more,
  });

/** Signs in; the token. */
export async function signIn(sandbox) {
  const body = signInForm();
  const answer = await sandbox.fetch("https://sandbox.test/authenticate", { method: "POST", body });
  return new URLSearchParams(new URL(answer.headers.get("location")).hash.slice(1)).get(
    "access_token",
  );
}

/** What an answer is, as one value. */
export async function seen(answer) {
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: await answer.text(),
  };
}

/** Trustpilot as a server calls it: tokens by their grant, and JSON with a bearer token. */
export function platform(sandbox) {
  const api = "https://api.trustpilot.com/v1";
  const token = async (fields, headers = {}) => {
    const path = `${api}/oauth/oauth-business-users-for-applications/accesstoken`;
    const body = new URLSearchParams(fields);
    const answer = await sandbox.fetch(path, { method: "POST", headers, body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return JSON.parse(text).access_token;
  };
  const call = async (method, path, bearer, body) => {
    const answer = await sandbox.fetch(path.startsWith("https:") ? path : api + path, {
      method,
      headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: text && JSON.parse(text) };
  };
  return { token, call };
}
