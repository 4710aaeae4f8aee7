// <plaudit-sign-in> against the sandbox: what it loads when, its states, its events, both windows.
import assert from "node:assert/strict";
import { Key } from "selenium-webdriver";
import { assertAccessible, assertFits, watchForTrouble } from "./looks.mjs";
import { inEveryEngine, until } from "./scenario.mjs";

const PAGE = "/sign-in-element.html";

await inEveryEngine(
  (scenario) => {
    const told = (s) => s.driver.executeScript("return window.told");
    const names = async (s) => (await told(s)).map(({ name }) => name);
    /** When the page's buttons are drawn. */
    const drawn = (s) =>
      until(
        () =>
          s.run(() => {
            const all = [...document.querySelectorAll("plaudit-sign-in")];
            return all.every(({ shadowRoot }) => shadowRoot?.querySelector("button"));
          }),
        "it is drawn",
      );
    const go = async (s, page = PAGE) => {
      await s.go(page);
      await drawn(s);
    };
    const back = async (s) => {
      await s.ready();
      await drawn(s);
    };
    /** The button's name as it is read, and what stands beside it. */
    const shown = (s, id = "button-1") =>
      s.run((id) => {
        const element = document.getElementById(id);
        const { shadowRoot, state } = element;
        const marked = element.matches(`:state(${state}):not([data-state])`) && state;
        const button = shadowRoot.querySelector("button");
        const slot = button.querySelector("slot");
        const given = slot.assignedNodes().map(({ textContent }) => textContent);
        const text = given.join("").trim() || slot.textContent;
        const status = shadowRoot.querySelector("[role=status]").textContent;
        return { state, marked, text, status, busy: button.ariaBusy };
      }, id);
    const inState = (s, state, id = "button-1") =>
      until(async () => (await shown(s, id)).state === state, `it is ${state}`);
    const loadedCore = (s) => s.site.requests.some(({ url }) => url.endsWith("/plaudit/index.js"));
    const click = async (s, id = "button-1") => {
      const button = await s.driver.executeScript(
        "return document.getElementById(arguments[0]).shadowRoot.querySelector('button')",
        id,
      );
      await button.click();
    };
    scenario(
      "what draws it is loaded once online again, where it could not be",
      { settings: { count: 0 } },
      async (s) => {
        s.site.missing.add("/plaudit/elements/sign-in-drawing.js");
        await go(s);
        await s.run(() => {
          document.getElementById("here").innerHTML =
            "<plaudit-sign-in client-id='a'></plaudit-sign-in>";
        });
        await until(async () => (await told(s)).length === 1, "it tells");
        assert.deepEqual(
          (await told(s)).map(({ name, code }) => [name, code]),
          [["plaudit-error", "network_error"]],
        );
        s.site.missing.clear();
        await s.run(() => void dispatchEvent(new Event("online")));
        // Firefox keeps what failed to load until the page is left (whatwg/html#6768)
        const hasAsked = async () =>
          s.engine === "firefox"
            ? (await told(s)).length === 2
            : s.run(
                () =>
                  !!document.querySelector("plaudit-sign-in").shadowRoot.querySelector("button"),
              );
        await until(hasAsked, "it tries again");
      },
    );
    scenario(
      "PERF5: its place is kept while what draws it is on its way",
      { settings: { count: 0 } },
      async (s) => {
        await go(s);
        const { before, after, height } = await s.run(async () => {
          const host = document.getElementById("here");
          host.innerHTML = "Text <plaudit-sign-in client-id='a'></plaudit-sign-in><p>After</p>";
          const [button, after] = host.children;
          const boxes = () =>
            [button, after].map((one) => {
              const { y, height } = one.getBoundingClientRect();
              return [one.localName, y, height];
            });
          await Promise.resolve();
          const before = [button.shadowRoot.childElementCount, ...boxes()];
          while (!button.shadowRoot?.querySelector("button")) {
            await new Promise((done) => setTimeout(done, 20));
          }
          return { before, after: [0, ...boxes()], height: button.offsetHeight };
        });
        assert.deepEqual(before, after);
        assert.equal(height, 44);
      },
    );
    scenario("out, in by redirect, and out again, with nothing left anywhere", {}, async (s) => {
      await go(s, `${PAGE}?tab=2`);
      assert.deepEqual(await shown(s), {
        state: "signed-out",
        marked: "signed-out",
        text: "Sign in with Trustpilot",
        status: "",
        busy: "false",
      });
      // Who does not sign in loads nothing for it.
      assert.equal(loadedCore(s), false);
      assert.deepEqual(await told(s), []);
      await click(s);
      const asked = await s.onPlatform();
      assert.equal(asked.redirectUri, s.site.url + PAGE);
      await s.decide();
      await back(s);
      await inState(s, "signed-in");
      assert.equal(await s.address(), s.site.url + PAGE);
      const [event, ...others] = await told(s);
      assert.deepEqual(others, []);
      assert.equal(event.name, "plaudit-sign-in");
      assert.deepEqual(
        [event.composed, event.kind, event.hasToken, event.isHidden, event.returnTo],
        [true, "token", true, true, `${PAGE}?tab=2`],
      );
      assert.equal((await shown(s)).text, "Sign out");
      assert.deepEqual(await s.stored(), []);
      await click(s);
      await inState(s, "signed-out");
      assert.deepEqual(await names(s), ["plaudit-sign-in", "plaudit-sign-out"]);
      assert.equal(await s.run(() => document.getElementById("button-1").auth.session), null);
    });

    scenario("by keyboard; the focus stays on the one button", {}, async (s) => {
      await go(s);
      const press = (key) => s.driver.actions().sendKeys(key).perform();
      const focused = () =>
        s.run(() => document.activeElement.shadowRoot?.activeElement?.localName ?? "");
      await press(Key.TAB);
      assert.equal(await focused(), "button");
      await press(Key.ENTER);
      await s.decide();
      await back(s);
      await inState(s, "signed-in");
      await press(Key.TAB);
      await press(Key.SPACE);
      await inState(s, "signed-out");
      assert.equal(await focused(), "button");
    });

    scenario("the user says no: an event, a sentence, and another try", {}, async (s) => {
      await go(s);
      await click(s);
      await s.decide("deny");
      await back(s);
      await until(async () => (await told(s)).length === 1, "it tells");
      const [event] = await told(s);
      assert.deepEqual(
        [event.name, event.code, event.oauthError],
        ["plaudit-error", "provider_error", "access_denied"],
      );
      await until(async () => (await shown(s)).status !== "", "it says so");
      const failed = await shown(s);
      assert.deepEqual(
        [failed.state, failed.status, failed.busy],
        ["signed-out", "Signing in did not succeed.", "false"],
      );
      assert.equal(await s.address(), s.site.url + PAGE);
      await click(s);
      await s.decide();
      await back(s);
      await inState(s, "signed-in");
      assert.equal((await shown(s)).status, "");
    });

    scenario(
      "in a window of its own, which it loads for ahead of the click",
      { settings: { attributes: { mode: "popup", "return-to": "/team" } } },
      async (s) => {
        await go(s);
        await until(() => s.run(() => document.getElementById("button-1").auth), "it is ready");
        await click(s);
        await s.popup();
        await s.driver.switchTo().window(s.home);
        assert.equal((await shown(s)).state, "signing-in");
        assert.equal((await shown(s)).busy, "true");
        assert.equal((await shown(s)).text, "Signing in");
        // Another click brings the same window back, and opens none.
        await click(s);
        assert.equal((await s.driver.getAllWindowHandles()).length, 2);
        await s.popup();
        await s.decide();
        await s.popupGone();
        await inState(s, "signed-in");
        const [event, ...others] = await told(s);
        assert.deepEqual(others, []);
        assert.deepEqual([event.name, event.returnTo], ["plaudit-sign-in", "/team"]);

        await click(s);
        await inState(s, "signed-out");
        await click(s);
        await s.popup();
        await s.driver.close();
        await s.driver.switchTo().window(s.home);
        await until(async () => (await told(s)).at(-1).code === "popup_closed", "it tells");
        assert.equal((await shown(s)).status, "Signing in did not succeed.");
        assert.equal((await shown(s)).state, "signed-out");
      },
    );

    scenario(
      "an Auth that is handed in: the address is clean before, and its session is shown",
      { settings: { own: { storage: "session" } } },
      async (s) => {
        await go(s);
        await inState(s, "signed-out");
        await click(s);
        await s.decide();
        await back(s);
        await inState(s, "signed-in");
        assert.deepEqual(await names(s), ["plaudit-sign-in"]);
        // The tab remembers, and the element asks what it was given.
        await go(s);
        await inState(s, "signed-in");
        assert.deepEqual(await told(s), []);
        await click(s);
        await inState(s, "signed-out");
      },
    );

    scenario(
      "a code: the page has it to send to its server, and nobody is signed in here",
      {
        settings: { attributes: { "response-type": "code", "correlate-by": "redirect-uri" } },
        leaks: { pageServer: true },
      },
      async (s) => {
        await go(s);
        await click(s);
        await s.decide("google");
        await back(s);
        await until(async () => (await told(s)).length === 1, "it tells");
        const [{ name, kind, isHidden }] = await told(s);
        assert.deepEqual([name, kind, isHidden], ["plaudit-sign-in", "code", true]);
        await inState(s, "signed-out");
        assert.equal((await shown(s)).status, "");
      },
    );

    scenario(
      "two that ask alike are one: signed in and out together",
      { settings: { count: 2 } },
      async (s) => {
        await go(s);
        await click(s, "button-2");
        await s.decide();
        await back(s);
        await inState(s, "signed-in", "button-1");
        await inState(s, "signed-in", "button-2");
        const isSame = await s.run(() => {
          const [one, two] = document.querySelectorAll("plaudit-sign-in");
          return one.auth === two.auth;
        });
        assert.equal(isSame, true);
        await click(s, "button-1");
        await inState(s, "signed-out", "button-2");
        // Out of the page it hears nothing, and back in it shows what is so.
        const states = await s.run(async () => {
          const [one, two] = document.querySelectorAll("plaudit-sign-in");
          one.remove();
          await new Promise((done) => setTimeout(done));
          document.getElementById("here").append(one);
          await new Promise((done) => setTimeout(done));
          return [one.state, one.auth === two.auth];
        });
        assert.deepEqual(states, ["signed-out", true]);
      },
    );

    scenario(
      "texts of the page's own; another language; other options than before",
      {
        settings: {
          slots: { "": "Connect your shop", "signed-in": "Disconnect" },
          attributes: { locale: "xx" },
        },
      },
      async (s) => {
        await go(s);
        assert.equal((await shown(s)).text, "Connect your shop");
        await s.click("#button-1 > span");
        await s.decide();
        await back(s);
        await inState(s, "signed-in");
        assert.equal((await shown(s)).text, "Disconnect");
        const changed = await s.run(async () => {
          window.elements.addWords("nl", { signIn: "Inloggen bij {platform}" });
          const element = document.getElementById("button-1");
          const wait = () => new Promise((done) => setTimeout(done));
          element.replaceChildren();
          element.locale = "nl";
          // Another client's session is not this one's.
          element.clientId = "another-key";
          await wait();
          const { textContent } = element.shadowRoot.querySelector("button");
          return [element.state, element.auth, textContent];
        });
        assert.deepEqual(changed, ["signed-out", null, "Inloggen bij Trustpilot"]);
      },
    );

    scenario(
      "options that make no sense are told at the click",
      { settings: { attributes: { "client-id": "" } } },
      async (s) => {
        await go(s);
        await s.run(() => document.getElementById("button-1").dispatchEvent(new Event("focusin")));
        await until(() => loadedCore(s), "it loads");
        assert.deepEqual(await told(s), []);
        await click(s);
        await until(async () => (await told(s)).length === 1, "it tells");
        assert.equal((await told(s))[0].code, "invalid_argument");
        assert.equal((await shown(s)).state, "signed-out");
      },
    );

    scenario("axe in each state, light and narrow", {}, async (s) => {
      const { width, height } = await s.driver.manage().window().getRect();
      try {
        await s.driver.manage().window().setRect({ width: 400, height: 700 });
        await go(s);
        await watchForTrouble(s);
        const check = async (state) => {
          await s.driver.executeScript(
            "if (!document.styleSheets.length) document.head.append(document.createElement('style'))",
          );
          await assertAccessible(s, state);
          await assertFits(s, state);
        };
        await check("signed out");
        await click(s);
        await s.decide("deny");
        await back(s);
        await until(async () => (await shown(s)).status !== "", "it says so");
        await watchForTrouble(s);
        await check("failed");
        await click(s);
        await s.decide();
        await back(s);
        await inState(s, "signed-in");
        await watchForTrouble(s);
        await check("signed in");
      } finally {
        await s.driver.manage().window().setRect({ width, height });
      }
    });
  },
  // As a user's browser has it: a window opens in a click's handler or not at all.
  { popupBlocker: true },
);
