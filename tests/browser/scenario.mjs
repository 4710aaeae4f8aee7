// What every browser test is made of: a world of its own in the sandbox, a site of its own, the
// engine's one browser, and after each scenario the look for what must not stand anywhere.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { bringSandbox, startSandbox } from "../../tools/sandbox.mjs";
import { consoleOf, throughEngines } from "./drivers.mjs";
import { demoSite, pageSite } from "./site.mjs";

const PATIENCE = 20_000;
/** Milliseconds between two looks, at first and when it takes longer: looking costs the page time. */
const POLL = 20;
const POLL_LATE = 100;
const BLANK = "about:blank";
// What a page that is just changing answers with.
const PASSING =
  /^(NoSuchElement|NoSuchWindow|StaleElementReference|Javascript|ElementNotInteractable|ElementClickIntercepted|NoSuchFrame|ScriptTimeout)/;

/** The form of every token and code that the sandbox gives out, and of its forged states. */
const ISSUED = /tp[ac]-sandbox-[0-9a-f]{6,}|forged-[0-9a-f]{6,}|sbx[A-Za-z0-9+/]{19}==/;

/** Defines tests in every engine; `define(scenario)` with `scenario(title, options, run)`. */
export async function inEveryEngine(define, driverOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), "plaudit-log-"));
  const log = join(folder, "access.log");
  let sandbox;
  before(async () => {
    await bringSandbox();
    sandbox = await startSandbox(["--log", log]);
  });
  after(async () => {
    await sandbox?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  let worlds = 0;
  await throughEngines((context) => {
    const scenario = (title, options, run) => {
      it(title, { timeout: 300_000 }, async () => {
        worlds += 1;
        const world = `${sandbox.url}/w/${context.engine}-${worlds}`;
        const one = await open(context, world, options);
        try {
          await run(one);
          await one.assertNothingLeaked(readFileSync(log, "utf8"));
        } finally {
          await one.close();
        }
      });
    };
    define(scenario, context);
  }, driverOptions);
}

/** Waits until `look()` gives something true, and gives that. */
export async function until(look, what, patience = PATIENCE) {
  const start = Date.now();
  let last;
  for (;;) {
    try {
      const found = await look();
      if (found) return found;
      last = undefined;
    } catch (error) {
      if (!PASSING.test(error.name)) throw error;
      last = error;
    }
    const waited = Date.now() - start;
    if (waited > patience) throw new Error(`waited in vain until ${what}`, { cause: last });
    await sleep(Math.max(POLL, Math.min(waited / 8, POLL_LATE)));
  }
}

async function open({ driver, engine }, world, options) {
  const settings = { sandbox: world, auth: options.auth ?? {}, ...options.settings };
  // Where the answer comes in the query, the page must not repeat it in Referer (U4). Elsewhere our
  // pages have no policy, so that a Referer with a token in it would be seen.
  const policy = options.leaks?.pageServer ? { "Referrer-Policy": "no-referrer" } : {};
  const rules = options.rules ? { "Content-Security-Policy": options.rules(world) } : {};
  const site = options.demo
    ? await demoSite(world)
    : await pageSite({ settings, headers: { ...options.headers, ...policy, ...rules } });
  await consoleOf(driver);
  const home = await driver.getWindowHandle();
  return new Scenario({
    driver,
    engine,
    world,
    site,
    settings,
    home,
    allowed: options.leaks ?? {},
  });
}

class Scenario {
  constructor(parts) {
    Object.assign(this, parts);
    /** States that were sent, and other secrets of this scenario. */
    this.secrets = new Set();
    this.console = [];
  }

  /** A request to the sandbox's control interface, in this scenario's world. */
  async control(method, path, body) {
    const response = await fetch(`${this.world}/__sandbox/${path}`, {
      method,
      body: body && JSON.stringify(body),
      headers: body ? { "content-type": "application/json" } : {},
    });
    assert.ok(response.ok, `the sandbox answered ${response.status} to ${method} ${path}`);
    return response.json();
  }

  fault(fault, more = {}) {
    return this.control("POST", "faults", { fault, ...more });
  }

  clearFaults() {
    return this.control("DELETE", "faults");
  }

  /** What the platform was asked for: the journal, of one route if that is given. */
  async journal(route) {
    const { requests } = await this.control("GET", "requests");
    return route ? requests.filter((entry) => entry.route === route) : requests;
  }

  /** Opens a path of the site as a new document, also where only the fragment differs. */
  async go(path = "/app.html") {
    if ((await this.address()) !== BLANK) await this.driver.get(BLANK);
    await this.driver.get(this.site.url + path);
    return this.ready();
  }

  /** Waits until the page has read its address; our own page's result. */
  ready() {
    return until(
      () =>
        this.driver.executeScript(
          "return window.app?.completed ?? document.documentElement.hasAttribute('data-ready')",
        ),
      "the page is ready",
    );
  }

  /** Runs a function in the page and awaits what it gives. */
  async run(code, ...args) {
    const answer = await this.driver.executeAsyncScript(
      `const args = Array.from(arguments);
       const done = args.pop();
       Promise.resolve().then(() => (${code})(...args)).then(
         (value) => done({ value }),
         (error) => done({ error: String(error) }),
       );`,
      ...args,
    );
    if (answer.error !== undefined) throw new Error(`in the page: ${answer.error}`);
    return answer.value;
  }

  address() {
    return this.driver.getCurrentUrl();
  }

  async find(selector) {
    return this.driver.findElement({ css: selector });
  }

  /** Clicks as soon as it can be clicked. */
  async click(selector) {
    await until(async () => {
      const element = await this.find(selector);
      if (!(await element.isEnabled())) return false;
      await element.click();
      return true;
    }, `${selector} can be clicked`);
  }

  /** Clicks, and again if the page did not hear it: Firefox may lose a click in a window just opened. */
  async clickHeard(selector) {
    await this.driver.executeScript(
      `document.querySelector(arguments[0]).addEventListener("click", () => {
        window.isHeard = true;
      });`,
      selector,
    );
    await this.click(selector);
    // where the page is another one by now, or none, it did hear it
    const isLost = () =>
      this.driver
        .executeScript(
          "return document.querySelector(arguments[0]) !== null && !window.isHeard",
          selector,
        )
        .catch(() => false);
    for (let wait = 0; await isLost(); wait += 1) {
      if (wait === 20) await this.click(selector);
      else if (wait > 40) throw new Error(`${selector} hears no click`);
      await sleep(100);
    }
  }

  text(selector) {
    return this.driver.executeScript(
      "return document.querySelector(arguments[0]).textContent.trim()",
      selector,
    );
  }

  /** Waits for an element that matches. */
  see(selector) {
    return until(() => this.find(selector), `there is ${selector}`);
  }

  /** Waits for the platform's page and remembers the state that came with it. */
  async onPlatform() {
    await this.see("#allow");
    const state = await this.driver.executeScript(
      "return document.querySelector('input[name=state]')?.value ?? ''",
    );
    const redirectUri = await this.driver.executeScript(
      "return document.querySelector('input[name=redirect_uri]').value",
    );
    if (state) this.secrets.add(state);
    return { state, redirectUri };
  }

  /** Decides on the platform's page: "allow", "google" or "deny". */
  async decide(decision = "allow") {
    const asked = await this.onPlatform();
    await this.clickHeard(`#${decision}`);
    return asked;
  }

  /** Signs in by redirect on our own page; what completeSignIn() came to. */
  async signIn(decision = "allow") {
    await this.click("#redirect");
    const asked = await this.decide(decision);
    const result = await this.ready();
    return { ...result, ...asked };
  }

  /** Waits for a window that was not there, and goes there. */
  async popup() {
    const handle = await until(async () => {
      const handles = await this.driver.getAllWindowHandles();
      return handles.find((one) => one !== this.home);
    }, "a window opens");
    await this.driver.switchTo().window(handle);
    return handle;
  }

  /** Waits until only the first window is left, and goes there. */
  async popupGone() {
    await until(
      async () => (await this.driver.getAllWindowHandles()).length === 1,
      "the window closes by itself",
    );
    await this.driver.switchTo().window(this.home);
  }

  /** What signIn() by a click came to, on our own page. */
  signedIn() {
    return until(
      () => this.driver.executeScript("return window.app.signedIn"),
      "signIn() comes to an end",
    );
  }

  events() {
    return this.driver.executeScript("return window.app.events.map(({ type }) => type)");
  }

  /** Waits until the console's text arrived at the page's server. */
  logged(text) {
    return until(() => this.site.logs.some((line) => line.includes(text)), "the console is heard");
  }

  /** The keys in this tab's storage that start with plaudit's own prefix. */
  stored() {
    return this.driver.executeScript(
      "return Object.keys(sessionStorage).filter((key) => key.startsWith('plaudit:'))",
    );
  }

  async forgetConsole() {
    await consoleOf(this.driver);
    this.console.length = 0;
    this.site.logs.length = 0;
  }

  /** Forgets the timing of a request, which comes a little after its answer. */
  async forgetTiming(url) {
    await until(
      () =>
        this.run(
          (url) => performance.getEntriesByType("resource").some(({ name }) => name.includes(url)),
          url,
        ),
      "the request has its timing",
    );
    await this.run(() => performance.clearResourceTimings());
  }

  /** Nothing secret stands in `text`; `states: false` where a state may. */
  assertClean(text, where, { states = true } = {}) {
    const shown = String(text);
    const issued = ISSUED.exec(decodeAll(shown));
    assert.equal(issued, null, `${where} holds a token or a code`);
    if (!states) return;
    for (const secret of this.secrets) {
      assert.ok(!shown.includes(secret), `${where} holds a state`);
    }
  }

  /** What the page in front can be asked about itself. */
  async assertPageClean(where) {
    const told = await this.driver.executeScript(`
      const told = { address: location.href, url: document.URL, base: document.baseURI,
        referrer: document.referrer, title: document.title, state: JSON.stringify(history.state),
        name: window.name, cookie: document.cookie };
      try { told.local = JSON.stringify(localStorage); } catch {}
      for (const entry of window.navigation?.entries?.() ?? []) told["entry " + entry.index] = entry.url;
      // The entry of the navigation itself cannot be cleaned by any script: see "U5".
      for (const { name } of performance.getEntriesByType("resource")) told["timing of " + name] = name;
      return told;`);
    const onPlatform = told.address.startsWith(this.world);
    for (const [what, text] of Object.entries(told)) {
      this.assertClean(text, `${where}: ${what}`, { states: !onPlatform });
    }
  }

  async assertNothingLeaked(accessLog) {
    const handles = await this.driver.getAllWindowHandles();
    for (const [at, handle] of handles.entries()) {
      await this.driver.switchTo().window(handle);
      await this.assertPageClean(`window ${at}`);
    }
    // In Chromium the driver tells what the console said, elsewhere our own pages' early script.
    this.console.push(...((await consoleOf(this.driver)) ?? []).map(({ message }) => message));
    for (const line of [...this.console, ...this.site.logs]) this.assertClean(line, "the console");
    for (const { url, referer } of this.site.requests) {
      // A code or a nonce in the query is for the page's server by its nature.
      if (!this.allowed.pageServer) this.assertClean(url, "a request to the page's own server");
      this.assertClean(referer, "a Referer at the page's own server");
    }
    for (const entry of await this.journal()) {
      // RFC 7009 has the token that is revoked in the body.
      const own = entry.path.endsWith("/revoke") ? ["authorization", "body"] : ["authorization"];
      const elsewhere = entry.token_seen.filter((place) => !own.includes(place));
      assert.deepEqual(elsewhere, [], `a token stands in a request to ${entry.path}`);
      const { path, query, referer, origin } = entry;
      this.assertClean(`${path} ${query} ${referer} ${origin}`, "the sandbox's journal");
    }
    this.assertClean(accessLog, "the sandbox's access log");
  }

  async close() {
    for (const handle of await this.driver.getAllWindowHandles()) {
      if (handle === this.home) continue;
      await this.driver.switchTo().window(handle);
      await this.driver.close();
    }
    await this.driver.switchTo().window(this.home);
    // A later scenario's site may come upon the same port.
    await this.driver
      .executeScript("localStorage.clear(); sessionStorage.clear();")
      .catch(() => {});
    await this.driver.get(BLANK);
    await this.site.close();
  }
}

function decodeAll(text) {
  try {
    return `${text} ${decodeURIComponent(text)}`;
  } catch {
    return text;
  }
}
