// What pages do to the element: gates written in any way, copies of loaded boxes, attributes of
// others, and a language that is switched.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../scenario.mjs";

const LOADED = "plaudit-load";
const WIDGETS = "/trustboxes/53aa";
const withoutTypes = { policy: (fake, strict) => strict(fake, []) };
const applied = (s, name) => s.run((name) => window.Trustpilot.applied.map((it) => it[name]), name);
const frames = (s) => s.run(() => document.querySelectorAll("iframe").length);

export function pageScenarios(scenario) {
  scenario("TB7: whatever the attribute says, it is a gate", {}, async (s) => {
    await s.go();
    const values = ["", "true", "false", "Required", "required ", "granted", "none", "0"];
    await s.run((values) => {
      window.warned = [];
      console.warn = (text) => window.warned.push(text);
      for (const consent of values) window.put({ consent });
      // as React and others set properties
      for (const value of [true, "yes", "", 1, [], Number.NaN, {}, Object.create(null)]) {
        window.put().consent = value;
      }
    }, values);
    await s.states("consent", values.length + 8);
    await sleep(200);
    assert.deepEqual(s.fake.requests, []);
    const [told, ...others] = await s.run(() => window.warned);
    assert.match(told, /consent="required"/);
    assert.deepEqual(others, [], "said once");
    await s.run(() => {
      for (const box of document.querySelectorAll("plaudit-trustbox")) box.consent = "required";
    });
    await sleep(100);
    assert.deepEqual(s.fake.requests, []);
    // What opens it: the attribute goes, by any of its ways.
    await s.run(() => {
      const [one, two, three, four, ...others] = document.querySelectorAll("plaudit-trustbox");
      one.removeAttribute("consent");
      two.consent = null;
      three.consent = undefined;
      four.consent = false;
      for (const other of others) other.remove();
    });
    await s.states("ready", 4);
  });

  scenario('TB7: consent="required", the documented one, is no cause to warn', {}, async (s) => {
    await s.go();
    await s.run(() => {
      window.warned = [];
      console.warn = (text) => window.warned.push(text);
      window.put({ consent: "required" });
    });
    await s.states("consent");
    assert.deepEqual(await s.run(() => window.warned), []);
  });

  scenario("TB7: React sets the gate as true", withoutTypes, async (s) => {
    await s.go();
    await s.run(async (src) => {
      const script = document.createElement("script");
      script.src = src;
      const loaded = new Promise((done) => {
        script.onload = done;
      });
      document.head.append(script);
      await loaded;
      window.renderReact();
    }, `${s.fake.url}/react.js`);
    await s.states("ready");
    await s.run(() => window.setReact({ consent: true }));
    await s.states("consent");
    assert.equal(await frames(s), 0);
    await s.run(() => window.setReact({ consent: null }));
    await s.states("ready");
  });

  scenario("TB7: revoke() closes every gate; only true is a page's yes", {}, async (s) => {
    await s.go();
    await s.put({ consent: "" });
    await s.states("consent");
    for (const value of ["denied", 1, {}]) {
      await s.run((value) => window.plaudit.consentToTrustbox(value), value);
      await sleep(100);
      await s.states("consent");
    }
    assert.deepEqual(s.fake.requests, []);
    await s.run(() => document.querySelector("plaudit-trustbox").allow());
    await s.states("ready");
    await s.run(() => document.querySelector("plaudit-trustbox").revoke());
    await s.states("consent");
    assert.equal(await frames(s), 0);
  });

  scenario(
    "TB7: a gate that is put up as the script arrives holds",
    { fault: "hang" },
    async (s) => {
      await s.go();
      await s.put({});
      await s.states("loading");
      await s.run(() => {
        let there;
        Object.defineProperty(window, "Trustpilot", {
          get: () => there,
          set(value) {
            there = value;
            document.querySelector("plaudit-trustbox").setAttribute("consent", "required");
          },
        });
      });
      s.fake.release();
      await s.states("consent");
      await sleep(200);
      assert.equal(s.fake.count("/trustboxes/"), 0);
    },
  );

  scenario("TB7 TB2: a clone of a loaded box brings no frame along", {}, async (s) => {
    await s.go();
    await s.put({});
    await s.states("ready");
    // As Turbo keeps a page, and sliders their slides.
    await s.run(() => {
      const room = document.getElementById("room");
      window.kept = room.cloneNode(true);
      window.kept.removeAttribute("id");
      room.append(document.querySelector("plaudit-trustbox").cloneNode(true));
    });
    await s.states("ready", 2);
    const inside = await s.run(() =>
      [...document.querySelectorAll("plaudit-trustbox")].map((it) => [
        it.querySelectorAll(".trustpilot-widget").length,
        it.querySelectorAll(":scope > a").length,
      ]),
    );
    assert.deepEqual(inside, [
      [1, 1],
      [1, 1],
    ]);
    assert.equal(s.fake.count(WIDGETS), 2, "one each");
    // The page is left, what was allowed is taken back, and its copy returns.
    await s.run(() => {
      document.getElementById("room").replaceChildren();
      for (const box of window.kept.children) box.setAttribute("consent", "required");
      document.querySelector("main").append(window.kept);
    });
    await s.states("consent");
    await sleep(200);
    assert.equal(await frames(s), 0);
    assert.equal(s.fake.count(WIDGETS), 2, "nothing was asked for");
    assert.equal(await s.run(() => document.querySelectorAll(".trustpilot-widget").length), 0);
  });

  scenario("TB2: a frame that a morph puts back is not taken over", {}, async (s) => {
    await s.go();
    await s.put({});
    await s.states("ready");
    await s.run(() => {
      const box = document.querySelector("plaudit-trustbox");
      window.own = box.querySelector(".trustpilot-widget");
      box.prepend(window.own.cloneNode(false));
    });
    await until(
      () => s.run(() => document.querySelectorAll(".trustpilot-widget").length === 1),
      "it is removed",
    );
    await sleep(100);
    assert.ok(await s.run(() => window.own.isConnected), "its own stays");
    assert.deepEqual(await s.heard(), [LOADED]);
  });

  scenario(
    "TB2 TB7: a copy that was in the page before the definition loses its frame",
    { waits: true },
    async (s) => {
      await s.go();
      await s.run((url) => {
        // As a stored page comes back: markup, frame included.
        const box = window.make({ consent: "required" });
        const inner = document.createElement("div");
        inner.className = "trustpilot-widget";
        inner.slot = "plaudit-trustbox-frame";
        const frame = document.createElement("iframe");
        frame.src = `${url}/trustboxes/53aa8912dec7e10d38f59f36/index.html`;
        inner.append(frame);
        box.append(inner);
        document.getElementById("room").append(box);
      }, s.fake.url);
      assert.equal(await frames(s), 1);
      await s.run(() => window.start());
      await s.states("consent");
      assert.equal(await frames(s), 0);
      assert.equal(await s.run(() => document.querySelectorAll(".trustpilot-widget").length), 0);
    },
  );

  scenario("TB5: what others note on the element loads nothing anew", {}, async (s) => {
    await s.go();
    await s.put({ "data-newly-invented": "1" });
    await s.states("ready");
    await s.run(async () => {
      const box = document.querySelector("plaudit-trustbox");
      const wait = () => new Promise((done) => setTimeout(done, 50));
      for (const [name, value] of [
        ["data-gtm-vis-first-on-screen-31", "120"],
        ["data-gtm-vis-total-visible-time-31", "100"],
        ["data-gtm-vis-total-visible-time-31", "200"],
        ["data-newly-invented", "2"],
      ]) {
        box.setAttribute(name, value);
        await wait();
      }
      box.removeAttribute("data-gtm-vis-first-on-screen-31");
      await wait();
    });
    await sleep(100);
    assert.equal(s.fake.count(WIDGETS), 1);
    assert.deepEqual(await s.heard(), [LOADED]);
    // They are handed on with the next load.
    await s.run(() => document.querySelector("plaudit-trustbox").reload());
    await until(async () => (await s.heard()).length === 2, "it is there again");
    assert.deepEqual(await applied(s, "newlyInvented"), ["1", "2"]);
    for (const [at, [name, value]] of [
      ["data-group", "a"],
      ["data-theme", "dark"],
      ["data-locale", "da-DK"],
    ].entries()) {
      await s.run(
        (name, value) => document.querySelector("plaudit-trustbox").setAttribute(name, value),
        name,
        value,
      );
      await until(async () => (await s.heard()).length === at + 3, `${name} does`);
    }
  });

  scenario("I18N1: a language that is switched is seen", {}, async (s) => {
    await s.go();
    await s.run(() => {
      const room = document.getElementById("room");
      window.put({ sku: "of the page" });
      window.put({ sku: "its own", locale: "fr-FR" });
      const section = document.createElement("section");
      section.lang = "da";
      section.append(window.make({ sku: "of a part" }));
      const host = document.createElement("div");
      const part = document.createElement("p");
      host.attachShadow({ mode: "open" }).append(part);
      part.append(window.make({ sku: "in a root" }));
      room.append(section, host);
      window.parts = { section, part };
    });
    const locales = async () =>
      Object.fromEntries(
        await s.run(() => window.Trustpilot.applied.map(({ sku, locale }) => [sku, locale])),
      );
    const count = (count) =>
      until(async () => (await s.heard()).length === count, `${count} loads`);
    await count(4);
    await s.run(() => {
      document.documentElement.lang = "de";
    });
    await count(6);
    const first = {
      "of the page": "de-DE",
      "its own": "fr-FR",
      "of a part": "da-DK",
      "in a root": "de-DE",
    };
    assert.deepEqual(await locales(), first);
    await s.run(() => {
      window.parts.section.lang = "sv";
      window.parts.part.lang = "it";
    });
    await count(8);
    assert.deepEqual(await locales(), { ...first, "of a part": "sv-SE", "in a root": "it-IT" });
    // What changes nothing loads nothing.
    await s.run(() => {
      document.documentElement.lang = "de-LI";
      document.querySelector("h1").lang = "ja";
    });
    await sleep(200);
    assert.equal((await s.heard()).length, 8);
  });

  scenario("I18N1: the language of an element in a frame's document", {}, async (s) => {
    await s.go();
    await s.put({});
    await s.states("ready");
    await s.run(() => {
      const frame = document.createElement("iframe");
      document.body.append(frame);
      const other = frame.contentDocument;
      other.documentElement.lang = "pl";
      other.body.append(document.querySelector("plaudit-trustbox"));
    });
    await until(async () => (await applied(s, "locale")).length === 2, "it loads there");
    assert.deepEqual(await applied(s, "locale"), ["en-US", "pl-PL"]);
  });

  scenario("CE8: in a document that nobody sees it asks for nothing", {}, async (s) => {
    await s.go();
    const state = await s.run(async () => {
      const unseen = document.implementation.createHTMLDocument("");
      const box = window.make();
      unseen.body.append(box);
      await new Promise((done) => setTimeout(done, 200));
      window.box = box;
      return box.state;
    });
    assert.equal(state, "idle");
    assert.deepEqual(s.fake.requests, []);
    await s.run(() => document.getElementById("room").append(window.box));
    await s.states("ready");
  });

  scenario("TB1: a template that cannot be is told, without a button", {}, async (s) => {
    await s.go();
    const look = () =>
      s.run(() => {
        const box = document.querySelector("plaudit-trustbox");
        const shown = (part) =>
          box.shadowRoot.querySelector(`[part=${part}]`).getClientRects().length > 0;
        const { code, message } = box.error;
        return { code, message, status: shown("status"), retry: shown("retry") };
      });
    for (const template of ["nope", "Carousel", "53aa8912dec7e10d38f59f3", "constructor", "x x"]) {
      await s.put({ template });
      await s.states("error");
      const { message, ...told } = await look();
      assert.deepEqual(told, { code: "invalid_argument", status: true, retry: false }, template);
      assert.ok(message.includes(`template="${template}"`), message);
      assert.match(message, /24 hex digits/);
      await s.run(() => document.querySelector("plaudit-trustbox").remove());
    }
    assert.deepEqual(s.fake.requests, []);
    await s.put({ template: null });
    await s.states("error");
    assert.deepEqual((({ code, retry }) => [code, retry])(await look()), [
      "invalid_argument",
      false,
    ]);
    // Templates are also made for one account.
    await s.run(() => {
      document.querySelector("plaudit-trustbox").template = "677d6738677d6738677d6738";
    });
    await s.states("ready");
    assert.deepEqual(await applied(s, "templateId"), ["677d6738677d6738677d6738"]);
    // What can be mended keeps its button.
    await s.run(() => {
      window.trustboxFault = "throws";
      document.querySelector("plaudit-trustbox").reload();
    });
    await s.states("error");
    assert.equal((await look()).retry, true);
  });
}
