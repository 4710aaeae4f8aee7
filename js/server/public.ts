export type * from "../calls.js";
export type { Client, RequestOptions, TrustpilotClient } from "../client.js";
export type { Rating, Review } from "../common.js";
export { isPlauditError, PlauditError, type PlauditErrorCode } from "../errors.js";
export type * as TrustpilotPrivate from "../generated/server-trustpilot.js";
export type * as Trustpilot from "../generated/trustpilot.js";
export {
  createServerClient,
  type ServerClient,
  type ServerClientOptions,
  type TokenSource,
} from "./client.js";
export { Secret, secret } from "./secret.js";
