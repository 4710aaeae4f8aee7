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
