import { invalid } from "./errors.js";
import type { SandboxBug } from "./sandbox-types.js";

/** What the sandbox's module exports; see `sandbox/src/shell.rs`. */
interface Exports {
  memory: WebAssembly.Memory;
  reserve(bytes: number): number;
  output(): number;
  begin(): number;
  handle(now: number, head: number): number;
}

/** How the core begins. */
export interface Beginning {
  readonly seed: number;
  /** Where the clock stands, or null when it runs. */
  readonly frozen: number | null;
  readonly config?: object | undefined;
}

/** A request as the core takes it. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: Uint8Array | undefined;
}

/** What the core answers with: data that is to be carried out. */
export interface Plan {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  /** The body, in the pieces in which it is to be sent. */
  readonly chunks: readonly Uint8Array<ArrayBuffer>[];
  /** Milliseconds before the first byte. */
  readonly delay: number;
  /** Milliseconds between two chunks. */
  readonly pause: number;
  /** Without chunks, a cut and a hang come before the headers. */
  readonly end: "whole" | "cut" | "hang";
  /** Path and query with marks in place of secrets, fit for a log. */
  readonly target: string;
}

/** The longest that a timer takes: more would fire at once. */
export const LONGEST = 2 ** 31 - 1;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Only a sandbox says this. */
export const MARKER = "x-plaudit-sandbox";

/** One sandbox: an instance of the module, so that it ends with the last reference to it. */
export class Core {
  readonly #wasm: Exports;
  /** What ended it, if anything did: a panic leaves the instance in an unknown state (SB20). */
  failure: SandboxBug | undefined;

  constructor(module: WebAssembly.Module, options: Beginning) {
    this.#wasm = new WebAssembly.Instance(module).exports as unknown as Exports;
    this.#write([encoder.encode(JSON.stringify(options))]);
    const refused = this.#wasm.begin();
    if (refused > 0) throw invalid(decoder.decode(this.#read(0, refused)));
  }

  handle(now: number, { method, url, headers, body }: Call): Plan {
    if (this.failure) return bug;
    const head = encoder.encode(JSON.stringify({ method, url, headers }));
    this.#write(body ? [head, body] : [head]);
    let length: number;
    try {
      length = this.#wasm.handle(now, head.length);
    } catch (error) {
      const path = url.replace(/[?#].*/s, "");
      this.failure = { time: now, method, path, message: String(error) };
      return bug;
    }
    const plan = JSON.parse(decoder.decode(this.#read(0, length)));
    let at = length;
    const chunks = plan.chunks.map((size: number) => {
      at += size;
      return this.#read(at - size, size);
    });
    return { ...plan, chunks };
  }

  #write(parts: readonly Uint8Array[]): void {
    let at = this.#wasm.reserve(parts.reduce((sum, part) => sum + part.length, 0));
    const memory = new Uint8Array(this.#wasm.memory.buffer);
    for (const part of parts) {
      memory.set(part, at);
      at += part.length;
    }
  }

  #read(at: number, length: number): Uint8Array<ArrayBuffer> {
    const start = this.#wasm.output() + at;
    return new Uint8Array(this.#wasm.memory.buffer as ArrayBuffer).slice(start, start + length);
  }
}

const bug: Plan = {
  status: 500,
  headers: [[MARKER, "bug"]],
  chunks: [],
  delay: 0,
  pause: 0,
  end: "whole",
  target: "",
};
