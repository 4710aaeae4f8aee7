import { attach, type Glue, send } from "../core.js";
import { PlauditError, type PlauditErrorCode } from "../errors.js";
import { inPage } from "./refusal.js";

/** A function of `src/wasm/server.rs`: JSON in, JSON out; some take bytes too. */
type Function = (input: string, bytes?: Uint8Array) => string;

/** The JavaScript that wasm-bindgen made for the server's module. */
export type ServerGlue = Glue;

interface Source {
  readonly module: () => WebAssembly.Module;
  readonly glue: ServerGlue;
}

let source: Source | undefined;
let module: WebAssembly.Module | undefined;

/** Says where the module is; called by an entry when it is imported, and starts nothing. */
export function provide(given: Source): void {
  source = given;
}

/**
 * Starts the module, unless it runs already. To be called before anything of js/core.ts is used.
 * Refuses to run in a page, or in a worker of one: what a page has, everyone has.
 */
export function start(): void {
  if (module) return;
  if ("document" in globalThis || ("importScripts" in globalThis && !("Deno" in globalThis))) {
    throw inPage();
  }
  if (!source) throw new PlauditError("not_initialized", "import plaudit/server");
  const made = source.module();
  boot(made, source.glue);
  module = made;
}

function boot(made: WebAssembly.Module, glue: ServerGlue): void {
  attach(made, glue);
  // What js/core.ts looks at is there before its first call: here it may be a request of JSON.
  send([]);
}

/** What a function of the core answers. Its errors are {@link PlauditError}s. */
export function call<Out>(name: string, input: unknown, bytes?: Uint8Array): Out {
  start();
  const { glue } = source as Source;
  const run = (glue as unknown as { readonly [name: string]: Function })[name] as Function;
  let answer: string;
  try {
    answer = run(JSON.stringify(input), bytes);
  } catch (thrown) {
    if (typeof thrown === "string") throw toError(thrown);
    // A trap leaves the instance in an unknown state; nothing of value was in it.
    if (thrown instanceof WebAssembly.RuntimeError) boot(module as WebAssembly.Module, glue);
    throw thrown;
  }
  return JSON.parse(answer) as Out;
}

interface Failure {
  readonly code: PlauditErrorCode;
  readonly subject: string;
  readonly message: string;
  readonly oauthError: string | null;
  readonly description: string | null;
}

function toError(json: string): PlauditError {
  const { code, subject, message, oauthError, description } = JSON.parse(json) as Failure;
  return new PlauditError(code, subject ? `${subject}: ${message}` : message, {
    oauthError: oauthError ?? undefined,
    description: description ?? undefined,
  });
}
