// What is painted, by its pixels: with forced colours, on paper, from right to left.
import assert from "node:assert/strict";
import { emulated, knowsForcedColors, painted } from "../emulate.mjs";
import { until } from "../scenario.mjs";

const PAGE = "/elements.html";
/** So large that a pixel is a unit of the drawing: five tiles of 96, 8 between them. */
const LARGE = 'style="--plaudit-star-size: 96px"';
const TILES = [0, 104, 208, 312, 416];

/** Where parts of elements lie in `main`: the first of each, or all of it. */
const boxes = (s, host, part) =>
  s.run(
    (host, part) => {
      const main = document.querySelector("main").getBoundingClientRect();
      const hosts = [...document.querySelectorAll(host)];
      return hosts
        .flatMap(({ shadowRoot }) => [...shadowRoot.querySelectorAll(part)])
        .map((it) => it.getBoundingClientRect())
        .map((it) => ({ x: it.x - main.x, y: it.y - main.y, width: it.width, height: it.height }));
    },
    host,
    part,
  );

/** The colours of a row's tiles, two for each: near its upper corners no star is in the way. */
const halves = ({ at }, { x, y }) =>
  TILES.flatMap((tile) => [at(x + tile + 8, y + 8), at(x + tile + 87, y + 8)]);

const rightEnd = ({ x, width }) => x + width - 4;
const middle = ({ y, height }) => y + height / 2;

/** How many pixels of a box have a colour. */
function count({ at }, { x, y, width, height }, colour) {
  let found = 0;
  for (let row = Math.ceil(y); row < y + height - 1; row += 1) {
    for (let column = Math.ceil(x); column < x + width - 1; column += 1) {
      if (at(column, row) === colour) found += 1;
    }
  }
  return found;
}

const fill = (s, { stars = 5, reviews = 1, text = "It came in time." } = {}) =>
  s.run(
    async (stars, reviews, text) => {
      for (const one of document.querySelectorAll("plaudit-histogram")) one.data = window.rated();
      const review = (at) => ({
        ...{ provider: "trustpilot", id: `${at}`, stars, title: `Title ${at}`, text },
        ...{ language: "en", createdAt: "2024-02-01T12:00:00.000Z", author: "Someone" },
        ...{ reply: { text, createdAt: null }, verified: null, url: null },
      });
      for (const one of document.querySelectorAll("plaudit-reviews")) {
        one.data = { reviews: Array.from({ length: reviews }, (_, at) => review(at)) };
      }
      // what has no state is there at once
      await window.settled([...document.querySelectorAll("main *")]);
    },
    stars,
    reviews,
    text,
  );

