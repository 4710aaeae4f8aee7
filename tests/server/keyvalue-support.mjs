// What every small store of texts must do.
import { assert, it } from "../kit.mjs";

/** `make()` gives the store and `pass`; `pass` lets time go by. */
export function behaves(make) {
  it("gives back what was put there, until its time is over", async () => {
    const { store, pass } = await make();
    assert.equal((await store.get("a")) ?? null, null);
    await store.set("a", "1 ø", 1_000);
    assert.equal(await store.get("a"), "1 ø");
    await store.set("a", "2", 1_000);
    assert.equal(await store.get("a"), "2");
    await pass(1_100);
    assert.equal((await store.get("a")) ?? null, null);
  });

  it("adds where nothing is: of many at once, one", async () => {
    const { store, pass } = await make();
    const added = await Promise.all(
      Array.from({ length: 50 }, (_, at) => store.add("a", `${at}`, 1_000)),
    );
    assert.equal(added.filter(Boolean).length, 1);
    assert.equal(await store.get("a"), `${added.indexOf(true)}`);
    await pass(1_100);
    assert.equal(await store.add("a", "again", 1_000), true);
  });

  it("deletes, also what is not there", async () => {
    const { store } = await make();
    await store.set("a", "1", 1_000);
    await store.delete("a");
    await store.delete("a");
    assert.equal((await store.get("a")) ?? null, null);
    assert.equal(await store.add("a", "2", 1_000), true);
  });
}
