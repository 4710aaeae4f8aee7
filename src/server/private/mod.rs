//! Trustpilot's private API, v1: what it answers to a business user's token alone. The names of the
//! endpoints in the platform's own collection of requests stand with each of them. What no page of
//! the platform documents is taken as it is, and said to be unverified.

pub mod business_units;
pub mod conversations;
pub mod invitations;
pub mod product_reviews;
pub mod products;
pub mod reviews;

use crate::api::Platform;
use crate::api::endpoint::{Kind, Members, Parameter, optional, required, subject};
use crate::api::trustpilot;

/// The platform, with the endpoints that the public one does not have.
pub const PLATFORM: Platform = Platform {
    id: trustpilot::PLATFORM.id,
    base: trustpilot::PLATFORM.base,
    endpoints: &[
        business_units::ALL,
        reviews::ALL,
        product_reviews::ALL,
        conversations::ALL,
        products::ALL,
        invitations::ALL,
    ],
    envelope: None,
    rating: &[],
    review: &[],
};

const BUSINESS_UNIT: Parameter = subject("businessUnitId", Kind::Id, "The business unit's id.");

const TAG: Members = Members {
    name: "TagInput",
    docs: "A tag of a review.",
    fields: &[
        required(
            "group",
            Kind::Text,
            "Its group; Trustpilot Business shows those of `generic`.",
        ),
        required("value", Kind::Text, "Its value."),
    ],
    one_of: &[],
};

const NAME: Parameter = optional("name", Kind::Text, "The product's name.");
const MPN: Parameter = optional("mpn", Kind::Text, "The manufacturer's number of it.");
const BRAND: Parameter = optional("brand", Kind::Text, "Its brand.");
const GTIN: Parameter = optional("gtin", Kind::Text, "Its global trade item number.");
const SKU: Parameter = optional("sku", Kind::Text, "Its stock keeping unit.");
const IMAGE_URL: Parameter = optional("imageUrl", Kind::Uri, "Where its picture is.");
const PRODUCT_URL: Parameter = optional("productUrl", Kind::Uri, "Where its page is.");
const GOOGLE_CATEGORY: Parameter = optional(
    "productCategoryGoogleId",
    Kind::Text,
    "The id of its category at Google.",
);
