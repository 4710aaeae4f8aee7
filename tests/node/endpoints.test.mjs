// Every function of both clients against the sandbox: the request it sends, and what comes of the
// answer once the platform's quirks are taken off it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createClient } from "plaudit";
import { guideTexts } from "../../tools/generate.mjs";
import { root } from "../../tools/run.mjs";
import { bringSandbox, startSandbox } from "../../tools/sandbox.mjs";
import { rejects } from "./support.mjs";

const KEY = "plaudit-demo-key";
const NOBODY = "0".repeat(24);
/** Reviews of bikes.example, as the sandbox counts them; and the skus of two of its products, and a handle. */
const BIKES = 903;
const SKUS = ["180883_BIKE", "BIKE/40+1 L"];
const HANDLE = "classic";
/** In the world "reach": the token of the 100,001st review of big.example, found by a walk. */
const BEYOND = "a8341c355dc4596de4594e71";

let sandbox;
before(async () => {
  await bringSandbox();
  sandbox = await startSandbox();
});
after(() => sandbox?.close());

let worlds = 0;
/** Clients of a world of its own, and what they sent and were answered. */
async function makeWorld(name = `endpoints-${++worlds}`) {
  const base = `${sandbox.url}/w/${name}`;
  const sent = [];
  const send = async (request) => {
    const { method, url } = request;
    const body = await request.clone().text();
    const response = await fetch(request);
    const raw = await response
      .clone()
      .json()
      .catch(() => undefined);
    sent.push({ method, url: new URL(url), body, raw, headers: request.headers });
    return response;
  };
  const make = (provider, path, more) =>
    createClient({ provider, baseUrl: base + path, fetch: send, retry: 0, ...more });
  return {
    base,
    sent,
    client: make("trustpilot", "/v1", { apiKey: KEY, allowance: false }),
    trustoo: make("trustoo", "/trustoo/api/v1"),
    control: async (path, body) => {
      const init = body && { method: "POST", body: JSON.stringify(body) };
      const answer = await fetch(`${base}/__sandbox/${path}`, init);
      assert.ok(answer.ok, `${path}: ${answer.status}`);
      return answer.json();
    },
  };
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** The answer as it came, with what the client is to mend mended: dates and addresses. */
function mended(value, name = "") {
  if (Array.isArray(value)) return value.map((item) => mended(item, name));
  if (typeof value === "string") {
    if (value.startsWith("//")) return `https:${value}`;
    if (!/(At|_at)$/.test(name)) return value;
    return new Date(/Z|[+-]\d\d:\d\d$/.test(value) ? value : `${value}Z`).toISOString();
  }
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mended(item, key)]));
}

const queryOf = ({ url }) => Object.fromEntries(url.searchParams);
const idsOf = (items) => items.map(({ id }) => id);
const unique = (items) => new Set(idsOf(items)).size;

/** What rows begin with: a business, one of its reviews. */
async function known({ client }) {
  const unit = await client.businessUnits.find("bikes.example");
  const { reviews } = await client.businessUnits.reviews(unit.id, { perPage: 100 });
  return { unit, id: unit.id, reviews, review: reviews[0] };
}

