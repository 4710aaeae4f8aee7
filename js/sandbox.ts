/**
 * A stand-in for Trustpilot and Trustoo that answers `fetch` in the same process: for tests, with
 * or without a mocking library, and for service workers.
 *
 * @packageDocumentation
 */
import hex from "#sandbox-inline";
import { compile } from "./inline.js";
import { makeSandbox, type Sandbox, type SandboxOptions } from "./sandbox-api.js";

export type { FaultHandle, Sandbox, SandboxOptions } from "./sandbox-api.js";
export type * from "./sandbox-types.js";

let module: WebAssembly.Module | undefined;

/** A sandbox in which nothing has happened yet. It shares nothing with another. */
export function createSandbox(options?: SandboxOptions): Sandbox {
  module ??= compile(hex);
  return makeSandbox(module, options);
}
