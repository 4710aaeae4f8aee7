// A stand-in for the official widget's bootstrap script, made from what is known of how that behaves.
// Its code is its own: who reads it learns nothing of the original but that.
(() => {
  const [base] = document.currentScript.src.split("/bootstrap/");
  const { origin } = new URL(base);
  const state = { runs: (window.Trustpilot?.runs ?? 0) + 1, applied: [], jsonLd: 0 };
  let hasJsonLd = false;
  let last = 0;
  const widgets = [];

  const length = (value) => (/(px|%)$/.test(value) ? value : `${value}px`);

  function addJsonLd({ businessunitId, templateId, locale, schemaType }) {
    if (hasJsonLd || !schemaType) return;
    hasJsonLd = true;
    const at = new URL(`${base}/data/jsonld/business-unit/${businessunitId}`);
    at.search = new URLSearchParams({ type: schemaType, url: location.href, templateId, locale });
    fetch(at)
      .then((answer) => answer.text())
      .then((text) => {
        const script = document.createElement("script");
        script.type = "application/ld+json";
        script.append(text);
        document.head.append(script);
        state.jsonLd += 1;
      });
  }

  function apply(element, force) {
    if (element.firstElementChild?.tagName === "IFRAME" && !force) return;
    const { templateId, businessunitId, locale, ...others } = element.dataset;
    // It throws text.
    if (!templateId) throw "No templateId supplied for TrustBox";
    if (!businessunitId) throw "No businessUnitId supplied for TrustBox";
    if (!locale) throw "No locale supplied for TrustBox";
    if (window.trustboxFault === "throws") throw "No luck for TrustBox";
    element.replaceChildren();
    addJsonLd(element.dataset);
    last += 1;
    const frame = document.createElement("iframe");
    const query = new URLSearchParams({ businessunitId, templateId });
    const hash = new URLSearchParams({ locale, ...others, widgetId: last });
    frame.title = "Customer reviews powered by Trustpilot";
    frame.src = `${base}/trustboxes/${templateId}/index.html?${query}#${hash}`;
    frame.loading = others.loading ?? "auto";
    Object.assign(frame.style, {
      position: "relative",
      display: "block",
      border: "none",
      overflow: "hidden",
      width: length(others.styleWidth ?? "100%"),
      ...(others.styleHeight && { height: length(others.styleHeight) }),
    });
    element.style.position = "relative";
    element.append(frame);
    widgets.push({ id: last, element, frame });
    state.applied.push({ ...element.dataset });
    const { platform, language, userAgent } = navigator;
    const seen = { url: location.href, referrer: document.referrer, platform, language, userAgent };
    navigator.sendBeacon(`${base}/stats/TrustboxView?${new URLSearchParams(seen)}`);
  }

  addEventListener("message", ({ origin: from, data }) => {
    if (from !== origin || typeof data !== "string") return;
    const { command, widgetId, ...message } = JSON.parse(data);
    const widget = widgets.find(({ id }) => id === Number(widgetId));
    if (!widget) return;
    if (command === "setStyle") Object.assign(widget.frame.style, message.style);
    if (command === "resize-height") widget.frame.style.height = length(message.height);
    if (command === "impression") navigator.sendBeacon(`${base}/stats/TrustboxImpression`);
    if (command === "createIFrame") {
      const popup = document.createElement("iframe");
      popup.title = "Customer reviews powered by Trustpilot";
      popup.src = `${base}/trustboxes/popup/index.html`;
      popup.style.display = "none";
      widget.element.append(popup);
    }
  });

  const findAndApplyWidgets = () => {
    for (const element of document.getElementsByClassName("trustpilot-widget")) apply(element);
  };
  window.Trustpilot = Object.assign(state, {
    loadFromElement: apply,
    Modules: { WidgetManagement: { findAndApplyWidgets, applyWidgetFromDomElement: apply } },
    widgets,
    version: "stand-in",
  });
  if (document.readyState === "loading") {
    addEventListener("DOMContentLoaded", findAndApplyWidgets);
  } else findAndApplyWidgets();
})();
