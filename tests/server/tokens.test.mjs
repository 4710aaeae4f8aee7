// What plaudit/server promises of tokens.
import { createSandbox } from "plaudit/sandbox";
import * as server from "plaudit/server";
import { assert, describe, it } from "../kit.mjs";
import { cases } from "./suite.mjs";

describe("tokens", () => {
  for (const { name, run } of cases({ server, createSandbox, assert })) it(name, run);
});
