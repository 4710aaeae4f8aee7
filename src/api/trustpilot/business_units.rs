//! Business units: <https://developers.trustpilot.com/business-units-api-(public)> and
//! <https://developers.trustpilot.com/business-units-api>.

use super::{COUNTRY, LANGUAGE, LOCALE, ORDER_BY, PAGE, PER_PAGE, STARS, pages};
use crate::api::Endpoint;
use crate::api::endpoint::{Kind, Paging, Parameter, endpoint, optional, required, subject};

const ID: Parameter = subject("businessUnitId", Kind::Id, "The business unit's id.");
const LOCATION: Parameter = optional("locationId", Kind::Text, "Of one of its locations.");
/// Which of a business unit's reviews.
pub(crate) const SELECTION: [Parameter; 4] = [
    optional(
        "internalLocationId",
        Kind::Text,
        "Only those of this location.",
    ),
    optional(
        "tagGroup",
        Kind::Text,
        "Only those with a tag of this group.",
    ),
    optional("tagValue", Kind::Text, "Only those with this tag."),
    optional(
        "responded",
        Kind::Flag,
        "Only those with a reply, or only those without.",
    ),
];

endpoint!(
    /// The business unit of a domain.
    FIND = Get "businessUnits" "find" "/business-units/find"
    ("Business Units API (public)/Find a business unit")
    [subject("domain", Kind::Domain, "Such as `trustpilot.com`.").sent_as("name")]
    -> BusinessUnit, "id", Day
);
endpoint!(
    /// All business units. The name of the member that leads to the next page is unverified.
    LIST = Get "businessUnits" "list" "/business-units/all"
    ("Business Units API (public)/Get a list of all business units")
    [
        optional("country", Kind::Countries, "Only those of these countries."),
        optional("perPage", Kind::PerLargePage, "How many a page has: 1 to 1000, else 1000."),
        optional("cursor", Kind::Text, "Where the next page begins."),
    ]
    -> BusinessUnitList, "businessUnits", Day,
    Paging {
        parameter: "cursor",
        items: "businessUnits",
        next: "cursor",
        most: 1000,
        per_page: "perPage",
    }
);
endpoint!(
    /// Business units whose name or domain fits a query.
    SEARCH = Get "businessUnits" "search" "/business-units/search"
    ("Business Units API/Search for business units")
    [
        subject("query", Kind::Text, "What is looked for."),
        COUNTRY,
        PAGE,
        PER_PAGE.sent_as("perpage"),
    ]
    -> BusinessUnitList, "businessUnits", Day, pages("businessUnits")
);
endpoint!(
    /// A business unit.
    GET = Get "businessUnits" "get" "/business-units/{businessUnitId}"
    ("Business Units API (public)/Get public business unit")
    [ID] -> BusinessUnit, "id", Day
);
endpoint!(
    /// What a business says of itself.
    PROFILE_INFO = Get "businessUnits" "profileInfo" "/business-units/{businessUnitId}/profileinfo"
    ("Business Units API/Get profile info of business unit")
    [ID] -> ProfileInfo, "", Day
);
endpoint!(
    /// Its customer guarantee. No document shows the members of the answer.
    CUSTOMER_GUARANTEE = Get "businessUnits" "customerGuarantee"
    "/business-units/{businessUnitId}/customerguarantee"
    ("Business Units API (public)/Get customer guarantee of business unit")
    [ID] -> Promotion, "", Day
);
endpoint!(
    /// Its profile promotion. No document shows the members of the answer.
    PROFILE_PROMOTION = Get "businessUnits" "profilePromotion"
    "/business-units/{businessUnitId}/profilepromotion"
    ("Business Units API (public)/Get profile promotion of business unit")
    [ID] -> Promotion, "", Day
);
endpoint!(
    /// Its promotion box. No document shows the members of the answer.
    PROMOTION_BOX = Get "businessUnits" "promotionBox"
    "/business-units/{businessUnitId}/promotion-box"
    ("Business Units API (public)/Get company promotion box of business unit")
    [ID] -> Promotion, "", Day
);
endpoint!(
    /// Its service reviews, the newest first: at most the first 100,000 of them.
    REVIEWS = Get "businessUnits" "reviews" "/business-units/{businessUnitId}/reviews"
    ("Business Units API/Get a business unit's reviews")
    [
        ID,
        STARS,
        LANGUAGE,
        PAGE,
        PER_PAGE,
        ORDER_BY,
        SELECTION[0],
        SELECTION[1],
        SELECTION[2],
        SELECTION[3],
        optional("includeReportedReviews", Kind::Flag, "Also those that were reported."),
    ]
    -> Reviews, "reviews", Day, pages("reviews")
);
endpoint!(
    /// All of its service reviews. The name of the member that leads to the next page is unverified.
    ALL_REVIEWS = Get "businessUnits" "allReviews" "/business-units/{businessUnitId}/all-reviews"
    ("Business Units API/Get a business unit's reviews (paginate)")
    [ID, optional("pageToken", Kind::Text, "Where the next page begins.")]
    -> AllReviews, "reviews", Day,
    Paging {
        parameter: "pageToken",
        items: "reviews",
        next: "nextPageToken",
        most: 0,
        per_page: "",
    }
);
endpoint!(
    /// Its pages at Trustpilot.
    WEB_LINKS = Get "businessUnits" "webLinks" "/business-units/{businessUnitId}/web-links"
    ("Business Units API/Get a business unit's web links")
    [ID, required("locale", Kind::Locale, "Such as `da-DK`.")]
    -> super::WebLinks, "", Long
);
endpoint!(
    /// Its profile images.
    IMAGES = Get "businessUnits" "images" "/business-units/{businessUnitId}/images"
    ("Business Units API/Get images of business unit")
    [ID] -> Images, "", Long
);
endpoint!(
    /// Its logo.
    LOGO = Get "businessUnits" "logo" "/business-units/{businessUnitId}/images/logo"
    ("Business Units API/Get business unit company logo")
    [ID, LOCATION] -> Images, "", Long
);
endpoint!(
    /// The image at the head of its profile.
    HEADER = Get "businessUnits" "header" "/business-units/{businessUnitId}/images/header"
    ("Business Units API/Get business unit company header")
    [ID] -> Images, "", Long
);
endpoint!(
    /// The image of its promotion box.
    PROMOTION_BOX_IMAGE = Get "businessUnits" "promotionBoxImage"
    "/business-units/{businessUnitId}/images/promotion-box"
    ("Business Units API/Get business unit company promotion box")
    [ID] -> Images, "", Long
);
endpoint!(
    /// The categories it is in.
    CATEGORIES = Get "businessUnits" "categories" "/business-units/{businessUnitId}/categories"
    ("Business Units API/List categories for business unit")
    [ID, COUNTRY, LOCALE] -> BusinessUnitCategories, "categories", Day
);

