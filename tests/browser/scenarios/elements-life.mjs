// What a custom element has to do right in any page: attributes and properties, moves, documents.
import assert from "node:assert/strict";
import { until } from "../scenario.mjs";

const PAGE = "/elements.html";

export function life(scenario) {
  const apiCalls = (s) => s.site.requests.filter(({ url }) => url.startsWith("/proxy/"));

  scenario("CE1: made in every way, it touches nothing and asks nothing", {}, async (s) => {
    await s.go(PAGE);
    const before = s.site.requests.length;
    const made = await s.run(async () => {
      const tags = ["plaudit-stars", "plaudit-rating", "plaudit-badge", "plaudit-histogram"];
      const found = [];
      for (const tag of tags) {
        const Type = customElements.get(tag);
        const source = 'domain="example.com" proxy="/proxy/"';
        const template = document.createElement("template");
        template.innerHTML = `<${tag} ${source}><b>light</b></${tag}>`;
        const bare = [new Type(), document.createElement(tag)];
        for (const one of bare) found.push([one.attributes.length, one.childNodes.length]);
        const imported = document.importNode(template.content, true).firstElementChild;
        const inner = document.createElement("div");
        inner.innerHTML = template.innerHTML;
        const cloned = imported.cloneNode(true);
        for (const one of [imported, inner.firstElementChild, cloned]) {
          await window.drawn();
          if (!(one instanceof Type)) throw new Error(`${tag} is no ${Type.name}`);
          found.push([one.attributes.length - 2, one.childNodes.length - 1]);
          if (one.shadowRoot) throw new Error(`${tag} has a root before it is in a document`);
        }
      }
      return found;
    });
    assert.deepEqual(made, Array(4 * 5).fill([0, 0]));
    assert.equal(s.site.requests.length, before);
  });

  scenario("CE2: properties that were set before the definition are taken", {}, async (s) => {
    await s.go(`${PAGE}?late`);
    const told = await s.run(async () => {
      const element = document.createElement("plaudit-rating");
      element.data = window.rated(3.2, 7);
      element.href = "https://a.example/";
      element.locale = "de";
      document.querySelector("main").append(element);
      await window.define();
      await window.drawn();
      // where its words are files, they come a little later
      await window.waitFor(() => element.state === "ready");
      const { state, href, shadowRoot } = element;
      const own = ["data", "href", "locale"].filter((name) => Object.hasOwn(element, name));
      return [state, href, shadowRoot.querySelector(".score").textContent, own];
    });
    assert.deepEqual(told, ["ready", "https://a.example/", "3,2", []]);
  });

  scenario("CE3: attributes and properties are one, bad values none", {}, async (s) => {
    await s.go(PAGE);
    const told = await s.run(async () => {
      const element = window.put("<plaudit-rating></plaudit-rating>");
      const found = [];
      const attributes = {
        locale: ["de", "en"],
        provider: ["trustoo", "trustpilot"],
        value: [4.5, 3],
        count: [12, 0],
        name: ["A", ""],
        href: ["https://a.example/", ""],
        "business-unit": ["1", "2"],
        domain: ["a", "b"],
        sku: ["a", "b"],
        shop: ["a", "b"],
        proxy: ["/a", "/b"],
        "api-key": ["a", "b"],
        "base-url": ["https://a.example", "https://b.example"],
        loading: ["eager", "lazy"],
        schema: ["aggregate", "none"],
        "schema-type": ["A", "B"],
        "schema-id": ["A", "B"],
      };
      const missing = element.constructor.observedAttributes.filter(
        (name) => name !== "lang" && !(name in attributes),
      );
      for (const [name, [first, second]] of Object.entries(attributes)) {
        const property = name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
        const empty = element[property];
        element[property] = first;
        const one = element.getAttribute(name) === `${first}`;
        element.setAttribute(name, second);
        const two = element[property] === second;
        element[property] = null;
        const three = !element.hasAttribute(name) && element[property] === empty;
        found.push([name, one && two && three]);
      }
      element.setAttribute("provider", "nobody");
      element.setAttribute("loading", "later");
      const bad = [element.provider, element.loading];
      // as HTML's own words, they are the same in capitals
      element.setAttribute("provider", "TrustOO");
      element.setAttribute("loading", "EAGER");
      bad.push(element.provider, element.loading);
      for (const text of ["", " ", "x", "1e999", "NaN"]) {
        element.setAttribute("value", text);
        bad.push(element.value);
      }
      element.value = undefined;
      bad.push(element.hasAttribute("value"));
      return { missing, wrong: found.filter(([, isRight]) => !isRight), bad };
    });
    const bad = ["trustpilot", "lazy", "trustoo", "eager", null, null, null, null, null, false];
    assert.deepEqual(told, { missing: [], wrong: [], bad });
  });

  scenario("CE3: many changes in a task are one drawing", {}, async (s) => {
    await s.go(PAGE);
    const drawings = await s.run(async () => {
      const element = window.put('<plaudit-rating value="1"></plaudit-rating>');
      await window.drawn();
      let drawings = 0;
      const watch = new MutationObserver((records) => {
        drawings += records.filter(({ addedNodes }) => addedNodes.length > 0).length;
      });
      watch.observe(element.shadowRoot, { childList: true });
      for (let value = 1; value <= 5; value += 0.5) element.value = value;
      element.count = 3;
      element.href = "https://a.example/";
      element.lang = "en";
      await window.drawn();
      const first = drawings;
      // the same again changes nothing
      element.value = 5;
      await window.drawn();
      return [first, drawings, window.heard(element)];
    });
    assert.deepEqual(drawings, [1, 1, "Excellent 5.0 out of 5 3 reviews on Trustpilot"]);
  });

  scenario(
    "CE5: what a page sets is no event, what comes is one, out of shadow roots",
    {},
    async (s) => {
      await s.go(PAGE);
      const told = await s.run(async () => {
        const outer = window.put("<div></div>");
        const element = document.createElement("plaudit-rating");
        element.id = "inner";
        outer.attachShadow({ mode: "open" }).append(element);
        element.value = 4;
        await window.drawn();
        element.value = null;
        element.data = window.rated();
        await window.drawn();
        element.data = window.rated(2);
        await window.drawn();
        element.data = null;
        await window.drawn();
        const quiet = window.told.length;
        element.loading = "eager";
        element.proxy = "/proxy/";
        element.domain = "example.com";
        await window.waitFor(() => window.told.length > 0);
        const [{ name, bubbles, composed, from }, ...others] = window.told;
        return [quiet, name, bubbles, composed, from, others.length, element.state];
      });
      assert.deepEqual(told, [0, "plaudit-load", true, true, "network", 0, "ready"]);
    },
  );

  scenario(
    "CE8: taken out it ends its request, moved it goes on, back it asks no more",
    {},
    async (s) => {
      await s.go(PAGE);
      await s.fault("delay", { times: 1, ms: 400 });
      const moved = await s.run(async () => {
        const element = window.put(
          '<plaudit-rating domain="example.com" proxy="/proxy/" loading="eager"></plaudit-rating>',
        );
        const main = document.querySelector("main");
        const other = document.createElement("section");
        main.append(other);
        await new Promise((done) => setTimeout(done, 150));
        other.append(element);
        await window.drawn();
        main.moveBefore?.(element, other);
        await window.waitFor(() => element.state === "ready");
        const { state } = element;
        // nor is it drawn again
        const drawn = element.shadowRoot.firstElementChild;
        other.moveBefore?.(element, null);
        await window.drawn();
        const isSame = element.shadowRoot.firstElementChild === drawn;
        // out and in again, in tasks of their own
        for (let round = 0; round < 3; round += 1) {
          element.remove();
          await window.drawn();
          main.append(element);
          await window.drawn();
        }
        return [state, isSame, element.state, window.told.length];
      });
      assert.deepEqual(moved, ["ready", true, "ready", 1]);
      assert.equal(apiCalls(s).length, 1);

      await s.fault("delay", { times: 1, ms: 3000 });
      const aborted = await s.run(async () => {
        const { createClient } = await import("/plaudit/index.js");
        const signals = [];
        const send = (request) => {
          signals.push(request.signal);
          return fetch(request);
        };
        const element = document.createElement("plaudit-badge");
        element.client = createClient({ provider: "trustpilot", proxy: "/proxy/", fetch: send });
        Object.assign(element, { domain: "books.example", loading: "eager" });
        const main = document.querySelector("main");
        main.append(element);
        await window.waitFor(() => signals.length > 0);
        const before = signals[0].aborted;
        element.remove();
        await new Promise((done) => setTimeout(done, 50));
        return [before, signals[0].aborted, window.told.length];
      });
      assert.deepEqual(aborted, [false, true, 1]);
      await s.clearFaults();
    },
  );

  scenario("CE9: in another document it keeps its looks", {}, async (s) => {
    await s.go(PAGE);
    const told = await s.run(async () => {
      const element = window.put('<plaudit-rating value="4.5" count="12"></plaudit-rating>');
      await window.drawn();
      const height = element.shadowRoot.querySelector("svg").getBoundingClientRect().height;
      const frame = document.createElement("iframe");
      document.querySelector("main").append(frame);
      frame.contentDocument.body.append(element);
      await window.drawn();
      const there = element.shadowRoot.querySelector("svg").getBoundingClientRect().height;
      const sheets = element.shadowRoot.adoptedStyleSheets;
      const second = document.createElement("plaudit-rating");
      second.value = 3;
      frame.contentDocument.body.append(second);
      await window.drawn();
      const shares = second.shadowRoot.adoptedStyleSheets.every((one, at) => one === sheets[at]);
      document.querySelector("main").append(element);
      await window.drawn();
      const back = element.shadowRoot.querySelector("svg").getBoundingClientRect().height;
      return [height > 10, there === height, sheets.length, shares, back === height];
    });
    assert.deepEqual(told, [true, true, 3, true, true]);
  });

  scenario("CE10: what an author gave it stays, in every state", {}, async (s) => {
    await s.go(PAGE);
    const told = await s.run(async () => {
      const given = 'role="note" tabindex="3" aria-label="A" class="b" style="color: red" id="c"';
      const element = window.put(`<plaudit-rating ${given}></plaudit-rating>`);
      const kept = () =>
        ["role", "tabindex", "aria-label", "class", "style", "id"]
          .map((name) => element.getAttribute(name))
          .join("|");
      const found = [];
      await window.drawn();
      found.push([element.state, kept()]);
      element.data = window.rated();
      await window.drawn();
      found.push([element.state, kept()]);
      element.data = window.rated(null, 0);
      await window.drawn();
      found.push([element.state, kept()]);
      element.data = null;
      element.client = {
        businessUnits: { find: () => Promise.reject(new Error("no answer")) },
      };
      Object.assign(element, { domain: "a.example", loading: "eager" });
      await window.waitFor(() => element.state === "error");
      found.push([element.state, kept()]);
      element.hidden = true;
      const displays = [getComputedStyle(element).display];
      element.hidden = false;
      displays.push(getComputedStyle(element).display);
      return { found, displays };
    });
    const kept = "note|3|A|b|color: red|c";
    const states = ["loading", "ready", "empty", "error"];
    assert.deepEqual(
      told.found,
      states.map((state) => [state, kept]),
    );
    assert.deepEqual(told.displays, ["none", "block"]);
  });

  scenario(
    "PERF8: kept by the browser and shown again, it shows what is old no longer",
    {},
    async (s) => {
      await s.go(PAGE);
      const told = await s.run(async () => {
        let asked = 0;
        const client = {
          businessUnits: {
            find: async () => {
              asked += 1;
              return { score: { trustScore: asked }, numberOfReviews: { total: 2 } };
            },
          },
          toRating: ({ score, numberOfReviews }) => ({
            ...window.rated(score.trustScore, numberOfReviews.total).rating,
          }),
        };
        window.put("<plaudit-badge id='asked'></plaudit-badge><plaudit-badge></plaudit-badge>");
        const [first, second] = document.querySelectorAll("plaudit-badge");
        Object.assign(first, { client, domain: "a.example", loading: "eager" });
        second.data = window.rated();
        const score = () => first.shadowRoot?.querySelector(".score")?.textContent;
        const see = async (text) => {
          await window.waitFor(() => score() === text);
          return score();
        };
        const found = [await see("1.0")];
        dispatchEvent(new PageTransitionEvent("pageshow", { persisted: false }));
        await window.drawn();
        found.push(score(), asked);
        dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
        found.push(await see("2.0"), asked, second.state);
        return found;
      });
      assert.deepEqual(told, ["1.0", "1.0", 1, "2.0", 2, "ready"]);
    },
  );

  scenario("PERF10: nothing is asked before it is needed", {}, async (s) => {
    await s.go(PAGE);
    await s.run(async () => {
      window.put(`<plaudit-stars value="4"></plaudit-stars>
        <plaudit-rating value="4" domain="example.com" proxy="/proxy/"></plaudit-rating>
        <plaudit-histogram domain="example.com" proxy="/proxy/"></plaudit-histogram>`);
      // given before it is looked at
      document.querySelector("plaudit-histogram").data = window.rated();
      await new Promise((done) => setTimeout(done, 200));
    });
    assert.deepEqual(apiCalls(s), []);
    assert.ok(!s.site.requests.some(({ url }) => url.includes("/plaudit/index.js")));
    assert.equal(await s.run(() => document.querySelectorAll("link[rel*=pre]").length), 0);
    await until(
      () => s.run(() => document.querySelector("plaudit-histogram").state === "ready"),
      "it is there",
    );
  });
}
