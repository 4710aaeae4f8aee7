// A page that has nothing but the element; what it told is in `window.told`.
import config from "/config.js";

const { sandbox, attributes = {}, slots = "", own, count = 1 } = config;
const told = [];
window.told = told;
for (const name of ["plaudit-sign-in", "plaudit-sign-out", "plaudit-error"]) {
  document.addEventListener(name, ({ target, detail, composed }) =>
    told.push({
      name,
      id: target.id,
      composed,
      code: detail?.code,
      oauthError: detail?.oauthError,
      kind: detail?.kind,
      isHidden: !JSON.stringify(detail).includes("sandbox-"),
      hasToken: /^tpa-sandbox-/.test(detail?.accessToken),
      returnTo: detail?.returnTo,
    }),
  );
}

let auth;
if (own) {
  const { createAuth } = await import("/plaudit/index.js");
  auth = createAuth({
    provider: "trustpilot",
    clientId: "plaudit-demo-key",
    redirectUri: location.origin + location.pathname,
    endpoints: { authorize: `${sandbox}/authenticate`, api: sandbox },
    ...own,
  });
}
// Before the class is known: what was set must not be lost.
for (let at = 1; at <= count; at += 1) {
  const element = document.createElement("plaudit-sign-in");
  element.id = `button-${at}`;
  const all = { "client-id": "plaudit-demo-key", endpoint: `${sandbox}/authenticate` };
  for (const [name, value] of Object.entries(own ? attributes : { ...all, ...attributes })) {
    element.setAttribute(name, value);
  }
  if (auth) element.auth = auth;
  for (const [slot, text] of Object.entries(slots)) {
    const span = document.createElement("span");
    if (slot) span.slot = slot;
    span.textContent = text;
    element.append(span);
  }
  document.getElementById("here").append(element);
}
window.elements = await import("/plaudit/elements.js");
document.documentElement.toggleAttribute("data-ready", true);
