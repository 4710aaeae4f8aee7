// A small application: what it holds is in `window.app`, for the tests to look at and to call.
import config from "/config.js";
import * as plaudit from "/plaudit/index.js";

const events = [];
const show = (session) =>
  session && { ...session, accessToken: session.accessToken, code: session.code };
const tell = (error) => ({
  name: error.name,
  code: error.code,
  message: error.message,
  oauthError: error.oauthError,
  description: error.description,
  status: error.status,
  retryable: error.retryable,
  retryAfter: error.retryAfter,
  body: error.body,
  cause: error.cause === undefined ? undefined : String(error.cause),
  isOurs: plaudit.isPlauditError(error),
  text: `${error} ${error.stack} ${JSON.stringify(error)} ${Object.values(error).join()}`,
});
/** `{ session }` or `{ error }`, whichever it is. */
const settle = (promise) =>
  promise.then(
    (session) => ({ session: show(session) }),
    (error) => ({ error: tell(error) }),
  );

function makeAuth(more) {
  const auth = plaudit.createAuth({
    provider: "trustpilot",
    clientId: "plaudit-demo-key",
    redirectUri: location.origin + location.pathname,
    endpoints: { authorize: `${config.sandbox}/authenticate`, api: config.sandbox },
    ...config.auth,
    ...more,
  });
  for (const type of ["signedin", "expiring", "expired", "signedout"]) {
    auth.on(type, ({ session }) =>
      events.push({ type, at: Date.now(), session: session !== null }),
    );
  }
  return auth;
}

const auth = makeAuth();
window.seen.afterCreate = location.href;
const second = config.second && makeAuth(config.second);
const client = (more) =>
  plaudit.createClient({
    provider: "trustpilot",
    apiKey: "plaudit-demo-key",
    baseUrl: `${config.sandbox}/v1`,
    ...more,
  });
const app = { plaudit, config, events, show, tell, settle, makeAuth, client, auth };
window.app = app;
for (const mode of ["redirect", "popup"]) {
  document.getElementById(mode).addEventListener("click", () => {
    app.signIn = settle(auth.signIn({ mode }));
    app.signIn.then((result) => {
      app.signedIn = result;
    });
  });
}
if (second) {
  document.getElementById("second").addEventListener("click", () => second.signIn());
  settle(second.completeSignIn()).then((result) => {
    app.secondCompleted = result;
  });
}
if (config.popupAtLoad) {
  settle(auth.signIn({ mode: "popup" })).then((result) => {
    app.signedIn = result;
  });
}
settle(auth.completeSignIn()).then((result) => {
  app.completed = result;
});