export function painting(scenario, { engine }) {
  if (knowsForcedColors(engine)) {
    scenario("A11Y13: with forced colours, full and empty differ by their shape", {}, async (s) => {
      await s.go(PAGE);
      await s.run((LARGE) => {
        window.put(`<plaudit-stars value="2.5" ${LARGE}></plaudit-stars>
          <plaudit-histogram for="list"></plaudit-histogram><p id="list" stars="4"></p>`);
      }, LARGE);
      await fill(s);
      await emulated(s, { forcedColors: true }, async () => {
        const [paper, ink] = await s.run(() => {
          const style = getComputedStyle(document.querySelector("main"));
          document.querySelector("main").style = "color: CanvasText; background: Canvas";
          return [style.backgroundColor, style.color];
        });
        assert.notEqual(paper, ink);
        const image = await painted(s, "main");
        const [row] = await boxes(s, "plaudit-stars", "svg");
        const [full, empty] = [
          [ink, ink],
          [paper, paper],
        ];
        const expected = [...full, ...full, ink, paper, ...empty, ...empty];
        assert.deepEqual(halves(image, row), expected);
        const inside = (tile) => ({ x: row.x + tile + 12, y: row.y + 12, width: 72, height: 72 });
        assert.equal(image.at(row.x + 415, row.y + 48), ink, "an empty tile has a line around it");
        assert.ok(count(image, inside(416), ink) > 200, "and its star is one of lines");
        assert.equal(image.at(row.x + 48, row.y + 48), paper, "a full tile has a star");

        const [bars, tracks, rows] = await Promise.all(
          [".f", ".track", ".row"].map((part) => boxes(s, "plaudit-histogram", part)),
        );
        for (const [at, bar] of bars.entries()) {
          assert.equal(image.at(bar.x + bar.width / 2, middle(bar)), ink, `bar ${at}`);
          assert.notEqual(image.at(rightEnd(tracks[at]), middle(bar)), ink, `track ${at}`);
        }
        const edges = rows.map((row) => image.at(row.x + row.width / 2, row.y + 1) === ink);
        assert.deepEqual(edges, [false, true, false, false, false], "what is chosen has a line");
      });
    });
  }

  scenario("A11Y13: on paper all is to be seen, without backgrounds", {}, async (s) => {
    await s.go(PAGE);
    await s.run((LARGE) => {
      window.put(`<plaudit-stars value="2.5" ${LARGE}></plaudit-stars>
        <plaudit-rating value="4.4" count="1234" href="https://a.example/"></plaudit-rating>
        <plaudit-badge value="4.4" count="1234"></plaudit-badge>
        <plaudit-histogram for="list"></plaudit-histogram>
        <plaudit-reviews id="list" layout="carousel" per-page="7"></plaudit-reviews>
        <plaudit-reviews per-page="7"></plaudit-reviews>`);
    }, LARGE);
    await fill(s, { reviews: 8, text: "It came in time, and as described. ".repeat(40) });
    const look = () =>
      s.run(() => {
        const told = { buttons: [], outside: [], cut: [], skipped: [] };
        for (const { shadowRoot } of document.querySelectorAll("plaudit-reviews")) {
          const list = shadowRoot.querySelector(".list");
          const room = list.getBoundingClientRect();
          for (const it of shadowRoot.querySelectorAll("button")) {
            if (it.getClientRects().length > 0) told.buttons.push(it.className);
          }
          for (const [at, it] of list.querySelectorAll(".item").entries()) {
            const { left, right } = it.getBoundingClientRect();
            if (left < room.left - 1 || right > room.right + 1) told.outside.push(at);
            if (!it.firstElementChild.checkVisibility({ contentVisibilityAuto: true })) {
              told.skipped.push(at);
            }
          }
          for (const it of shadowRoot.querySelectorAll(".text")) {
            if (it.scrollHeight > it.clientHeight) told.cut.push(it.textContent.slice(0, 5));
          }
        }
        const { scrollWidth, clientWidth } = document.documentElement;
        return { ...told, isTooWide: scrollWidth > clientWidth };
      });
    // what is cut has its button a frame later
    const onScreen = await until(async () => {
      const found = await look();
      return found.buttons.filter((it) => it === "toggle").length > 7 && found;
    }, "long texts are cut");
    const toggles = (it) => it === "toggle";
    assert.deepEqual(
      onScreen.buttons.filter((it) => !toggles(it)),
      ["previous", "next", "more", "more"],
    );
    assert.ok(onScreen.outside.length > 0 && onScreen.cut.length > 0);
    await emulated(s, { medium: "print" }, async () => {
      await s.run(async () => {
        // as printers have it, who save ink
        const plain = new CSSStyleSheet();
        plain.replaceSync("* { background: none !important }");
        for (const { shadowRoot } of document.querySelectorAll("main *")) {
          if (shadowRoot) shadowRoot.adoptedStyleSheets.push(plain);
        }
        await window.drawn();
      });
      const none = { buttons: [], outside: [], cut: [], skipped: [], isTooWide: false };
      assert.deepEqual(await look(), none);

      const image = await painted(s, "main");
      const paper = "rgb(255, 255, 255)";
      const [row] = await boxes(s, "plaudit-stars", "svg");
      const [left, right] = ["rgb(255, 134, 34)", "rgb(220, 220, 230)"];
      const expected = [...Array(5).fill(left), ...Array(5).fill(right)];
      assert.deepEqual(halves(image, row), expected);
      assert.equal(image.at(row.x + 48, row.y + 48), paper, "the star in its tile");
      const green = "rgb(0, 182, 122)";
      for (const host of ["plaudit-rating", "plaudit-badge", "plaudit-reviews"]) {
        const [stars] = await boxes(s, host, ".stars, .star");
        assert.ok(count(image, stars, green) > 100, `the stars of ${host}`);
      }
      const [tracks, bars] = await Promise.all(
        [".track", ".f"].map((part) => boxes(s, "plaudit-histogram", part)),
      );
      const colours = bars.map((bar) => image.at(bar.x + bar.width / 2, middle(bar)));
      assert.equal(new Set([...colours, paper]).size, 6, "each bar has a colour of its own");
      assert.equal(image.at(rightEnd(tracks[0]), middle(tracks[0])), paper);
      for (const [host, part] of [
        ["plaudit-rating", ".label"],
        ["plaudit-rating", ".score"],
        ["plaudit-rating", ".count"],
        ["plaudit-badge", ".score"],
        ["plaudit-histogram", ".label"],
        ["plaudit-histogram", ".share"],
        ["plaudit-reviews", ".title"],
      ]) {
        const [box] = await boxes(s, host, part);
        const blank = count(image, box, paper);
        const whole = count({ at: () => paper }, box, paper);
        assert.ok(whole > 100 && whole - blank > 20, `${host} ${part}`);
      }
    });
    const afterwards = await look();
    assert.ok(afterwards.cut.length > 0);
    assert.deepEqual(afterwards.outside, onScreen.outside);
  });

  scenario(
    "I18N6: from right to left, the fuller half of a star is its right one",
    {},
    async (s) => {
      await s.go(PAGE);
      await s.run((LARGE) => {
        const all = `<plaudit-stars value="2.5"></plaudit-stars>
        <plaudit-rating value="3.5" locale="en"></plaudit-rating>
        <plaudit-reviews locale="en"></plaudit-reviews>
        <plaudit-histogram locale="en"></plaudit-histogram>`;
        window.put(`<div ${LARGE}>${all}</div><div dir="rtl" ${LARGE}>${all}</div>`);
        document.querySelector("main").style = "display: grid; grid-template-columns: 600px 600px";
      }, LARGE);
      await fill(s, { stars: 2 });
      const rows = [
        ["plaudit-stars", 5],
        ["plaudit-rating", 7],
        ["plaudit-reviews", 4],
      ];
      // a picture may be of a moment before
      const image = await until(async () => {
        const image = await painted(s, "main");
        for (const [host] of rows) {
          const [ltr] = await boxes(s, host, ".stars");
          if (new Set(halves(image, ltr)).size === 1) return null;
        }
        return image;
      }, "all is painted");
      for (const [host, filled] of rows) {
        const [ltr, rtl] = await boxes(s, host, ".stars");
        const [one, other] = [halves(image, ltr), halves(image, rtl)];
        const [first] = one;
        const isFull = one.map((colour) => colour === first);
        const expected = Array.from({ length: 10 }, (_, at) => at < filled);
        assert.deepEqual(isFull, expected, `${host}, from left to right`);
        assert.deepEqual(other, one.toReversed(), `${host}, from right to left`);
      }
      // the whole picture, but for the softness of its edges
      const [ltr, rtl] = await boxes(s, "plaudit-stars", ".stars");
      let others = 0;
      for (let y = 0; y < 96; y += 1) {
        for (let x = 0; x < 512; x += 1) {
          const [one, other] = [
            image.at(ltr.x + x, ltr.y + y),
            image.at(rtl.x + 511 - x, rtl.y + y),
          ];
          if (one !== other) others += 1;
        }
      }
      assert.ok(others < 0.04 * 96 * 512, `${others} pixels differ`);
      const [bar, mirrored] = (await boxes(s, "plaudit-histogram", ".track")).filter(
        (_, at) => at % 5 === 0,
      );
      const ends = ({ x, width, ...box }) =>
        [x + 8, x + width - 8].map((at) => image.at(at, middle(box)));
      assert.notEqual(...ends(bar));
      assert.deepEqual(ends(mirrored), ends(bar).toReversed());
    },
  );
}
