// The gallery of the demo: every element, every choice, what goes wrong, and the lines to copy.
import assert from "node:assert/strict";
import { Key } from "selenium-webdriver";
import { consoleOf } from "../drivers.mjs";
import { emulated, knowsForcedColors } from "../emulate.mjs";
import { assertAccessible, assertFits, watchForTrouble } from "../looks.mjs";
import { pastedSite } from "../pasted.mjs";
import { until } from "../scenario.mjs";

const GALLERY = "/widgets.html";
const PAGE = `${GALLERY}?element=rating`;
const DEMO = { demo: true };

export function gallery(scenario, { engine }) {
  const state = (s) =>
    s.driver.executeScript("return document.querySelector('#stage-state').dataset.state");
  const inState = (s, wanted) => until(async () => (await state(s)) === wanted, `it is ${wanted}`);
  /** What the element shows, as text. */
  const shown = (s) =>
    s.driver.executeScript(
      `const { shadowRoot } = document.querySelector("#frame").firstElementChild;
       return [...shadowRoot.children]
         .map((it) => it.innerText ?? "").join(" ").replaceAll(/\\s+/g, " ").trim();`,
    );
  const element = (s, script) =>
    s.driver.executeScript(
      `const element = document.querySelector("#frame").firstElementChild; return ${script};`,
    );
  const choose = (s, id, value) =>
    s.driver.executeScript(
      `const box = document.getElementById(arguments[0]);
       box.value = arguments[1];
       for (const type of box.type === "range" ? ["input", "change"] : ["change"])
         box.dispatchEvent(new Event(type, { bubbles: true }));`,
      id,
      value,
    );
  const press = (s, name, value) =>
    s.driver.executeScript(
      `[...document.querySelectorAll("input[type=radio]")]
        .find((it) => it.name === arguments[0] && it.value === arguments[1]).click()`,
      name,
      value,
    );
  const code = (s) => s.text("#code");
  const elements = (s) =>
    s.driver.executeScript(
      "return [...document.querySelectorAll('input[name=element]')].map(({ value }) => value)",
    );
  const ready = ["ready", "signed-out"];

  scenario(
    "each element of the package is shown, without a fault and in its place",
    DEMO,
    async (s) => {
      await s.go(PAGE);
      await watchForTrouble(s);
      const [page, ...offered] = await elements(s);
      assert.equal(page, "shop");
      const defined = await s.driver.executeScript(
        `return ["rating", "reviews", "histogram", "badge", "stars", "trustbox", "sign-in"]
        .filter((name) => customElements.get("plaudit-" + name));`,
      );
      assert.deepEqual(offered, defined);
      assert.ok(offered.length >= 5, String(offered));
      for (const name of offered) {
        await press(s, "element", name);
        await until(async () => ready.includes(await state(s)), `${name} is shown`);
        assert.equal(await element(s, "element.localName"), `plaudit-${name}`);
        assert.match(await code(s), new RegExp(`^<script type="module".*\\n<plaudit-${name}\\s`));
        // a button is drawn by a file that comes after the element
        await until(async () => {
          const { width, height } = await element(s, "element.getBoundingClientRect().toJSON()");
          return width > 20 && height > 10;
        }, `${name} has a size`);
        await assertAccessible(s, name);
        await assertFits(s, name);
      }
    },
  );

  scenario(
    "a shop's page has several elements, which ask once and work together",
    DEMO,
    async (s) => {
      const TAGS = ["rating", "histogram", "reviews", "badge"].map((name) => `plaudit-${name}`);
      const each = (script) =>
        s.driver.executeScript(
          `return arguments[0].map((tag) => {
          const element = document.querySelector("#frame " + tag);
          return ${script};
        });`,
          TAGS,
        );
      const allIn = (wanted) =>
        until(
          async () => (await each("element.state")).every((it) => it === wanted),
          `all are ${wanted}`,
        );
      await s.go(GALLERY);
      await watchForTrouble(s);
      await inState(s, "ready");
      // what is below the window waits
      await s.driver.executeScript("document.querySelector('.shop-foot').scrollIntoView()");
      await allIn("ready");
      // Alone they would be five. The proxy of the tests forbids to keep an answer, so that who comes
      // near later asks again.
      assert.match(await s.text("#told"), / [23] requests$/);
      await assertAccessible(s, "shop");
      await assertFits(s, "shop");
      const lines = await code(s);
      for (const tag of TAGS) assert.match(lines, new RegExp(`\\n<${tag}\\s`));

      await press(s, "theme", "brand");
      const accents = await each('getComputedStyle(element).getPropertyValue("--plaudit-accent")');
      assert.deepEqual(new Set(accents), new Set(["#4338ca"]));
      assert.match(await code(s), /\n {2}body \{\n/);
      await s.driver.executeScript(
        `document.querySelector("#frame plaudit-histogram").shadowRoot.querySelector("button").click()`,
      );
      await until(
        async () =>
          s.driver.executeScript(
            `return /5 stars/.test(document.querySelector("#frame plaudit-reviews").shadowRoot
            .querySelector("[part~=notice]")?.textContent ?? "")`,
          ),
        "the row filters the reviews",
      );
      for (const theme of ["light", "dark", "serif", "quiet"]) {
        await press(s, "theme", theme);
        await assertAccessible(s, `shop, ${theme}`);
      }

      const site = await pastedSite(s.site.url);
      try {
        site.show(lines);
        await s.driver.get(site.url);
        await until(
          async () =>
            s.driver.executeScript(
              "return arguments[0].every((tag) => document.querySelector(tag).state === 'ready')",
              TAGS,
            ),
          "the lines work elsewhere",
        );
      } finally {
        await s.go(GALLERY);
        await site.close();
      }
      await inState(s, "ready");
      await press(s, "platform", "offline");
      await inState(s, "error");
      await press(s, "platform", "none");
      await inState(s, "ready");
      await s.forgetConsole();
    },
  );

  scenario("each choice does what it says, and the address keeps it", DEMO, async (s) => {
    await s.go(PAGE);
    await inState(s, "ready");
    assert.match(await shown(s), /4\.\d.*412/);
    assert.match(await s.text("#told"), /^plaudit-load after \d+ ms, 1 request$/);

    await choose(s, "data", "none");
    await inState(s, "empty");
    assert.match(await shown(s), /No reviews yet/);
    assert.match(await code(s), /domain="new-shop\.example" proxy="\/api\/trustpilot"/);
    await choose(s, "data", "unknown");
    await inState(s, "error");
    await until(async () => /not_found/.test(await s.text("#told")), "the error is told");
    await choose(s, "data", "trustoo");
    await inState(s, "ready");
    assert.match(await shown(s), /Trustoo/);
    await choose(s, "data", "product");
    await inState(s, "ready");
    await choose(s, "data", "given");
    await inState(s, "ready");
    assert.match(await shown(s), /4\.8/);
    assert.match(await code(s), /\.data = \{/);
    await choose(s, "data", "rendered");
    await until(async () => (await code(s)).includes("<template shadowrootmode"), "it is drawn");
    await until(async () => /^plaudit-load/.test(await s.text("#told")), "it is taken over");
    assert.match(await s.text("#told"), / 0 requests$/);
    assert.match(await shown(s), /4\.\d.*412/);
    await choose(s, "data", "values");
    await inState(s, "ready");
    await choose(s, "value", "3.2");
    await until(async () => /3\.2/.test(await shown(s)), "the score is another");
    assert.match(await code(s), /value="3\.2"\s+count="1234"/);

    await press(s, "theme", "brand");
    const fill = 'getComputedStyle(element.shadowRoot.querySelector(".f")).fill';
    assert.equal(await element(s, fill), "rgb(67, 56, 202)");
    assert.match(await code(s), /--plaudit-star-fill: #4338ca;/);
    await press(s, "theme", "page");
    assert.notEqual(await element(s, fill), "rgb(67, 56, 202)");
    assert.doesNotMatch(await code(s), /<style>/);
    await press(s, "theme", "dark");

    await choose(s, "locale", "de");
    await until(async () => /3,2/.test(await shown(s)), "it speaks German");
    await choose(s, "locale", "ar");
    assert.equal(await element(s, "getComputedStyle(element).direction"), "rtl");
    assert.match(await code(s), /locale="ar"\s+dir="rtl"/);

    await choose(s, "width", "260");
    const width = 'document.querySelector("#frame").getBoundingClientRect().width';
    assert.equal(await element(s, width), 260);
    assert.equal(await s.text("#width-text"), "260 px");

    // All of it is there again for who is sent the address.
    const address = await s.address();
    await s.go(address.slice(s.site.url.length));
    await inState(s, "ready");
    assert.equal(await element(s, width), 260);
    assert.equal(await element(s, "element.getAttribute('value')"), "3.2");
    assert.equal(await element(s, "document.querySelector('#stage').dataset.theme"), "dark");
    assert.equal(await element(s, "document.querySelector('#locale').value"), "ar");
  });

  scenario(
    "what goes wrong is seen: slow, 429, 500, out of reach, and well again",
    DEMO,
    async (s) => {
      await s.go(PAGE);
      await inState(s, "ready");
      await press(s, "platform", "offline");
      await inState(s, "offline");
      // What was loaded stays.
      assert.match(await shown(s), /4\.\d.*412/);
      for (const [fault, code] of [
        ["500", "server_error"],
        ["429", "rate_limited"],
      ]) {
        await press(s, "platform", fault);
        await inState(s, "error");
        await until(async () => (await s.text("#told")).includes(code), `${code} is told`);
        assert.doesNotMatch(await shown(s), /412/);
      }
      await press(s, "platform", "slow");
      await inState(s, "loading");
      const box = "element.getBoundingClientRect().height";
      const before = await element(s, box);
      await inState(s, "ready");
      // What waits is as high as what comes.
      assert.equal(await element(s, box), before);
      await press(s, "platform", "500");
      await inState(s, "error");
      await s.clearFaults();
      await s.driver.executeScript(
        `document.querySelector("#frame").firstElementChild.shadowRoot
        .querySelector("[part~=retry]").click();`,
      );
      await inState(s, "ready");
      await press(s, "platform", "none");
      await inState(s, "ready");
      await s.click("#again");
      await inState(s, "ready");

      // It ends with the page: the next one would not know why it fails.
      await press(s, "platform", "500");
      await inState(s, "error");
      assert.equal((await s.control("GET", "faults")).rules.length, 1);
      await s.click('.tabs a[href="/"]');
      await s.ready();
      await until(
        async () => (await s.control("GET", "faults")).rules.length === 0,
        "nothing is broken any more",
      );
      await s.driver.navigate().back();
      await s.see("#stage");
      await s.ready();
      await inState(s, "error");
      await s.forgetConsole();
    },
  );

  scenario("the width is chosen among those that there are", DEMO, async (s) => {
    const { width, height } = await s.driver.manage().window().getRect();
    try {
      await s.driver.manage().window().setRect({ width: 500, height: 900 });
      await s.go(`${GALLERY}?element=histogram&width=690`);
      await inState(s, "ready");
      const slider = () =>
        s.driver.executeScript(
          `const { value, max } = document.querySelector("#width");
           return { value, max, full: document.querySelector("#frame").hasAttribute("data-full") };`,
        );
      // More than there is room for is all of it.
      const { value, max, full } = await slider();
      assert.ok(Number(max) < 500 && Number(max) > 200, max);
      assert.deepEqual([value, full], [max, true]);
      assert.equal(await s.text("#width-text"), "Full");
      await choose(s, "width", "220");
      assert.equal(await s.text("#width-text"), "220 px");
      await s.driver.manage().window().setRect({ width: 1280, height: 900 });
      await until(async () => Number((await slider()).max) > 600, "there is more room");
      assert.equal(await s.text("#width-text"), "220 px");
      await choose(s, "width", (await slider()).max);
      assert.equal(await s.text("#width-text"), "Full");
      assert.doesNotMatch(await s.address(), /width/);
    } finally {
      await s.driver.manage().window().setRect({ width, height });
    }
  });

  scenario("the lines that are copied work in a page that has nothing else", DEMO, async (s) => {
    await s.go(`${PAGE}&theme=serif&locale=de`);
    await inState(s, "ready");
    const pages = [];
    for (const [name, data] of [
      ["rating", "good"],
      ["rating", "given"],
      ["stars", "values"],
      ["badge", "trustoo"],
      ["histogram", "product"],
      ["rating", "rendered"],
      ["reviews", "rendered"],
    ]) {
      await press(s, "element", name);
      // What was chosen for the last one still is: shown twice, it could be another time's answer.
      if (name !== "stars" && pages.at(-1)?.data !== data) await choose(s, "data", data);
      if (data === "rendered") {
        await until(
          async () =>
            new RegExp(`\\n<plaudit-${name}[^>]*>\\s*<template shadowrootmode`).test(await code(s)),
          "it is drawn",
        );
      }
      await inState(s, "ready");
      pages.push({ name, data, lines: await code(s), text: await shown(s) });
    }
    // What the clipboard gets is what stands there.
    await s.driver.executeScript(
      `Object.defineProperty(navigator, "clipboard", {
        configurable: true,
        value: { writeText: async (text) => { window.copied = text; } },
      });`,
    );
    await s.click("#copy");
    await s.see("#message[data-tone=good]");
    assert.equal(await s.driver.executeScript("return window.copied"), await code(s));

    const site = await pastedSite(s.site.url);
    try {
      for (const page of pages) {
        site.show(page.lines);
        await s.driver.get(site.url);
        const text = () =>
          s.driver.executeScript(
            `const { shadowRoot } = document.querySelector("plaudit-" + arguments[0]);
             return [...shadowRoot.children]
               .map((it) => it.innerText ?? "").join(" ").replaceAll(/\\s+/g, " ").trim();`,
            page.name,
          );
        // What is far below is not drawn everywhere, and has no text then.
        const begins = page.text.slice(0, 60);
        await until(async () => (await text()).startsWith(begins), `${page.name} shows ${begins}`);
        const font =
          "return getComputedStyle(document.querySelector('plaudit-' + arguments[0])).fontFamily";
        if (page.name !== "stars") {
          assert.match(await s.driver.executeScript(font, page.name), /^Georgia/);
        }
      }
    } finally {
      await s.go(PAGE);
      await site.close();
    }
    await s.forgetConsole();
  });

  scenario("signing in from the gallery, and back to it", DEMO, async (s) => {
    await s.go(`${GALLERY}?element=sign-in`);
    await inState(s, "signed-out");
    assert.equal(
      await s.driver.executeScript("return document.querySelector('#platform').hidden"),
      true,
    );
    // What is copied is for the platform itself, and for whoever has a key there.
    assert.match(await code(s), /<plaudit-sign-in client-id="your-api-key"><\/plaudit-sign-in>/);
    const button = await until(
      () =>
        s.driver.executeScript(
          "return document.querySelector('#frame plaudit-sign-in').shadowRoot.querySelector('button')",
        ),
      "the button is there",
    );
    await button.click();
    await s.decide();
    await s.ready();
    await inState(s, "signed-in");
    assert.equal(await s.address(), s.site.url + GALLERY);
    assert.match(await s.text("#told"), /^plaudit-sign-in/);
  });

  scenario("by keyboard: element, choices, fault, copy", DEMO, async (s) => {
    await s.go(PAGE);
    await inState(s, "ready");
    const type = (...keys) =>
      s.driver
        .actions()
        .sendKeys(...keys)
        .perform();
    const focused = () =>
      s.driver.executeScript(
        `const { id, name, value } = document.activeElement; return id || name + " " + value;`,
      );
    const reach = async (wanted) => {
      for (let step = 0; step < 25; step += 1) {
        await type(Key.TAB);
        if ((await focused()) === wanted) return;
      }
      throw new Error(`the keyboard does not reach ${wanted}`);
    };
    await reach("element rating");
    await type(Key.ARROW_RIGHT);
    const next = (await elements(s))[2];
    assert.equal(await focused(), `element ${next}`);
    await until(
      async () => (await element(s, "element.localName")) === `plaudit-${next}`,
      "it is another",
    );
    await inState(s, "ready");
    await reach("width");
    await type(Key.HOME);
    assert.equal(await s.text("#width-text"), "200 px");
    await reach("platform none");
    await type(Key.ARROW_RIGHT);
    assert.equal(await focused(), "platform slow");
    await inState(s, "ready");
    await reach("data");
    await reach("theme page");
    await reach("code");
  });

  if (knowsForcedColors(engine)) {
    scenario("A11Y13: forced colours leave seen what is chosen", DEMO, async (s) => {
      await s.go(`${PAGE}&theme=dark&platform=slow`);
      await inState(s, "ready");
      const looks = () =>
        s.driver.executeScript(`
          const look = (it, ...names) => names.map((name) => getComputedStyle(it)[name]).join(" ");
          const [, server, own] = document.querySelectorAll(".tabs a");
          const of = (name, value) =>
            document.querySelector(\`input[name="\${name}"][value="\${value}"] + span\`);
          return {
            tab: [server, own].map((it) => look(it, "borderBlockEndColor")),
            element: ["badge", "rating"].map((it) => look(of("element", it), "backgroundColor")),
            theme: ["light", "dark"].map((it) => look(of("theme", it), "outlineStyle")),
            platform: ["none", "slow"].map((it) => look(of("platform", it), "backgroundColor")),
          };`);
      const seen = await emulated(s, { forcedColors: true }, looks);
      for (const [what, [other, chosen]] of Object.entries(seen)) {
        assert.notEqual(chosen, other, what);
      }
    });
  }

  scenario("axe and the width of phones and desks, in states and themes", DEMO, async (s) => {
    const { width, height } = await s.driver.manage().window().getRect();
    const check = async (what) => {
      await assertAccessible(s, what);
      await assertFits(s, what);
      const lines = (await consoleOf(s.driver)) ?? [];
      s.console.push(...lines.map(({ message }) => message));
      // the faults that are switched on, as the browser and the element tell them
      const expected = /status of (404|500)|plaudit: .{1,6}plaudit-[\w-]+> .*status (404|500)/;
      const bad = lines.filter(({ level, message }) => level !== "INFO" && !expected.test(message));
      assert.deepEqual(bad, [], what);
    };
    try {
      for (const wide of [320, 768, 1600]) {
        await s.driver.manage().window().setRect({ width: wide, height: 900 });
        await s.go(`${PAGE}&data=poor`);
        // A scrollbar has its room beside what is a phone's width.
        const room = await s.driver.executeScript("return document.documentElement.clientWidth");
        const width = wide + Math.max(0, wide - room);
        await s.driver.manage().window().setRect({ width, height: 900 });
        await watchForTrouble(s);
        await inState(s, "ready");
        await check(`${wide}`);
        await press(s, "element", "shop");
        await inState(s, "ready");
        await check(`shop, ${wide}`);
      }
      for (const theme of ["light", "dark", "brand", "serif", "quiet"]) {
        await s.go(`${PAGE}&theme=${theme}`);
        await watchForTrouble(s);
        for (const name of ["rating", "histogram", "badge"]) {
          await press(s, "element", name);
          await until(
            async () => (await element(s, "element.localName")) === `plaudit-${name}`,
            `it is ${name}`,
          );
          await inState(s, "ready");
          await check(`${name}, ${theme}`);
        }
      }
      await s.go(`${PAGE}&data=none&theme=serif&locale=ar`);
      await watchForTrouble(s);
      await inState(s, "empty");
      await check("empty");
      await press(s, "platform", "500");
      await choose(s, "data", "good");
      await inState(s, "error");
      await check("error");
    } finally {
      await s.driver.manage().window().setRect({ width, height });
    }
  });
}
