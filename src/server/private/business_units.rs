//! Private reviews of a business unit: <https://developers.trustpilot.com/business-units-api>.

use super::BUSINESS_UNIT;
use crate::api::Endpoint;
use crate::api::endpoint::{Kind, endpoint, optional};
use crate::api::trustpilot::business_units::SELECTION;
use crate::api::trustpilot::{LANGUAGE, ORDER_BY, PAGE, PER_PAGE, STARS, pages};

endpoint!(
    /// Service reviews of a business unit with what only the business may know of them.
    PRIVATE_REVIEWS = Get "businessUnits" "privateReviews"
    "/private/business-units/{businessUnitId}/reviews"
    ("Business Units API/Business unit private reviews")
    [
        BUSINESS_UNIT,
        STARS,
        LANGUAGE,
        PAGE,
        PER_PAGE,
        ORDER_BY,
        SELECTION[0],
        SELECTION[1],
        SELECTION[2],
        optional("ignoreTagValueCase", Kind::Flag, "Whether `tagValue` counts in any case."),
        SELECTION[3],
        optional("referenceId", Kind::Text, "Only those with the business' own number."),
        optional("referralEmail", Kind::Email, "Only those of who was invited at this address."),
        optional("reported", Kind::Flag, "Only those that were, or were not, reported."),
        optional("startDateTime", Kind::DateTime, "Only those from then on; without a time, from midnight."),
        optional("endDateTime", Kind::DateTime, "Only those until then; without a time, until midnight."),
        optional("source", Kind::Text, "Only those from this source."),
        optional("username", Kind::Text, "Only those by authors of this name."),
        optional(
            "findReviewer",
            Kind::Text,
            "Only those whose author was, or was not, asked who they are: `contacted`, `notContacted`.",
        ),
    ]
    -> PrivateReviews, "reviews", Never, pages("reviews")
);

pub(super) const ALL: &[Endpoint] = &[PRIVATE_REVIEWS];

mod answers {
    use super::super::reviews::PrivateReview;
    use crate::api::answer::answers;
    use crate::api::trustpilot::Link;

    answers! {
        "camelCase":
        /// Some service reviews as the business sees them.
        PrivateReviews {
            /// The reviews.
            reviews: Vec<PrivateReview>,
            /// Related things, among them the next page.
            links: Vec<Link>,
        }
    }
}
pub use answers::*;
