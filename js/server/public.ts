export type * from "../calls.js";
export type { Client, RequestOptions, TrustpilotClient } from "../client.js";
export type { Rating, Review } from "../common.js";
export type { SchemaItem, SchemaMade, SchemaWarning } from "../elements/jsonld.js";
export {
  isPlauditError,
  PlauditError,
  type PlauditErrorCode,
  type ReauthorizationReason,
} from "../errors.js";
export type * from "../generated/attributes.js";
export type * as TrustooOpenApi from "../generated/server-trustoo.js";
export type * as TrustpilotPrivate from "../generated/server-trustpilot.js";
export type * as Trustpilot from "../generated/trustpilot.js";
export {
  type AllowedEndpoint,
  type Broker,
  type BrokerCacheOptions,
  type BrokerContext,
  type BrokerHealth,
  type BrokerLimits,
  type BrokerOptions,
  type BrokerSessionOptions,
  createBroker,
  type EndpointName,
} from "./broker/broker.js";
export type { ForwardedOptions } from "./broker/budget.js";
export { type NodeRequest, type NodeResponse, nodeHandler } from "./broker/node.js";
export type { UserTokens } from "./broker/sessions.js";
export {
  type Attributes,
  type BrokerCounter,
  type BrokerLog,
  type BrokerMetrics,
  type BrokerTimer,
  type BrokerTrace,
  type OpenTelemetryApi,
  openTelemetry,
} from "./broker/telemetry.js";
export {
  createServerClient,
  type ServerClient,
  type ServerClientOptions,
  type TokenSource,
} from "./client.js";
export {
  type KeyValue,
  type MemoryKeyValueOptions,
  memoryKeyValue,
  type RedisKeyValueOptions,
  redisKeyValue,
} from "./keyvalue.js";
export { type BusinessLinkKeys, type BusinessLinkOptions, businessLink } from "./links.js";
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
export {
  type CreatedKey,
  type CustomerAuthorization,
  type CustomerAuthorizationOptions,
  createPartner,
  type Eligibility,
  type Onboarding,
  type OnboardOptions,
  type Partner,
  type PartnerCallOptions,
  type PartnerOptions,
  type PartnerReason,
  type PartnerStep,
  type StepResult,
} from "./partner.js";
export { expose, Secret, secret } from "./secret.js";
export {
  type ConformanceOptions,
  type StoreUnderTest,
  storeConformance,
} from "./stores/conformance.js";
export { type FileStoreOptions, fileStore } from "./stores/file.js";
export { memoryStore } from "./stores/memory.js";
export { type RecordStoreOptions, recordStore } from "./stores/record.js";
export {
  type RedisCallStyle,
  type RedisClient,
  type RedisStoreOptions,
  redisStore,
} from "./stores/redis.js";
export type { EncryptionKey } from "./stores/seal.js";
export type {
  BeginInput,
  Begun,
  CommitInput,
  DeadCause,
  EndInput,
  FailInput,
  Failing,
  GateCause,
  MarkInput,
  RecordView,
  StoreHealth,
  TokenKey,
  TokenStore,
} from "./stores/types.js";
export {
  createTrustoo,
  type Trustoo,
  type TrustooAuthorizeOptions,
  type TrustooHmac,
  type TrustooOptions,
  type UnknownPathOptions,
} from "./trustoo.js";
export {
  type RawWebhook,
  type SignedPart,
  type TrustooRule,
  type TrustooWebhookPayload,
  type VerifyWebhookOptions,
  verifyWebhook,
  type WebhookContext,
  type WebhookEvent,
  type WebhookHandler,
  type WebhookHandlerOptions,
  type WebhookProfile,
  webhookHandler,
} from "./webhooks.js";
export {
  type GlobalAttributes,
  jsonLd,
  type RenderOptions,
  renderToString,
  type WidgetTag,
} from "./widgets.js";
