// The suite of every runtime, in Node.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createSandbox } from "plaudit/sandbox";
import * as server from "../../dist/server.js";
import { cases } from "./suite.mjs";

describe("tokens", () => {
  for (const { name, run } of cases({ server, createSandbox, assert })) it(name, run);
});
