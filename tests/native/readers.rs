//! The type of every endpoint's answer, for tests that go through all of them.

// No test needs all of it.
#![allow(dead_code, clippy::expect_used)]

use plaudit::api::answer::{Answer, Type};
use plaudit::api::trustoo::{ProductRating, ProductReviews as TrustooReviews};
use plaudit::api::trustpilot::WebLinks;
use plaudit::api::trustpilot::business_signup::DomainAvailability;
use plaudit::api::trustpilot::business_units::{
    AllReviews, BusinessUnit, BusinessUnitCategories, BusinessUnitList, Images, ProfileInfo,
    Promotion, Reviews,
};
use plaudit::api::trustpilot::categories::{Categories, Category};
use plaudit::api::trustpilot::consumers::{Consumer, ConsumerProfiles, DisplayName};
use plaudit::api::trustpilot::conversations::Conversation;
use plaudit::api::trustpilot::product_reviews::{
    AttributeSummaries, BatchSummaries, ProductReviews, ProductSummary,
};
use plaudit::api::trustpilot::resources::{
    Countries, Icons, ImageLinks, Locales, Logos, StarImages, StarString,
};
use plaudit::api::trustpilot::reviews::{Likes, Review};
use plaudit::api::{PLATFORMS, Platform};
use serde_json::Value;

/// How the answer of one endpoint is read.
pub struct Reader {
    /// For example `trustpilot`.
    pub platform: &'static str,
    /// For example `businessUnits.find`.
    pub endpoint: &'static str,
    /// Reads an answer and writes it again.
    pub read: fn(Value) -> Result<Value, serde_json::Error>,
    /// The type that it reads.
    pub describe: fn() -> Type,
}

const fn reader<T: Answer + serde::Serialize>(
    platform: &'static str,
    endpoint: &'static str,
) -> Reader {
    Reader {
        platform,
        endpoint,
        read: |value| serde_json::to_value(T::read(value)?),
        describe: T::describe,
    }
}

/// One for each endpoint.
pub const READERS: &[Reader] = &[
    reader::<BusinessUnit>("trustpilot", "businessUnits.find"),
    reader::<BusinessUnitList>("trustpilot", "businessUnits.list"),
    reader::<BusinessUnitList>("trustpilot", "businessUnits.search"),
    reader::<BusinessUnit>("trustpilot", "businessUnits.get"),
    reader::<ProfileInfo>("trustpilot", "businessUnits.profileInfo"),
    reader::<Promotion>("trustpilot", "businessUnits.customerGuarantee"),
    reader::<Promotion>("trustpilot", "businessUnits.profilePromotion"),
    reader::<Promotion>("trustpilot", "businessUnits.promotionBox"),
    reader::<Reviews>("trustpilot", "businessUnits.reviews"),
    reader::<AllReviews>("trustpilot", "businessUnits.allReviews"),
    reader::<WebLinks>("trustpilot", "businessUnits.webLinks"),
    reader::<Images>("trustpilot", "businessUnits.images"),
    reader::<Images>("trustpilot", "businessUnits.logo"),
    reader::<Images>("trustpilot", "businessUnits.header"),
    reader::<Images>("trustpilot", "businessUnits.promotionBoxImage"),
    reader::<BusinessUnitCategories>("trustpilot", "businessUnits.categories"),
    reader::<Categories>("trustpilot", "categories.list"),
    reader::<Category>("trustpilot", "categories.get"),
    reader::<BusinessUnitList>("trustpilot", "categories.businessUnits"),
    reader::<Consumer>("trustpilot", "consumers.get"),
    reader::<Consumer>("trustpilot", "consumers.profile"),
    reader::<Reviews>("trustpilot", "consumers.reviews"),
    reader::<WebLinks>("trustpilot", "consumers.webLinks"),
    reader::<ConsumerProfiles>("trustpilot", "consumers.profiles"),
    reader::<DisplayName>("trustpilot", "consumers.createDisplayName"),
    reader::<DisplayName>("trustpilot", "consumers.validateDisplayName"),
    reader::<Review>("trustpilot", "reviews.get"),
    reader::<Reviews>("trustpilot", "reviews.latest"),
    reader::<WebLinks>("trustpilot", "reviews.webLinks"),
    reader::<Likes>("trustpilot", "reviews.likes"),
    reader::<ProductSummary>("trustpilot", "productReviews.summary"),
    reader::<ProductReviews>("trustpilot", "productReviews.reviews"),
    reader::<ProductReviews>("trustpilot", "productReviews.importedReviews"),
    reader::<ProductSummary>("trustpilot", "productReviews.importedSummaries"),
    reader::<BatchSummaries>("trustpilot", "productReviews.batchSummaries"),
    reader::<AttributeSummaries>("trustpilot", "productReviews.attributeSummaries"),
    reader::<Conversation>("trustpilot", "conversations.get"),
    reader::<ImageLinks>("trustpilot", "resources.images"),
    reader::<StarImages>("trustpilot", "resources.starImages"),
    reader::<StarString>("trustpilot", "resources.starStrings"),
    reader::<Logos>("trustpilot", "resources.logos"),
    reader::<Icons>("trustpilot", "resources.icons"),
    reader::<Locales>("trustpilot", "resources.locales"),
    reader::<Countries>("trustpilot", "resources.countries"),
    reader::<DomainAvailability>("trustpilot", "businessSignup.domainAvailability"),
    reader::<TrustooReviews>("trustoo", "reviews.product"),
    reader::<Vec<ProductRating>>("trustoo", "reviews.ratings"),
];

/// The platform of this name.
pub fn platform(id: &str) -> &'static Platform {
    let found = PLATFORMS.iter().find(|it| it.id == id);
    found.expect("a platform of this name")
}
