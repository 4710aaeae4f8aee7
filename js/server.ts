/**
 * Where the secrets live: tokens that are simply there, for Node, Bun and Deno. Refuses to run in a
 * page.
 *
 * @packageDocumentation
 */
import * as glue from "#server-glue";
import hex from "#server-inline";
import { compile } from "./inline.js";
import { provide } from "./server/core.js";

export * from "./server/public.js";

provide({ module: () => compile(hex), glue });
