import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { collects, heap, held, leaveAndReturn } from "../emulate.mjs";
import { until } from "../scenario.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const MANIFEST = new URL("../../../js/generated/custom-elements.json", import.meta.url);
const LOADED = "plaudit-load";
const failed = (code) => `plaudit-error ${code}`;

/** What a visitor sees of the first element. */
const look = () => {
  const element = document.querySelector("plaudit-trustbox");
  const isSeen = (it) => Boolean(it?.checkVisibility?.() ?? it?.getClientRects().length);
  const root = element.shadowRoot;
  return {
    link: isSeen(element.querySelector(":scope > a")),
    frame: isSeen(element.querySelector("iframe")),
    consent: isSeen(root.querySelector("[part=consent]")),
    retry: isSeen(root.querySelector("[part=retry]")),
    status:
      root.querySelector("[role=status]").textContent ||
      root.querySelector("[role=status] slot")?.textContent ||
      "",
  };
};
const WIDGET = { link: false, frame: true, consent: false, retry: false, status: "" };
const BROKEN = {
  link: true,
  frame: false,
  consent: false,
  retry: true,
  status: "The reviews could not be loaded.",
};

const withoutTypes = { policy: (fake, strict) => strict(fake, []) };

export function scenarios(scenario) {
  scenario("TB1 PERF4: many elements, one script, whenever it is asked for", {}, async (s) => {
    await s.go();
    await s.put(...Array.from({ length: 10 }, (_, at) => ({ id: `box-${at}` })));
    await s.states("ready", 10);
    await s.put({ id: "later" });
    const same = await s.run(async () => {
      const [one, two] = [await window.plaudit.loadTrustbox(), await window.plaudit.loadTrustbox()];
      return one === two && one === window.Trustpilot;
    });
    assert.ok(same);
    await s.states("ready", 11);
    assert.equal(s.fake.count("/bootstrap/"), 1);
    assert.deepEqual(await s.heard(), Array(11).fill(LOADED));
    assert.equal(await s.run(() => window.Trustpilot.runs), 1);
  });

  scenario("TB1: what the script reads is what the element says", {}, async (s) => {
    await s.go();
    await s.run(() => {
      const element = window.make({
        theme: "dark",
        "review-languages": "en,da",
        "scroll-to-list": "",
        fullwidth: "false",
        "data-newly-invented": "1",
        height: "240",
      });
      element.stars = [4, 5];
      element.locale = "da-DK";
      document.getElementById("room").append(element);
      // as Trustpilot's own snippet has it
      const pasted = window.make({
        template: null,
        "business-unit": null,
        "data-template-id": "5419b732fbfb950b10de65e5",
        "data-businessunit-id": "b",
        "data-locale": "de-DE",
      });
      document.getElementById("room").append(pasted);
    });
    await s.states("ready", 2);
    assert.deepEqual(await s.run(() => window.Trustpilot.applied), [
      {
        templateId: "53aa8912dec7e10d38f59f36",
        businessunitId: "46d6a890000064000500e0c3",
        locale: "da-DK",
        theme: "dark",
        stars: "4,5",
        reviewLanguages: "en,da",
        scrollToList: "true",
        newlyInvented: "1",
        styleHeight: "240",
        styleWidth: "100%",
      },
      {
        templateId: "5419b732fbfb950b10de65e5",
        businessunitId: "b",
        locale: "de-DE",
        styleHeight: "24px",
        styleWidth: "100%",
      },
    ]);
  });

  scenario("TB1: a script tag of the page's own is used, also while it loads", {}, async (s) => {
    s.fake.fault = "hang";
    await s.go();
    await s.run((src) => {
      const policy = window.trustedTypes?.createPolicy("plaudit", { createScriptURL: (it) => it });
      const script = document.createElement("script");
      script.src = policy ? policy.createScriptURL(src) : src;
      document.head.append(script);
    }, s.fake.script);
    await s.put({});
    await s.states("loading");
    await sleep(300);
    s.fake.release();
    await s.states("ready");
    await s.put({});
    await s.states("ready", 2);
    assert.equal(s.fake.count("/bootstrap/"), 1);
    assert.equal(await s.run(() => document.querySelectorAll("script[src*=bootstrap]").length), 1);
  });

  scenario("TB1: a script tag that is held back is not waited for", withoutTypes, async (s) => {
    await s.go();
    await s.run((src) => {
      const held = document.createElement("script");
      held.type = "text/plain";
      held.src = src;
      document.head.append(held);
    }, s.fake.script);
    await s.put({});
    await s.states("ready");
    assert.equal(s.fake.count("/bootstrap/"), 1);
  });

  scenario(
    "TB1: a script tag that failed before, or is held back, is not waited for",
    {},
    async (s) => {
      s.fake.fault = "404";
      await s.go();
      await s.run(async (src) => {
        const policy = window.trustedTypes?.createPolicy("plaudit", {
          createScriptURL: (it) => it,
        });
        window.plaudit.defineTrustbox(policy ? { policy } : {});
        const address = policy ? policy.createScriptURL(src) : src;
        const held = document.createElement("script");
        held.type = "text/plain";
        held.src = address;
        const script = document.createElement("script");
        script.src = address;
        const over = new Promise((done) => {
          script.onerror = done;
        });
        document.head.append(held, script);
        await over;
      }, s.fake.script);
      s.fake.fault = null;
      await s.put({});
      await s.states("ready");
      assert.equal(s.fake.count("/bootstrap/"), 2);
    },
  );

  for (const [fault, code, isRetryable] of [
    ["404", "network_error", true],
    ["cut", "network_error", true],
    ["empty", "malformed_response", false],
    ["stub", "malformed_response", false],
    ["hang", "timeout", true],
  ]) {
    scenario(
      `TB1 TB6: ${fault}: one error each, the link is back, a retry makes a new script`,
      { fault, options: { timeout: fault === "hang" ? 700 : 20_000 } },
      async (s) => {
        await s.go();
        await s.run(() => {
          window.made = [];
          new MutationObserver((records) => {
            for (const { addedNodes } of records) window.made.push(...addedNodes);
          }).observe(document.head, { childList: true });
        });
        await s.put({ id: "one" }, { id: "two" });
        await s.states("error", 2);
        assert.deepEqual(await s.heard(), [failed(code), failed(code)]);
        assert.deepEqual(await s.run(look), BROKEN);
        const told = await s.run(() => {
          const { error } = document.getElementById("one");
          return [error.name, error.code, error.retryable, window.plaudit.isPlauditError(error)];
        });
        assert.deepEqual(told, ["PlauditError", code, isRetryable, true]);
        const made = () => window.made.filter(({ src }) => src.includes("/bootstrap/")).length;
        assert.equal(await s.run(made), 1, "one for both");
        // Firefox itself asks again where a connection ends.
        if (fault !== "cut") assert.equal(s.fake.count("/bootstrap/"), 1);
        // One that is late may still come.
        const left = await s.run(() => document.querySelectorAll("head > script").length);
        assert.equal(left, fault === "hang" ? 3 : 2);
        s.fake.fault = null;
        await s.run(() => {
          window.plaudit.defineTrustbox({ timeout: 20_000 });
          document.getElementById("one").shadowRoot.querySelector("[part=retry]").click();
        });
        // Chromium asks no second time while the first is open.
        if (fault === "hang") s.fake.release();
        // What mends one mends all.
        await s.states("ready", 2);
        assert.equal(await s.run(made), 2);
        assert.deepEqual(await s.run(look), WIDGET);
        assert.deepEqual((await s.heard()).slice(2), [LOADED, LOADED]);
      },
    );
  }

  scenario(
    "TB1: a script that comes after its time is welcome all the same",
    { fault: "hang", options: { timeout: 400 } },
    async (s) => {
      await s.go();
      await s.put({});
      await s.states("error");
      await until(() => s.fake.count("/bootstrap/") === 1, "it was asked for");
      await s.run(() => window.plaudit.defineTrustbox({ timeout: 20_000 }));
      s.fake.release();
      await s.states("ready");
      assert.equal(s.fake.count("/bootstrap/"), 1);
      assert.deepEqual(await s.heard(), [failed("timeout"), LOADED]);
    },
  );

  scenario(
    "TB1 TB7: a consent manager that takes the script out and puts it back later",
    { fault: "404", options: { timeout: 400 }, policy: (fake, strict) => strict(fake, []) },
    async (s) => {
      await s.go();
      await s.run(() => {
        // As such do it: what is put in is changed before it runs.
        new MutationObserver((records) => {
          for (const node of records.flatMap((it) => [...it.addedNodes])) {
            if (node.src?.includes("/bootstrap/") && !window.isAllowed) {
              window.taken = node.src;
              node.type = "text/plain";
              node.remove();
            }
          }
        }).observe(document.head, { childList: true });
      });
      await s.put({});
      await s.states("error");
      s.fake.fault = null;
      await s.run(() => {
        window.isAllowed = true;
        const script = document.createElement("script");
        script.src = window.taken;
        document.body.append(script);
      });
      await s.states("ready");
    },
  );

  scenario(
    "TB1: what a policy only reports is no refusal",
    { reportOnly: "script-src 'self'; frame-src 'none'" },
    async (s) => {
      await s.go();
      await s.put({});
      await s.states("ready");
      assert.deepEqual(await s.heard(), [LOADED]);
      const reported = await s.run(() => window.refused.map((it) => it.effectiveDirective));
      assert.ok(reported.includes("frame-src"));
    },
  );

  scenario("TB1: the official script twice in the page", withoutTypes, async (s) => {
    await s.go();
    await s.put({});
    await s.states("ready");
    await s.run(async () => {
      const again = document.querySelector("head > script[src*=bootstrap]");
      const script = document.createElement("script");
      const ran = new Promise((done) => {
        script.onload = done;
        script.onerror = done;
      });
      script.src = again.src;
      document.head.append(script);
      await ran;
    });
    await s.put({});
    await s.states("ready", 2);
    assert.equal(await s.run(() => window.Trustpilot.runs), 2);
    assert.deepEqual(await s.heard(), [LOADED, LOADED]);
  });

  scenario(
    "TB1: offline is said, and being online again is enough",
    { fault: "cut" },
    async (s) => {
      await s.go();
      await s.run(() => {
        window.isOnline = false;
        Object.defineProperty(navigator, "onLine", { get: () => window.isOnline });
      });
      await s.put({});
      await s.states("error");
      const told = await s.run(() => {
        const element = document.querySelector("plaudit-trustbox");
        return [element.matches(":state(offline):state(error)"), element.error.message];
      });
      assert.deepEqual(told, [true, "the TrustBox script was not loaded: the browser is offline"]);
      s.fake.fault = null;
      await s.run(() => {
        window.isOnline = true;
        dispatchEvent(new Event("online"));
      });
      await s.states("ready");
      assert.ok(
        await s.run(() => !document.querySelector("plaudit-trustbox").matches(":state(offline)")),
      );
    },
  );

  scenario(
    "TB1: the page's Content Security Policy refuses script or frame, and the error says so",
    {
      policy: (fake, strict) =>
        strict(fake).replace(`script-src 'self' ${fake.url}`, "script-src 'self'"),
    },
    async (s) => {
      await s.go();
      await s.put({});
      await s.states("error");
      assert.deepEqual(await s.heard(), [failed("unsupported_environment")]);
      assert.deepEqual(await s.run(look), BROKEN);
      assert.equal(s.fake.requests.length, 0);
    },
  );

  scenario(
    "TB1: the page's policy refuses the frame",
    { policy: (fake, strict) => strict(fake).replace(`frame-src ${fake.url}`, "frame-src 'none'") },
    async (s) => {
      await s.go();
      await s.put({});
      await s.states("error");
      assert.deepEqual(await s.heard(), [failed("unsupported_environment")]);
      assert.equal(s.fake.count("/trustboxes/"), 0);
    },
  );

  scenario(
    "TB1: Trustpilot's own address is the default, and is refused here",
    { options: { src: null } },
    async (s) => {
      await s.go();
      await s.put({});
      await s.states("error");
      assert.deepEqual(await s.heard(), [failed("unsupported_environment")]);
      const refused = await s.run(() => window.refused);
      assert.ok(
        refused.some(({ blockedURI }) => /^https:\/\/widget\.trustpilot\.com/.test(blockedURI)),
      );
    },
  );

  scenario(
    "TB1: what the script throws is told; what is missing is asked for first",
    {},
    async (s) => {
      await s.go();
      await s.run(() => {
        window.trustboxFault = "throws";
      });
      await s.put({ id: "thrown" });
      await s.states("error");
      const [told] = await s.run(() => window.heard);
      assert.equal(told.code, "provider_error");
      assert.equal(told.description, "No luck for TrustBox");
      await s.run(() => {
        window.trustboxFault = null;
        document.getElementById("thrown").remove();
      });
      await s.put({ "business-unit": null });
      await s.states("error");
      assert.equal(
        await s.run(() => document.querySelector("plaudit-trustbox").error.message),
        "<plaudit-trustbox> needs business-unit",
      );
      await s.run(() =>
        document.querySelector("plaudit-trustbox").setAttribute("business-unit", "x"),
      );
      await s.states("ready");
    },
  );

  scenario(
    "TB2: what a framework owns is left alone, and what it wipes comes back",
    {},
    async (s) => {
      await s.go();
      await s.run(() => {
        // As a reconciler does it: it keeps its nodes, and inserts and removes between them.
        const room = document.getElementById("room");
        const host = window.make();
        const owned = [...host.childNodes];
        window.render = (texts) => {
          while (owned.length > texts.length) host.removeChild(owned.pop());
          for (const [at, text] of texts.entries()) {
            if (!owned[at]) {
              const node = document.createElement("span");
              owned.push(host.insertBefore(node, owned[at - 1]?.nextSibling ?? null));
            }
            owned[at].textContent = text;
          }
          return owned.every(
            (node, at) => node.parentNode === host && node.textContent === texts[at],
          );
        };
        room.append(host);
      });
      await s.states("ready");
      const frames = s.fake.count("/trustboxes/53aa");
      for (const texts of [["Trustpilot"], ["Reviews", "of us"], ["a", "b", "c"], ["Trustpilot"]]) {
        assert.ok(await s.run((texts) => window.render(texts), texts), texts.join());
      }
      await sleep(200);
      assert.equal(s.fake.count("/trustboxes/53aa"), frames, "no render reloads anything");
      assert.deepEqual(await s.heard(), [LOADED]);
      // A renderer that writes all children anew takes our box with it.
      await s.run(() => {
        document.querySelector("plaudit-trustbox").replaceChildren("written anew");
      });
      await until(async () => (await s.heard()).length === 2, "it loads again");
      const inside = await s.run(() => {
        const [text, box, ...others] = document.querySelector("plaudit-trustbox").childNodes;
        return [text.data, box.className, box.firstElementChild.tagName, others.length];
      });
      assert.deepEqual(inside, ["written anew", "trustpilot-widget", "IFRAME", 0]);
    },
  );

  scenario(
    "TB2: with the script's own scan, and with code that calls it for all",
    {},
    async (s) => {
      await s.go();
      await s.put({});
      await s.states("ready");
      await s.run(() => window.Trustpilot.Modules.WidgetManagement.findAndApplyWidgets());
      await sleep(200);
      assert.equal(s.fake.count("/trustboxes/53aa"), 1);
      assert.equal(
        await s.run(() => document.querySelector("plaudit-trustbox > a").textContent),
        "Trustpilot",
      );
    },
  );

  const startScript = (s, path) =>
    s.run(async (src) => {
      const script = document.createElement("script");
      script.src = src;
      const loaded = new Promise((done) => {
        script.onload = done;
      });
      document.head.append(script);
      await loaded;
    }, s.fake.url + path);
  const WIDGETS = "/trustboxes/53aa";

  scenario(
    "TB2 CE5: React 19 in StrictMode: renders, routes, and back",
    withoutTypes,
    async (s) => {
      await s.go();
      await startScript(s, "/react.js");
      await s.run(() => window.renderReact());
      await s.states("ready");
      assert.equal(s.fake.count(WIDGETS), 1);
      const [{ reviewLanguages }] = await s.run(() => window.Trustpilot.applied);
      assert.equal(reviewLanguages, "en,da");
      for (const texts of [["Trustpilot", "more"], ["more"], [], ["Trustpilot"]]) {
        await s.run((texts) => window.setReact({ texts }), texts);
        await until(
          () =>
            s.run(
              (texts) =>
                String([...document.querySelectorAll("#room a")].map((it) => it.textContent)) ===
                String(texts),
              texts,
            ),
          "it is rendered",
        );
      }
      await sleep(200);
      assert.equal(s.fake.count(WIDGETS), 1, "no render reloads anything");
      await s.run(() => window.setReact({ theme: "dark", stars: [4, 5] }));
      await until(async () => (await s.heard()).length === 2, "an attribute does");
      const [, { stars, theme }] = await s.run(() => window.Trustpilot.applied);
      assert.deepEqual([stars, theme], ["4,5", "dark"]);
      assert.equal(await s.run(() => window.reactLoads), 2);
      await s.run(() => window.setReact({ route: "other" }));
      await until(() => s.run(() => !document.querySelector("plaudit-trustbox")), "it is gone");
      await s.run(() => window.setReact({ route: "reviews" }));
      await s.states("ready");
      assert.equal(s.fake.count(WIDGETS), 3);
      assert.equal(s.fake.count("/bootstrap/"), 1);
      await s.run(() => window.root.unmount());
      await until(() => s.run(() => !document.querySelector("plaudit-trustbox")), "it is gone");
      assert.deepEqual(await s.run(() => window.reactErrors), []);
    },
  );

  const hydrated = { ...withoutTypes, waits: true };
  scenario("TB2 SSR9: React 19 hydrates what a server wrote", hydrated, async (s) => {
    await s.go();
    await startScript(s, "/react.js");
    await s.run(() => {
      window.said = [];
      console.error = (...values) => window.said.push(values.join(" "));
      document.getElementById("room").innerHTML = window.reactMarkup();
      window.link = document.querySelector("#room a");
      window.hydrateReact();
    });
    await s.states("ready");
    await s.run(() => window.setReact({ texts: ["Trustpilot", "more"] }));
    await until(() => s.run(() => document.querySelectorAll("#room a").length === 2), "a render");
    const told = await s.run(() => [window.reactErrors, window.said, window.link.isConnected]);
    assert.deepEqual(told, [[], [], true]);
    assert.equal(s.fake.count(WIDGETS), 1);
  });

  scenario(
    "TB2 CE4 CE5: Vue 3: bound lists, renders, routes, its event",
    withoutTypes,
    async (s) => {
      await s.go();
      await startScript(s, "/vue.js");
      await s.states("ready");
      const change = (change) => s.run((change) => Object.assign(window.vueState, change), change);
      for (const texts of [["a", "Trustpilot"], ["Trustpilot"], ["b"]]) {
        await change({ texts });
        await until(
          () =>
            s.run((text) => document.querySelector("#room").textContent === text, texts.join("")),
          "it is rendered",
        );
      }
      await sleep(200);
      assert.equal(s.fake.count(WIDGETS), 1, "no render reloads anything");
      await change({ stars: [4, 5] });
      await until(async () => (await s.heard()).length === 2, "a property does");
      await change({ consent: "required" });
      await s.states("consent");
      await change({ consent: null, route: "other" });
      await until(() => s.run(() => !document.querySelector("plaudit-trustbox")), "it is gone");
      await change({ route: "reviews" });
      await s.states("ready");
      const told = await s.run(() => [
        window.vueLoads,
        ...window.Trustpilot.applied.map((it) => it.stars),
      ]);
      assert.deepEqual(told, [3, "5", "4,5", "4,5"]);
      assert.equal(s.fake.count("/bootstrap/"), 1);
    },
  );

  scenario("TB3: the frame says nothing: its load is enough", { fault: "mute" }, async (s) => {
    await s.go();
    await s.put({});
    await s.states("ready");
    assert.deepEqual(await s.heard(), [LOADED]);
  });

  scenario(
    "TB3: neither message nor load: an error in time, once it is near the window",
    { fault: "dead", options: { timeout: 500 } },
    async (s) => {
      await s.go();
      await s.run(() => {
        document.getElementById("room").style.paddingTop = "5000px";
      });
      await s.put({});
      await s.states("loading");
      await sleep(900);
      await s.states("loading");
      await s.run(() => document.querySelector("plaudit-trustbox").scrollIntoView());
      await s.states("error");
      assert.deepEqual(await s.heard(), [failed("timeout")]);
      assert.deepEqual(await s.run(look), BROKEN);
      s.fake.release();
      await s.run(() => document.querySelector("plaudit-trustbox").retry());
      await s.states("ready");
    },
  );

  scenario(
    "TB4: its structured data comes once a page's life, whatever the route",
    {},
    async (s) => {
      await s.go();
      await s.put({ "schema-type": "Organization" });
      await s.states("ready");
      await until(() => s.run(() => window.Trustpilot.jsonLd === 1), "there is structured data");
      await s.run(() => {
        history.pushState({}, "", "/other");
        document.getElementById("room").replaceChildren();
        window.put({ "schema-type": "Organization", "business-unit": "another" });
      });
      await s.states("ready");
      await sleep(200);
      assert.equal(s.fake.count("/data/jsonld/"), 1);
      assert.equal(
        await s.run(() => document.querySelectorAll("script[type='application/ld+json']").length),
        1,
      );
    },
  );

  scenario("TB5: several changes in a task are one load; other attributes none", {}, async (s) => {
    await s.go();
    await s.put({});
    await s.states("ready");
    const counts = await s.run(async () => {
      const element = document.querySelector("plaudit-trustbox");
      const first = element.querySelector(".trustpilot-widget");
      element.theme = "dark";
      // all of it still in the same task
      for (let turn = 0; turn < 20; turn += 1) await null;
      element.setAttribute("locale", "de-DE");
      element.stars = [5];
      element.removeAttribute("stars");
      element.setAttribute("data-group", "a");
      await new Promise((done) => element.addEventListener("plaudit-load", done, { once: true }));
      element.className = "mine";
      element.style.color = "red";
      element.theme = "dark";
      await new Promise((done) => setTimeout(done, 200));
      return { same: first.isConnected, times: window.Trustpilot.applied.length };
    });
    assert.deepEqual(counts, { same: false, times: 2 });
    const [, last] = await s.run(() => window.Trustpilot.applied);
    assert.deepEqual(
      [last.theme, last.locale, last.stars, last.group],
      ["dark", "de-DE", undefined, "a"],
    );
  });

  scenario("TB5 CE8: what leaves the page leaves nothing behind", { fault: "hang" }, async (s) => {
    await s.go();
    await s.put({});
    await s.states("loading");
    await s.run(() => {
      window.gone = document.querySelector("plaudit-trustbox");
      window.gone.remove();
    });
    s.fake.release();
    await until(() => s.run(() => Boolean(window.Trustpilot)), "the script is there");
    await sleep(300);
    assert.deepEqual(await s.run(() => [window.gone.state, window.gone.childNodes.length]), [
      "idle",
      1,
    ]);
    assert.equal(s.fake.count("/trustboxes/"), 0);
    assert.deepEqual(await s.heard(), []);
    await s.run(() => document.getElementById("room").append(window.gone));
    await s.states("ready");
    assert.equal(s.fake.count("/bootstrap/"), 1);
    assert.deepEqual(await s.heard(), [LOADED]);
  });

  scenario(
    "CE8: removed by who hears of the error, it is not woken",
    { fault: "404" },
    async (s) => {
      await s.go();
      await s.run(() => {
        addEventListener("plaudit-error", ({ target }) => {
          window.gone = target;
          target.remove();
        });
      });
      await s.put({});
      await until(async () => (await s.heard()).length === 1, "it failed");
      s.fake.fault = null;
      await s.run(() => window.plaudit.loadTrustbox());
      await sleep(200);
      assert.equal(await s.run(() => window.gone.state), "idle");
      assert.equal(s.fake.count("/trustboxes/"), 0);
    },
  );

  scenario("CE5: each cause has its events, in order", {}, async (s) => {
    await s.go();
    const { run } = s;
    const after = async (what, act, expected) => {
      await s.run(() => {
        window.heard = [];
      });
      await run.call(s, act);
      await until(async () => (await s.heard()).length >= expected.length, what);
      await sleep(100);
      assert.deepEqual(await s.heard(), expected, what);
    };
    const box = "document.querySelector('plaudit-trustbox')";
    await after("put in", "() => { window.put({}); }", [LOADED]);
    await after("attribute", `() => { ${box}.theme = "dark"; }`, [LOADED]);
    await after("the same again", `() => { ${box}.theme = "dark"; }`, []);
    await after("reload()", `() => ${box}.reload()`, [LOADED]);
    await after("retry() without an error", `() => ${box}.retry()`, []);
    await after("revoke()", `() => ${box}.revoke()`, []);
    await after("allow()", `() => ${box}.allow()`, [LOADED]);
    await after("an id that is missing", `() => { ${box}.businessUnit = null; }`, [
      failed("invalid_argument"),
    ]);
    await after("and is there", `() => { ${box}.businessUnit = "x"; }`, [LOADED]);
    await after("removed", `() => ${box}.remove()`, []);
  });

  scenario("CE8: 200 mounts leave nothing behind, no element and no listener", {}, async (s) => {
    await s.go();
    const rounds = (count) =>
      s.run(async (count) => {
        // Who listens at the window, and does not stop.
        let listeners = 0;
        const { addEventListener } = window;
        window.addEventListener = (type, listener, options) => {
          listeners += 1;
          options?.signal?.addEventListener("abort", () => {
            listeners -= 1;
          });
          return addEventListener.call(window, type, listener, options);
        };
        window.mounted = [];
        for (let round = 0; round < count; round += 1) {
          const element = window.put({ template: "micro-star" });
          window.mounted.push(new WeakRef(element));
          if (round % 4 === 0) {
            await new Promise((done) => {
              element.addEventListener("plaudit-load", done, { once: true });
            });
          }
          element.remove();
        }
        await new Promise((done) => setTimeout(done, 200));
        window.addEventListener = addEventListener;
        return { nodes: document.querySelectorAll("*").length, listeners };
      }, count);
    const { nodes } = await rounds(4);
    const before = collects(s.engine) && (await heap(s));
    assert.deepEqual(await rounds(200), { nodes, listeners: 0 });
    assert.equal(s.fake.count("/bootstrap/"), 1);
    assert.equal(
      s.fake.count("/trustboxes/5419"),
      51,
      "those that stayed for a moment asked nothing",
    );
    if (!collects(s.engine)) return;
    // though the official script keeps its own part of each
    const left = await held(s);
    assert.equal(left, 0, `${left} of 200 elements`);
    const grown = (await heap(s)) - before;
    assert.ok(grown < 300_000, `${grown} bytes`);
  });

  scenario(
    "PERF8: a page with it is kept when it is left, and is as it was on return",
    {},
    async (s) => {
      await s.go();
      await s.put({});
      await s.states("ready");
      await s.run(() => {
        window.frame = document.querySelector("iframe");
      });
      assert.deepEqual(await leaveAndReturn(s), { isKept: true, reasons: [] });
      await s.states("ready");
      assert.ok(await s.run(() => window.frame === document.querySelector("iframe")));
      await s.put({});
      await s.states("ready", 2);
      assert.equal(s.fake.count("/bootstrap/"), 1);
    },
  );

  scenario("CE8: moveBefore reloads nothing; a move by append loads once", {}, async (s) => {
    await s.go();
    await s.put({});
    await s.states("ready");
    const canMove = await s.run(() => {
      const target = document.createElement("section");
      document.querySelector("main").append(target);
      const element = document.querySelector("plaudit-trustbox");
      if (!target.moveBefore) return false;
      target.moveBefore(element, null);
      return true;
    });
    await sleep(300);
    assert.equal(s.fake.count("/trustboxes/53aa"), 1);
    assert.equal(canMove, s.engine !== "webkit", "as the engines have it");
    await s.run(() =>
      document.getElementById("room").append(document.querySelector("plaudit-trustbox")),
    );
    await until(async () => (await s.heard()).length === 2, "it is there again");
    // The engine itself has begun to load the moved frame, when it is replaced.
    assert.ok([2, 3].includes(s.fake.count("/trustboxes/53aa")));
    assert.equal(await s.run(() => document.querySelectorAll(".trustpilot-widget").length), 1);
    assert.equal(s.fake.count("/bootstrap/"), 1);
  });

  scenario(
    "TB6 PERF5: no layout shift from first paint to widget",
    { waits: true, fault: "hang" },
    async (s) => {
      await s.go();
      await s.run(() => {
        window.shift = 0;
        if (PerformanceObserver.supportedEntryTypes.includes("layout-shift")) {
          new PerformanceObserver((list) => {
            for (const { value } of list.getEntries()) window.shift += value;
          }).observe({ type: "layout-shift", buffered: true });
        }
        window.put({});
      });
      const place = () => s.run(() => document.getElementById("after").getBoundingClientRect().top);
      const before = await place();
      await sleep(300);
      await s.run(() => {
        // That it was put there.
        window.shift = 0;
      });
      // CE11: the element is not known yet.
      assert.equal(await s.run(() => document.querySelector("plaudit-trustbox").offsetHeight), 140);
      await s.run(() => window.start());
      await s.states("loading");
      assert.equal(await place(), before);
      s.fake.release();
      await s.states("ready");
      assert.equal(await place(), before);
      assert.equal(await s.run(() => window.shift), 0);
      assert.equal(await s.run(() => document.querySelector("iframe").offsetHeight), 140);
    },
  );

  scenario("TB6: the room is the template's, or as it is said", { fault: "hang" }, async (s) => {
    await s.go();
    const heights = await s.run(() =>
      [
        { template: "horizontal" },
        { template: "micro-combo" },
        { template: "5419b732fbfb950b10de65e5" },
        { template: "starter" },
        { height: "77" },
        { height: "88px" },
        { "data-style-height": "99px" },
        { template: "carousel", height: "100%" },
        { template: "677d6738677d6738677d6738", height: "50%" },
      ].map((attributes) => {
        const element = window.put(attributes);
        return element.getBoundingClientRect().height;
      }),
    );
    // a share of no height is a frame's usual one
    assert.deepEqual(heights, [28, 20, 24, 150, 77, 88, 99, 150, 150]);
    s.fake.release();
    await s.states("ready", heights.length);
    const after = await s.run(() =>
      [...document.querySelectorAll("plaudit-trustbox")].map((it) => it.offsetHeight),
    );
    assert.deepEqual(after, heights, "nothing moves as they come");
  });

  scenario(
    "I18N6: our own English reads from left to right wherever it stands",
    { fault: "404" },
    async (s) => {
      await s.go();
      await s.run(() => {
        document.documentElement.dir = "rtl";
        window.put({ consent: "required" });
      });
      await s.states("consent");
      const ways = () =>
        s.run(() => {
          const { shadowRoot } = document.querySelector("plaudit-trustbox");
          return [...shadowRoot.querySelectorAll("slot > span")].map((it) => {
            const { direction, unicodeBidi } = getComputedStyle(it);
            return [it.textContent.length > 5, direction, unicodeBidi].join(" ");
          });
        });
      const one = "true ltr isolate";
      assert.deepEqual(await ways(), [one, one, one]);
      await s.run(() => document.querySelector("plaudit-trustbox").allow());
      await s.states("error");
      assert.deepEqual(await ways(), [one, one, one, one]);
      assert.equal(
        await s.run(() => getComputedStyle(document.querySelector("plaudit-trustbox")).direction),
        "rtl",
      );
    },
  );

  scenario("TB6: without script the link is there", { waits: true }, async (s) => {
    await s.go();
    await s.put({});
    const link = await s.run(() => {
      const { offsetHeight, href } = document.querySelector("plaudit-trustbox > a");
      return [offsetHeight > 0, href];
    });
    assert.deepEqual(link, [true, "https://www.trustpilot.com/review/example.com"]);
    assert.equal(s.fake.requests.length, 0);
  });

  scenario("TB6: the link stays until the widget is there", { fault: "hang" }, async (s) => {
    await s.go();
    await s.put({});
    await s.states("loading");
    assert.equal((await s.run(look)).link, true);
    s.fake.release();
    await s.states("ready");
    assert.deepEqual(await s.run(look), WIDGET);
  });

  scenario("TB7: nothing is requested before consent; the button gives it", {}, async (s) => {
    await s.go();
    await s.put({ consent: "required" });
    await s.states("consent");
    await sleep(300);
    assert.deepEqual(s.fake.requests, []);
    const { link, consent, frame } = await s.run(look);
    assert.deepEqual({ link, consent, frame }, { link: true, consent: true, frame: false });
    assert.equal(
      await s.run(
        () =>
          document.querySelectorAll("link[rel=preconnect], head > script[src*=bootstrap]").length,
      ),
      0,
    );
    await s.run(() =>
      document.querySelector("plaudit-trustbox").shadowRoot.querySelector("[part=allow]").click(),
    );
    await s.states("ready");
    assert.deepEqual(await s.heard(), ["plaudit-consent", LOADED]);
    assert.deepEqual(await s.run(look), WIDGET);
    // TB7, back again; and by the attribute.
    await s.run(() => document.querySelector("plaudit-trustbox").revoke());
    await s.states("consent");
    assert.equal(
      await s.run(() => document.querySelectorAll("iframe, .trustpilot-widget").length),
      0,
    );
    await s.run(() => document.querySelector("plaudit-trustbox").removeAttribute("consent"));
    await s.states("ready");
    await s.run(() =>
      document.querySelector("plaudit-trustbox").setAttribute("consent", "required"),
    );
    await s.states("consent");
    assert.equal(await s.run(() => document.querySelectorAll("iframe").length), 0);
    await s.run(() => document.querySelector("plaudit-trustbox").allow());
    await s.states("ready");
    // What was allowed is taken back by an attribute that comes back.
    await s.run(() => document.querySelector("plaudit-trustbox").removeAttribute("consent"));
    await sleep(100);
    await s.states("ready");
    await s.run(() =>
      document.querySelector("plaudit-trustbox").setAttribute("consent", "required"),
    );
    await s.states("consent");
    // CE5: only a visitor's own press is told.
    assert.equal((await s.heard()).filter((it) => it === "plaudit-consent").length, 1);
  });

  scenario("TB7: revoked while it loads, it never comes", { fault: "hang" }, async (s) => {
    await s.go();
    await s.put({ consent: "required" });
    await s.states("consent");
    await s.run(() => document.querySelector("plaudit-trustbox").allow());
    await s.states("loading");
    await s.run(() => document.querySelector("plaudit-trustbox").revoke());
    s.fake.release();
    await until(() => s.run(() => Boolean(window.Trustpilot)), "the script is there");
    await sleep(200);
    await s.states("consent");
    assert.equal(s.fake.count("/trustboxes/"), 0);
  });

  scenario("TB7: the page's own answer is for all, those to come too", {}, async (s) => {
    await s.go();
    await s.put({ consent: "required" }, { consent: "required" });
    await s.states("consent", 2);
    await s.run(() => window.plaudit.consentToTrustbox(true));
    await s.states("ready", 2);
    await s.put({ consent: "required" });
    await s.states("ready", 3);
    await s.run(() => window.plaudit.consentToTrustbox(false));
    await s.states("consent", 3);
    assert.equal(await s.run(() => document.querySelectorAll("iframe").length), 0);
  });

  scenario("SEC3: under Trusted Types one policy, for one address", {}, async (s) => {
    await s.go();
    await s.run(() => {
      const { prototype } = window.TrustedTypePolicyFactory ?? {};
      if (!prototype) return;
      const { createPolicy } = prototype;
      prototype.createPolicy = function (name, rules) {
        window.rules = rules;
        return createPolicy.call(this, name, rules);
      };
    });
    await s.put({}, {});
    await s.states("ready", 2);
    assert.deepEqual(await s.run(() => window.refused), []);
    // whoever gets hold of the policy gets nothing else through it
    const passed = await s.run((script) => {
      const passes = (address) => {
        try {
          return Boolean(window.rules.createScriptURL(address));
        } catch {
          return false;
        }
      };
      const others = ["https://evil.example/x.js", `${script}#`, `${script}/../x.js`, ""];
      return window.rules && [script, ...others].map(passes);
    }, s.fake.script);
    if (passed) assert.deepEqual(passed, [true, false, false, false, false]);
    // Only where there is one can it be seen that it is taken.
    const isTaken = await s.run(() => {
      try {
        window.trustedTypes?.createPolicy("plaudit", {});
        return !window.trustedTypes;
      } catch {
        return true;
      }
    });
    assert.ok(isTaken);
  });

  scenario(
    "SEC3: a policy that the page hands in is used",
    {
      policy: (fake, strict) =>
        strict(fake, ["require-trusted-types-for 'script'", "trusted-types mine"]),
    },
    async (s) => {
      await s.go();
      const asked = await s.run(async () => {
        const asked = [];
        const rules = {
          createScriptURL: (address) => {
            asked.push(address);
            return address;
          },
        };
        const policy = window.trustedTypes?.createPolicy("mine", rules) ?? rules;
        window.plaudit.defineTrustbox({ policy });
        window.put({});
        await new Promise((done) => addEventListener("plaudit-load", done, { once: true }));
        return asked;
      });
      assert.deepEqual(asked, [s.fake.script]);
      assert.deepEqual(await s.run(() => window.refused), []);
    },
  );

  scenario(
    "SEC3: a page that goes by nonce",
    {
      options: { nonce: "r4nd0m" },
      policy: (fake, strict) =>
        strict(fake).replace(`script-src 'self' ${fake.url}`, "script-src 'self' 'nonce-r4nd0m'"),
    },
    async (s) => {
      await s.go();
      await s.put({});
      await s.states("ready");
      assert.deepEqual(await s.run(() => window.refused), []);
    },
  );

  scenario(
    "SEC3: where the page forbids our policy the error says so",
    {
      policy: (fake, strict) =>
        strict(fake, ["require-trusted-types-for 'script'", "trusted-types mine"]),
    },
    async (s) => {
      await s.go();
      await s.put({});
      if (!(await s.run(() => Boolean(window.trustedTypes)))) return s.states("ready");
      await s.states("error");
      assert.deepEqual(await s.heard(), [failed("unsupported_environment")]);
      assert.equal(s.fake.requests.length, 0);
    },
  );

  scenario(
    "SEC3: another address must be https or of this machine, and no attribute sets it",
    {},
    async (s) => {
      await s.go();
      const codes = await s.run(async () => {
        const told = [];
        for (const src of [
          "http://evil.example/x.js",
          "javascript:alert(1)",
          "data:,x",
          "http://127.0.0.1.evil.example/",
          "//",
          "blob:x",
        ]) {
          told.push(
            await window.plaudit.loadTrustbox({ src }).then(
              () => "loaded",
              ({ code }) => code,
            ),
          );
        }
        return told;
      });
      assert.deepEqual(codes, Array(6).fill("invalid_argument"));
      await s.put({ src: `${s.site.url}/foreign.js` });
      await s.states("ready");
      assert.ok(!s.site.requests.some(({ url }) => url.includes("foreign")));
    },
  );

  scenario(
    "SEC9: messages count from the one origin and frame alone; the frame has no sandbox",
    { fault: "dead", options: { timeout: 20_000 } },
    async (s) => {
      await s.go();
      await s.put({});
      await until(() => s.fake.count("/trustboxes/") === 1, "the frame is asked for");
      const loaded = JSON.stringify({ command: "loaded", widgetId: 1 });
      await s.run((loaded) => {
        // of this page, of nobody, of that frame but another origin, and what is no message
        window.postMessage(loaded, "*");
        const { contentWindow } = document.querySelector("iframe");
        for (const parts of [
          { origin: "https://widget.trustpilot.com", source: contentWindow },
          { origin: location.origin, source: contentWindow },
          { origin: "null", source: contentWindow },
          { origin: window.Trustpilot.widgets[0].frame.src, source: contentWindow },
        ]) {
          dispatchEvent(new MessageEvent("message", { data: loaded, ...parts }));
        }
      }, loaded);
      // another window of the right origin
      await s.run(async (loaded) => {
        const origin = new URL(document.querySelector("iframe").src).origin;
        dispatchEvent(new MessageEvent("message", { data: loaded, origin, source: window }));
        dispatchEvent(new MessageEvent("message", { data: loaded, origin }));
        const { contentWindow: source } = document.querySelector("iframe");
        for (const data of ["{", "null", "1", '"loaded"', { command: "loaded" }, undefined]) {
          dispatchEvent(new MessageEvent("message", { data, origin, source }));
        }
        await new Promise((done) => setTimeout(done, 200));
      }, loaded);
      await s.states("loading");
      assert.deepEqual(await s.heard(), []);
      assert.equal(
        await s.run(() => document.querySelector("iframe").hasAttribute("sandbox")),
        false,
      );
      await s.run((loaded) => {
        const { contentWindow: source, src } = document.querySelector("iframe");
        dispatchEvent(
          new MessageEvent("message", { data: loaded, origin: new URL(src).origin, source }),
        );
      }, loaded);
      await s.states("ready");
    },
  );

  scenario("CE1: made in every way, nothing is requested and nothing is added", {}, async (s) => {
    await s.go();
    const told = await s.run(() => {
      const template = document.createElement("template");
      const inner = document.createElement("plaudit-trustbox");
      template.content.append(inner);
      const made = [
        document.createElement("plaudit-trustbox"),
        new window.plaudit.PlauditTrustbox(),
        document.importNode(template.content, true).firstElementChild,
        window.make().cloneNode(true),
      ];
      return made.map((it) => [
        it.constructor.name.length > 0,
        it.attributes.length + it.childNodes.length,
        it.state,
      ]);
    });
    assert.deepEqual(told, [
      [true, 0, "idle"],
      [true, 0, "idle"],
      [true, 0, "idle"],
      [true, 3, "idle"],
    ]);
    assert.equal(s.fake.requests.length, 0);
  });

  scenario("CE2: what was set before the definition counts", { waits: true }, async (s) => {
    await s.go();
    await s.run(() => {
      const element = window.make({ template: null });
      element.template = "micro-star";
      element.reviewLanguages = ["da", "en"];
      document.getElementById("room").append(element);
      return window.start();
    });
    await s.states("ready");
    const [{ templateId, reviewLanguages }] = await s.run(() => window.Trustpilot.applied);
    assert.deepEqual([templateId, reviewLanguages], ["5419b732fbfb950b10de65e5", "da,en"]);
    const own = await s.run(() => Object.keys(document.querySelector("plaudit-trustbox")));
    assert.deepEqual(own, []);
  });

  scenario("CE3: attribute and property are one, and no value throws", {}, async (s) => {
    await s.go();
    const told = await s.run(() => {
      const element = window.make();
      const seen = {};
      element.theme = "dark";
      element.setAttribute("review-languages", "en");
      element.height = 140;
      element.scrollToList = true;
      seen.set = [
        element.getAttribute("theme"),
        element.reviewLanguages,
        element.height,
        element.getAttribute("scroll-to-list"),
        element.scrollToList,
      ];
      element.theme = null;
      element.scrollToList = false;
      element.removeAttribute("review-languages");
      seen.unset = [element.hasAttribute("theme"), element.reviewLanguages, element.scrollToList];
      element.stars = [5, 4];
      seen.list = element.getAttribute("stars");
      for (const value of [
        Symbol("x"),
        Object.create(null),
        {},
        NaN,
        () => {},
        [Object.create(null)],
      ]) {
        element.stars = value;
        element.template = value;
      }
      return seen;
    });
    assert.deepEqual(told, {
      set: ["dark", "en", "140", "", true],
      unset: [false, null, false],
      list: "5,4",
    });
  });

  scenario("CE5: events bubble, cross shadow roots, and carry their detail", {}, async (s) => {
    await s.go();
    const told = await s.run(async () => {
      const host = document.createElement("div");
      const root = host.attachShadow({ mode: "open" });
      document.getElementById("room").append(host);
      const event = new Promise((done) => addEventListener("plaudit-load", done, { once: true }));
      root.append(window.make());
      const { bubbles, composed, detail, target } = await event;
      return { bubbles, composed, frame: detail.frame.tagName, target: target === host };
    });
    assert.deepEqual(told, { bubbles: true, composed: true, frame: "IFRAME", target: true });
  });

  scenario(
    "CE6 CE7: importing registers nothing, a second copy leaves the first one be",
    { waits: true },
    async (s) => {
      await s.go();
      const told = await s.run(async () => {
        const warned = [];
        console.warn = (text) => warned.push(text);
        const pure = await import("/plaudit/trustbox-pure.js");
        const before = customElements.get("plaudit-trustbox");
        class Other extends HTMLElement {
          static version = "0.0.0";
        }
        customElements.define("plaudit-trustbox", Other);
        pure.defineTrustbox();
        const kept = customElements.get("plaudit-trustbox") === Other;
        return { before: before === undefined, kept, warned };
      });
      assert.equal(told.before, true);
      assert.equal(told.kept, true);
      assert.equal(told.warned.length, 1);
      assert.match(told.warned[0], /version 0\.0\.0, not/);
    },
  );

  scenario(
    "CE6: the entry that registers can be imported beside the other, and twice",
    { waits: true },
    async (s) => {
      await s.go();
      const told = await s.run(async () => {
        const pure = await import("/plaudit/trustbox-pure.js");
        const copy = await import("/plaudit/trustbox.js?copy");
        const first = await import("/plaudit/trustbox.js");
        const known = customElements.get("plaudit-trustbox");
        return [
          known === first.PlauditTrustbox,
          known === pure.PlauditTrustbox,
          known === copy.PlauditTrustbox,
        ];
      });
      assert.deepEqual(told, [true, true, true]);
    },
  );

  scenario("CE6: a second copy of the package speaks for the first", withoutTypes, async (s) => {
    await s.go();
    await s.put({ consent: "required" });
    await s.states("consent");
    await startScript(s, "/copy.js");
    const told = await s.run(() => {
      const { copy, plaudit } = window;
      copy.consentToTrustbox(true);
      return [
        copy.PlauditTrustbox === plaudit.PlauditTrustbox,
        plaudit.PlauditTrustbox === customElements.get("plaudit-trustbox"),
      ];
    });
    assert.deepEqual(told, [false, true]);
    await s.states("ready");
  });

  scenario(
    "CE9 CE10: the author's own attributes stay, hidden hides, another document is at home",
    { fault: "404" },
    async (s) => {
      await s.go();
      const own = {
        role: "region",
        tabindex: "0",
        "aria-label": "Ours",
        class: "a b",
      };
      await s.put(own);
      // As an attribute the page's policy would refuse it.
      await s.run(() => {
        document.querySelector("plaudit-trustbox").style.margin = "1px";
      });
      own.style = "margin: 1px;";
      await s.states("error");
      s.fake.fault = null;
      await s.run(() => document.querySelector("plaudit-trustbox").retry());
      await s.states("ready");
      const told = await s.run((names) => {
        const element = document.querySelector("plaudit-trustbox");
        const kept = Object.fromEntries(names.map((name) => [name, element.getAttribute(name)]));
        const display = getComputedStyle(element).display;
        element.hidden = true;
        const hidden = getComputedStyle(element).display;
        element.remove();
        const frame = document.createElement("iframe");
        document.body.append(frame);
        frame.contentDocument.adoptNode(element);
        const sheets = element.shadowRoot.adoptedStyleSheets.length;
        frame.remove();
        // A document that nobody sees takes none, and minds nothing.
        document.implementation.createHTMLDocument("").adoptNode(element);
        document.adoptNode(element);
        return { kept, display, hidden, sheets };
      }, Object.keys(own));
      assert.deepEqual(told, { kept: own, display: "block", hidden: "none", sheets: 1 });
    },
  );

  scenario("CE12: each state can be styled", { fault: "404" }, async (s) => {
    await s.go();
    await s.put({ consent: "required" });
    const matches = (state) =>
      s.run((state) => {
        const element = document.querySelector("plaudit-trustbox");
        return element.matches(`:state(${state}):not([data-state])`);
      }, state);
    await s.states("consent");
    assert.ok(await matches("consent"));
    await s.run(() => document.querySelector("plaudit-trustbox").allow());
    await s.states("error");
    assert.ok(await matches("error"));
    assert.ok(!(await matches("consent")));
    s.fake.fault = "hang";
    await s.run(() => document.querySelector("plaudit-trustbox").retry());
    await s.states("loading");
    assert.ok(await matches("loading"));
    s.fake.release();
    await s.states("ready");
    assert.ok(await matches("ready"));
  });

  scenario("CE13: the manifest has all that there is, and no more", {}, async (s) => {
    const { modules } = JSON.parse(readFileSync(MANIFEST, "utf8"));
    const declared = modules
      .flatMap(({ declarations }) => declarations)
      .find(({ tagName }) => tagName === "plaudit-trustbox");
    await s.go();
    await s.put({});
    await s.states("ready");
    const there = await s.run(() => {
      const element = document.querySelector("plaudit-trustbox");
      const root = element.shadowRoot;
      const prototype = window.plaudit.PlauditTrustbox.prototype;
      const all = Object.entries(Object.getOwnPropertyDescriptors(prototype));
      const css = [...root.adoptedStyleSheets[0].cssRules].map((it) => it.cssText).join("");
      // The box is ours, and so is its slot.
      const own = element.querySelector(".trustpilot-widget").slot;
      return {
        fields: all.filter(([, it]) => it.get).map(([name]) => name),
        methods: all.filter(([, it]) => typeof it.value === "function").map(([name]) => name),
        parts: [...root.querySelectorAll("[part]")].map((it) => it.getAttribute("part")),
        slots: [...root.querySelectorAll("slot")].map((it) => it.name).filter((it) => it !== own),
        properties: [...css.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name),
      };
    });
    const sorted = (names) => [...new Set(names)].sort();
    const names = (list) => sorted(list.map(({ name }) => name));
    const members = (kind) => names(declared.members.filter((it) => it.kind === kind));
    assert.deepEqual(sorted(there.fields), members("field"));
    assert.deepEqual(members("method"), ["allow", "reload", "retry", "revoke"]);
    for (const name of members("method")) assert.ok(there.methods.includes(name), name);
    assert.deepEqual(sorted(there.parts), names(declared.cssParts));
    // Its text comes when there is something to say.
    assert.deepEqual(sorted([...there.slots, "error"]), names(declared.slots));
    assert.deepEqual(sorted(there.properties), names(declared.cssProperties));
    assert.deepEqual(names(declared.events), ["plaudit-consent", "plaudit-error", LOADED]);
    const states = ["consent", "error", "idle", "loading", "offline", "ready"];
    assert.deepEqual(names(declared.cssStates), states);
  });

  scenario(
    "I18N1: the locale is the nearest language's, also across shadow roots",
    {},
    async (s) => {
      await s.go();
      const cases = {
        de: "de-DE",
        "DE-at": "de-AT",
        "de-LI": "de-DE",
        en: "en-US",
        "en-ZA": "en-US",
        "fr-CA": "fr-FR",
        nl: "nl-NL",
        pt: "pt-PT",
        da: "da-DK",
        ja: "ja-JP",
        no: "nb-NO",
        "zh-Hans-CN": "zh-CN",
        cs: "en-US",
        "-": "en-US",
      };
      await s.run((tags) => {
        const room = document.getElementById("room");
        const host = document.createElement("div");
        host.lang = "pt-BR";
        host.attachShadow({ mode: "open" }).append(window.make({ sku: "in a root" }));
        room.append(window.make({ sku: "of the page" }), host);
        for (const tag of tags) {
          const section = document.createElement("div");
          section.lang = tag;
          section.append(window.make({ sku: tag }));
          room.append(section);
        }
      }, Object.keys(cases));
      const all = { ...cases, "in a root": "pt-BR", "of the page": "en-US" };
      await until(
        async () => (await s.heard()).length === Object.keys(all).length,
        "all are there",
      );
      const locales = await s.run(() =>
        window.Trustpilot.applied.map(({ sku, locale }) => [sku, locale]),
      );
      assert.deepEqual(Object.fromEntries(locales), all);
      const [unsaid, browsers] = await s.run(async () => {
        const put = async (sku, room) => {
          const element = window.make({ sku });
          const loaded = new Promise((done) =>
            element.addEventListener("plaudit-load", done, { once: true }),
          );
          room.append(element);
          await loaded;
          return window.Trustpilot.applied.find((it) => it.sku === sku).locale;
        };
        const outer = document.createElement("div");
        const inner = document.createElement("div");
        outer.lang = "da";
        inner.lang = "";
        outer.append(inner);
        document.body.append(outer);
        const unsaid = await put("in a part that does not say it", inner);
        document.documentElement.removeAttribute("lang");
        Object.defineProperty(navigator, "language", { get: () => "sv" });
        return [unsaid, await put("in a page that does not say it", document.body)];
      });
      assert.deepEqual([unsaid, browsers], ["da-DK", "sv-SE"]);
    },
  );

  scenario("axe: no violation in any state, and focus is not lost", { fault: "404" }, async (s) => {
    await s.go();
    await s.driver.executeScript(axe);
    const check = async (state) => {
      await s.states(state);
      const { violations, passes } = await s.run(async () => {
        // What is in the frame is of another origin.
        const { violations, passes } = await window.axe.run(document, { iframes: false });
        const short = ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`;
        return { violations: violations.map(short), passes: passes.length };
      });
      assert.deepEqual(violations, [], state);
      assert.ok(passes > 10);
    };
    const press = (part) =>
      s.run((part) => {
        const button = document
          .querySelector("plaudit-trustbox")
          .shadowRoot.querySelector(`[part=${part}]`);
        const { width, height } = button.getBoundingClientRect();
        button.focus();
        button.click();
        return { large: width >= 24 && height >= 24, kept: document.activeElement.localName };
      }, part);
    await s.put({ consent: "required" });
    await check("consent");
    assert.deepEqual(await press("allow"), { large: true, kept: "plaudit-trustbox" });
    await check("error");
    s.fake.fault = "hang";
    assert.deepEqual(await press("retry"), { large: true, kept: "plaudit-trustbox" });
    await check("loading");
    s.fake.release();
    await check("ready");
  });
}
