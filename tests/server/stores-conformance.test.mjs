// The examination of stores: what passes it, and that it finds what is wrong with others.
import { memoryStore, recordStore, secret, storeConformance } from "plaudit/server";
import { assert, base64Of, describe, it } from "../kit.mjs";

const START = Date.UTC(2026, 0, 1);

/** A store of the kind that users write, on one table, by a clock that stands until it is moved. */
function world() {
  let time = START;
  const table = new Map();
  const make = (more = {}) =>
    recordStore({
      now: () => time,
      async load(name) {
        return table.get(name) ?? null;
      },
      async compareAndSwap(name, before, after) {
        if ((table.get(name) ?? null) !== before) return false;
        table.set(name, after);
        return true;
      },
      ...more,
    });
  return {
    table,
    make,
    advance: (ms) => {
      time += ms;
    },
  };
}

describe("memoryStore", async () => {
  await storeConformance(
    () => {
      let time = START;
      return {
        store: memoryStore({ now: () => time }),
        advance: (ms) => {
          time += ms;
        },
      };
    },
    { test: it },
  );
});

describe("recordStore", async () => {
  await storeConformance(
    () => {
      const { make, advance } = world();
      return { store: make(), again: () => make(), advance };
    },
    { test: it },
  );
});

describe("recordStore, encrypted", async () => {
  const key = secret(base64Of(new Uint8Array(32).fill(7)));
  await storeConformance(
    () => {
      const { make, advance } = world();
      return { store: make({ key }), again: () => make({ key }), advance };
    },
    { test: it },
  );
});

describe("what is over is removed", () => {
  const DAY = 86_400_000;
  const key = (subject) => ({ provider: "trustpilot", client: "client-1", subject });
  const commit = (subject, more) => [
    key(subject),
    { owner: "a", grant: true, base: 0, rt: "1f", blob: "tokens", lifeMs: DAY, ...more },
  ];

  it("recordStore tells how long a text is of use", async () => {
    const told = [];
    const { make } = world();
    const store = make({
      compareAndSwap(_name, _before, _after, keepMs) {
        told.push(keepMs);
        return true;
      },
      load: () => null,
    });
    await store.commit(...commit("a", {}));
    await store.commit(...commit("a", { keepMs: DAY }));
    await store.end(key("a"), { base: 0, cause: "revoked", reusable: false });
    await store.end(key("a"), { base: 0, cause: "revoked", reusable: false, keepMs: 5 });
    assert.deepEqual(told, [undefined, DAY, 30 * DAY, 5]);
  });

  it("a table that removes it loses nothing else, whenever it does", async () => {
    const { make, table, advance } = world();
    const store = make();
    await store.commit(...commit("a", { keepMs: DAY }));
    const { view } = await store.commit(...commit("b", {}));
    const [over] = table.keys();
    advance(DAY);
    const read = () => Promise.all(["a", "b"].map((one) => store.read(key(one))));
    const before = (await read()).map(({ token }) => token);
    table.delete(over);
    const after = await read();
    assert.deepEqual(before, [false, true]);
    assert.deepEqual(
      after.map(({ generation }) => generation),
      [0, view.generation],
    );
  });

  it("TM6 memoryStore counts the time of a suspended machine, and no clock that is set back", async (t) => {
    const real = Date.now;
    t.after(() => {
      Date.now = real;
    });
    const store = memoryStore();
    await store.commit(...commit("a", {}));
    const left = async () => (await store.read(key("a"))).expiresInMs;
    const near = (found, expected) =>
      assert.ok(found <= expected && found > expected - 60_000, `${found}, ${expected}`);
    Date.now = () => real() - DAY;
    near(await left(), DAY);
    Date.now = () => real() + DAY / 2;
    near(await left(), DAY / 2);
    Date.now = () => real() - DAY;
    near(await left(), DAY / 2);
    Date.now = () => real() + DAY;
    assert.equal(await left(), 0);
  });

  it("memoryStore makes room by itself", async () => {
    let time = START;
    const store = memoryStore({ now: () => time, entries: 3 });
    await store.commit(...commit("kept", {}));
    for (const name of ["a", "b"]) await store.commit(...commit(name, { keepMs: DAY }));
    time += DAY;
    // Without the room of what is over, the one that was written longest ago would go.
    for (const name of ["c", "d"]) await store.commit(...commit(name, { keepMs: DAY }));
    assert.equal((await store.read(key("kept"))).token, true);
    assert.equal((await store.read(key("c"))).token, true);
  });
});

