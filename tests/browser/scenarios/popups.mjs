// Sign-in in a window of its own.
import assert from "node:assert/strict";
import { until } from "../scenario.mjs";

export function popups(scenario, { engine }) {
  scenario(
    "W1 W3: sign-in by popup on the demo; the window closes by itself",
    { demo: true },
    async (s) => {
      await s.go("/");
      await s.click("#sign-in-popup");
      await s.popup();
      await s.decide();
      await s.popupGone();
      await s.see("#session[data-state=signed-in]");
      assert.equal(await s.address(), `${s.site.url}/`);
      assert.deepEqual(await s.stored(), []);
    },
  );

  const byWindow = async (s, decision = "allow") => {
    // What an earlier one came to is not what this one comes to.
    await s.driver.executeScript("delete window.app.signedIn");
    await s.click("#popup");
    await s.popup();
    const asked = await s.decide(decision);
    await s.popupGone();
    return { ...(await s.signedIn()), ...asked };
  };

  scenario("W1 W6: the opener gets the session, the window nothing", {}, async (s) => {
    await s.go("/app.html?here=1#there");
    const { session } = await byWindow(s);
    assert.match(session.accessToken, /^tpa-sandbox-/);
    assert.equal(session.returnTo, "/app.html?here=1#there");
    assert.deepEqual(await s.events(), ["signedin"]);
    const again = await s.run(() => window.app.settle(window.app.auth.completeSignIn()));
    assert.equal(again.session.accessToken, session.accessToken);
    assert.equal(await s.address(), `${s.site.url}/app.html?here=1#there`);
    assert.deepEqual(await s.stored(), []);
  });

  scenario(
    "W1 P12: what the platform refuses in the window arrives in the opener",
    {},
    async (s) => {
      await s.go();
      const denied = await byWindow(s, "deny");
      assert.equal(denied.error.oauthError, "access_denied");
      const lost = await byWindow(s, "google");
      assert.equal(lost.error.code, "state_missing");
      assert.deepEqual(await s.stored(), []);
    },
  );

  scenario(
    'W2 S7: by popup with correlateBy "redirect-uri", state lost',
    { auth: { correlateBy: "redirect-uri" }, leaks: { pageServer: true } },
    async (s) => {
      await s.go();
      const { session } = await byWindow(s, "google");
      assert.match(session.accessToken, /^tpa-sandbox-/);
    },
  );

  /** Says when the page, seeing its window as closed, has often asked whether it has the focus. */
  const watchFocus = (s) =>
    s.driver.executeScript(
      `
      let asked = 0;
      const real = document.hasFocus.bind(document);
      document.hasFocus = () => {
        asked += 1;
        if (asked === 4) navigator.sendBeacon("/log", "cut off");
        // Without a screen Chromium says that every page has the focus; with one it tells the truth.
        return arguments[0] ? false : real();
      };`,
      engine === "chromium",
    );

  for (const [who, options] of [
    ["a platform", {}],
    ["an application", { headers: { "Cross-Origin-Opener-Policy": "same-origin" } }],
  ]) {
    scenario(`W2 W6: ${who} whose COOP header cuts the opener off`, options, async (s) => {
      if (who === "a platform") await s.fault("coop");
      await s.go();
      await watchFocus(s);
      await s.click("#popup");
      await s.popup();
      await s.onPlatform();
      // A user who takes her time. The driver stays here: going there would move the focus.
      await until(() => s.site.logs.includes("cut off"), "the opener sees a closed window");
      await s.decide();
      await s.popupGone();
      const { session } = await s.signedIn();
      assert.match(session.accessToken, /^tpa-sandbox-/);
      assert.deepEqual(await s.events(), ["signedin"]);
      assert.deepEqual(await s.stored(), []);
    });
  }

  scenario("W2: a window that the user closes is popup_closed", {}, async (s) => {
    await s.go();
    await s.click("#popup");
    await s.popup();
    await s.onPlatform();
    await s.driver.close();
    await s.driver.switchTo().window(s.home);
    const { error } = await s.signedIn();
    assert.equal(error.code, "popup_closed");
    assert.deepEqual(await s.events(), []);
    assert.match((await byWindow(s)).session.accessToken, /^tpa-sandbox-/);
  });

  scenario("W2: a window that only looked closed still signs in, with an event", {}, async (s) => {
    await s.fault("coop");
    await s.go();
    // The user came back to the page for a while, with the window still open.
    await s.driver.executeScript("document.hasFocus = () => true;");
    await s.click("#popup");
    await s.popup();
    await s.onPlatform();
    await s.driver.switchTo().window(s.home);
    assert.equal((await s.signedIn()).error.code, "popup_closed");
    await s.popup();
    await s.decide();
    await s.popupGone();
    await until(async () => (await s.events()).includes("signedin"), "the late answer signs in");
    const { session } = await s.run(() => window.app.settle(window.app.auth.completeSignIn()));
    assert.match(session.accessToken, /^tpa-sandbox-/);
    assert.deepEqual(await s.stored(), []);
  });

  scenario("W2: signOut ends a sign-in that waits, and its window", {}, async (s) => {
    await s.go();
    await s.click("#popup");
    await s.popup();
    await s.onPlatform();
    await s.driver.switchTo().window(s.home);
    await s.run(() => window.app.auth.signOut());
    await s.popupGone();
    assert.equal((await s.signedIn()).error.code, "popup_closed");
    assert.deepEqual(await s.stored(), []);
  });

  scenario("W3: window.open that gives null is popup_blocked, at once", {}, async (s) => {
    await s.go();
    const result = await s.run(async () => {
      window.open = () => null;
      return window.app.settle(window.app.auth.signIn({ mode: "popup" }));
    });
    assert.equal(result.error.code, "popup_blocked");
    assert.deepEqual(await s.stored(), []);
  });

  scenario(
    "W3: a sign-in that no click began is popup_blocked by the browser",
    { settings: { popupAtLoad: true } },
    async (s) => {
      await s.go();
      const opened = await until(async () => {
        if (await s.driver.executeScript("return window.app.signedIn")) return "blocked";
        return (await s.driver.getAllWindowHandles()).length > 1 ? "opened" : null;
      }, "the popup is blocked or opens");
      assert.equal(opened, "blocked");
      assert.equal((await s.signedIn()).error.code, "popup_blocked");
      assert.deepEqual(await s.stored(), []);
    },
  );

  scenario(
    "W2: a window that gives no answer is popup_timeout, and closed",
    { auth: { popup: { timeout: 1500 } } },
    async (s) => {
      await s.go();
      // A slow driver would not see a window that is open for a moment.
      await s.driver.executeScript(`
        const open = window.open.bind(window);
        window.open = (...all) => (window.opened = open(...all));`);
      await s.click("#popup");
      const { error } = await s.signedIn();
      assert.equal(error.code, "popup_timeout");
      await until(() => s.driver.executeScript("return window.opened.closed"), "it is closed");
      await s.popupGone();
      assert.deepEqual(await s.stored(), []);
    },
  );

  scenario("W3: a second sign-in while the window is open is the same sign-in", {}, async (s) => {
    await s.go();
    await s.click("#popup");
    await s.popup();
    await s.onPlatform();
    await s.driver.switchTo().window(s.home);
    await s.driver.executeScript(`
      const { app } = window;
      app.second = app.settle(app.auth.signIn({ mode: "popup" }));
      app.second.then((result) => { app.secondDone = result; });`);
    assert.equal((await s.driver.getAllWindowHandles()).length, 2);
    await s.popup();
    await s.decide();
    await s.popupGone();
    const first = await s.signedIn();
    const second = await until(
      () => s.driver.executeScript("return window.app.secondDone"),
      "the second is told too",
    );
    assert.equal(second.session.accessToken, first.session.accessToken);
    assert.deepEqual(await s.events(), ["signedin"]);
  });

  scenario("W1: messages that others forge are not heard", {}, async (s) => {
    await s.go();
    await s.click("#popup");
    await s.popup();
    const { state } = await s.onPlatform();
    await s.driver.switchTo().window(s.home);
    const forged = {
      plaudit: "callback",
      state,
      href: `${s.site.url}/app.html#access_token=forged-000000&token_type=bearer&state=${state}`,
    };
    // From the page's own origin, but not from the window; and from another origin, in a frame.
    await s.run(
      async (message, foreign) => {
        window.postMessage(message, location.origin);
        const frame = document.createElement("iframe");
        frame.src = `${foreign}/foreign.html`;
        document.body.append(frame);
        await new Promise((done) => frame.addEventListener("load", done));
        const heard = new Promise((done) => {
          addEventListener("message", ({ data }) => data === "sent" && done());
        });
        frame.contentWindow.postMessage(message, "*");
        await heard;
        frame.remove();
      },
      forged,
      s.site.url.replace("127.0.0.1", "localhost"),
    );
    assert.equal(await s.driver.executeScript("return window.app.signedIn ?? null"), null);
    await s.popup();
    await s.decide();
    await s.popupGone();
    const { session } = await s.signedIn();
    assert.match(session.accessToken, /^tpa-sandbox-/);
  });
}
