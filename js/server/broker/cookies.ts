import { PlauditError } from "../../errors.js";

const encoder = new TextEncoder();
/** RFC 6265 §4.1.1's cookie-octet: what a cookie's value may hold. */
const OCTETS = /^[\x21\x23-\x2B\x2D-\x3A\x3C-\x5B\x5D-\x7E]*$/;

/**
 * The values that a `Cookie` header has under a name. Two mean that somebody put one there, and none
 * of them is to be believed (BF4).
 */
export function cookiesOf(header: string | null, name: string): string[] {
  const values: string[] = [];
  for (const pair of (header ?? "").split(";")) {
    const [own, value] = halves(pair);
    if (own === name) values.push(value);
  }
  return values;
}

/** Names and values of the cookies whose names begin with `prefix`. */
export function cookiesWith(header: string | null, prefix: string): [string, string][] {
  return (header ?? "")
    .split(";")
    .map(halves)
    .filter(([name]) => name.startsWith(prefix));
}

function halves(pair: string): [name: string, value: string] {
  const mark = pair.indexOf("=");
  return mark < 0 ? [bare(pair), ""] : [bare(pair.slice(0, mark)), bare(pair.slice(mark + 1))];
}

/**
 * Without the blanks around it, and those alone: to a browser a no-break space before `__Host-` makes
 * it another name, which a sibling domain may set; were it cut off here, that cookie would be ours.
 */
function bare(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text[start])) start += 1;
  while (start < end && isBlank(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

const isBlank = (character: string | undefined) => character === " " || character === "\t";

/** What a cookie is set with. */
export interface CookieStyle {
  /** Whether the origin is https: else it is a development's on loopback. */
  readonly isSecure: boolean;
  readonly sameSite: "Lax" | "Strict";
}

/** A `Set-Cookie` line. `maxAge` in seconds; 0 deletes, undefined ends with the browser. */
export function setCookie(
  name: string,
  value: string,
  { isSecure, sameSite }: CookieStyle,
  maxAge?: number,
): string {
  if (!OCTETS.test(value)) throw new TypeError("a cookie's value has characters that it may not");
  const age = maxAge === undefined ? "" : `; Max-Age=${maxAge}`;
  const secure = isSecure ? "; Secure" : "";
  return `${name}=${value}; Path=/${age}${secure}; HttpOnly; SameSite=${sameSite}`;
}

export type Random = (bytes: number) => Uint8Array;

/** Bytes of the runtime's cryptographic source. */
export function randomBytes(bytes: number): Uint8Array {
  if (typeof globalThis.crypto?.getRandomValues !== "function") {
    throw new PlauditError("crypto_unavailable", "crypto.getRandomValues is missing");
  }
  return crypto.getRandomValues(new Uint8Array(bytes));
}

/** Bytes as base64url without padding. */
export function base64url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The bytes that base64url stands for; undefined where it is none. */
function fromBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]*$/.test(text)) return undefined;
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** SHA-256 in base64url. */
export async function sha256(text: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(text))));
}

/** Puts a value into a cookie so that it comes back as it was, or not at all. */
export interface Sealer {
  seal(value: unknown): Promise<string>;
  /** The value; undefined where the cookie is not one of ours. */
  open(text: string): Promise<unknown>;
}

/** Authenticates values with a key derived from `secret` (HKDF, HMAC-SHA-256). */
export function createSealer(secret: string, purpose: string): Sealer {
  let made: Promise<CryptoKey> | undefined;
  const key = () => {
    made ??= (async () => {
      const raw = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, [
        "deriveKey",
      ]);
      return crypto.subtle.deriveKey(
        { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: encoder.encode(purpose) },
        raw,
        { name: "HMAC", hash: "SHA-256", length: 256 },
        false,
        ["sign", "verify"],
      );
    })();
    return made;
  };
  return {
    async seal(value) {
      const body = base64url(encoder.encode(JSON.stringify(value)));
      const mac = await crypto.subtle.sign("HMAC", await key(), encoder.encode(body));
      return `${body}.${base64url(new Uint8Array(mac))}`;
    },
    async open(text) {
      const [body = "", mac = "", ...rest] = text.split(".");
      const bytes = fromBase64url(body);
      const given = fromBase64url(mac);
      if (rest.length || !bytes || !given) return undefined;
      const isOurs = await crypto.subtle.verify("HMAC", await key(), given, encoder.encode(body));
      if (!isOurs) return undefined;
      return JSON.parse(new TextDecoder().decode(bytes));
    },
  };
}
