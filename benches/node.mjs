// A Node process that measures: answers each message { call, args } with { value } or { error }.
import { bench } from "./page.js";

process.on("message", async ({ call, args }) => {
  try {
    process.send({ value: await bench[call](...args) });
  } catch (error) {
    process.send({ error: error.message });
  }
});
