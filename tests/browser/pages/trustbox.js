// Makes <plaudit-trustbox> known, with the script of a stand-in, and notes what is told.
import config from "/config.js";

window.heard = [];
for (const type of ["plaudit-load", "plaudit-error", "plaudit-consent"]) {
  addEventListener(type, ({ target, detail }) => {
    window.heard.push({
      type,
      id: target.id,
      code: detail?.code,
      description: detail?.description,
    });
  });
}
window.refused = [];
addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
  window.refused.push({ effectiveDirective, blockedURI });
});

const link = '<a href="https://www.trustpilot.com/review/example.com">Trustpilot</a>';
/** An element as a page writes it. */
window.make = (attributes = {}) => {
  const element = document.createElement("plaudit-trustbox");
  const all = { template: "carousel", "business-unit": "46d6a890000064000500e0c3", ...attributes };
  for (const [name, value] of Object.entries(all)) {
    if (value !== null) element.setAttribute(name, value);
  }
  const parsed = document.createElement("a");
  parsed.href = /href="([^"]+)"/.exec(link)[1];
  parsed.textContent = "Trustpilot";
  element.append(parsed);
  return element;
};
window.put = (attributes) => {
  const element = window.make(attributes);
  document.getElementById("room").append(element);
  return element;
};

window.start = async () => {
  window.plaudit = await import("/plaudit/trustbox-pure.js");
  const { src = config.script, ...options } = window.options ?? config.options ?? {};
  window.plaudit.defineTrustbox({ ...(src && { src }), ...options });
};
if (!config.waits) await window.start();
document.documentElement.setAttribute("data-ready", "");
