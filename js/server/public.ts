export {
  isPlauditError,
  PlauditError,
  type PlauditErrorCode,
  type ReauthorizationReason,
} from "../errors.js";
export {
  type AuthorizationCodeGrant,
  type ClientCredentialsGrant,
  type Credentials,
  createTokenManager,
  type ExchangeOptions,
  type PasswordGrant,
  type RefreshTokenGrant,
  type TokenEvent,
  type TokenEventName,
  type TokenManager,
  type TokenManagerOptions,
  type TokenStatus,
  type WaitOptions,
} from "./manager.js";
export { Secret, secret } from "./secret.js";
export { memoryStore } from "./stores/memory.js";
export { type RecordStoreOptions, recordStore } from "./stores/record.js";
export type {
  BeginInput,
  Begun,
  CommitInput,
  DeadCause,
  EndInput,
  FailInput,
  Failing,
  MarkInput,
  RecordView,
  StoreHealth,
  TokenKey,
  TokenStore,
} from "./stores/types.js";
