// As React's StrictMode does it: every component is made twice, and every effect runs twice.
import config from "/config.js";
import { createAuth } from "/plaudit/index.js";

const auths = [];
const events = [];
for (let mount = 0; mount < 2; mount += 1) {
  const auth = createAuth({
    provider: "trustpilot",
    clientId: "plaudit-demo-key",
    redirectUri: `${location.origin}/strict.html`,
    endpoints: { authorize: `${config.sandbox}/authenticate`, api: config.sandbox },
    ...config.auth,
  });
  const heard = [];
  events.push(heard);
  for (const type of ["signedin", "expiring", "expired", "signedout"]) {
    auth.on(type, () => heard.push(type));
  }
  auths.push(auth);
}
document.getElementById("redirect").addEventListener("click", () => auths[1].signIn());

const returning = window.seen.start.includes("#");
const promises = auths.flatMap((auth) => [auth.completeSignIn(), auth.completeSignIn()]);
const results = [];
for (const promise of promises) {
  results.push(
    await promise.then(
      (session) => ({ session: session && { accessToken: session.accessToken } }),
      ({ code, oauthError }) => ({ error: { code, oauthError } }),
    ),
  );
}
document.documentElement.setAttribute("data-ready", "");
if (returning) {
  window.strict = {
    results,
    events,
    same: [promises[0] === promises[1], promises[2] === promises[3]],
    held: auths.map((auth) => auth.session !== null),
  };
}
