// What engines do besides showing a page: on paper and with forced colours, what they paint, keep when
// the page is left, and hold in memory. As far as each lets itself be told.

import { setTimeout as sleep } from "node:timers/promises";

/** Runs a script with the rights of Firefox's own interface; `context` is the page's there. */
async function asFirefox(driver, script, ...args) {
  await driver.setContext("chrome");
  try {
    const head = "const context = window.gBrowser.selectedBrowser.browsingContext;";
    return await driver.executeScript(`${head} ${script}`, ...args);
  } finally {
    await driver.setContext("content");
  }
}

/** Whether the engine knows forced colours: WebKit does not. */
export const knowsForcedColors = (engine) => engine !== "webkit";

/** Runs `look` while the page is shown with `medium` "print", or with `forcedColors`. */
export async function emulated({ driver, engine, run }, { medium = "", forcedColors }, look) {
  const show = {
    chromium: (media, active) => {
      const features = [{ name: "forced-colors", value: active ? "active" : "" }];
      return driver.sendAndGetDevToolsCommand("Emulation.setEmulatedMedia", { media, features });
    },
    firefox: (media, active) => {
      const [color, text] = [active ? "active" : "none", media];
      const script =
        "context.mediumOverride = arguments[0]; context.forcedColorsOverride = arguments[1];";
      return asFirefox(driver, script, text, color);
    },
    // its driver prints nothing and emulates nothing: the sheets are told
    webkit: (media) => run.call({ driver }, tellSheets, media === "print"),
  }[engine];
  await show(medium, forcedColors);
  try {
    return await look();
  } finally {
    await show("", false);
  }
}

/** In the page: rules for paper hold on the screen, and those for the screen do not; or as before. */
function tellSheets(isPaper) {
  const told = { print: "all", screen: "not all" };
  const tell = (rules) => {
    for (const rule of rules) {
      if (rule.media) {
        rule.was ??= rule.media.mediaText;
        rule.media.mediaText = (isPaper && told[rule.was]) || rule.was;
      }
      if (rule.cssRules) tell(rule.cssRules);
    }
  };
  const walk = (root) => {
    for (const sheet of [...root.styleSheets, ...root.adoptedStyleSheets]) tell(sheet.cssRules);
    for (const { shadowRoot } of root.querySelectorAll("*")) if (shadowRoot) walk(shadowRoot);
  };
  walk(document);
}

/**
 * What the window shows of an element: `at(x, y)` is the colour there, `rgb(…)`, counted from the
 * element's own corner.
 */
export async function painted(s, selector) {
  // what was changed last is painted with the second frame
  await s.run(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
  const png = await s.driver.takeScreenshot();
  const { width, height, runs, colours } = await s.run(
    async (png, selector) => {
      const image = new Image();
      image.src = `data:image/png;base64,${png}`;
      await image.decode();
      const { left, top, ...box } = document
        .querySelector(selector)
        .getBoundingClientRect()
        .toJSON();
      const canvas = document.createElement("canvas");
      canvas.width = Math.min(box.width, innerWidth - left);
      canvas.height = Math.min(box.height, innerHeight - top);
      const { width, height } = canvas;
      const context = canvas.getContext("2d");
      // one pixel of CSS is one of these, whatever the screen has
      context.drawImage(image, -left, -top, innerWidth, innerHeight);
      const { data } = context.getImageData(0, 0, width, height);
      const known = new Map();
      // how often which colour: a page is mostly one
      const runs = [];
      for (let at = 0, last = -1; at < data.length; at += 4) {
        const colour = `rgb(${data[at]}, ${data[at + 1]}, ${data[at + 2]})`;
        if (!known.has(colour)) known.set(colour, known.size);
        const index = known.get(colour);
        if (index === last) runs[runs.length - 1] += 1;
        else runs.push(index, 1);
        last = index;
      }
      return { width, height, runs, colours: [...known.keys()] };
    },
    png,
    selector,
  );
  const pixels = new Uint16Array(width * height);
  for (let from = 0, at = 0; at < runs.length; at += 2) {
    pixels.fill(runs[at], from, from + runs[at + 1]);
    from += runs[at + 1];
  }
  return { at: (x, y) => colours[pixels[Math.floor(y) * width + Math.floor(x)]] };
}

/** To another page and back, as a visitor goes: whether the page was kept, and why it was not. */
export async function leaveAndReturn(s) {
  await s.run(() => {
    window.isKept = null;
    window.addEventListener("pageshow", ({ persisted }) => {
      window.isKept = persisted;
    });
  });
  await s.driver.get(`${s.site.url}/blank.html`);
  await s.driver.navigate().back();
  return s.run(() => {
    const [{ notRestoredReasons }] = performance.getEntriesByType("navigation");
    const reasons = notRestoredReasons?.reasons?.map(({ reason }) => reason) ?? [];
    return { isKept: window.isKept ?? false, reasons };
  });
}

/** Whether the engine can be told to collect what nobody holds: WebKit cannot. */
export const collects = (engine) => engine !== "webkit";

async function collect({ driver, engine }) {
  if (engine === "firefox") {
    await asFirefox(driver, 'Services.obs.notifyObservers(null, "child-mmu-request");');
  } else {
    await driver.sendAndGetDevToolsCommand("HeapProfiler.collectGarbage", {});
  }
}

/** The bytes that the page's objects take, without those that nobody holds; null but in Chromium. */
export async function heap(s) {
  if (s.engine !== "chromium") return null;
  await collect(s);
  await collect(s);
  const { usedSize } = await s.driver.sendAndGetDevToolsCommand("Runtime.getHeapUsage", {});
  return usedSize;
}

/** How many of the page's `window.mounted`, weak references, are still held: none, if they are `few`. */
export async function held(s, few = 0) {
  for (let round = 0; ; round += 1) {
    await collect(s);
    const left = await s.run(() => window.mounted.filter((it) => it.deref()).length);
    if (left <= few) return 0;
    if (round === 20) return left;
    // Firefox collects when it has time, and nodes in more than one go
    await sleep(50);
  }
}
