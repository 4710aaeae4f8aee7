// createServerClient against the sandbox: what is written is read again.
import { createSandbox } from "plaudit/sandbox";
import { createServerClient, createTokenManager, memoryStore } from "plaudit/server";
import { assert, beforeEach, describe, it, rejects } from "../kit.mjs";

const BASE = "https://sandbox.example/v1";
const credentials = { clientId: "plaudit-demo-key", clientSecret: "plaudit-demo-secret" };
const USER = "507f191e810c19729de860ea";

let sandbox;
let sent;
let client;
let id;

async function start() {
  sandbox = createSandbox();
  sent = [];
  const send = (input, init) => {
    const request = new Request(input, init);
    sent.push(`${request.method} ${new URL(request.url).pathname.replace(/[0-9a-f]{24}/g, "…")}`);
    return sandbox.fetch(request);
  };
  let token;
  const tokens = {
    token: async () => {
      token ??= await grant(send);
      return token;
    },
    refused: (refused) => {
      if (refused === token) token = undefined;
    },
  };
  const options = { apiKey: credentials.clientId, baseUrl: BASE, retry: 0, fetch: send };
  client = createServerClient({ provider: "trustpilot", tokens, businessUserId: USER, ...options });
  id = await client.businessUnits.idOf("bikes.example");
}

