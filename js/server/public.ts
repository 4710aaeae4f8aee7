export { isPlauditError, PlauditError, type PlauditErrorCode } from "../errors.js";
export { Secret, secret } from "./secret.js";
export { type BusinessLinkKeys, type BusinessLinkOptions, businessLink } from "./links.js";
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
