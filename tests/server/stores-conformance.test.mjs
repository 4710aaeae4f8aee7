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
