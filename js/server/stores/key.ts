import { invalid } from "../../errors.js";
import type { TokenKey } from "./types.js";

/** @internal The parts of a key, in order: what encryption is bound to. */
export function placeOf(key: TokenKey): readonly [string, string, string] {
  const { provider, client, subject } = key;
  for (const part of [provider, client, subject]) {
    if (typeof part !== "string" || part === "") {
      throw invalid("key: provider, client and subject must be text, not empty");
    }
  }
  return [provider, client, subject];
}

/** @internal A name for a key that tells nothing of who the subject is, and is safe anywhere. */
export async function nameOf(key: TokenKey): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(placeOf(key)));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
