//! What Trustoo's storefront widgets read. No document describes these requests: they are seen in
//! the public code of shops, and **unverified**. They need no key.

use crate::Code;
use crate::api::endpoint::{Kind, Paging, Parameter, endpoint, optional, subject};
use crate::api::{Endpoint, Platform};

/// The platform. Its answers come in an envelope whose `code` counts as gRPC does.
pub const PLATFORM: Platform = Platform {
    id: "trustoo",
    base: "https://api.trustoo.io/api/v1",
    endpoints: &[ALL],
    envelope: Some(&[
        (4, Code::ServerError),
        (5, Code::NotFound),
        (8, Code::RateLimited),
        (13, Code::ServerError),
        (16, Code::Unauthorized),
    ]),
    rating: &[("value", "rating"), ("count", "total_reviews")],
    review: &[
        ("id", "id"),
        ("stars", "star"),
        ("title", "title"),
        ("text", "content"),
        ("createdAt", "commented_at"),
        ("author", "author"),
        ("replyText", "reply_content"),
        ("verified", "verified_badge"),
    ],
};

const SHOP: Parameter = optional("shop", Kind::Text, "The shop's domain at Shopify.");
const SHOP_ID: Parameter =
    optional("shopId", Kind::Text, "Its id, in place of its domain.").sent_as("shop_id");

endpoint!(
    /// The reviews of a product.
    PRODUCT_REVIEWS = Get "reviews" "product" "/reviews/get_product_reviews" ("")
    [
        subject("productHandle", Kind::Text, "The product's handle in its address.")
            .sent_as("product_handle"),
        SHOP,
        SHOP_ID,
        optional("page", Kind::Whole, "Which page, from 1."),
        optional("perPage", Kind::PerPage, "How many a page has.").sent_as("limit"),
        optional("sortBy", Kind::Text, "The order, such as `comprehensive-descending`.")
            .sent_as("sort_by"),
        optional("scene", Kind::Whole, "Where they are shown; shops send 3."),
        optional("isShowAll", Kind::Whole, "Shops send 1.").sent_as("is_show_all"),
    ]
    -> ProductReviews, "list", Day,
    Paging {
        parameter: "page",
        items: "list",
        next: "page",
        most: 100,
        per_page: "perPage",
    }
);
endpoint!(
    /// How products are rated, in the order they were asked for.
    PRODUCT_RATINGS = Get "reviews" "ratings" "/reviews/get_products_rating" ("")
    [
        subject("productHandles", Kind::Texts, "The products' handles.").sent_as("product_handle"),
        SHOP,
        SHOP_ID,
    ]
    -> Vec<ProductRating>, "", Day
);

const ALL: &[Endpoint] = &[PRODUCT_REVIEWS, PRODUCT_RATINGS];

#[cfg(feature = "serde")]
mod answers {
    use serde_json::Value;

    use crate::api::answer::{Date, answers};

    answers! {
        "snake_case":
        /// Some reviews of a product.
        ProductReviews {
            /// The reviews.
            list: Vec<Review>,
            /// Which page this is, of how many.
            page: Page,
        }

        /// A review of a product.
        Review {
            /// Text or a number.
            id: Value,
            /// 1 to 5.
            star: f64,
            /// Who wrote it.
            author: String,
            /// Its heading.
            title: String,
            /// Its text. Anybody could write it: never HTML.
            content: String,
            /// When it was written.
            commented_at: Date,
            /// What the shop answered.
            reply_content: String,
            /// Whether the author is known to have bought it; true or 1.
            verified_badge: Value,
        }

        /// Which page, of how many.
        Page {
            /// This one, from 1.
            cur_page: u64,
            /// How many pages.
            total_page: u64,
            /// How many reviews.
            count: u64,
        }

        /// How a product is rated.
        ProductRating {
            /// 1 to 5.
            rating: f64,
            /// How many reviews.
            total_reviews: u64,
        }
    }
}
#[cfg(feature = "serde")]
pub use answers::*;