pub(super) const ALL: &[Endpoint] = &[
    FIND,
    LIST,
    SEARCH,
    GET,
    PROFILE_INFO,
    CUSTOMER_GUARANTEE,
    PROFILE_PROMOTION,
    PROMOTION_BOX,
    REVIEWS,
    ALL_REVIEWS,
    WEB_LINKS,
    IMAGES,
    LOGO,
    HEADER,
    PROMOTION_BOX_IMAGE,
    CATEGORIES,
];

#[cfg(feature = "serde")]
mod answers {
    use serde_json::Value;

    use super::super::reviews::Review;
    use super::super::{Image, Link, NumberOfReviews};
    use crate::api::answer::{Members, Url, answers};

    answers! {
        "camelCase":
        /// A business unit.
        BusinessUnit {
            /// 24 hexadecimal digits; never changes.
            id: String,
            /// The name to show.
            display_name: String,
            /// The domains it goes by.
            name: Name,
            /// Its site.
            website_url: Url,
            /// ISO 3166-1 alpha-2, upper case.
            country: String,
            /// How many reviews, by stars.
            number_of_reviews: NumberOfReviews,
            /// For example `active`.
            status: String,
            /// TrustScore and stars.
            score: Score,
            /// Whether the platform thinks the business does not fit there.
            bad_fit: bool,
            /// Related things.
            links: Vec<Link>,
        }

        /// The domains of a business unit.
        Name {
            /// The domain that it is found by.
            identifying: String,
            /// Others that lead to it.
            referring: Vec<String>,
        }

        /// How a business unit is rated.
        Score {
            /// 1.0 to 5.0 with one decimal; 0 before the first review.
            trust_score: f64,
            /// `trustScore` rounded to the nearest half.
            stars: f64,
        }

        /// Some business units.
        BusinessUnitList {
            /// The business units.
            business_units: Vec<BusinessUnit>,
            /// Where the next page begins; unverified.
            cursor: String,
            /// Related things, among them the next page.
            links: Vec<Link>,
        }

        /// What a business says of itself.
        ProfileInfo {
            /// Whether it pays Trustpilot.
            is_subscriber: bool,
            /// Its address for mail.
            email: String,
            /// Its telephone number.
            phone: String,
            /// Its name.
            company_name: String,
            /// Where it is.
            address: Address,
            /// What it does.
            description: Description,
            /// Its pages elsewhere.
            socialmedia: SocialMedia,
            /// A number in some documents, text in others.
            facebook_page_id: Value,
            /// Its page there.
            facebook_page_url: Url,
            /// Whether that page is shown.
            is_facebook_activated: bool,
            /// Whether comments are open.
            is_comments_enabled: bool,
            /// Whether it gives something for reviews.
            is_incentivising_users: bool,
            /// Whether the business has claimed its profile.
            is_claimed: bool,
            /// Related things.
            links: Vec<Link>,
        }

        /// Where a business is.
        Address {
            /// Street and number.
            street: String,
            /// City.
            city: String,
            /// Postal code.
            postcode: String,
            /// The country's name.
            country: String,
            /// ISO 3166-1 alpha-2.
            country_code: String,
        }

        /// What a business does.
        Description {
            /// A heading.
            header: String,
            /// Its own words.
            text: String,
        }

        /// Pages of a business elsewhere.
        SocialMedia {
            /// At Facebook.
            facebook: String,
            /// At LinkedIn.
            linkedin: String,
            /// At Twitter.
            twitter: String,
            /// At Google+.
            googleplus: String,
            /// At YouTube.
            youtube: String,
            /// At Instagram.
            instagram: String,
        }

        /// Something a business shows on its profile. Its members are not documented.
        Promotion {
            /// Its image; unverified.
            image: Image,
            /// Related things.
            links: Vec<Link>,
        }

        /// Some service reviews.
        Reviews {
            /// The reviews.
            reviews: Vec<Review>,
            /// Related things, among them the next page.
            links: Vec<Link>,
        }

        /// A part of all service reviews.
        AllReviews {
            /// The reviews.
            reviews: Vec<Review>,
            /// Where the next page begins; unverified.
            next_page_token: String,
            /// Related things, among them the next page.
            links: Vec<Link>,
        }

        /// Categories of a business unit.
        BusinessUnitCategories {
            /// The categories.
            categories: Vec<BusinessUnitCategory>,
            /// Related things.
            links: Vec<Link>,
        }

        /// A category that a business unit is in.
        BusinessUnitCategory {
            /// Its name in addresses.
            id: String,
            /// Its name.
            name: String,
            /// Its name in the locale.
            display_name: String,
            /// Whether it is the main one.
            is_primary: bool,
            /// Whether Trustpilot guessed it.
            predicted_top_category: Value,
            /// The business unit's place in it.
            ranking: Ranking,
            /// How well it fits.
            relevance: Value,
            /// Who chose it.
            source: String,
        }

        /// A place among others.
        Ranking {
            /// From 1.
            position: u64,
            /// Among how many.
            cardinality: u64,
        }
    }

    /// Images by name, for example `image57x43`. The names are unverified.
    pub type Images = Members<Image>;
}
#[cfg(feature = "serde")]
pub use answers::*;
