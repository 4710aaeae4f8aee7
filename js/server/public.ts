export { isPlauditError, PlauditError, type PlauditErrorCode } from "../errors.js";
export {
  type AllowedEndpoint,
  type Broker,
  type BrokerCacheOptions,
  type BrokerContext,
  type BrokerCredentials,
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
  type KeyValue,
  type MemoryKeyValueOptions,
  memoryKeyValue,
  type RedisKeyValueOptions,
  redisKeyValue,
} from "./keyvalue.js";
export { Secret, secret } from "./secret.js";
export type { RedisClient } from "./stores/eval.js";
