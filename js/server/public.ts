export { isPlauditError, PlauditError, type PlauditErrorCode } from "../errors.js";
export { Secret, secret } from "./secret.js";
export {
  type ConformanceOptions,
  type StoreUnderTest,
  storeConformance,
} from "./stores/conformance.js";
export { type FileStoreOptions, fileStore } from "./stores/file.js";
export {
  type RedisCallStyle,
  type RedisClient,
  type RedisStoreOptions,
  redisStore,
} from "./stores/redis.js";
export type { EncryptionKey } from "./stores/seal.js";