describe("LK11 the examination finds", () => {
  /** Stores that are wrong in one thing: what a store of `world()` is made into. */
  const wrong = {
    "a commit that overwrites whatever there is": ({ store }) => ({
      ...store,
      commit: (key, input) => store.commit(key, { ...input, grant: true }),
    }),
    "a commit that wants the lease (a fence in place of the refresh token)": ({ store }) => ({
      ...store,
      async commit(key, input) {
        const view = await store.read(key);
        if (view.generation > 0 && view.leaseForMs === 0 && !input.grant) {
          return { accepted: false, view };
        }
        return store.commit(key, input);
      },
    }),
    "two that lead": ({ store }) => ({
      ...store,
      begin: (key, input) => store.begin(key, { ...input, owner: "everybody" }),
    }),
    "a mark without a lease": ({ store }) => ({
      ...store,
      async mark(key, input) {
        await store.mark(key, input);
        return { marked: true };
      },
    }),
    "a late holder's word that counts": ({ store }) => ({
      ...store,
      async fail(key, input) {
        const done = await store.fail(key, input);
        return { ...done, accepted: true };
      },
    }),
    "no suspicion, the end at once": ({ store }) => ({
      ...store,
      fail: (key, { what, ...input }) =>
        store.fail(key, {
          ...input,
          what: what.type === "suspect" ? { ...what, type: "dead" } : what,
        }),
    }),
    "a blob that is not kept as it is": ({ store }) => ({
      ...store,
      commit: (key, input) => store.commit(key, { ...input, blob: input.blob.normalize("NFD") }),
    }),
    "subjects that are mixed up": ({ store }) => {
      const same = (key) => ({ ...key, subject: "all" });
      return Object.fromEntries(
        ["read", "begin", "mark", "commit", "fail", "end"].map((name) => [
          name,
          (key, input) => store[name](same(key), input),
        ]),
      );
    },
    "an end that leaves the tokens": ({ store }) => ({
      ...store,
      end: async (key) => store.read(key),
    }),
    "an end that is never over": ({ store }) => ({
      ...store,
      end: (key, { keepMs: _, ...input }) => store.end(key, input),
    }),
    "records that stay whatever their time is": ({ store }) => ({
      ...store,
      commit: (key, { keepMs: _, ...input }) => store.commit(key, input),
    }),
    "records that go under a refresh": ({ make, table }) => {
      const store = make();
      return {
        ...store,
        async begin(key, input) {
          const [name] = table.keys();
          const { kept } = JSON.parse(table.get(name) ?? "{}");
          const begun = await store.begin(key, input);
          if (kept) table.set(name, JSON.stringify({ ...JSON.parse(table.get(name)), kept }));
          return begun;
        },
      };
    },
    "a compare and swap that compares nothing": ({ make, table }) =>
      make({
        async compareAndSwap(name, _before, after) {
          await null;
          table.set(name, after);
          return true;
        },
      }),
    "a clock that stands still": ({ make }) => make({ now: () => START }),
    "a store that another process does not see": ({ make }) => {
      const own = new Map();
      return make({
        load: (name) => own.get(name) ?? null,
        compareAndSwap: (name, _before, after) => own.set(name, after) && true,
      });
    },
    "one that is away": ({ store }) => ({
      ...store,
      read: async () => {
        throw new Error("away");
      },
    }),
  };
  for (const [what, make] of Object.entries(wrong)) {
    it(what, async () => {
      const examined = storeConformance(() => {
        const one = world();
        const build = () => make({ ...one, store: one.make() });
        return { store: build(), again: build, advance: one.advance };
      });
      await assert.rejects(examined, { name: "ConformanceError" });
    });
  }

  it("all that is wrong at once, by the names of the rules, and it ends what it made", async () => {
    let ended = 0;
    const store = { ...memoryStore(), read: () => Promise.reject(new Error("away")) };
    const examined = storeConformance(() => ({
      store,
      end: () => {
        ended++;
      },
    }));
    await assert.rejects(examined, ({ message }) => {
      const lines = message.split("\n");
      assert.ok(lines.length > 5);
      for (const line of lines) assert.match(line, /^(LK|TM)\d+ [^:]+: /);
      return true;
    });
    assert.ok(ended > 10);
  });
});
