// `npm run screenshots`: the pictures in the README, of the demo as Chromium shows it, in light and
// dark. The data are the sandbox's at one moment, so that only a change of the page changes a picture.
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openDriver, quit } from "../tests/browser/drivers.mjs";
import { build } from "./build.mjs";
import { isMain, Problem, root, runMain, say } from "./run.mjs";
import { startCommand } from "./sandbox.mjs";
import { serve } from "./serve.mjs";
import { setup } from "./setup.mjs";

const NOW = "2026-01-01T12:00:00.000Z";
/** Bytes: a README is loaded with its pictures. */
const MOST = 60_000;
const PATIENCE = 10_000;

/** What is taken: a part of the gallery, once it shows what was asked for. */
const pictures = [
  { name: "gallery", query: "", width: 1200, height: 880 },
  {
    name: "reviews",
    query: "?element=reviews&layout=grid&data=given",
    width: 1200,
    part: "#stage",
  },
];
const schemes = ["light", "dark"];

/** A page's own clock, set before its scripts: relative dates are the same each time. */
const clock = `{
  const now = Date.parse(${JSON.stringify(NOW)});
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...args) { super(...(args.length > 0 ? args : [now])); }
    static now() { return now; }
  };
}`;

async function take(driver, address, { query, width, height = 1600, part }, scheme) {
  const send = (command, options) => driver.sendAndGetDevToolsCommand(command, options);
  const size = { width, height, deviceScaleFactor: 1.25, mobile: false };
  await send("Emulation.setDeviceMetricsOverride", size);
  await send("Emulation.setScrollbarsHidden", { hidden: true });
  const features = [{ name: "prefers-color-scheme", value: scheme }];
  await send("Emulation.setEmulatedMedia", { features });
  await driver.get(`${address}/widgets.html${query}`);
  const deadline = Date.now() + PATIENCE;
  const isShown = `
    const state = document.querySelector("#stage-state").dataset.state;
    return document.documentElement.hasAttribute("data-ready") && state === "ready"`;
  while (!(await driver.executeScript(isShown))) {
    if (Date.now() > deadline) throw new Problem(`${query || "the gallery"} shows nothing`);
    await sleep(20);
  }
  // How long it took is another time each time.
  const clip = await driver.executeScript(
    `document.querySelector("#told").textContent = "";
    const { x, y, width, height } = (arguments[0]
      ? document.querySelector(arguments[0])
      : document.documentElement).getBoundingClientRect();
    return { x, y, width, height, scale: 1 };`,
    part ?? null,
  );
  if (!part) clip.height = height;
  const { data } = await send("Page.captureScreenshot", { format: "webp", quality: 60, clip });
  return Buffer.from(data, "base64");
}

export async function screenshots(folder = join(root, "docs", "images")) {
  const sandbox = await startCommand();
  const page = await serve({ sandboxUrl: sandbox.url });
  const driver = await openDriver("chromium");
  try {
    for (const change of [{ mode: "frozen" }, { set: Date.parse(NOW) }]) {
      const answer = await fetch(`${sandbox.url}/__sandbox/clock`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(change),
      });
      if (!answer.ok) throw new Problem(`the sandbox's clock answered ${answer.status}`);
    }
    await driver.sendAndGetDevToolsCommand("Page.addScriptToEvaluateOnNewDocument", {
      source: clock,
    });
    mkdirSync(folder, { recursive: true });
    for (const picture of pictures) {
      for (const scheme of schemes) {
        const file = join(folder, `${picture.name}-${scheme}.webp`);
        writeFileSync(file, await take(driver, page.url, picture, scheme));
        const { size } = statSync(file);
        say(`${file.slice(root.length + 1)}  ${size.toLocaleString("en-US")} bytes`);
        if (size > MOST) throw new Problem(`${file} has more than ${MOST} bytes`);
      }
    }
  } finally {
    await quit("chromium");
    await page.close();
    await sandbox.close();
  }
}

if (isMain(import.meta.url)) {
  await runMain(async () => {
    await setup({ browsers: true });
    await build();
    await screenshots();
  });
}
