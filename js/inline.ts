import { PlauditError } from "./errors.js";

/** The module that is inlined as `hex`. */
export function compile(hex: string): WebAssembly.Module {
  try {
    return new WebAssembly.Module(fromHex(hex));
  } catch (cause) {
    throw blocked(cause);
  }
}

/** The same, off the main thread. */
export function compileAside(hex: string): Promise<WebAssembly.Module> {
  return WebAssembly.compile(fromHex(hex)).catch((cause: unknown) => {
    throw blocked(cause);
  });
}

function blocked(cause: unknown): PlauditError {
  return new PlauditError(
    "unsupported_environment",
    "WebAssembly does not start here: a page's CSP needs 'wasm-unsafe-eval' in script-src",
    { cause },
  );
}

// Hexadecimal, since brotli and gzip see bytes in it: base64 is a third shorter and travels as a
// fifth more.
function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  // Newer engines have it built in; a loop that runs once is never compiled.
  const native = (Uint8Array as { fromHex?: (hex: string) => Uint8Array<ArrayBuffer> }).fromHex;
  if (native) return native.call(Uint8Array, hex);
  const bytes = new Uint8Array(hex.length / 2);
  const digit = (at: number) => {
    const code = hex.charCodeAt(at);
    return (code & 15) + (code >> 6) * 9;
  };
  for (let at = 0; at < bytes.length; at++) bytes[at] = (digit(2 * at) << 4) | digit(2 * at + 1);
  return bytes;
}
