//! Trustpilot's public API, v1: <https://developers.trustpilot.com>. The names of the endpoints in
//! the platform's own collection of requests stand with each of them.

pub mod business_signup;
pub mod business_units;
pub mod categories;
pub mod consumers;
pub mod conversations;
pub mod product_reviews;
pub mod resources;
pub mod reviews;

use crate::api::Platform;
use crate::api::endpoint::{Kind, Paging, Parameter, optional};

/// The platform. Its API answers `GET` to every page (CORS), `POST` to none.
pub const PLATFORM: Platform = Platform {
    id: "trustpilot",
    base: "https://api.trustpilot.com/v1",
    endpoints: &[
        business_units::ALL,
        categories::ALL,
        consumers::ALL,
        reviews::ALL,
        product_reviews::ALL,
        conversations::ALL,
        resources::ALL,
        business_signup::ALL,
    ],
    envelope: None,
    rating: &[
        ("value", "score.trustScore|starsAverage"),
        ("stars", "score.stars"),
        ("count", "numberOfReviews.total"),
        ("name", "displayName|sku"),
        (
            "distribution",
            "numberOfReviews.oneStar,numberOfReviews.twoStars,numberOfReviews.threeStars,\
             numberOfReviews.fourStars,numberOfReviews.fiveStars",
        ),
    ],
    review: &[
        ("id", "id"),
        ("stars", "stars"),
        ("title", "title"),
        ("text", "text|content"),
        ("language", "language"),
        ("createdAt", "createdAt"),
        ("author", "consumer.displayName"),
        ("replyText", "companyReply.text|firstCompanyComment.comment"),
        (
            "replyCreatedAt",
            "companyReply.createdAt|firstCompanyComment.createdAt",
        ),
        ("verified", "isVerified"),
    ],
};

pub(crate) const PAGE: Parameter = optional("page", Kind::Whole, "Which page, from 1.");
pub(crate) const PER_PAGE: Parameter = optional(
    "perPage",
    Kind::PerPage,
    "How many a page has: 1 to 100, else 20.",
);
pub(crate) const STARS: Parameter =
    optional("stars", Kind::Stars, "Only those with these stars, 1 to 5.");
pub(crate) const LANGUAGE: Parameter = optional(
    "language",
    Kind::Languages,
    "Only those in these languages, ISO 639-1.",
);
pub(crate) const LOCALE: Parameter = optional(
    "locale",
    Kind::Locale,
    "For words and links, such as `da-DK`.",
);
const COUNTRY: Parameter = optional(
    "country",
    Kind::Country,
    "ISO 3166-1 alpha-2, such as `DK`.",
);
pub(crate) const ORDER_BY: Parameter = optional(
    "orderBy",
    Kind::OrderBy,
    "The order; `createdat.desc` where none is given.",
);

/// Pages by number, of 100 at most.
pub(crate) const fn pages(items: &'static str) -> Paging {
    Paging {
        parameter: "page",
        items,
        next: "",
        most: 100,
        per_page: "perPage",
    }
}

#[cfg(feature = "serde")]
mod shared {
    use crate::api::answer::{Url, answers};

    answers! {
        "camelCase":
        /// A link to something related. Addresses carry no key.
        Link {
            /// Where it is.
            href: Url,
            /// How it is asked for, for example `GET`.
            method: String,
            /// What it is, for example `next-page`.
            rel: String,
        }

        /// An image.
        Image {
            /// Where it is; the platform sends it without a scheme.
            url: Url,
            /// In pixels.
            width: u64,
            /// In pixels.
            height: u64,
        }

        /// How many reviews there are.
        NumberOfReviews {
            /// All of them.
            total: u64,
            /// Those that count towards the TrustScore.
            used_for_trust_score_calculation: u64,
            /// With one star.
            one_star: u64,
            /// With two stars.
            two_stars: u64,
            /// With three stars.
            three_stars: u64,
            /// With four stars.
            four_stars: u64,
            /// With five stars.
            five_stars: u64,
        }

        /// Pages at Trustpilot in a locale. A consumer or a review has some of them.
        WebLinks {
            /// The locale.
            locale: String,
            /// The public profile.
            profile_url: Url,
            /// Where a review is written.
            evaluate_url: Url,
            /// The same, to be embedded.
            evaluate_embed_url: Url,
            /// Related things.
            links: Vec<Link>,
        }
    }
}
#[cfg(feature = "serde")]
pub use shared::{Image, Link, NumberOfReviews, WebLinks};
