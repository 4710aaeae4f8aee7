export type {
  Auth,
  AuthEvent,
  AuthEventType,
  AuthOptions,
  CodeSession,
  Session,
  SessionStorageAdapter,
  SignInOptions,
  TokenSession,
} from "./auth.js";
export {
  type Attempt,
  isPlauditError,
  PlauditError,
  type PlauditErrorCode,
  type PlauditErrorDetails,
  type ReauthorizationReason,
} from "./errors.js";
export type {
  AuthorizeUrlOptions,
  Callback,
  CodeCallback,
  NoCallback,
  ParseCallbackOptions,
  Provider,
  ProviderName,
  ProviderProfile,
  ResponseType,
  TokenCallback,
} from "./types.js";
