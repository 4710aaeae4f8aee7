// Compiled, never run: what users of plaudit/server may say, and what they may not. By
// tests/types/types.test.mjs.
import {
  type Answer,
  createServerClient,
  type Pages,
  type ServerClient,
  type ServerClientOptions,
  secret,
  type TokenManager,
  type TokenSource,
  type Trustpilot,
  type TrustpilotPrivate,
} from "plaudit/server";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function assertTrue<T extends true>(): T;

declare const manager: TokenManager;
const tokens: TokenSource = manager;
assertTrue<Equal<ReturnType<typeof createServerClient>, ServerClient>>();
const client = createServerClient({
  provider: "trustpilot",
  tokens,
  apiKey: secret("k"),
  fetch: globalThis.fetch,
  businessUserId: "46d6a890000064000500e0c3",
});
export const bare = createServerClient({ provider: "trustpilot", tokens: manager });

// @ts-expect-error there is no client without tokens
createServerClient({ provider: "trustpilot" });
// @ts-expect-error Trustoo has a client of its own
createServerClient({ provider: "trustoo", tokens });
// @ts-expect-error a server needs no proxy
export const options: ServerClientOptions = { provider: "trustpilot", tokens, proxy: "/api" };

export async function read(id: string): Promise<void> {
  // public and private stand side by side
  const unit: Trustpilot.BusinessUnit = await client.businessUnits.get(id);
  const own: TrustpilotPrivate.PrivateReview = await client.reviews.privateReview(id);
  const email: string | null | undefined = own.referralEmail;
  const status: string | null | undefined = own.findReviewer?.requests?.[0]?.status;
  const whole: Answer<{ reviews: TrustpilotPrivate.PrivateReview[] }> = await client.businessUnits
    .privateReviews(id, { stars: [1, 2] })
    .withResponse();
  const all: Pages<TrustpilotPrivate.PrivateReview> = client.businessUnits.privateReviews.all(id, {
    startDateTime: new Date(),
    limit: 10,
  });
  for await (const { tags } of all) tags?.map(({ group }) => group);
  const products: Pages<TrustpilotPrivate.Product> = client.products.list.all(id);
  const { url }: { url: string } = await client.invitations.links(id);
  const { conversationId } = await client.productReviews.createConversation(id);
  const said: string = conversationId;
  // @ts-expect-error nothing is known of the answer
  (await client.reviews.reply(id, { message: "a" })).text;
  // @ts-expect-error the walk sets the page itself
  client.products.list.all(id, { page: 1 });
  // @ts-expect-error a single answer has no pages
  client.reviews.tags.all;
  void [unit, email, status, whole, products, url, said];
}

export async function write(id: string): Promise<void> {
  await client.reviews.setTags(id, [{ group: "generic", value: "a" }]);
  await client.reviews.removeTags(id, { group: "generic", value: "a" });
  await client.conversations.setState(id, "private", { timeout: 1_000 });
  await client.productReviews.privateReviews(id, { state: ["published", "archived"] });
  await client.invitations.deleteData(id, { customerEmails: ["a@example.com"] });
  await client.invitations.deleteData(id, { deleteOlderThan: new Date(0) });
  await client.invitations.email(id, {
    consumerEmail: "a@example.com",
    productReviewInvitation: { productSkus: ["A"] },
  });
  await client.request<{ ok: boolean }>("GET", "/private/partners/p/check/1");

  // @ts-expect-error a tag has a group
  await client.reviews.addTags(id, [{ value: "a" }]);
  // @ts-expect-error a tag has nothing else
  await client.reviews.addTags(id, [{ group: "a", value: "a", color: "a" }]);
  // @ts-expect-error all tags of a review are not taken by accident
  await client.reviews.removeTags(id);
  // @ts-expect-error a reply says something
  await client.reviews.reply(id, {});
  // @ts-expect-error it is public or private
  await client.conversations.setState(id, "hidden");
  // @ts-expect-error no such state
  await client.productReviews.privateReviews(id, { state: ["gone"] });
  // @ts-expect-error of whom
  await client.invitations.deleteData(id, {});
  // @ts-expect-error one of both
  await client.invitations.deleteData(id, {
    customerEmails: ["a@example.com"],
    deleteOlderThan: "2020-01-01",
  });
  // @ts-expect-error to whom
  await client.invitations.email(id, { consumerName: "a" });
  await client.invitations.email(id, {
    consumerEmail: "a@example.com",
    // @ts-expect-error of which products
    productReviewInvitation: {},
  });
  // @ts-expect-error a comment says something
  await client.conversations.updateComment(id, id, { integrationId: "a" });
}
