export { isPlauditError, PlauditError, type PlauditErrorCode } from "../errors.js";
export { type BusinessLinkKeys, type BusinessLinkOptions, businessLink } from "./links.js";
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
