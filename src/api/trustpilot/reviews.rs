//! Service reviews: <https://developers.trustpilot.com/service-reviews-api>.

use super::LOCALE;
use crate::api::Endpoint;
use crate::api::endpoint::{Kind, Parameter, endpoint, optional, required, subject};

const ID: Parameter = subject("reviewId", Kind::Id, "The review's id.");

endpoint!(
    /// A review.
    GET = Get "reviews" "get" "/reviews/{reviewId}" ("Service Reviews API/Get a review")
    [ID] -> Review, "id", Day
);
endpoint!(
    /// The newest reviews in some languages.
    LATEST = Get "reviews" "latest" "/reviews/latest"
    ("Service Reviews API/Get latest reviews by language")
    [
        required("count", Kind::Whole, "How many."),
        required("language", Kind::Languages, "In these languages, ISO 639-1."),
        optional("filterUsersWithoutImages", Kind::Flag, "Only those whose authors have a picture."),
        LOCALE,
    ]
    -> super::business_units::Reviews, "reviews", Day
);
endpoint!(
    /// A review's pages at Trustpilot.
    WEB_LINKS = Get "reviews" "webLinks" "/reviews/{reviewId}/web-links"
    ("Service Reviews API/Get a review's web links")
    [ID, required("locale", Kind::Locale, "Such as `da-DK`.")] -> super::WebLinks, "", Long
);
endpoint!(
    /// Who found a review useful.
    LIKES = Get "reviews" "likes" "/reviews/{reviewId}/likes"
    ("Service Reviews API/Get a review's likes")
    [ID] -> Likes, "likes", Day
);

pub(super) const ALL: &[Endpoint] = &[GET, LATEST, WEB_LINKS, LIKES];

#[cfg(feature = "serde")]
mod answers {
    use serde_json::Value;

    use super::super::Link;
    use crate::api::answer::{Date, answers};

    answers! {
        "camelCase":
        /// A service review.
        Review {
            /// 24 hexadecimal digits.
            id: String,
            /// Who wrote it.
            consumer: Reviewer,
            /// What it is about.
            business_unit: ReviewedBusinessUnit,
            /// The location it is about.
            location: Location,
            /// 1 to 5.
            stars: u64,
            /// Its heading.
            title: String,
            /// Its text. Anybody could write it: never HTML.
            text: String,
            /// ISO 639-1.
            language: String,
            /// When it was written.
            created_at: Date,
            /// When it happened.
            experienced_at: Date,
            /// When it was last changed.
            updated_at: Date,
            /// What the business answered.
            company_reply: CompanyReply,
            /// Whether the platform vouches for it.
            is_verified: bool,
            /// Where it came from.
            source: String,
            /// How many found it useful.
            number_of_likes: u64,
            /// For example `active`.
            status: String,
            /// Why and by whom it was reported.
            report_data: ReportData,
            /// The platform's labels.
            compliance_labels: Vec<Value>,
            /// Whether it counts towards the TrustScore.
            counts_towards_trust_score: bool,
            /// Whether it counts towards that of its location.
            counts_towards_location_trust_score: bool,
            /// The invitation it came from.
            invitation: Value,
            /// Business units it was moved from.
            business_unit_history: Vec<Value>,
            /// How the platform checked it.
            review_verification_level: String,
            /// Related things.
            links: Vec<Link>,
        }

        /// Who wrote a review.
        Reviewer {
            /// 24 hexadecimal digits.
            id: String,
            /// The name to show.
            display_name: String,
            /// Where, as text.
            display_location: String,
            /// How many reviews.
            number_of_reviews: u64,
            /// Related things, among them the picture.
            links: Vec<Link>,
        }

        /// What a review is about.
        ReviewedBusinessUnit {
            /// 24 hexadecimal digits.
            id: String,
            /// The domain that it is found by.
            identifying_name: String,
            /// The name to show.
            display_name: String,
            /// Related things.
            links: Vec<Link>,
        }

        /// A location of a business.
        Location {
            /// Its id.
            id: String,
            /// Its name.
            name: String,
            /// Its name in addresses.
            url_formatted_name: String,
            /// The business' own id of it.
            external_id: String,
        }

        /// What a business answered to a review.
        CompanyReply {
            /// Its text.
            text: String,
            /// When it was written.
            created_at: Date,
            /// When it was last changed.
            updated_at: Date,
        }

        /// Why and by whom a review was reported.
        ReportData {
            /// Who.
            source: String,
            /// What the platform says of it.
            public_comment: String,
            /// When.
            created_at: Date,
            /// Why.
            reasons: Vec<Value>,
            /// Why, as one word.
            reason: String,
            /// Who may still see it.
            review_visibility: String,
        }

        /// Who found a review useful.
        Likes {
            /// The likes. The members of one are not documented.
            likes: Vec<Like>,
            /// Related things.
            links: Vec<Link>,
        }

        /// Somebody who found a review useful.
        Like {
            /// When.
            created_at: Date,
        }
    }
}
#[cfg(feature = "serde")]
pub use answers::*;