/** A token of the application's own. */
async function grant(send) {
  const { clientId, clientSecret } = credentials;
  const answer = await send(`${BASE}/oauth/oauth-business-users-for-applications/accesstoken`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  return (await answer.json()).access_token;
}

/** A review of the business, as private. */
async function oneOf(wanted = {}) {
  const { reviews } = await client.businessUnits.privateReviews(id, { perPage: 1, ...wanted });
  return reviews[0];
}

describe("against the sandbox", () => {
  beforeEach(start);

  it("private reviews have what public ones have not", async () => {
    const { reviews } = await client.businessUnits.privateReviews(id, { perPage: 100 });
    const review = reviews.find(({ referralEmail }) => referralEmail);
    assert.equal(typeof review.referenceId, "string");
    assert.match(review.referralEmail, /@/);
    assert.ok(Array.isArray(review.tags));
    assert.equal(typeof review.findReviewer.isEligible, "boolean");
    assert.deepEqual(await client.reviews.privateReview(review.id), review);
    const open = await client.reviews.get(review.id);
    assert.equal("referralEmail" in open, false);
  });

  it("all private reviews, page after page", async () => {
    const all = client.businessUnits.privateReviews.all(id, { stars: [4, 5] });
    const found = await all.toArray({ limit: 250 });
    assert.equal(found.length, 250);
    assert.ok(found.every(({ stars }) => stars >= 4));
    assert.equal(new Set(found.map((review) => review.id)).size, found.length);
  });

  it("tags are set, added, removed", async () => {
    const review = await oneOf();
    const value = (of) => of.tags.map((tag) => `${tag.group}/${tag.value}`).sort();
    await client.reviews.setTags(review.id, [{ group: "generic", value: "a" }]);
    await client.reviews.addTags(review.id, [{ group: "generic", value: "b & c" }]);
    assert.deepEqual(value(await client.reviews.tags(review.id)), ["generic/a", "generic/b & c"]);
    await client.reviews.removeTags(review.id, { group: "generic", value: "b & c" });
    assert.deepEqual(value(await client.reviews.privateReview(review.id)), ["generic/a"]);
    await client.reviews.setTags(review.id, []);
    assert.deepEqual(value(await client.reviews.tags(review.id)), []);
  });

  it("a review is answered, and the answer taken back", async () => {
    const review = await oneOf({ responded: false });
    const message = "Thank you.\nCome again!";
    await client.reviews.reply(review.id, { message, authorBusinessUserId: USER });
    const { companyReply } = await client.reviews.privateReview(review.id);
    assert.equal(companyReply.text, message);
    assert.equal(companyReply.authorBusinessUserId, USER);
    await client.reviews.deleteReply(review.id);
    assert.equal((await client.reviews.privateReview(review.id)).companyReply ?? null, null);
  });

  it("an author is asked who they are", async () => {
    const all = client.businessUnits.privateReviews.all(id, { stars: [1, 2] });
    let review;
    for await (const next of all)
      if (next.findReviewer.isEligible) {
        review = next;
        break;
      }
    await client.reviews.createFindReviewerRequest(review.id, { message: "Who are you?" });
    const { findReviewer } = await client.reviews.privateReview(review.id);
    assert.equal(findReviewer.requests.at(-1).businessUserMessage, "Who are you?");
  });

  it("customers are invited, and forgotten", async () => {
    const { templates } = await client.invitations.templates(id);
    assert.equal(typeof templates[0].id, "string");
    await client.invitations.email(id, {
      consumerEmail: "jane@example.com",
      consumerName: "Jane",
      referenceNumber: "order-1",
      locale: "en-US",
      type: "email",
      serviceReviewInvitation: {
        templateId: templates[0].id,
        preferredSendTime: "09/07/2030 13:37:00",
        redirectUri: "https://shop.example/thanks",
        tags: ["a"],
      },
    });
    const link = await client.invitations.links(id, {
      email: "jane@example.com",
      name: "Jane",
      referenceId: "order-1",
    });
    assert.match(link.url, /^https:/);
    await client.invitations.deleteData(id, { customerEmails: ["jane@example.com"] });
    await client.invitations.deleteData(id, { deleteOlderThan: new Date(0) });
    assert.ok(sent.includes("POST /v1/private/business-units/…/invitation-data/delete"));
  });

  it("products are added, changed, listed", async () => {
    const made = await client.products.upsert(id, [
      { sku: "helmet-1", title: "Helmet", price: "99.95", currency: "EUR" },
    ]);
    assert.equal(made.products[0].sku, "helmet-1");
    await client.products.upsert(id, [{ sku: "helmet-1", title: "Red helmet" }]);
    const { products } = await client.products.list(id, { skus: ["helmet-1"] });
    assert.deepEqual(
      products.map(({ sku, title }) => [sku, title]),
      [["helmet-1", "Red helmet"]],
    );
    const all = await client.products.list.all(id, { perPage: 2 }).toArray({ limit: 1_000 });
    assert.ok(all.some(({ sku }) => sku === "helmet-1"));
    assert.equal(new Set(all.map((product) => product.id)).size, all.length);
  });

  it("product reviews, their summaries, a link to write one", async () => {
    const { productReviews } = await client.productReviews.privateReviews(id, { perPage: 3 });
    assert.equal(productReviews.length, 3);
    const [review] = productReviews;
    assert.match(review.consumer.email, /@/);
    assert.equal((await client.productReviews.privateReview(review.id)).id, review.id);
    const { summaries } = await client.productReviews.summaries(id, { perPage: 5 });
    assert.equal(typeof summaries[0].starsAverage, "number");
    const link = await client.productReviews.invitationLinks(id, {
      consumer: { email: "jane@example.com", name: "Jane" },
      referenceId: "order-1",
      locale: "en-US",
      products: [{ sku: "helmet-1", name: "Helmet", productUrl: "https://shop.example/helmet" }],
    });
    assert.match(link.reviewUrl, /^https:/);
  });

  it("a conversation is begun, led and shown", async () => {
    const { productReviews } = await client.productReviews.privateReviews(id, { perPage: 100 });
    const review = productReviews.find((it) => !it.conversationId);
    const { conversationId } = await client.productReviews.createConversation(review.id);
    const { commentId } = await client.conversations.createComment(conversationId, {
      content: "Thank you!",
    });
    await client.conversations.updateComment(conversationId, commentId, { content: "Thanks!" });
    assert.equal(
      (await client.conversations.comment(conversationId, commentId)).content,
      "Thanks!",
    );
    for (const state of ["private", "public"]) {
      await client.conversations.setState(conversationId, state);
      const seen = await client.conversations.privateConversation(conversationId);
      assert.deepEqual([seen.state, seen.comments.length], [state, 1]);
    }
  });

  it("TM9 a token that the platform no longer takes is replaced in passing", async () => {
    await oneOf();
    const before = sent.filter((it) => it.endsWith("/accesstoken")).length;
    sandbox.advance(101 * 3_600_000);
    // the manager's own clock has not moved: only the platform knows
    const review = await oneOf();
    assert.equal(typeof review.id, "string");
    assert.equal(sent.filter((it) => it.endsWith("/accesstoken")).length, before + 1);
  });

  it("TM11 another business is forbidden, and no token is asked for", async () => {
    const { clientId: client_id, clientSecret: client_secret } = credentials;
    sandbox.config({ clients: [{ client_id, client_secret, domains: ["bikes.example"] }] });
    await oneOf();
    const before = sent.filter((it) => it.endsWith("/accesstoken")).length;
    const other = await client.businessUnits.idOf("big.example");
    await rejects(client.products.list(other), "forbidden");
    assert.equal(sent.filter((it) => it.endsWith("/accesstoken")).length, before);
  });

  it("TM9 TM10 twenty calls that are refused at once get one new token from the manager", async () => {
    const asked = () => sent.filter((it) => it.endsWith("/accesstoken")).length;
    const send = (request) => {
      sent.push(`${request.method} ${new URL(request.url).pathname}`);
      return sandbox.fetch(request);
    };
    let passed = 0;
    const now = () => Date.now() + passed;
    const manager = createTokenManager({
      provider: "trustpilot",
      credentials,
      grant: { type: "client_credentials" },
      store: memoryStore({ now }),
      now,
      monotonic: () => performance.now() + passed,
      baseUrl: BASE,
      fetch: send,
    });
    const own = createServerClient({
      ...{ provider: "trustpilot", tokens: manager, baseUrl: BASE, retry: 0, fetch: send },
    });
    const { reviews } = await own.businessUnits.privateReviews(id, { perPage: 20 });
    assert.equal(asked(), 1);
    sandbox.advance(101 * 3_600_000);
    // Within a minute of a new token no other is asked for.
    await rejects(own.reviews.tags(reviews[0].id), "unauthorized");
    assert.equal(asked(), 1);
    passed = 61_000;
    const tags = await Promise.all(
      reviews.map((review) => own.reviews.setTags(review.id, [{ group: "generic", value: "a" }])),
    );
    assert.equal(tags.length, 20);
    assert.equal(asked(), 2);
    for (const review of reviews) {
      assert.equal((await own.reviews.tags(review.id)).tags[0].value, "a");
    }
    await manager.close();
  });
});
