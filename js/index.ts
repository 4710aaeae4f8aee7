/**
 * Review platforms in the browser: sign-in, and the public API. Works wherever `fetch` does.
 * The WebAssembly module is inlined and starts inside the first call.
 *
 * @packageDocumentation
 */
import * as glue from "#glue";
import hex from "#inline";
import * as auth from "./auth.js";
import { boot, warmUp } from "./boot.js";
import * as client from "./client.js";
import * as oauth from "./oauth.js";
import type { WasmInput } from "./slim.js";

export type * from "./client.js";
export * from "./public.js";

const start = () => boot("request", hex, glue);

/**
 * Optional: compiles the module off the main thread, ahead of the first call. What `plaudit/slim` takes
 * may be given, so that one can stand in for the other; the module that is inlined is used all the same.
 */
export function init(input?: WasmInput | Promise<WasmInput>): Promise<void>;
export function init(): Promise<void> {
  return warmUp("request", hex, glue);
}

/** @function */
export const createState: typeof oauth.createState = () => {
  start();
  return oauth.createState();
};

/** @function */
export const authorizeUrl: typeof oauth.authorizeUrl = (options) => {
  start();
  return oauth.authorizeUrl(options);
};

/** @function */
export const parseCallback: typeof oauth.parseCallback = (url, options) => {
  start();
  return oauth.parseCallback(url, options);
};

/** @function */
export const createAuth = ((options: auth.AuthOptions) => {
  start();
  return auth.createAuth(options);
}) as typeof auth.createAuth;

/** @function */
export const createClient: typeof client.createClient = (options) => {
  start();
  return client.makeClient(options);
};
