import { readFileSync } from "node:fs";
import * as slim from "plaudit/slim";
import { runVectors } from "./vectors.mjs";

await slim.init(readFileSync(new URL(import.meta.resolve("plaudit/plaudit.wasm"))));
runVectors("plaudit/slim", slim);
