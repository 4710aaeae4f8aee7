// What functions of clients are called with, for tests of all of them.
const ID = "46d6a890000064000500e0c3";
/** What functions of clients need, where it is not one id. */
const needed = {
  "businessUnits.find": ["example.com"],
  "businessUnits.list": [],
  "businessUnits.search": ["shoes"],
  "businessUnits.webLinks": [ID, { locale: "en-GB" }],
  "categories.list": [],
  "categories.get": ["pet_store", { country: "DK" }],
  "categories.businessUnits": ["pet_store", { country: "DK" }],
  "consumers.profiles": [[ID, "46d6a890000064000500e0c4"]],
  "consumers.createDisplayName": ["Ada"],
  "consumers.validateDisplayName": ["Ada"],
  "reviews.latest": [{ count: 5, language: ["en"] }],
  "reviews.webLinks": [ID, { locale: "en-GB" }],
  "reviews.product": ["mug", { shop: "a.example" }],
  "reviews.ratings": [["mug", "cup"], { shop: "a.example" }],
  "productReviews.summary": [ID, { sku: "A" }],
  "productReviews.reviews": [ID, { sku: "A" }],
  "productReviews.importedReviews": [ID, { sku: "A" }],
  "productReviews.importedSummaries": [ID, { sku: "A" }],
  "productReviews.batchSummaries": [ID, { skus: ["A"] }],
  "productReviews.attributeSummaries": [ID, { skus: ["A"], locale: "en-GB" }],
  "resources.images": [],
  "resources.starImages": [4.5],
  "resources.starStrings": [4.5, { locale: "en-GB" }],
  "resources.logos": [],
  "resources.icons": [],
  "resources.locales": [],
  "resources.countries": [],
  "businessSignup.domainAvailability": ["example.com"],
};

/** Arguments that a function such as `businessUnits.find` takes. */
export const argumentsOf = (path) => needed[path] ?? [ID];
