import { string } from "../arguments.js";
import { call } from "./core.js";
import { namesOf, strict } from "./options.js";
import { expose, type Secret } from "./secret.js";

/** Whom a link invites, and to review what. */
export interface BusinessLinkOptions {
  /** The business's domain at Trustpilot, such as `my-domain.com`. */
  domain: string;
  /** The customer's address. */
  email?: string | undefined;
  /** The customer's name. */
  name?: string | undefined;
  /** The order's number. */
  ref: string;
  /** The products that were bought. */
  skus?: readonly string[] | undefined;
  /** Labels that the review gets. */
  tags?: readonly string[] | undefined;
}

/** The two keys that Trustpilot Business shows for business generated links, each base64 of 32 bytes. */
export interface BusinessLinkKeys {
  encryptionKey: string | Secret;
  authenticationKey: string | Secret;
}

interface Prepared {
  readonly plaintext: string;
  readonly address: string;
}

const OPTIONS = namesOf<BusinessLinkOptions>()("domain email name ref skus tags");
const KEYS = namesOf<BusinessLinkKeys>()("encryptionKey authenticationKey");
const IV_LENGTH = 16;

/**
 * A business generated link: where a customer can review an order, made here without a call. The
 * order is encrypted (AES-256-CBC) and authenticated (HMAC-SHA256), by WebCrypto.
 *
 * Which of `email`, `name`, `skus` and `tags` the platform can do without is not documented; what
 * is left out here is left out there.
 *
 * @throws PlauditError with code `invalid_argument`, naming the argument.
 */
export async function businessLink(
  options: BusinessLinkOptions,
  keys: BusinessLinkKeys,
): Promise<string> {
  const { domain, email, name, ref, skus, tags } = strict(options, "", OPTIONS);
  const { encryptionKey, authenticationKey } = strict(keys, "keys", KEYS);
  const texts = (list: readonly string[] | undefined, what: string) =>
    list?.map((text) => string(text, what));
  const secrets = {
    encryptionKey: expose(encryptionKey, "encryptionKey"),
    authenticationKey: expose(authenticationKey, "authenticationKey"),
  };
  const prepared = call<Prepared>("link_prepare", {
    domain: string(domain, "domain"),
    payload: {
      email: email === undefined ? undefined : string(email, "email"),
      name: name === undefined ? undefined : string(name, "name"),
      ref: string(ref, "ref"),
      skus: texts(skus, "skus"),
      tags: texts(tags, "tags"),
    },
    ...secrets,
  });
  const { subtle } = crypto;
  const [encryption, authentication] = await Promise.all([
    subtle.importKey("raw", bytesOf(secrets.encryptionKey), "AES-CBC", false, ["encrypt"]),
    subtle.importKey(
      "raw",
      bytesOf(secrets.authenticationKey),
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["sign"],
    ),
  ]);
  const iv = crypto.getRandomValues(new Uint8Array(IV_LENGTH));
  const plaintext = new TextEncoder().encode(prepared.plaintext);
  const ciphertext = await subtle.encrypt({ name: "AES-CBC", iv }, encryption, plaintext);
  const encrypted = join(iv, ciphertext);
  const mac = await subtle.sign("HMAC", authentication, encrypted);
  return call<string>("link_address", prepared, join(encrypted, mac));
}

/** The bytes of base64 that the core has checked. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function join(first: Uint8Array, second: ArrayBuffer): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(first.length + second.byteLength);
  all.set(first);
  all.set(new Uint8Array(second), first.length);
  return all;
}
