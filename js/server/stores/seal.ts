import { object } from "../../arguments.js";
import { invalid, isPlauditError, PlauditError } from "../../errors.js";
import { expose, type Secret } from "../secret.js";
import { placeOf } from "./key.js";
import type { RecordView, TokenKey } from "./types.js";

/** A key of 32 random bytes: the bytes, or as text in base64, base64url or hex. */
export type EncryptionKey = string | Secret | Uint8Array;

/** @internal Encrypts what a store keeps, for one place of it. */
export interface Seal {
  close(text: string, place: readonly string[]): Promise<string>;
  open(sealed: string, place: readonly string[]): Promise<string>;
}

interface Key {
  readonly id: string;
  readonly key: Promise<CryptoKey>;
}

const FORMAT = "plaudit:1";
const KEY_BYTES = 32;
const IV_BYTES = 12;

const encode = (text: string) => new TextEncoder().encode(text);

function toText(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function toBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

function keyBytes(given: EncryptionKey): Uint8Array<ArrayBuffer> {
  let bytes: Uint8Array<ArrayBuffer> | undefined;
  if (given instanceof Uint8Array) {
    bytes = Uint8Array.from(given);
  } else {
    const text = expose(given, "key");
    if (/^[0-9a-f]{64}$/i.test(text)) {
      bytes = Uint8Array.from(text.match(/../g) as string[], (pair) => Number.parseInt(pair, 16));
    } else if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) {
      bytes = toBytes(text.replaceAll("-", "+").replaceAll("_", "/"));
    }
  }
  if (bytes?.length !== KEY_BYTES) {
    throw invalid("key: must be 32 random bytes (as text: base64 or hex of them)");
  }
  return bytes;
}

/** Named after its content, so that a ring needs no names: nothing can be found out from it. */
async function toKey(given: EncryptionKey): Promise<Key> {
  const bytes = keyBytes(given);
  const label = encode("plaudit store key\0");
  const hashed = new Uint8Array(label.length + bytes.length);
  hashed.set(label);
  hashed.set(bytes, label.length);
  const id = toText(new Uint8Array(await crypto.subtle.digest("SHA-256", hashed))).slice(0, 8);
  const key = crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  return { id, key };
}

/**
 * @internal AES-256-GCM with a ring of keys: the first one writes, all of them read. The place (of
 * which record it is) is authenticated, so that what was written for one cannot be read as another's.
 */
export function createSeal(keys: readonly EncryptionKey[]): Seal {
  // refused at construction, not at the first write
  for (const key of keys) keyBytes(key);
  if (keys.length === 0) throw invalid("keys: must hold a key");
  let ring: Promise<Key[]> | undefined;
  const all = () => {
    ring ??= Promise.all(keys.map(toKey));
    return ring;
  };
  const parameters = (iv: Uint8Array<ArrayBuffer>, id: string, place: readonly string[]) => ({
    name: "AES-GCM",
    iv,
    additionalData: encode(JSON.stringify([FORMAT, id, ...place])),
  });
  return {
    async close(text, place) {
      const { id, key } = (await all())[0] as Key;
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const sealed = await crypto.subtle.encrypt(
        parameters(iv, id, place),
        await key,
        encode(text),
      );
      return [FORMAT, id, toText(iv), toText(new Uint8Array(sealed))].join(".");
    },
    async open(sealed, place) {
      const [format, id, iv, data, ...more] = sealed.split(".");
      if (format !== FORMAT || !id || !iv || !data || more.length > 0) {
        throw broken("the store holds a token that is not encrypted as this library does it");
      }
      const known = (await all()).find((one) => one.id === id);
      if (!known) {
        throw broken(`the store holds a token under the key ${id}, which is not among the keys`);
      }
      try {
        const text = await crypto.subtle.decrypt(
          parameters(toBytes(iv), id, place),
          await known.key,
          toBytes(data),
        );
        return new TextDecoder("utf-8", { fatal: true }).decode(text);
      } catch (cause) {
        throw broken("a token in the store was changed, or moved from another's place", cause);
      }
    },
  };
}

/** @internal What is stored where no key is given. */
export const noSeal: Seal = {
  close: async (text) => text,
  async open(sealed) {
    if (sealed.startsWith(`${FORMAT}.`)) {
      throw broken("the store holds an encrypted token, and no key was given");
    }
    return sealed;
  },
};

/** @internal The seal for a store's options `key` (one) and `keys` (a ring, the newest first). */
export function sealOf(options: {
  readonly key?: EncryptionKey | undefined;
  readonly keys?: readonly EncryptionKey[] | undefined;
}): Seal {
  const { key, keys } = object(options, "options");
  // An environment variable that is not set must not turn encryption off.
  for (const name of ["key", "keys"] as const) {
    if (name in options && options[name] === undefined) {
      throw invalid(`${name}: is undefined; leave it out where tokens are not to be encrypted`);
    }
  }
  const ring = [...(key === undefined ? [] : [key]), ...(keys ?? [])];
  return ring.length === 0 && keys === undefined ? noSeal : createSeal(ring);
}

/** @internal A view with its tokens opened, or the reason why they cannot be. */
export async function openView(seal: Seal, key: TokenKey, view: RecordView): Promise<RecordView> {
  const { blob, ...others } = view;
  if (typeof blob !== "string") return view;
  try {
    return { ...others, blob: await seal.open(blob, placeOf(key)) };
  } catch (error) {
    if (!isPlauditError(error)) throw error;
    return { ...others, locked: error.message };
  }
}

function broken(message: string, cause?: unknown): PlauditError {
  return new PlauditError("store_unavailable", message, { cause, retryable: false });
}
