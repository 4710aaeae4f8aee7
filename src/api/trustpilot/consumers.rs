//! Consumers: <https://developers.trustpilot.com/consumer-api> and
//! <https://developers.trustpilot.com/consumer-profile-api>.

use super::{LANGUAGE, LOCALE, ORDER_BY, PAGE, PER_PAGE, STARS, pages};
use crate::api::Endpoint;
use crate::api::endpoint::{Kind, Parameter, endpoint, optional, subject};

const ID: Parameter = subject("consumerId", Kind::Id, "The consumer's id.");
const DISPLAY_NAME: Parameter = subject("displayName", Kind::Text, "The name to show.");

endpoint!(
    /// A consumer: profile, number of reviews, links.
    GET = Get "consumers" "get" "/consumers/{consumerId}"
    ("Consumer Profile API/Get the profile of the consumer(reviews+weblinks)")
    [ID] -> Consumer, "id", Day
);
endpoint!(
    /// A consumer's profile.
    PROFILE = Get "consumers" "profile" "/consumers/{consumerId}/profile"
    ("Consumer Profile API/Get the profile of the consumer")
    [ID] -> Consumer, "id", Day
);
endpoint!(
    /// What a consumer wrote.
    REVIEWS = Get "consumers" "reviews" "/consumers/{consumerId}/reviews"
    ("Consumer API/Get a consumer's reviews")
    [
        ID,
        STARS,
        LANGUAGE,
        PAGE,
        PER_PAGE,
        ORDER_BY,
        optional("internalLocationId", Kind::Text, "Only those of this location."),
        optional("businessUnitId", Kind::Id, "Only those of this business unit."),
        optional("includeReportedReviews", Kind::Flag, "Also those that were reported."),
    ]
    -> super::business_units::Reviews, "reviews", Day, pages("reviews")
);
endpoint!(
    /// A consumer's pages at Trustpilot.
    WEB_LINKS = Get "consumers" "webLinks" "/consumers/{consumerId}/web-links"
    ("Consumer Profile API/Get the profile web links of the consumer")
    [ID, LOCALE] -> super::WebLinks, "", Long
);
endpoint!(
    /// The profiles of several consumers. A POST: from a page through a proxy only.
    PROFILES = Post "consumers" "profiles" "/consumers/profile/bulk"
    ("Consumer Profile API/Get a list of consumer profiles")
    [subject("consumerIds", Kind::Ids, "Their ids.")] -> ConsumerProfiles, "consumers", Reads
);
endpoint!(
    /// Makes a valid name to show. A POST: from a page through a proxy only.
    CREATE_DISPLAY_NAME = Post "consumers" "createDisplayName"
    "/consumers/profile/displayname/create"
    ("Consumer Profile API/Create a valid consumer display name")
    [DISPLAY_NAME] -> DisplayName, "", Never
);
endpoint!(
    /// Whether a name to show is valid. A POST: from a page through a proxy only.
    VALIDATE_DISPLAY_NAME = Post "consumers" "validateDisplayName"
    "/consumers/profile/displayname/validate"
    ("Consumer Profile API/Validate consumer display name")
    [DISPLAY_NAME] -> DisplayName, "", Reads
);

pub(super) const ALL: &[Endpoint] = &[
    GET,
    PROFILE,
    REVIEWS,
    WEB_LINKS,
    PROFILES,
    CREATE_DISPLAY_NAME,
    VALIDATE_DISPLAY_NAME,
];

#[cfg(feature = "serde")]
mod answers {
    use serde_json::Value;

    use super::super::{Image, Link};
    use crate::api::answer::{Date, Members, answers};

    answers! {
        "camelCase":
        /// Somebody who writes reviews.
        Consumer {
            /// 24 hexadecimal digits.
            id: String,
            /// The name to show.
            display_name: String,
            /// City.
            city: String,
            /// ISO 3166-1 alpha-2.
            country: String,
            /// The locale.
            locale: String,
            /// As the consumer said.
            gender: String,
            /// The consumer's own words.
            about: String,
            /// Obsolete, says the platform.
            created_at: Date,
            /// Obsolete, says the platform.
            birth_year: u64,
            /// Whether there is a picture.
            has_image: bool,
            /// The picture, by size: `image24x24`, `image35x35`, `image64x64`, `image73x73`.
            profile_image: Members<Image>,
            /// How many reviews; a number, or one for each kind.
            number_of_reviews: Value,
            /// Related things.
            links: Vec<Link>,
        }

        /// Profiles of several consumers.
        ConsumerProfiles {
            /// Those that were found, by id.
            consumers: Members<Consumer>,
            /// The ids of the others.
            not_found_consumer_ids: Vec<String>,
        }

        /// What the platform says of a name. Its members are not documented.
        DisplayName {
            /// The name.
            display_name: String,
        }
    }
}
#[cfg(feature = "serde")]
pub use answers::*;
