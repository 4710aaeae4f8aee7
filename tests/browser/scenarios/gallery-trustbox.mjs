// The official widget in the gallery, with the stand-in of its script: what is offered, what it says it
// is, consent, failures, routes, and the lines to copy. Rules TB1-TB7.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Key } from "selenium-webdriver";
import { assertAccessible, assertFits, watchForTrouble } from "../looks.mjs";
import { pastedSite } from "../pasted.mjs";
import { until } from "../scenario.mjs";

const PAGE = "/widgets.html?element=trustbox";
const DEMO = { demo: true };
const BOX = "#frame > plaudit-trustbox";
const LABEL =
  "Stand-in of the official script, drawn by this demo; the real one is loaded from Trustpilot.";

/** What the package knows: template names with their ids, and locales. */
const table = readFileSync(new URL("../../../js/generated/trustbox.ts", import.meta.url), "utf8");
const TEMPLATES = new Map(
  /templates: readonly string\[\]\[\] = "(.*?)"/
    .exec(table)[1]
    .split(",")
    .map((row) => row.split(" ").slice(0, 2)),
);
const LOCALES = JSON.parse(/locales: readonly string\[\] = (\[.*?\]);/.exec(table)[1]);

export function galleryTrustbox(scenario) {
  const box = (s, script) =>
    s.driver.executeScript(
      `const box = document.querySelector(arguments[0]);
       const inner = box?.querySelector(".trustpilot-widget");
       const frame = inner?.querySelector("iframe");
       return ${script};`,
      BOX,
    );
  const inState = (s, wanted) =>
    until(
      async () =>
        (await s.driver.executeScript(
          "return document.querySelector('#stage-state').dataset.state",
        )) === wanted,
      `it is ${wanted}`,
    );
  /** The box is ready with what was asked for last. */
  const shows = (s, name, value) =>
    until(
      () => box(s, `box.state === "ready" && inner?.dataset.${name} === ${JSON.stringify(value)}`),
      `it is shown with ${value}`,
    );
  const choose = (s, id, value) =>
    s.driver.executeScript(
      `const field = document.getElementById(arguments[0]);
       field.value = arguments[1];
       for (const type of field.type === "text" ? ["input", "change"] : ["change"])
         field.dispatchEvent(new Event(type, { bubbles: true }));`,
      id,
      value,
    );
  const press = (s, name, value) =>
    s.driver.executeScript(
      `document.querySelector(\`input[name="\${arguments[0]}"][value="\${arguments[1]}"]\`).click()`,
      name,
      value,
    );
  const inBox = (s, part) => box(s, `box.shadowRoot.querySelector("[part=${part}]").click()`);
  const asked = (s, what) => s.site.requests.filter(({ url }) => url.includes(what)).length;
  const isLinkSeen = (s) =>
    box(s, `box.querySelector("a").checkVisibility?.() ?? box.querySelector("a").offsetHeight > 0`);

  scenario("TB2: every template, and it says that it is a stand-in", DEMO, async (s) => {
    await s.go(PAGE);
    await watchForTrouble(s);
    await inState(s, "ready");
    const offered = await s.driver.executeScript(
      `return ["template", "locale"].map((id) =>
         [...document.getElementById(id).options].map(({ value }) => value));`,
    );
    assert.deepEqual(offered[0].sort(), [...TEMPLATES.keys(), "another"].sort());
    assert.deepEqual(offered[1].sort(), ["", ...LOCALES].sort());
    assert.equal(TEMPLATES.size, 28);

    for (const [name, id] of TEMPLATES) {
      await choose(s, "template", name);
      await shows(s, "templateId", id);
      const words = await until(
        () => box(s, `frame.contentDocument.querySelector(".what")?.innerText`),
        `${name} has its words`,
      );
      assert.equal(words, "Stand-in, not Trustpilot’s widget", name);
      // In the lowest of them too it can be read.
      const seen = await box(
        s,
        `frame.contentDocument.querySelector(".what").getBoundingClientRect().bottom
           <= frame.contentWindow.innerHeight`,
      );
      assert.ok(seen, `${name} cuts its words off`);
      assert.match(await box(s, "frame.title"), /^Stand-in/);
      assert.equal(await s.text("#stand-in").then((it) => it.replaceAll(/\s+/g, " ")), LABEL);
      assert.match(await s.text("#code"), name === "carousel" ? /carousel/ : RegExp(`"${name}"`));
    }
    assert.equal(asked(s, "/bootstrap/"), 1, "one script for all of them");

    // Any id passes; Enter in the field leaves the page where it is.
    await choose(s, "template", "another");
    await choose(s, "template-id", "5f0c00000000000000000001");
    await shows(s, "templateId", "5f0c00000000000000000001");
    // Typed, the field stays the one that it was.
    const field = await s.find("#template-id");
    await field.sendKeys(Key.END, Key.BACK_SPACE, Key.BACK_SPACE, "ab", Key.ENTER);
    await shows(s, "templateId", "5f0c000000000000000000ab");
    await field.sendKeys(Key.BACK_SPACE, Key.BACK_SPACE, "01", Key.TAB);
    await shows(s, "templateId", "5f0c00000000000000000001");
    assert.match(await s.address(), /template=5f0c00000000000000000001/);
    await s.go((await s.address()).slice(s.site.url.length));
    await shows(s, "templateId", "5f0c00000000000000000001");
    assert.equal(
      await s.driver.executeScript("return document.querySelector('#template').value"),
      "another",
    );

    // Nothing of it came from anywhere else.
    const origins = await s.driver.executeScript(
      `return [...new Set(performance.getEntriesByType("resource").map(({ name }) => new URL(name).origin))];`,
    );
    const own = [s.site.url, new URL(s.world).origin];
    assert.deepEqual(
      origins.filter((it) => !own.includes(it)),
      [],
    );
    assert.deepEqual(await s.driver.executeScript("return window.broken ?? []"), []);
  });

  scenario("TB5: theme and locale change what is asked for, once", DEMO, async (s) => {
    await s.go(`${PAGE}&locale=de`);
    await shows(s, "locale", "de-DE");
    await choose(s, "locale", "pt-BR");
    await shows(s, "locale", "pt-BR");
    const before = asked(s, "/trustboxes/53aa");
    await press(s, "theme", "dark");
    await shows(s, "theme", "dark");
    assert.equal(asked(s, "/trustboxes/53aa"), before + 1);
    assert.equal(await box(s, "frame.contentDocument.documentElement.dataset.theme"), "dark");
    assert.match(await s.text("#code"), /locale="pt-BR"\s+theme="dark"/);
    // Another element has the language, this one has it back.
    await press(s, "element", "stars");
    await until(
      () =>
        s.driver.executeScript(
          "return document.querySelector('#frame plaudit-stars')?.getAttribute('locale') === null",
        ),
      "it has none of this locale",
    );
    await press(s, "element", "trustbox");
    await shows(s, "locale", "pt-BR");
    await press(s, "theme", "brand");
    await until(() => box(s, `inner && !inner.dataset.theme`), "no theme of its own");
    const accent = `getComputedStyle(box).getPropertyValue("--plaudit-accent")`;
    assert.equal(await box(s, accent), "#4338ca");
    assert.equal(await box(s, `getComputedStyle(box).getPropertyValue("--plaudit-star-fill")`), "");
  });

  scenario(
    "TB1, TB6: a script that is late, that is blocked, and trying again",
    DEMO,
    async (s) => {
      await s.go(PAGE);
      await inState(s, "ready");
      const height = await box(s, "box.offsetHeight");
      await press(s, "script", "slow");
      await inState(s, "loading");
      assert.ok(await isLinkSeen(s));
      assert.equal(await box(s, "box.offsetHeight"), height);
      await inState(s, "ready");
      assert.equal(await box(s, "box.offsetHeight"), height);

      await press(s, "script", "blocked");
      await inState(s, "error");
      await until(async () => /network_error/.test(await s.text("#told")), "the error is told");
      assert.ok(await isLinkSeen(s));
      assert.equal(await box(s, "box.querySelector('iframe')"), null);
      const tries = asked(s, "/blocked/");
      await inBox(s, "retry");
      await until(() => asked(s, "/blocked/") > tries, "it was asked for again");
      await inState(s, "error");
      await press(s, "script", "none");
      await inState(s, "ready");
      assert.equal(await box(s, "box.error"), null);

      // Whoever is sent the address sees the same.
      await s.go(`${PAGE}&script=blocked&template=micro-star`);
      await inState(s, "error");
      await s.forgetConsole();
    },
  );

  scenario("TB7: consent, in the box and for the page", DEMO, async (s) => {
    await s.go(`${PAGE}&consent=required`);
    await inState(s, "consent");
    assert.ok(await isLinkSeen(s));
    assert.equal(asked(s, "/stand-in/"), 0, "nothing is asked for");
    await inBox(s, "allow");
    await inState(s, "ready");
    assert.match(await s.text("#code"), /consent="required"/);
    // What was allowed holds for another template.
    await choose(s, "template", "grid");
    await shows(s, "templateId", TEMPLATES.get("grid"));

    await s.click("#decide");
    await inState(s, "consent");
    assert.equal(await box(s, "box.querySelector('iframe')"), null);
    assert.equal(await s.text("#told"), "consentToTrustbox(false)");
    await s.click("#decide");
    await inState(s, "ready");
    // The page remembers, the next box need not ask.
    await s.click("#leave");
    await until(() => box(s, "box === null"), "it left");
    await inState(s, "ready");

    await choose(s, "consent", "");
    assert.doesNotMatch(await s.text("#code"), /consent/);
    await inState(s, "ready");
    await choose(s, "consent", "required");
    await inState(s, "consent");
  });

  scenario("TB2, TB5: leaving and coming back, and being rendered again", DEMO, async (s) => {
    await s.go(PAGE);
    await inState(s, "ready");
    const mark = `(frame.isOld = true, true)`;
    assert.ok(await box(s, mark));
    await s.click("#render");
    await until(() => box(s, `frame && !frame.isOld && box.state === "ready"`), "a new frame");
    assert.equal(await box(s, "box.querySelectorAll('iframe[title^=Stand-in]').length"), 1);
    assert.equal(await box(s, "box.querySelectorAll('a').length"), 1);

    assert.ok(await box(s, `(box.isOld = true, true)`));
    const height = "document.querySelector('#frame').offsetHeight";
    const before = await box(s, height);
    await s.click("#leave");
    await inState(s, "idle");
    assert.equal(await box(s, "document.querySelectorAll('#frame iframe').length"), 0);
    assert.equal(await box(s, height), before);
    // Another choice meanwhile does not bring two.
    await press(s, "element", "stars");
    await press(s, "element", "trustbox");
    await until(() => box(s, `box && !box.isOld && box.state === "ready"`), "it is back");
    assert.equal(await box(s, "document.querySelector('#frame').children.length"), 1);
    assert.equal(asked(s, "/bootstrap/"), 1, "the script is there already");
  });

  scenario("the lines that are copied ask for Trustpilot's own script", DEMO, async (s) => {
    await s.go(`${PAGE}&template=micro-combo&locale=da-DK&script=slow`);
    await shows(s, "templateId", TEMPLATES.get("micro-combo"));
    const lines = await s.text("#code");
    assert.doesNotMatch(lines, /stand-in|127\.0\.0\.1|localhost/);
    assert.match(lines, /^<script type="module" src="\/plaudit\/trustbox\.js"><\/script>/);
    const site = await pastedSite(s.site.url);
    // The page's own policy holds the script back, so nothing is asked of Trustpilot here.
    const policy = `<meta http-equiv="Content-Security-Policy"
      content="script-src 'self' 'unsafe-inline'; frame-src 'none'">
      <script>addEventListener("securitypolicyviolation", ({ blockedURI }) => { window.refused = blockedURI; });</script>`;
    try {
      site.show(`${policy}\n${lines}`);
      await s.driver.get(site.url);
      const found = (what) =>
        s.driver.executeScript(
          `const box = document.querySelector("plaudit-trustbox"); return ${what};`,
        );
      await until(() => found(`box.state === "error" && window.refused`), "it was refused");
      assert.match(
        await found("window.refused"),
        /^https:\/\/widget\.trustpilot\.com(\/bootstrap\/|$)/,
      );
      assert.equal(await found("box.error.code"), "unsupported_environment");
      assert.deepEqual(
        await found("[box.template, box.businessUnit, box.locale, box.textContent.trim()]"),
        ["micro-combo", "46d6a890000064000500e0c3", "da-DK", "Trustpilot"],
      );
    } finally {
      await s.go(PAGE);
      await site.close();
    }
    await s.forgetConsole();
  });

  scenario("TrustBox by keyboard, and without axe's violations in each state", DEMO, async (s) => {
    await s.go(`${PAGE}&consent=required&template=list`);
    await watchForTrouble(s);
    await inState(s, "consent");
    const type = (...keys) =>
      s.driver
        .actions()
        .sendKeys(...keys)
        .perform();
    const focused = () =>
      s.driver.executeScript(
        `const deep = (it) => it?.shadowRoot?.activeElement ?? it;
         const { id, name, value, part } = deep(document.activeElement);
         return id || (name ? name + " " + value : part?.value ?? "");`,
      );
    const reach = async (wanted) => {
      for (let step = 0; step < 25; step += 1) {
        await type(Key.TAB);
        if ((await focused()) === wanted) return;
      }
      throw new Error(`the keyboard does not reach ${wanted}`);
    };
    await assertAccessible(s, "consent");
    await assertFits(s, "consent");
    await s.driver.executeScript("document.querySelector('#main').focus()");
    await reach("allow");
    await type(Key.ENTER);
    await inState(s, "ready");
    await reach("leave");
    await reach("render");
    await reach("decide");
    await reach("script none");
    await reach("template");
    await reach("consent");
    await assertAccessible(s, "ready");
    // The frame by itself, too.
    const frame = await s.find(`${BOX} iframe`);
    await s.driver.switchTo().frame(frame);
    await assertAccessible(s, "the frame");
    await s.driver.switchTo().defaultContent();
    for (const theme of ["light", "dark", "brand", "serif"]) {
      await press(s, "theme", theme);
      await inState(s, "ready");
      await assertAccessible(s, theme);
    }
    await press(s, "script", "blocked");
    await inState(s, "error");
    await assertAccessible(s, "error");
    await assertFits(s, "error");
    await s.forgetConsole();
  });
}
