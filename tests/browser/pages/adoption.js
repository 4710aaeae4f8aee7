// What a page of pre-rendered elements is watched by, before any element is defined.
window.told = [];
window.violations = [];
for (const name of ["plaudit-load", "plaudit-error"]) {
  addEventListener(name, ({ detail, target }) => {
    window.told.push(`${name} ${target.localName} ${detail.from ?? detail.code}`);
  });
}
document.addEventListener(
  "securitypolicyviolation",
  ({ violatedDirective, blockedURI, sample }) => {
    window.violations.push(`${violatedDirective} ${blockedURI} ${sample}`);
  },
);

const OWN = "style,link,script";
const looks = (node, pseudo) => {
  const style = getComputedStyle(node, pseudo);
  return [...style].map((name) => `${name}:${style.getPropertyValue(name)}`).join(";");
};
const place = (node) => JSON.stringify(node.getBoundingClientRect());
const drawn = (root) => [...root.querySelectorAll("*")].filter((node) => !node.matches(OWN));

/** Remembers what stands in each element's root, and watches it. */
window.look = () => {
  window.seen = [...document.querySelectorAll("[data-try]")].map((host) => {
    const root = host.shadowRoot;
    const nodes = drawn(root);
    const changes = [];
    const names = (list) => [...list].map((node) => node.localName ?? "text");
    const observer = new MutationObserver((records) => {
      for (const { addedNodes, removedNodes, attributeName } of records) {
        for (const name of names(addedNodes)) changes.push(`added ${name}`);
        for (const name of names(removedNodes)) changes.push(`removed ${name}`);
        if (attributeName) changes.push(`changed ${attributeName}`);
      }
    });
    const everything = { childList: true, subtree: true, attributes: true, characterData: true };
    observer.observe(root, everything);
    const style = [host, ...nodes].map((node) => looks(node));
    return { host, root, nodes, changes, style, places: [host, ...nodes].map(place) };
  });
  return window.seen.length;
};

/** Defines the elements. */
window.begin = () => import("/plaudit/elements.js").then(() => new Promise(requestAnimationFrame));

/** What is different from then. */
window.compare = () =>
  window.seen.map(({ host, root, nodes, changes, style, places }) => {
    const now = drawn(host.shadowRoot);
    return {
      tag: host.localName,
      isUpgraded: host.matches(":defined"),
      isSameRoot: host.shadowRoot === root,
      isSameNodes: now.length === nodes.length && now.every((node, at) => node === nodes[at]),
      styles: [host, ...now].filter((node, at) => looks(node) !== style[at]).length,
      places: [host, ...now].filter((node, at) => place(node) !== places[at]).length,
      changes,
      left: host.shadowRoot.querySelectorAll(OWN).length,
      sheets: host.shadowRoot.adoptedStyleSheets.length,
    };
  });