function isImage(image, width, height) {
  assert.match(image.url, /^https:\/\/images-static\.trustpilot\.com\//);
  assert.deepEqual([image.width, image.height], [width, height]);
}

/** Pictures that some businesses have not: one size, null or whole. */
async function picture(client, ask, width, height) {
  const name = `image${width}x${height}`;
  let found = 0;
  let answer;
  for (const domain of ["bikes.example", "books.example", "coffee.example", "example.com"]) {
    answer = await ask((await client.businessUnits.find(domain)).id);
    assert.deepEqual(Object.keys(answer), [name]);
    if (answer[name] === null) continue;
    isImage(answer[name], width, height);
    found += 1;
  }
  assert.ok(found > 0, "one of four has the picture");
  return answer;
}

const isSummary = ({ starsAverage, numberOfReviews }, least = 1) => {
  const { total, oneStar, twoStars, threeStars, fourStars, fiveStars } = numberOfReviews;
  const stars = [oneStar, twoStars, threeStars, fourStars, fiveStars];
  assert.equal(
    stars.reduce((sum, count) => sum + count),
    total,
  );
  assert.ok(total >= least);
  const points = stars.reduce((sum, count, at) => sum + count * (at + 1), 0);
  assert.ok(Math.abs(starsAverage - points / total) <= 0.01, `${starsAverage}`);
};

// Function: the request as the platform documents it, and a use of it that gives the answer of the
// last request. `{}` stands for an id or a name in the path.
const trustpilotRows = {
  "businessUnits.find": [
    "GET /business-units/find",
    async ({ client, sent }) => {
      const unit = await client.businessUnits.find("bikes.example");
      assert.deepEqual(queryOf(sent[0]), { name: "bikes.example" });
      assert.equal(unit.name.identifying, "bikes.example");
      assert.equal(unit.numberOfReviews.total, BIKES);
      return unit;
    },
  ],
  "businessUnits.list": [
    "GET /business-units/all",
    async ({ client, sent }) => {
      const { businessUnits } = client;
      const first = await businessUnits.list({ country: ["DK", "DE"], perPage: 3 });
      assert.equal(first.businessUnits.length, 3);
      for (const { country } of first.businessUnits) assert.match(country, /^D[KE]$/);
      const { cursor } = first;
      const next = await businessUnits.list({ country: ["DK", "DE"], perPage: 3, cursor });
      assert.equal(unique([...first.businessUnits, ...next.businessUnits]), 6);
      assert.equal(queryOf(sent[1]).cursor, cursor);
      return next;
    },
  ],
  "businessUnits.search": [
    "GET /business-units/search",
    async ({ client, sent }) => {
      const own = { country: "DK", page: 1, perPage: 4 };
      const { businessUnits } = await client.businessUnits.search("coffee", own);
      // its name of the page's size is another one than everywhere else
      const query = { query: "coffee", country: "DK", page: "1", perpage: "4" };
      assert.deepEqual(queryOf(sent[0]), query);
      assert.ok(businessUnits.length > 0 && businessUnits.length <= 4);
      for (const unit of businessUnits) {
        assert.match(`${unit.displayName} ${unit.name.identifying}`, /coffee/i);
        assert.equal(unit.country, "DK");
      }
      return { businessUnits };
    },
  ],
  "businessUnits.get": [
    "GET /business-units/{}",
    async ({ client }) => {
      const { unit } = await known({ client });
      const same = await client.businessUnits.get(unit.id);
      assert.deepEqual(same, unit);
      return same;
    },
  ],
  "businessUnits.profileInfo": [
    "GET /business-units/{}/profileinfo",
    async ({ client }) => {
      const { reviews } = await client.reviews.latest({ count: 20, language: "en" });
      const described = [];
      let profile;
      for (const { businessUnit } of reviews) {
        profile = await client.businessUnits.profileInfo(businessUnit.id);
        assert.ok("facebookPageId" in profile && "socialmedia" in profile);
        assert.equal(typeof profile.isClaimed, "boolean");
        if (profile.description) described.push(profile.description.text);
      }
      assert.ok(described.length > 0 && described.length < 20);
      assert.match(described[0], /"good things" & answers <quickly>\.\n/);
      return profile;
    },
  ],
  "businessUnits.customerGuarantee": [
    "GET /business-units/{}/customerguarantee",
    async ({ client }) => {
      const { id } = await known({ client });
      const guarantee = await client.businessUnits.customerGuarantee(id);
      assert.equal(guarantee.isActive, guarantee.text !== null);
      return guarantee;
    },
  ],
  "businessUnits.profilePromotion": [
    "GET /business-units/{}/profilepromotion",
    async ({ client }) => {
      const { id } = await known({ client });
      const promotion = await client.businessUnits.profilePromotion(id);
      assert.equal(promotion.title, "New at Radwerk Köln");
      assert.equal(promotion.url, "https://www.bikes.example/new?a=1&b=2");
      return promotion;
    },
  ],
  "businessUnits.promotionBox": [
    "GET /business-units/{}/promotion-box",
    async ({ client }) => {
      const { id } = await known({ client });
      const box = await client.businessUnits.promotionBox(id);
      assert.equal(box.isActive, box.image !== null);
      assert.equal(box.url, "https://www.bikes.example/sale");
      return box;
    },
  ],
  "businessUnits.reviews": [
    "GET /business-units/{}/reviews",
    async ({ client, sent }) => {
      const { id, unit } = await known({ client });
      const own = { stars: [1, 2], language: ["de", "en"], perPage: 50, orderBy: "stars.asc" };
      const more = { ...own, page: 1, responded: false, includeReportedReviews: false };
      const page = await client.businessUnits.reviews(id, more);
      assert.deepEqual(queryOf(sent.at(-1)), {
        stars: "1,2",
        language: "de,en",
        perPage: "50",
        orderBy: "stars.asc",
        page: "1",
        responded: "false",
        includeReportedReviews: "false",
      });
      assert.ok(page.reviews.length > 0);
      const { oneStar, twoStars } = unit.numberOfReviews;
      assert.ok(page.reviews.length <= oneStar + twoStars);
      for (const { stars, language, companyReply, createdAt, businessUnit } of page.reviews) {
        assert.ok(stars <= 2);
        assert.match(language, /^(de|en)$/);
        assert.equal(companyReply, null);
        assert.match(createdAt, ISO);
        assert.equal(businessUnit.id, id);
      }
      return page;
    },
  ],
  "businessUnits.allReviews": [
    "GET /business-units/{}/all-reviews",
    async ({ client, sent }) => {
      const { id, reviews } = await known({ client });
      const first = await client.businessUnits.allReviews(id);
      assert.deepEqual(idsOf(first.reviews), idsOf(reviews));
      const next = await client.businessUnits.allReviews(id, { pageToken: first.nextPageToken });
      assert.equal(queryOf(sent.at(-1)).pageToken, first.nextPageToken);
      assert.equal(unique([...first.reviews, ...next.reviews]), 200);
      return next;
    },
  ],
  "businessUnits.webLinks": [
    "GET /business-units/{}/web-links",
    async ({ client, sent }) => {
      const { id } = await known({ client });
      const links = await client.businessUnits.webLinks(id, { locale: "da-DK" });
      assert.deepEqual(queryOf(sent.at(-1)), { locale: "da-DK" });
      assert.equal(links.locale, "da-DK");
      assert.equal(links.profileUrl, "https://da.trustpilot.com/review/bikes.example");
      assert.match(links.evaluateUrl, /\/evaluate\/bikes\.example$/);
      return links;
    },
  ],
  "businessUnits.images": [
    "GET /business-units/{}/images",
    async ({ client }) => {
      const { id } = await known({ client });
      const images = await client.businessUnits.images(id);
      isImage(images.image57x43, 57, 43);
      isImage(images.image118x89, 118, 89);
      isImage(images.image198x149, 198, 149);
      return images;
    },
  ],
  "businessUnits.logo": [
    "GET /business-units/{}/images/logo",
    async ({ client, sent }) => {
      const { id, reviews } = await known({ client });
      const { location } = reviews.find((review) => review.location !== null);
      await client.businessUnits.logo(id, { locationId: location.id });
      assert.deepEqual(queryOf(sent.at(-1)), { locationId: location.id });
      const elsewhere = client.businessUnits.logo(id, { locationId: NOBODY });
      await rejects(elsewhere, "not_found");
      return picture(client, client.businessUnits.logo, 300, 300);
    },
  ],
  "businessUnits.header": [
    "GET /business-units/{}/images/header",
    ({ client }) => picture(client, client.businessUnits.header, 1_110, 250),
  ],
  "businessUnits.promotionBoxImage": [
    "GET /business-units/{}/images/promotion-box",
    ({ client }) => picture(client, client.businessUnits.promotionBoxImage, 300, 250),
  ],
  "businessUnits.categories": [
    "GET /business-units/{}/categories",
    async ({ client, sent }) => {
      const { id } = await known({ client });
      const own = { country: "DK", locale: "da-DK" };
      const found = await client.businessUnits.categories(id, own);
      assert.deepEqual(queryOf(sent.at(-1)), own);
      const [main, ...others] = found.categories;
      assert.deepEqual([main.id, main.displayName], ["bicycle_store", "Cykelbutik"]);
      assert.deepEqual(
        [main, ...others].filter(({ isPrimary }) => isPrimary),
        [main],
      );
      return found;
    },
  ],
  "categories.list": [
    "GET /categories",
    async ({ client, sent }) => {
      const { categories } = await client.categories.list();
      const roots = categories.filter(({ parentId }) => parentId === null);
      assert.ok(roots.length > 1 && roots.length < categories.length);
      const [{ parentId }] = categories.filter((category) => category.parentId !== null);
      const own = { country: "DK", locale: "da-DK", parentId };
      const below = await client.categories.list(own);
      assert.deepEqual(queryOf(sent.at(-1)), own);
      const ids = (list) => list.map(({ categoryId }) => categoryId);
      const expected = categories.filter((category) => category.parentId === parentId);
      assert.deepEqual(ids(below.categories), ids(expected));
      return below;
    },
  ],
  "categories.get": [
    "GET /categories/{}",
    async ({ client, sent }) => {
      const own = { country: "DK", locale: "da-DK" };
      const category = await client.categories.get("bicycle_store", own);
      assert.deepEqual(queryOf(sent[0]), own);
      assert.equal(category.categoryId, "bicycle_store");
      assert.equal(category.displayName, "Cykelbutik");
      return category;
    },
  ],
  "categories.businessUnits": [
    "GET /categories/{}/business-units",
    async ({ client, sent }) => {
      const own = { country: "DE", locale: "de-DE", page: 1, perPage: 2 };
      const found = await client.categories.businessUnits("bicycle_store", own);
      assert.deepEqual(queryOf(sent[0]), { ...own, page: "1", perPage: "2" });
      assert.ok(found.businessUnits.length > 0 && found.businessUnits.length <= 2);
      for (const { country, id } of found.businessUnits) {
        assert.equal(country, "DE");
        assert.match(id, /^[0-9a-f]{24}$/);
      }
      assert.equal(found.businessUnits[0].name.identifying, "bikes.example");
      return found;
    },
  ],
  "consumers.get": [
    "GET /consumers/{}",
    async ({ client }) => {
      const { review } = await known({ client });
      const consumer = await client.consumers.get(review.consumer.id);
      assert.equal(consumer.displayName, review.consumer.displayName);
      assert.equal(consumer.numberOfReviews, review.consumer.numberOfReviews);
      assert.ok(consumer.links.length > 0);
      return consumer;
    },
  ],
  "consumers.profile": [
    "GET /consumers/{}/profile",
    async ({ client }) => {
      const { reviews } = await known({ client });
      const pictured = reviews.find(({ consumer }) =>
        consumer.links.some(({ rel }) => rel === "profile-image"),
      );
      const profile = await client.consumers.profile(pictured.consumer.id);
      assert.equal(profile.id, pictured.consumer.id);
      assert.equal(profile.hasImage, true);
      isImage(profile.profileImage.image73x73, 73, 73);
      return profile;
    },
  ],
  "consumers.reviews": [
    "GET /consumers/{}/reviews",
    async ({ client, sent }) => {
      const { review, id } = await known({ client });
      const own = { stars: review.stars, businessUnitId: id, perPage: 100, page: 1 };
      const order = { orderBy: "createdat.asc", includeReportedReviews: false };
      const found = await client.consumers.reviews(review.consumer.id, { ...own, ...order });
      const { stars, businessUnitId, orderBy } = queryOf(sent.at(-1));
      assert.deepEqual([stars, businessUnitId], [String(review.stars), id]);
      assert.equal(orderBy, "createdat.asc");
      assert.ok(idsOf(found.reviews).includes(review.id));
      for (const { businessUnit } of found.reviews) assert.equal(businessUnit.id, id);
      return found;
    },
  ],
  "consumers.webLinks": [
    "GET /consumers/{}/web-links",
    async ({ client, sent }) => {
      const { review } = await known({ client });
      const { id } = review.consumer;
      const links = await client.consumers.webLinks(id, { locale: "de-DE" });
      assert.deepEqual(queryOf(sent.at(-1)), { locale: "de-DE" });
      assert.equal(links.profileUrl, `https://de.trustpilot.com/users/${id}`);
      return links;
    },
  ],
  "consumers.profiles": [
    "POST /consumers/profile/bulk",
    async ({ client, sent }) => {
      const { reviews } = await known({ client });
      const ids = [...new Set(reviews.slice(0, 5).map(({ consumer }) => consumer.id))];
      const found = await client.consumers.profiles([...ids, NOBODY]);
      assert.deepEqual(JSON.parse(sent.at(-1).body), { consumerIds: [...ids, NOBODY] });
      assert.deepEqual(Object.keys(found.consumers).sort(), ids.toSorted());
      for (const id of ids) assert.equal(found.consumers[id].id, id);
      assert.deepEqual(found.notFoundConsumerIds, [NOBODY]);
      return found;
    },
  ],
  "consumers.createDisplayName": [
    "POST /consumers/profile/displayname/create",
    async ({ client, sent }) => {
      const made = await client.consumers.createDisplayName(" <Zoë> 🙂 ");
      assert.deepEqual(JSON.parse(sent[0].body), { displayName: " <Zoë> 🙂 " });
      assert.equal(made.displayName, "Zoë 🙂");
      return made;
    },
  ],
  "consumers.validateDisplayName": [
    "POST /consumers/profile/displayname/validate",
    async ({ client, sent }) => {
      assert.equal((await client.consumers.validateDisplayName("Zoë")).isValid, true);
      const refused = await client.consumers.validateDisplayName("<script>");
      assert.deepEqual(JSON.parse(sent[1].body), { displayName: "<script>" });
      assert.equal(refused.isValid, false);
      return refused;
    },
  ],
  "reviews.get": [
    "GET /reviews/{}",
    async ({ client }) => {
      const { reviews } = await known({ client });
      const replied = reviews.find(({ companyReply }) => companyReply !== null);
      const same = await client.reviews.get(replied.id);
      assert.deepEqual(same, replied);
      assert.match(same.companyReply.createdAt, ISO);
      return same;
    },
  ],
  "reviews.latest": [
    "GET /reviews/latest",
    async ({ client, sent }) => {
      const own = { count: 7, language: ["en", "da"], locale: "da-DK" };
      const found = await client.reviews.latest({ ...own, filterUsersWithoutImages: true });
      const { count, language, filterUsersWithoutImages } = queryOf(sent[0]);
      assert.deepEqual([count, language, filterUsersWithoutImages], ["7", "en,da", "true"]);
      assert.equal(found.reviews.length, 7);
      for (const review of found.reviews) {
        assert.match(review.language, /^(en|da)$/);
        assert.ok(review.consumer.links.some(({ rel }) => rel === "profile-image"));
      }
      return found;
    },
  ],
  "reviews.webLinks": [
    "GET /reviews/{}/web-links",
    async ({ client }) => {
      const { review } = await known({ client });
      const links = await client.reviews.webLinks(review.id, { locale: "en-GB" });
      assert.equal(links.reviewUrl, `https://gb.trustpilot.com/reviews/${review.id}`);
      return links;
    },
  ],
  "reviews.likes": [
    "GET /reviews/{}/likes",
    async ({ client }) => {
      const { reviews } = await known({ client });
      const liked = reviews.find(({ numberOfLikes }) => numberOfLikes > 1);
      const { likes, ...rest } = await client.reviews.likes(liked.id);
      assert.equal(likes.length, liked.numberOfLikes);
      for (const { createdAt } of likes) assert.ok(createdAt > liked.createdAt);
      return { likes, ...rest };
    },
  ],
  "productReviews.summary": [
    "GET /product-reviews/business-units/{}",
    async ({ client, sent }) => {
      const { id } = await known({ client });
      const summary = await client.productReviews.summary(id, { sku: SKUS[1] });
      assert.deepEqual(queryOf(sent.at(-1)), { sku: "BIKE/40+1 L" });
      assert.equal(summary.sku, SKUS[1]);
      isSummary(summary);
      return summary;
    },
  ],
  "productReviews.reviews": [
    "GET /product-reviews/business-units/{}/reviews",
    async ({ client, sent }) => {
      const { id } = await known({ client });
      const own = { sku: SKUS[0], stars: [4, 5], perPage: 10, locale: "da-DK" };
      const found = await client.productReviews.reviews(id, own);
      const { sku, stars } = queryOf(sent.at(-1));
      assert.deepEqual([sku, stars], [SKUS[0], "4,5"]);
      assert.equal(found.productReviews.length, 10);
      for (const review of found.productReviews) {
        assert.ok(review.stars >= 4);
        assert.match(review.createdAt, ISO);
        // they call their text `content`; the common view calls it as everybody does
        assert.equal(client.toReview(review).text, review.content);
      }
      return found;
    },
  ],
  "productReviews.importedReviews": [
    "GET /product-reviews/business-units/{}/imported-reviews",
    async ({ client, sent }) => {
      const { id } = await known({ client });
      const own = { sku: SKUS[0], language: "en", page: 1, perPage: 3 };
      const found = await client.productReviews.importedReviews(id, own);
      assert.deepEqual(queryOf(sent.at(-1)), { ...own, page: "1", perPage: "3" });
      assert.equal(found.productReviews.length, 3);
      for (const { language } of found.productReviews) assert.equal(language, "en");
      return found;
    },
  ],
  "productReviews.importedSummaries": [
    "GET /product-reviews/business-units/{}/imported-reviews-summaries",
    async ({ client }) => {
      const { id } = await known({ client });
      const summary = await client.productReviews.importedSummaries(id, { sku: SKUS[0] });
      assert.equal(summary.sku, SKUS[0]);
      isSummary(summary);
      return summary;
    },
  ],
  "productReviews.batchSummaries": [
    "POST /product-reviews/business-units/{}/batch-summaries",
    async ({ client, sent }) => {
      const { id } = await known({ client });
      const single = await client.productReviews.summary(id, { sku: SKUS[1] });
      const found = await client.productReviews.batchSummaries(id, { skus: SKUS });
      assert.deepEqual(JSON.parse(sent.at(-1).body), { skus: SKUS });
      assert.deepEqual(
        found.summaries.map(({ sku }) => sku),
        SKUS,
      );
      assert.deepEqual(found.summaries[1], single);
      return found;
    },
  ],
  "productReviews.attributeSummaries": [
    "POST /product-reviews/business-units/{}/attribute-summaries",
    async ({ client, sent }) => {
      const { id } = await known({ client });
      const own = { skus: SKUS, locale: "da-DK" };
      const found = await client.productReviews.attributeSummaries(id, own);
      assert.deepEqual(JSON.parse(sent.at(-1).body), own);
      const [{ attributes }] = found.summaries;
      assert.ok(attributes.some(({ attributeName }) => attributeName === "Kvalitet"));
      for (const { rating } of attributes) assert.ok(rating >= 1 && rating <= 5);
      return found;
    },
  ],
  "conversations.get": [
    "GET /conversations/{}",
    async ({ client }) => {
      const { id } = await known({ client });
      const page = await client.productReviews.reviews(id, { perPage: 100 });
      const { conversationId } = page.productReviews.find((review) => review.conversationId);
      const conversation = await client.conversations.get(conversationId);
      assert.equal(conversation.id, conversationId);
      assert.ok(conversation.comments.length > 0);
      for (const { createdAt } of conversation.comments) assert.match(createdAt, ISO);
      return conversation;
    },
  ],
  "resources.images": [
    "GET /resources/images",
    async ({ client }) => {
      const { links } = await client.resources.images();
      assert.ok(links.some(({ rel }) => rel === "resources-images-logos"));
      return { links };
    },
  ],
  "resources.starImages": [
    "GET /resources/images/stars/{}",
    async ({ client }) => {
      const images = await client.resources.starImages(4.5);
      assert.equal(images.stars, 4.5);
      isImage(images.star512x96, 512, 96);
      isImage(images.starSvg, 512, 96);
      return images;
    },
  ],
  "resources.starStrings": [
    "GET /resources/strings/stars/{}",
    async ({ client, sent }) => {
      assert.equal((await client.resources.starStrings(4)).string, "Great");
      const words = await client.resources.starStrings(4.5, { locale: "en-GB" });
      assert.deepEqual(queryOf(sent[1]), { locale: "en-GB" });
      assert.deepEqual([words.string, words.stars, words.locale], ["Excellent", 4.5, "en-GB"]);
      return words;
    },
  ],
  "resources.logos": [
    "GET /resources/images/logos",
    async ({ client }) => {
      const logos = await client.resources.logos();
      isImage(logos.darkBackground.logo144x36, 144, 36);
      isImage(logos.lightBackground.logoSvg, 576, 144);
      return logos;
    },
  ],
  "resources.icons": [
    "GET /resources/images/icons",
    async ({ client }) => {
      const icons = await client.resources.icons();
      isImage(icons.icon230x230, 230, 230);
      return icons;
    },
  ],
  "resources.locales": [
    "GET /resources/metadata/locales",
    async ({ client, sent }) => {
      const found = await client.resources.locales({ translationLocale: "da-DK" });
      assert.deepEqual(queryOf(sent[0]), { translationLocale: "da-DK" });
      const danish = found.locales.find(({ locale }) => locale === "da-DK");
      assert.deepEqual([danish.language, danish.region, danish.tld], ["da", "DK", "dk"]);
      assert.equal(danish.translatedName, danish.nativeName);
      return found;
    },
  ],
  "resources.countries": [
    "GET /resources/metadata/countries",
    async ({ client, sent }) => {
      const found = await client.resources.countries({ locale: "de-DE" });
      assert.deepEqual(queryOf(sent[0]), { locale: "de-DE" });
      const germany = found.countries.find(({ country }) => country === "DE");
      assert.deepEqual([germany.englishName, germany.translatedName], ["Germany", "Deutschland"]);
      return found;
    },
  ],
  "businessSignup.domainAvailability": [
    "GET /business-signup/domain-availability",
    async ({ client, sent }) => {
      const { businessSignup } = client;
      const free = await businessSignup.domainAvailability("nobody.example");
      assert.equal(free.domainIsAvailable, true);
      const taken = await businessSignup.domainAvailability("bikes.example");
      assert.deepEqual(queryOf(sent[1]), { domain: "bikes.example" });
      assert.equal(taken.domainIsAvailable, false);
      return taken;
    },
  ],
};

const trustooRows = {
  "reviews.product": [
    "GET /reviews/get_product_reviews",
    async ({ trustoo, sent }) => {
      const own = { shop: "bikes.example", page: 2, perPage: 3, sortBy: "created-descending" };
      const found = await trustoo.reviews.product(HANDLE, { ...own, scene: 3, isShowAll: 1 });
      assert.deepEqual(queryOf(sent[0]), {
        product_handle: HANDLE,
        shop: "bikes.example",
        page: "2",
        limit: "3",
        sort_by: "created-descending",
        scene: "3",
        is_show_all: "1",
      });
      assert.equal(found.list.length, 3);
      assert.equal(found.page.cur_page, 2);
      for (const review of found.list) {
        assert.match(review.commented_at, ISO);
        assert.equal(typeof trustoo.toReview(review).verified, "boolean");
      }
      return found;
    },
  ],
  "reviews.ratings": [
    "GET /reviews/get_products_rating",
    async ({ trustoo, sent }) => {
      const ratings = await trustoo.reviews.ratings([HANDLE, "nothing"], { shop: "bikes.example" });
      assert.equal(queryOf(sent[0]).product_handle, `${HANDLE},nothing`);
      assert.equal(ratings.length, 2);
      const { page } = await trustoo.reviews.product(HANDLE, { shop: "bikes.example" });
      sent.pop();
      assert.equal(ratings[0].total_reviews, page.count);
      assert.ok(ratings[0].rating >= 1 && ratings[0].rating <= 5);
      assert.equal(ratings[1].total_reviews, 0);
      return ratings;
    },
  ],
};

const functionsOf = (client, other = []) =>
  Object.entries(client)
    .filter(([, group]) => typeof group === "object")
    .flatMap(([group, functions]) => Object.keys(functions).map((name) => `${group}.${name}`))
    .filter((path) => !other.includes(path));

describe("every function, called against the sandbox", () => {
  for (const [provider, rows] of [
    ["trustpilot", trustpilotRows],
    ["trustoo", trustooRows],
  ]) {
    const isTrustoo = provider === "trustoo";
    it(`${provider}: each has a row here`, async () => {
      const { client, trustoo } = await makeWorld();
      // idOf asks find
      const functions = functionsOf(isTrustoo ? trustoo : client, ["businessUnits.idOf"]);
      assert.deepEqual(functions.toSorted(), Object.keys(rows).toSorted());
      assert.equal(functions.length, isTrustoo ? 2 : 45);
    });

    for (const [path, [request, use]] of Object.entries(rows)) {
      it(`${provider} ${path}: ${request}`, async () => {
        const world = await makeWorld();
        const data = await use(world);
        const { method, url, raw, headers } = world.sent.at(-1);
        const [verb, address] = request.split(" ");
        assert.equal(method, verb);
        const prefix = `${new URL(world.base).pathname}${isTrustoo ? "/trustoo/api" : ""}/v1`;
        const template = new RegExp(`^${prefix}${address.replace("{}", "[\\w.-]+")}$`);
        assert.match(url.pathname, template);
        assert.equal(headers.get("apikey"), isTrustoo ? null : KEY);
        assert.equal(headers.get("content-type"), verb === "POST" ? "application/json" : null);
        assert.deepEqual(data, mended(isTrustoo ? raw.data : raw));
        const { ok, unknown_routes, bugs } = await world.control("verify");
        assert.deepEqual([ok, unknown_routes, bugs], [true, [], []]);
      });
    }
  }
});

describe("pages", () => {
  it("CL18 CL19 reviews by number: each once, as many as the platform counts", async () => {
    const { client, sent } = await makeWorld();
    const { id, numberOfReviews } = await client.businessUnits.find("bikes.example");
    const walk = (own) => client.businessUnits.reviews.all(id, own).toArray({ limit: 10_000 });
    const reviews = await walk();
    assert.equal(reviews.length, numberOfReviews.total);
    assert.equal(unique(reviews), BIKES);
    assert.equal(sent.length, 1 + Math.ceil(BIKES / 100));
    const byStars = [];
    for (const stars of [1, 2, 3, 4, 5]) byStars.push((await walk({ stars })).length);
    const { oneStar, twoStars, threeStars, fourStars, fiveStars } = numberOfReviews;
    assert.deepEqual(byStars, [oneStar, twoStars, threeStars, fourStars, fiveStars]);
    assert.deepEqual(client.toRating({ numberOfReviews }).distribution, byStars);
  });

  it("CL19 all reviews by token: the same ones, in the same order", async () => {
    const { client, sent } = await makeWorld();
    const { id } = await client.businessUnits.find("bikes.example");
    const { allReviews, reviews } = client.businessUnits;
    const byToken = await allReviews.all(id).toArray({ limit: 10_000 });
    assert.equal(sent.length, 1 + Math.ceil(BIKES / 100));
    const byNumber = await reviews.all(id).toArray({ limit: 10_000 });
    assert.deepEqual(idsOf(byToken), idsOf(byNumber));
  });

  it("CL19 business units by cursor: each once, all of a country", async () => {
    const { client, base, sent } = await makeWorld();
    const own = { country: "DK", perPage: 50 };
    const units = await client.businessUnits.list.all(own).toArray({ limit: 10_000 });
    const whole = await fetch(
      `${base}/v1/business-units/all?country=DK&perPage=1000&apikey=${KEY}`,
    );
    const { businessUnits, cursor } = await whole.json();
    assert.equal(cursor, null);
    assert.deepEqual(idsOf(units), idsOf(businessUnits));
    assert.equal(unique(units), businessUnits.length);
    assert.equal(sent.length, Math.ceil(units.length / 50));
    assert.ok(sent.length > 1);
  });

  it("CL19 search and categories, which have neither link nor cursor", async () => {
    const { client, sent } = await makeWorld();
    const found = client.businessUnits.search.all("energy", { perPage: 40 });
    const units = await found.toArray({ limit: 10_000 });
    assert.equal(unique(units), units.length);
    assert.ok(units.length > 80, `${units.length}`);
    assert.equal(sent.length, Math.floor(units.length / 40) + 1);
    assert.equal(queryOf(sent[1]).perpage, "40");
    const own = { country: "DE", perPage: 5 };
    const bikes = await client.categories.businessUnits
      .all("bicycle_store", own)
      .toArray({ limit: 10_000 });
    assert.ok(bikes.length > 1);
    assert.equal(unique(bikes), bikes.length);
    const { businessUnits } = await client.categories.businessUnits("bicycle_store", {
      country: "DE",
      perPage: 100,
    });
    assert.deepEqual(idsOf(bikes), idsOf(businessUnits));
  });

  it("CL19 a consumer's reviews: as many as the profile says", async () => {
    const { client } = await makeWorld();
    const { reviews } = await known({ client });
    const busy = reviews.toSorted(
      (a, b) => b.consumer.numberOfReviews - a.consumer.numberOfReviews,
    )[0].consumer;
    assert.ok(busy.numberOfReviews > 5);
    const own = { perPage: 3 };
    const written = await client.consumers.reviews.all(busy.id, own).toArray({ limit: 100 });
    assert.equal(written.length, busy.numberOfReviews);
    assert.equal(unique(written), written.length);
    for (const { consumer } of written) assert.equal(consumer.id, busy.id);
  });

  it("CL19 product reviews, own and imported: as many as their summaries say", async () => {
    const { client } = await makeWorld();
    const { id } = await known({ client });
    const { productReviews } = client;
    for (const [list, sum] of [
      [productReviews.reviews, productReviews.summary],
      [productReviews.importedReviews, productReviews.importedSummaries],
    ]) {
      const { numberOfReviews } = await sum(id, { sku: SKUS[0] });
      const own = { sku: SKUS[0], perPage: 10 };
      const reviews = await list.all(id, own).toArray({ limit: 10_000 });
      assert.ok(reviews.length > 10);
      assert.equal(reviews.length, numberOfReviews.total);
      assert.equal(unique(reviews), reviews.length);
    }
  });

  it("CL19 Trustoo's reviews: as many as the page says", async () => {
    const { trustoo, sent } = await makeWorld();
    const own = { shop: "bikes.example", perPage: 10 };
    const reviews = await trustoo.reviews.product.all(HANDLE, own).toArray({ limit: 10_000 });
    const { count, total_page } = sent[0].raw.data.page;
    assert.equal(reviews.length, count);
    assert.equal(unique(reviews), count);
    assert.equal(sent.length, total_page);
    assert.ok(total_page > 1);
  });

  it("CL21 100,000 reviews are the end of the pages; allReviews goes on", async () => {
    const { client, sent } = await makeWorld("reach");
    const { id, numberOfReviews } = await client.businessUnits.find("big.example");
    assert.ok(numberOfReviews.total > 100_000);
    const last = [];
    const walk = async () => {
      for await (const review of client.businessUnits.reviews.all(id, { from: 1_000 })) {
        last.push(review);
      }
    };
    const error = await rejects(walk(), "page_limit");
    assert.equal(error.page, 1_001);
    assert.match(error.message, /allReviews/);
    assert.equal(last.length, 100);
    // what the platform would refuse is not even asked
    assert.equal(sent.length, 2);
    await rejects(client.businessUnits.reviews(id, { page: 1_001, perPage: 100 }), "bad_request");
    const beyond = client.businessUnits.allReviews.all(id, { from: BEYOND, limit: 150 });
    const reviews = await beyond.toArray({ limit: 150 });
    assert.equal(unique([...last, ...reviews]), 250);
    assert.ok(reviews[0].createdAt < last.at(-1).createdAt);
    const seconds = (Date.parse(last.at(-1).createdAt) - Date.parse(reviews[0].createdAt)) / 1_000;
    assert.ok(seconds < 86_400, `${seconds} s lie between them`);
  });
});

describe("the client's own additions", () => {
  it("idOf is what find says, asked once", async () => {
    const { client, sent } = await makeWorld();
    const { id } = await client.businessUnits.find("books.example", { cache: false });
    assert.equal(await client.businessUnits.idOf("books.example"), id);
    assert.equal(await client.businessUnits.idOf("books.example"), id);
    assert.equal(sent.length, 1);
  });

  it("request() reaches what has no function, and what has", async () => {
    const { client, sent } = await makeWorld();
    const path = "/business-units/find";
    const { data, status } = await client.request("GET", path, { query: { name: "example.com" } });
    assert.equal(status, 200);
    assert.equal(data.displayName, "Example Store");
    const body = { consumerIds: [NOBODY] };
    const bulk = await client.request("POST", "/consumers/profile/bulk", { body });
    assert.deepEqual(JSON.parse(sent[1].body), body);
    assert.deepEqual(bulk.data.notFoundConsumerIds, [NOBODY]);
    await rejects(client.request("GET", "/nothing/here"), "not_found");
  });
});

describe("docs/endpoints.md and docs/elements.md", () => {
  it("are what the Rust declarations say; `node tools/generate.mjs` makes them anew", async () => {
    const texts = await guideTexts();
    assert.equal(texts.size, 2);
    for (const [path, text] of texts) {
      assert.equal(readFileSync(join(root, path), "utf8"), text, path);
    }
  });
});
