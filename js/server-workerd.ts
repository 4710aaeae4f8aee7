/**
 * Where the secrets live. This entry is for workerd, which takes modules but no bytes.
 *
 * @packageDocumentation
 */
import * as glue from "#server-glue";
import module from "#server-wasm";
import { provide } from "./server/core.js";

export * from "./server/public.js";

provide({ module: () => module, glue });
