// The published cases, as tests of one entry of the built package. One process an entry: they share
// the instance of the WebAssembly module that was started first.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assertSilent, readJson } from "./support.mjs";

const { cases } = readJson("tests/vectors/callback.json");

/** Writes out what a case abbreviates. */
const full = (value, key) => {
  const { [`${key}Repeat`]: big, ...rest } = value;
  return big ? { ...rest, [key]: big.prefix + big.repeat.repeat(big.times) + big.suffix } : value;
};

/**
 * The tokens, codes and states of an address and of the request it answers, as they are written and
 * as they are read, in query and fragment. Short ones also stand in ordinary words.
 */
function secretsOf(url, { state }) {
  const found = new Set(state ? [state] : []);
  for (const part of url.split(/[?#&]/)) {
    const [name, ...value] = part.split("=");
    if (!/^(access_token|code|state|refresh_token)$/.test(decoded(name))) continue;
    const raw = value.join("=");
    for (const secret of [raw, decoded(raw)]) found.add(secret);
  }
  return [...found].filter((secret) => secret.length >= 5 && !/^[a-z]+$/.test(secret));
}

function decoded(text) {
  return [...new URLSearchParams(`v=${text.replaceAll("&", "%26")}`).values()][0];
}

/** Runs every case through an entry's parseCallback. */
export function runVectors(name, { parseCallback, isPlauditError }) {
  describe(name, () => {
    for (const one of cases) {
      it(`${one.rules.join(" ")} ${one.id}: ${one.title}`, () => {
        const { url } = full(one, "url");
        const expected = full(one.expect, "accessToken");
        const before = structuredClone(one.options);
        let result;
        try {
          result = parseCallback(url, one.options);
        } catch (error) {
          assert.ok(isPlauditError(error), error);
          const { code, oauthError, description } = error;
          result = JSON.parse(JSON.stringify({ error: code, oauthError, description }));
          assertSilent(error, secretsOf(url, one.options));
        }
        assert.deepEqual(result, expected);
        assert.deepEqual(one.options, before, "the options were changed");
      });
    }
  });

  describe("the cases", () => {
    it("are 260 or more, with ids of their own and every rule of DESIGN", () => {
      assert.ok(cases.length >= 260);
      assert.equal(new Set(cases.map(({ id }) => id)).size, cases.length);
      const rules = new Set(cases.flatMap((one) => one.rules));
      for (let rule = 1; rule <= 9; rule += 1) assert.ok(rules.has(`D${rule}`), `D${rule}`);
    });

    it("D10 put real secrets into the check for silence", () => {
      const failing = cases.filter(({ expect }) => expect.error);
      const checked = failing.filter(
        (one) => secretsOf(full(one, "url").url, one.options).length > 0,
      );
      assert.ok(checked.length > failing.length * 0.9, `${checked.length} of ${failing.length}`);
    });
  });
}
