/**
 * The same as `plaudit`, the WebAssembly module given by the caller: for strict hosts, for
 * streaming, for libraries that leave loading to the application.
 *
 * @packageDocumentation
 */
import * as glue from "#glue";
import { attach, isAttached } from "./core.js";
import { invalid, isPlauditError } from "./errors.js";

export { createAuth } from "./auth.js";
export * from "./client.js";
export { authorizeUrl, createState, parseCallback } from "./oauth.js";
export * from "./public.js";

/** What the module can be given as. */
export type WasmInput = string | URL | Request | Response | BufferSource | WebAssembly.Module;

let starting: Promise<void> | undefined;

/**
 * Starts the module; await it before any other call. Without `input` it is fetched from beside this
 * file. After a failure it may be called again.
 */
export function init(input?: WasmInput | Promise<WasmInput>): Promise<void> {
  starting ??= start(input).catch((error: unknown) => {
    starting = undefined;
    throw error;
  });
  return starting;
}

async function start(input?: WasmInput | Promise<WasmInput>): Promise<void> {
  if (isAttached("request")) return;
  const given: unknown = (await input) ?? new URL("./plaudit.wasm", import.meta.url);
  const module = await compile(given).catch((cause: unknown) => {
    throw isPlauditError(cause)
      ? cause
      : invalid("input: must be this package's module, its bytes or where to fetch it", cause);
  });
  attach(module, glue);
}

async function compile(given: unknown): Promise<WebAssembly.Module> {
  if (given instanceof WebAssembly.Module) return given;
  if (given instanceof ArrayBuffer || ArrayBuffer.isView(given)) {
    return WebAssembly.compile(given as BufferSource);
  }
  const response = given instanceof Response ? given : await fetch(given as string | URL | Request);
  if (!response.ok) {
    throw invalid(`input: the module could not be fetched, status ${response.status}`);
  }
  const isWasm = response.headers.get("content-type")?.startsWith("application/wasm");
  return isWasm
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}
