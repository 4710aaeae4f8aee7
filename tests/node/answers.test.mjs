// The published answers, through the reader that the package has in JavaScript; the Rust crate's
// reads the same file in tests/native/api.rs.
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { readJson } from "./support.mjs";

const { cases } = readJson("tests/vectors/answers.json");

/** The reader, which no entry of the package exports. */
async function load() {
  const contents = ["mend", "common", "generated/tables"]
    .map((name) => `export * from "./${name}.js";`)
    .join("\n");
  const resolveDir = fileURLToPath(new URL("../../js", import.meta.url));
  const { outputFiles } = await build({
    stdin: { contents, resolveDir, loader: "ts" },
    bundle: true,
    format: "esm",
    write: false,
  });
  const [{ text }] = outputFiles;
  return import(`data:text/javascript,${encodeURIComponent(text)}`);
}

let reader;
before(async () => {
  reader = await load();
});

const sentBy = ({ answer, answerText }) =>
  answerText === undefined ? structuredClone(answer) : JSON.parse(answerText);

/** What the client reads: the whole answer, or what lies in its envelope. */
function read({ platform, endpoint }, sent) {
  const { envelope, groups } = reader[platform];
  const [group, name] = endpoint.split(".");
  const [, shape] = groups[group][name];
  if (!envelope) return shape ? reader.mend(sent, shape) : sent;
  const code = Number(sent.code);
  if (code !== 0) return envelope[code] ?? "bad_request";
  return reader.mend(sent.data, shape);
}

/** Without members and items that are null: the reader in Rust has no place for them. */
function plain(value) {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(plain);
  if (typeof value !== "object" || value === null) return value;
  const present = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(present.map(([name, member]) => [name, plain(member)]));
}

const at = (value, path) => path.split(".").reduce((found, name) => found[name], value);

describe("answers", () => {
  for (const one of cases) {
    it(`${one.id}: ${one.title}`, () => {
      const got = read(one, sentBy(one));
      if (one.error) {
        assert.equal(got, one.error);
        return;
      }
      assert.deepEqual(plain(got), plain(one.read ?? sentBy(one)));
      for (const view of one.common ?? []) {
        const { rating, review } = reader[one.platform];
        const part = view.at === "" ? got : at(got, view.at);
        if (view.rating) {
          assert.deepEqual(reader.toRating(one.platform, part, rating), view.rating);
        } else {
          assert.deepEqual(reader.toReview(one.platform, part, review), view.review);
        }
      }
    });
  }

  it("are read again as what they are", () => {
    for (const one of cases.filter(({ error }) => !error)) {
      const got = read(one, sentBy(one));
      const again = one.platform === "trustoo" ? { code: 0, data: got } : got;
      assert.deepEqual(read(one, structuredClone(again)), got, one.id);
    }
  });

  it("CL29 of every endpoint survive what is not expected at all", () => {
    const strange = [null, true, 0, "", "x", [], {}, [[]], [null], { a: [{ b: null }] }];
    for (const platform of [reader.trustpilot, reader.trustoo]) {
      for (const group of Object.values(platform.groups)) {
        for (const [, shape] of Object.values(group)) {
          if (!shape) continue;
          for (const root of strange) {
            assert.deepEqual(reader.mend(structuredClone(root), shape), root);
          }
          for (const name of Object.keys(shape)) {
            for (const member of strange) {
              const sent = { [name]: member };
              assert.deepEqual(reader.mend(structuredClone(sent), shape), sent);
            }
          }
        }
      }
    }
  });

  it("cover every endpoint", () => {
    const covered = new Set(cases.map(({ platform, endpoint }) => `${platform} ${endpoint}`));
    for (const platform of ["trustpilot", "trustoo"]) {
      for (const [group, endpoints] of Object.entries(reader[platform].groups)) {
        for (const name of Object.keys(endpoints)) {
          assert.ok(covered.delete(`${platform} ${group}.${name}`), `${group}.${name}`);
        }
      }
    }
    assert.deepEqual([...covered], []);
    assert.equal(new Set(cases.map(({ id }) => id)).size, cases.length);
  });
});
