// Starts processes with token managers, and kills and stops them.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const child = fileURLToPath(new URL("./manager-child.mjs", import.meta.url));
const running = new Set();
let number = 0;

/**
 * `{ name, at(point), ask(command, input), resume(point), kill(), stop(), cont(), messages, ended }`.
 * `settings`: `{ base, store, times, points, skewDays }`, see manager-child.mjs.
 */
export async function startProcess(settings, onMessage = () => {}) {
  const name = `p${++number}`;
  const started = fork(child, [JSON.stringify({ ...settings, name })], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  running.add(started);
  const messages = [];
  const waiting = new Set();
  const answers = new Map();
  let lastId = 0;
  const ended = once(started, "exit").then(([code, signal]) => {
    running.delete(started);
    for (const { reject } of [...waiting, ...answers.values()]) {
      reject(new Error(`${name} ended (${signal ?? code})`));
    }
    waiting.clear();
    answers.clear();
    return signal ?? code;
  });
  started.on("message", (message) => {
    if (message.id !== undefined) {
      const { resolve, reject } = answers.get(message.id);
      answers.delete(message.id);
      if (message.error) reject(Object.assign(new Error(message.error.code), message.error));
      else resolve(message.result);
      return;
    }
    messages.push(message);
    onMessage(name, message);
    for (const one of [...waiting]) {
      if (!one.wanted(message)) continue;
      waiting.delete(one);
      one.resolve(message);
    }
  });
  const next = (wanted) => {
    const there = messages.find(wanted);
    if (there) return Promise.resolve(there);
    return new Promise((resolve, reject) => waiting.add({ wanted, resolve, reject }));
  };
  // what is not waited for may end with the process
  ended.catch(() => {});
  await next((message) => message.ready);
  return {
    name,
    pid: started.pid,
    messages,
    ended,
    /** Until it is at a point. */
    at: (point) => next((message) => message.point === point),
    next,
    ask(command, input = {}) {
      const id = ++lastId;
      const answer = new Promise((resolve, reject) => answers.set(id, { resolve, reject }));
      // a process that is killed answers nobody
      answer.catch(() => {});
      started.send({ id, command, ...input }, () => {});
      return answer;
    },
    resume: (point) => started.send({ resume: point }),
    async kill() {
      started.kill("SIGKILL");
      await ended;
    },
    stop: () => started.kill("SIGSTOP"),
    cont: () => started.kill("SIGCONT"),
    get isRunning() {
      return running.has(started);
    },
  };
}

/** Ends all that still run. */
export async function endAll() {
  const all = [...running];
  for (const one of all) one.kill("SIGKILL");
  await Promise.all(all.map((one) => (running.has(one) ? once(one, "exit") : undefined)));
}
