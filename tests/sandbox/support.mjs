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
