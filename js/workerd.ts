/**
 * Review platforms in the browser: sign-in, and the public API. Works wherever `fetch` does.
 * This entry is for workerd, which takes modules but no bytes.
 *
 * @packageDocumentation
 */
import * as glue from "#glue";
import module from "#wasm";
import * as auth from "./auth.js";
import * as client from "./client.js";
import { attach, isAttached } from "./core.js";
import * as oauth from "./oauth.js";
import type { WasmInput } from "./slim.js";

export type * from "./client.js";
export * from "./public.js";

const start = () => {
  if (!isAttached("request")) attach(module, glue);
};

/**
 * Optional: starts the module ahead of the first call. What `plaudit/slim` takes may be given, and is not
 * used.
 */
export function init(input?: WasmInput | Promise<WasmInput>): Promise<void>;
export async function init(): Promise<void> {
  start();
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
