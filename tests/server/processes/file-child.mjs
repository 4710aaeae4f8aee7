// A process that works on a token file, as stores-file.test.mjs tells it.
import { appendFileSync, readdirSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { fileStore } from "plaudit/server";
import { begin, commit, grant, KEY, RT } from "../stores-support.mjs";

const [, , what, path, ...args] = process.argv;
const store = fileStore(path, { lockTimeout: 30_000 });
const say = (line) => process.stdout.write(`${line}\n`);

const works = {
  /** Holds the lock until SIGUSR2: its reading of the file takes that long. */
  async hold() {
    await store.commit(KEY, grant());
    const handle = await open(path);
    const { stat } = Object.getPrototypeOf(handle);
    await handle.close();
    let free;
    const signal = new Promise((resolve) => {
      free = resolve;
    });
    process.on("SIGUSR2", () => free());
    const alive = setInterval(() => {}, 1000);
    Object.getPrototypeOf(handle).stat = async function () {
      say("held");
      await signal;
      clearInterval(alive);
      Object.getPrototypeOf(handle).stat = stat;
      return stat.call(this);
    };
    await store.begin(KEY, begin("d".repeat(32)));
  },

  /** Commits what follows the newest generation, until `rounds` of them were accepted. */
  async turns(log, rounds) {
    for (let done = 0; done < Number(rounds); ) {
      const { generation, rt } = await store.read(KEY);
      const next = commit({ base: generation, consumed: rt ?? null, rt: RT });
      const { accepted, view } = await store.commit(KEY, next);
      if (!accepted) continue;
      appendFileSync(log, `${view.generation}\n`);
      done++;
    }
  },

  /** On a disk that is too small for the second one. */
  async fill() {
    const told = ({ accepted }) => (accepted ? "accepted" : "refused");
    const code = (error) => error.code;
    const first = await store.commit(KEY, grant({ blob: "small" }));
    say(`small: ${told(first)}`);
    const { generation: base } = first.view;
    const large = grant({ base, blob: "x".repeat(100_000) });
    say(`large: ${await store.commit(KEY, large).then(told, code)}`);
    say(`read: ${(await store.read(KEY)).blob}`);
    say(`left: ${readdirSync(dirname(path)).join()}`);
    say(`again: ${await store.commit(KEY, grant({ base, blob: "small" })).then(told, code)}`);
  },

  async seed() {
    await store.commit(KEY, grant({ blob: "seed" }));
  },

  /** Where nothing can be written. */
  async refuse() {
    const code = await store.commit(KEY, grant({ blob: "second" })).catch((error) => error.code);
    const { ok } = await store.health();
    say(`${code}, read: ${(await store.read(KEY)).blob}, fit: ${ok}`);
  },
};

await works[what](...args);
process.exitCode = 0;
