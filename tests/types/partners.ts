// Compiled, never run: unions of plaudit/server that have to be looked at before they are used. By
// tests/types/types.test.mjs.
import {
  businessLink,
  createPartner,
  createTrustoo,
  type Onboarding,
  type Partner,
  type Secret,
  type TokenManager,
  type Trustoo,
  type TrustooOpenApi,
  verifyWebhook,
  type WebhookEvent,
  webhookHandler,
} from "plaudit/server";

declare const tokens: TokenManager;
const keys = { encryptionKey: "a", authenticationKey: "b" };
const partner: Partner = createPartner({
  partnerId: "p",
  apiKey: "k",
  tokens,
  fetch: globalThis.fetch,
});
// @ts-expect-error there is no partner without an id
createPartner({ apiKey: "k", tokens });

export async function onboard(id: string): Promise<Onboarding> {
  const checked = await partner.check(id);
  // @ts-expect-error one who may has no reason
  checked.reason;
  if (!checked.eligible) {
    const reason: "no_rights" | "not_authorized" = checked.reason;
    void reason;
  }
  const made = await partner.createKey(id);
  // @ts-expect-error there is no key where none was made
  made.raw;
  if (made.created) {
    const raw: Secret | null = made.raw;
    void raw;
  }
  const result = await partner.onboard("a.example");
  // @ts-expect-error nothing is to be done where all went well
  result.todo;
  if (!result.onboarded) {
    const who: "you" | "customer" = result.who;
    void [who, result.todo, result.error?.code];
  }
  return result;
}

const trustoo: Trustoo = createTrustoo({ tokens, hmac: { publicToken: "a", privateToken: "b" } });

export async function ask(): Promise<void> {
  const { list } = await trustoo.reviews.list({ isStoreReview: true, sortBy: "created-ascending" });
  const review: TrustooOpenApi.Review | undefined = list[0];
  const { authorized }: { authorized: boolean | null } = await trustoo.authorization.info({});
  const event: unknown = (await trustoo.customerEvents.list()).list[0];
  await trustoo.webhooks.create({ topic: "review/created", url: "https://a.example/" });
  // @ts-expect-error there is no such topic
  await trustoo.webhooks.create({ topic: "review/burnt", url: "https://a.example/" });
  // @ts-expect-error its address is not documented
  await trustoo.exclusions.list();
  // @ts-expect-error one of the two
  await trustoo.exclusions.delete({ customerId: "1", email: "a@example.com" });
  void [review, authorized, event];
}

export async function receive(request: Request): Promise<Response> {
  const options = { provider: "trustoo", secrets: ["a"] } as const;
  const event: WebhookEvent = await verifyWebhook(request, options);
  const domain: string | undefined = event.payload.list?.[0]?.my_shopify_domain;
  const own = await verifyWebhook<{ paid: boolean }>(request, options);
  const paid: boolean = own.payload.paid;
  void [domain, paid];
  // @ts-expect-error somebody has to do the work
  webhookHandler(options);
  return webhookHandler({ ...options, onEvent: ({ eventKey }) => eventKey })(request);
}

export const link: Promise<string> = businessLink({ domain: "a.example", ref: "1" }, keys);
// @ts-expect-error an order has a number
businessLink({ domain: "a.example" }, keys);
// @ts-expect-error only a test sets the IV, and not by an option
businessLink({ domain: "a.example", ref: "1", iv: new Uint8Array(16) }, keys);
