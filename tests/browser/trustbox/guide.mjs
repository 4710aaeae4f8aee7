// The blocks of docs/trustbox.md, run as they stand there; Trustpilot's script is the stand-in.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { until } from "../scenario.mjs";

const guide = readFileSync(new URL("../../../docs/trustbox.md", import.meta.url), "utf8");
const blocks = (language) =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(
    ([, text]) => text,
  );
const markup = blocks("html");
const code = blocks("js");
const policy = (fake, strict) =>
  strict(fake, []).replace("script-src 'self'", "script-src 'self' blob:");

const insert = (s, html) =>
  s.run((html) => {
    const room = document.getElementById("room");
    room.innerHTML = html;
    // its script is this page's
    room.querySelector("script")?.remove();
  }, html);

/** Runs a block as a module; what it prints goes to `window.printed`. */
const execute = (s, text) =>
  s.run(async (text) => {
    window.printed = [];
    console.log = (...values) => window.printed.push(values.join(" "));
    const at = (name) => JSON.stringify(`${location.origin}/plaudit/${name}.js`);
    const full = text
      .replaceAll('"plaudit/trustbox/pure"', at("trustbox-pure"))
      .replaceAll('"plaudit/trustbox"', at("trustbox"));
    const addressOf = (text) => URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    // Not import(): what a driver's own script imports is another copy in Firefox.
    const script = document.createElement("script");
    script.type = "module";
    script.src = addressOf(`
      import * as block from ${JSON.stringify(addressOf(full))};
      window.block = block;`);
    const ran = new Promise((done, fail) => {
      script.onload = done;
      script.onerror = fail;
    });
    document.body.append(script);
    await ran;
  }, text);

/** What makes each manager say no, then yes. */
const managers = {
  CookiebotOnAccept: [
    () => {
      window.Cookiebot = { consent: { marketing: false } };
    },
    () => {
      window.Cookiebot.consent.marketing = true;
      dispatchEvent(new Event("CookiebotOnAccept"));
    },
    () => {
      window.Cookiebot.consent.marketing = false;
      dispatchEvent(new Event("CookiebotOnDecline"));
    },
  ],
  OptanonWrapper: [
    () => {
      window.OnetrustActiveGroups = ",C0001,";
      window.OptanonWrapper = () => {
        window.isKept = true;
      };
    },
    () => {
      window.OnetrustActiveGroups = ",C0001,C0004,";
      window.OptanonWrapper();
      if (!window.isKept) throw new Error("another's callback was lost");
    },
    () => {
      window.OnetrustActiveGroups = ",C0001,";
      window.OptanonWrapper();
    },
  ],
  visitorDecided: [
    () => {},
    () => {
      window.block.visitorDecided(true);
      if (window.dataLayer.length !== 1) throw new Error("Google was not told");
    },
    () => window.block.visitorDecided(false),
  ],
  __tcfapi: [
    () => {
      window.__tcfapi = (_command, _version, listener) => {
        window.tell = (eventStatus, isGiven) =>
          listener({ eventStatus, gdprApplies: true, purpose: { consents: { 1: isGiven } } }, true);
        window.tell("cmpuishown", true);
      };
    },
    () => window.tell("useractioncomplete", true),
    () => window.tell("useractioncomplete", false),
  ],
};

export function guideScenarios(scenario) {
  scenario("docs/trustbox.md: every block of markup", { policy }, async (s) => {
    assert.equal(markup.length, 4);
    for (const html of markup) {
      await s.go();
      const before = s.fake.requests.length;
      await insert(s, html);
      if (html.includes("consent=")) {
        await s.states("consent");
        assert.equal(s.fake.requests.length, before);
        await s.run(() => document.querySelector("plaudit-trustbox").allow());
      }
      await s.states("ready");
    }
  });

  scenario("docs/trustbox.md: events, and the interface", { policy }, async (s) => {
    const events = code.find((it) => it.includes("plaudit-load"));
    await s.go();
    s.fake.fault = "hang";
    await insert(s, markup[0]);
    await execute(s, events);
    s.fake.release();
    await s.states("ready");
    const [, expected] = /\/\/=> (.*)$/m.exec(events);
    assert.deepEqual(await s.run(() => window.printed), [expected]);
    await execute(
      s,
      code.find((it) => it.includes("await loadTrustbox")),
    );
    assert.deepEqual(await s.run(() => window.printed), ["function"]);
  });

  const gated = markup.find((it) => it.includes("consent="));
  for (const [name, steps] of Object.entries(managers)) {
    scenario(`docs/trustbox.md: consent by ${name}`, { policy }, async (s) => {
      const found = code.filter((it) => it.includes(name));
      assert.equal(found.length, 1);
      await s.go();
      await insert(s, gated);
      const [before, yes, no] = steps;
      await s.run(before);
      await execute(s, found[0]);
      await s.states("consent");
      assert.equal(s.fake.requests.length, 0);
      await s.run(yes);
      await s.states("ready");
      await s.run(no);
      await s.states("consent");
    });
  }

  scenario("docs/trustbox.md: consent that is remembered", { policy }, async (s) => {
    const block = code.find((it) => it.includes("localStorage"));
    await s.go();
    await insert(s, gated + gated);
    await execute(s, block);
    await s.states("consent", 2);
    await s.run(() =>
      document.querySelector("plaudit-trustbox").shadowRoot.querySelector("[part=allow]").click(),
    );
    await s.states("ready", 2);
    await s.go();
    await insert(s, gated);
    await execute(s, block);
    await s.states("ready");
  });

  scenario("docs/trustbox.md: a policy of the page's own, a stand-in", { policy }, async (s) => {
    const own = code.find((it) => it.includes("createPolicy"));
    await s.go();
    await execute(s, own.replace(/"https:.*"/, JSON.stringify(s.fake.script)));
    await insert(s, markup[0]);
    await s.states("ready");
    const fake = code.find((it) => it.includes("/fake-trustbox.js"));
    await s.go();
    await execute(s, fake);
    await insert(s, markup[0]);
    await s.states("error");
    await until(
      () => s.site.requests.some(({ url }) => url === "/fake-trustbox.js"),
      "it was asked for",
    );
    assert.deepEqual(await s.heard(), ["plaudit-error network_error"]);
  });

  scenario("docs/trustbox.md: every template and attribute is told of", { policy }, async (s) => {
    await s.go();
    const names = await s.run(() => {
      const prototype = window.plaudit.PlauditTrustbox.prototype;
      const isOurs = (name) => Object.getOwnPropertyDescriptor(prototype, name).get;
      return Object.keys(prototype).filter(isOurs);
    });
    assert.ok(names.length > 40);
    for (const name of names) {
      const attribute = name.replace(/[A-Z]/g, (it) => `-${it.toLowerCase()}`);
      assert.ok(guide.includes(`\`${attribute}\``), attribute);
    }
    // The names, and the heights, of all that the table has.
    const rows = [...guide.matchAll(/`([a-z-]+)` +\| (\d+)px/g)];
    assert.equal(rows.length, 25);
    const wrong = await s.run(
      (rows) => {
        const heights = rows.map(([, template]) => {
          const element = window.put({ template });
          const { height } = element.getBoundingClientRect();
          element.remove();
          return height;
        });
        return rows.filter(([, , height], at) => heights[at] !== Number(height));
      },
      rows.map((it) => [...it]),
    );
    assert.deepEqual(wrong, []);
  });
}
