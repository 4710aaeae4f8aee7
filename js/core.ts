import { invalid, PlauditError, type PlauditErrorCode } from "./errors.js";

/** What the wasm module exports; see `src/wasm`. */
export interface Exports {
  memory: WebAssembly.Memory;
  slots(): number;
  reserve(bytes: number): number;
  wipe(bytes: number): void;
  provider(): number;
  encode_state(): number;
  authorize_url(flags: number, scopes: number, extras: number): number;
  parse_callback(flags: number): number;
  peek(flags: number): number;
  clean(flags: number): number;
  same_endpoint(): number;
  is_safe(): number;
  return_to(): number;
  is_transaction_expired(createdAt: number, now: number): number;
  phase(now: number, expiresAt: number, skew: number): number;
  next_check(now: number, expiresAt: number, skew: number): number;
  request?(keyIn: number, count: number): Request | undefined;
  read_status?(status: number): number;
  __wbindgen_start?(): void;
}

/** The JavaScript that wasm-bindgen made for a module. */
export interface Glue {
  __wbg_set_wasm(exports: unknown): void;
}

export type Source = () => BufferSource | WebAssembly.Module;

const MOST_ARGUMENTS = 128;

let exports: Exports | undefined;
let encoder: TextEncoder;
let decoder: TextDecoder;
let memory: Uint8Array<ArrayBuffer>;
let text: Uint8Array<ArrayBuffer>;
let slots: Uint32Array;
/** Where the arguments lie in the memory. */
let origin = 0;
let capacity = 0;
let used = 0;
let isAscii = true;

/** Makes an instance of `module` serve all entries. */
export function attach(module: WebAssembly.Module, glue: Glue): void {
  const instance = new WebAssembly.Instance(module, {
    "./plaudit_bg.js": glue as unknown as WebAssembly.ModuleImports,
  });
  exports = instance.exports as unknown as Exports;
  glue.__wbg_set_wasm(exports);
  exports.__wbindgen_start?.();
  encoder = new TextEncoder();
  decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  capacity = 0;
  memory = new Uint8Array(0);
}

/** Whether an instance is there that has all that is `needed`. */
export function isAttached(needed: keyof Exports): boolean {
  return exports !== undefined && needed in exports;
}

/** The instance. */
export function core(): Exports {
  if (exports === undefined) {
    throw new PlauditError("not_initialized", "call and await init() of plaudit/slim first");
  }
  return exports;
}

/** Hands strings over as the arguments of the next call; `all` is one after the other. */
export function send(args: readonly string[], all: string = args.join("")): Exports {
  const wasm = core();
  if (args.length > MOST_ARGUMENTS) throw invalid("too many scopes or parameters");
  const room = all.length * 3;
  if (room > capacity) {
    capacity = Math.max(room, 4096);
    wasm.reserve(capacity);
    memory = new Uint8Array(0);
  }
  refresh();
  used = encoder.encodeInto(all, text).written;
  isAscii = used === all.length;
  if (isAscii) {
    for (let at = 0; at < args.length; at++) slots[at] = (args[at] as string).length;
  } else {
    // One by one: halves of a surrogate pair must not meet across two arguments.
    used = 0;
    args.forEach((argument, at) => {
      const bytes = encoder.encode(argument);
      text.set(bytes, used);
      used += bytes.length;
      slots[at] = bytes.length;
    });
  }
  return wasm;
}

/** Hands bytes over. */
export function sendBytes(bytes: Uint8Array): Exports {
  const wasm = send(["\0".repeat(bytes.length)]);
  text.set(bytes);
  return wasm;
}

/** Makes the views anew where growing the memory has detached them: they are empty then. */
function refresh(): void {
  if (memory.length > 0) return;
  const wasm = core();
  origin = wasm.reserve(0);
  memory = new Uint8Array(wasm.memory.buffer as ArrayBuffer);
  text = memory.subarray(origin, origin + capacity);
  slots = new Uint32Array(memory.buffer, wasm.slots(), MOST_ARGUMENTS);
}

/** The number in a slot of the answer. */
export function slot(at: number): number {
  refresh();
  return slots[at] as number;
}

/** The text that two slots of the answer point to. */
export function textAt(at: number): string {
  refresh();
  return decoder.decode(memory.subarray(slot(at), slot(at) + slot(at + 1)));
}

/** Like {@link textAt}, as a slice of the argument where it lies in it undecoded. */
export function sliceAt(at: number, argument: string): string {
  const start = slot(at) - origin;
  return isAscii && start >= 0 && start + slot(at + 1) <= argument.length
    ? argument.slice(start, start + slot(at + 1))
    : textAt(at);
}

/** Forgets arguments and answer. */
export function forget(): void {
  core().wipe(used);
}

/** The error that a call answered with. */
export function failure(): PlauditError {
  const [code, subject, message, oauthError, description] = [0, 2, 4, 6, 8].map(textAt);
  return new PlauditError(
    code as PlauditErrorCode,
    subject ? `${subject}: ${message}` : (message as string),
    { oauthError: oauthError || undefined, description: description || undefined },
  );
}

/** Makes a call, and forgets its texts when `read` is done. */
export function within<T>(args: readonly string[], read: (wasm: Exports) => T): T {
  try {
    return read(send(args));
  } finally {
    forget();
  }
}

/** Makes a call whose answer is one text. */
export const ask = (args: readonly string[], call: (wasm: Exports) => number): string =>
  within(args, (wasm) => {
    if (call(wasm)) throw failure();
    return textAt(0);
  });
