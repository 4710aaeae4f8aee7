/**
 * A stand-in for Trustpilot and Trustoo that answers `fetch` in the same process.
 * This entry is for workerd, which takes modules but no bytes.
 *
 * @packageDocumentation
 */
import module from "#sandbox-wasm";
import { makeSandbox, type Sandbox, type SandboxOptions } from "./sandbox-api.js";

export type { FaultHandle, Sandbox, SandboxOptions } from "./sandbox-api.js";
export type * from "./sandbox-types.js";

/** A sandbox in which nothing has happened yet. It shares nothing with another. */
export function createSandbox(options?: SandboxOptions): Sandbox {
  return makeSandbox(module, options);
}
