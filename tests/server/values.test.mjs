// What everything else on a server is made with: secrets, and the stores in memory.
import { expose, memoryKeyValue, memoryStore, PlauditError, secret } from "plaudit/server";
import { assert, assertSilent, describe, fails, inspect, it } from "../kit.mjs";
import { clock } from "./clock.mjs";
import { behaves } from "./keyvalue-support.mjs";

const TEXT = "s3cr3t-of-the-application";

describe("secret", () => {
  it("is told to who asks for it by name, and to nobody else", () => {
    const own = secret(TEXT);
    assert.equal(expose(own), TEXT);
    assert.equal(expose(TEXT), TEXT);
    assert.equal(String(own), "[redacted]");
    assert.equal(`${own}`, "[redacted]");
    assert.equal(
      JSON.stringify({ own, list: [own] }),
      '{"own":"[redacted]","list":["[redacted]"]}',
    );
    assert.deepEqual(Object.keys(own), []);
    assert.deepEqual({ ...own }, {});
  });

  it("what this runtime's console prints holds none", () => {
    const own = secret(TEXT);
    for (const value of [
      own,
      { own },
      [own],
      new Error("x", { cause: own }),
      new Map([["a", own]]),
    ]) {
      const shown = inspect(value, { depth: 9, showHidden: true });
      assert.ok(!shown.includes("s3cr3t"), shown);
    }
    assertSilent(Object.assign(new PlauditError("unauthorized", "no"), { cause: own }), [TEXT]);
  });

  it("no copy of it is one", () => {
    const own = secret(TEXT);
    for (const copy of [JSON.parse(JSON.stringify(own)), { ...own }, Object.create(own)]) {
      if (typeof copy === "string") assert.equal(copy, "[redacted]");
      else
        assert.ok(fails(() => expose(copy, "key"), "invalid_argument").message.startsWith("key: "));
    }
  });

  it("what is no text is refused, and not repeated", () => {
    for (const value of ["", undefined, null, 7, {}, [TEXT], secret(TEXT)]) {
      const error = fails(() => secret(value), "invalid_argument");
      assert.ok(error.message.startsWith("secret: "), error.message);
      assertSilent(error, [TEXT]);
    }
    for (const value of ["", " ", undefined, null, 7]) {
      fails(() => expose(value), "invalid_argument");
    }
  });
});

describe("memoryKeyValue", () => {
  behaves(() => {
    const time = clock();
    return { store: memoryKeyValue({ now: time.now }), pass: time.pass };
  });

  it("is bounded", async () => {
    const store = memoryKeyValue({ entries: 100 });
    for (let at = 0; at < 1_000; at += 1) store.set(`${at}`, "x", 1_000);
    assert.equal(store.get("899"), null);
    assert.equal(store.get("900"), "x");
  });

  for (const options of [{ entries: -1 }, { entries: "1" }, { now: 1 }, []]) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      assert.throws(() => memoryKeyValue(options), { code: "invalid_argument" });
    });
  }
});

describe("memoryStore", () => {
  it("keeps so many records at most, the newest", async () => {
    assert.throws(() => memoryStore({ entries: 0 }), { code: "invalid_argument" });
    const store = memoryStore({ entries: 2 });
    const key = (subject) => ({ provider: "trustpilot", client: "c", subject });
    const input = { owner: "o", grant: true, import: false, base: 0, consumed: null, rt: null };
    for (const subject of ["a", "b", "c"]) {
      const more = { blob: `{"accessToken":"${subject}"}`, lifeMs: 1_000, refreshInMs: null };
      await store.commit(key(subject), { ...input, ...more, source: null });
    }
    const kept = async (subject) => typeof (await store.read(key(subject))).blob === "string";
    assert.deepEqual(await Promise.all(["a", "b", "c"].map(kept)), [false, true, true]);
  });
});
