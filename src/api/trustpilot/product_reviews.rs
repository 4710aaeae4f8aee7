//! Product reviews: <https://developers.trustpilot.com/product-reviews-api>.

use super::{LANGUAGE, LOCALE, PAGE, PER_PAGE, STARS, pages};
use crate::api::Endpoint;
use crate::api::endpoint::{Kind, Parameter, endpoint, optional, required, subject};

const ID: Parameter = subject("businessUnitId", Kind::Id, "The business unit's id.");
const SKU: Parameter = required(
    "sku",
    Kind::Texts,
    "Stock keeping units. Several are sent with commas between them, which is unverified.",
);
const SKUS: Parameter = required("skus", Kind::Texts, "Stock keeping units.");

endpoint!(
    /// How a product is rated.
    SUMMARY = Get "productReviews" "summary" "/product-reviews/business-units/{businessUnitId}"
    ("Product Reviews API/Get product reviews summary")
    [ID, SKU] -> ProductSummary, "", Day
);
endpoint!(
    /// Reviews of products.
    REVIEWS = Get "productReviews" "reviews"
    "/product-reviews/business-units/{businessUnitId}/reviews"
    ("Product Reviews API/Get product reviews")
    [
        ID,
        optional("sku", Kind::Texts, SKU.docs),
        optional("productUrl", Kind::Texts, "Addresses of products."),
        STARS,
        LANGUAGE,
        PAGE,
        PER_PAGE,
        LOCALE,
        optional("attributeIds", Kind::Texts, "Only those with ratings of these attributes."),
    ]
    -> ProductReviews, "productReviews", Day, pages("productReviews")
);
endpoint!(
    /// Reviews of products that were brought from elsewhere.
    IMPORTED_REVIEWS = Get "productReviews" "importedReviews"
    "/product-reviews/business-units/{businessUnitId}/imported-reviews"
    ("Product Reviews API/Get imported product reviews")
    [ID, SKU, STARS, LANGUAGE, PAGE, PER_PAGE]
    -> ProductReviews, "productReviews", Day, pages("productReviews")
);
endpoint!(
    /// How a product is rated in reviews that were brought from elsewhere.
    IMPORTED_SUMMARIES = Get "productReviews" "importedSummaries"
    "/product-reviews/business-units/{businessUnitId}/imported-reviews-summaries"
    ("Product Reviews API/Get imported product reviews summary")
    [ID, SKU] -> ProductSummary, "", Day
);
endpoint!(
    /// How several products are rated. A POST: from a page through a proxy only.
    BATCH_SUMMARIES = Post "productReviews" "batchSummaries"
    "/product-reviews/business-units/{businessUnitId}/batch-summaries"
    ("Product Reviews API/Get batch product reviews summaries")
    [ID, SKUS] -> BatchSummaries, "", Reads
);
endpoint!(
    /// How attributes of several products are rated. A POST: from a page through a proxy only.
    ATTRIBUTE_SUMMARIES = Post "productReviews" "attributeSummaries"
    "/product-reviews/business-units/{businessUnitId}/attribute-summaries"
    ("Product Reviews API/Get public batch aggregated attribute rating")
    [ID, SKUS, LOCALE] -> AttributeSummaries, "", Reads
);

pub(super) const ALL: &[Endpoint] = &[
    SUMMARY,
    REVIEWS,
    IMPORTED_REVIEWS,
    IMPORTED_SUMMARIES,
    BATCH_SUMMARIES,
    ATTRIBUTE_SUMMARIES,
];

#[cfg(feature = "serde")]
mod answers {
    use serde_json::Value;

    use super::super::{Link, NumberOfReviews};
    use crate::api::answer::{Date, Url, answers};

    answers! {
        "camelCase":
        /// How a product is rated.
        ProductSummary {
            /// The stock keeping unit.
            sku: String,
            /// 1 to 5.
            stars_average: f64,
            /// How many reviews, by stars.
            number_of_reviews: NumberOfReviews,
            /// Related things.
            links: Vec<Link>,
        }

        /// How several products are rated.
        BatchSummaries {
            /// One for each product; the name of this member is unverified.
            summaries: Vec<ProductSummary>,
            /// Related things.
            links: Vec<Link>,
        }

        /// How attributes of several products are rated.
        AttributeSummaries {
            /// One for each product; the name of this member is unverified.
            summaries: Vec<AttributeSummary>,
            /// Related things.
            links: Vec<Link>,
        }

        /// How attributes of a product are rated. The members are unverified.
        AttributeSummary {
            /// The stock keeping unit.
            sku: String,
            /// The attributes.
            attributes: Vec<AttributeRating>,
        }

        /// How an attribute of a product is rated.
        AttributeRating {
            /// Its id.
            attribute_id: String,
            /// Its name in the locale.
            attribute_name: String,
            /// 1 to 5, or a share.
            rating: f64,
        }

        /// Some reviews of products.
        ProductReviews {
            /// The product reviews.
            product_reviews: Vec<ProductReview>,
            /// Related things, among them the next page.
            links: Vec<Link>,
        }

        /// A review of a product.
        ProductReview {
            /// 24 hexadecimal digits.
            id: String,
            /// When it was written.
            created_at: Date,
            /// 1 to 5.
            stars: u64,
            /// Its text. Anybody could write it: never HTML.
            content: String,
            /// Who wrote it.
            consumer: ProductReviewer,
            /// ISO 639-1.
            language: String,
            /// How the author rated attributes.
            attribute_ratings: Vec<AttributeRating>,
            /// Pictures and the like. Their members are not documented.
            attachments: Vec<Value>,
            /// What the business answered first.
            first_company_comment: CompanyComment,
            /// The conversation about it.
            conversation_id: String,
            /// Related things.
            links: Vec<Link>,
        }

        /// Who wrote a review of a product.
        ProductReviewer {
            /// 24 hexadecimal digits.
            id: String,
            /// The name to show.
            display_name: String,
        }

        /// What a business answered to a review of a product. The members are unverified.
        CompanyComment {
            /// Its text.
            comment: String,
            /// When it was written.
            created_at: Date,
            /// Who wrote it.
            author: Value,
            /// An address in it.
            url: Url,
        }
    }
}
#[cfg(feature = "serde")]
pub use answers::*;
