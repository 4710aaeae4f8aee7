//! A service review, its tags, its answer: <https://developers.trustpilot.com/service-reviews-api>.

use serde_json::Value;

use super::TAG;
use crate::api::Endpoint;
use crate::api::endpoint::{Kind, Parameter, endpoint, optional, required, subject};

const ID: Parameter = subject("reviewId", Kind::Id, "The review's id.");

endpoint!(
    /// A review with what only the business may know of it.
    PRIVATE_REVIEW = Get "reviews" "privateReview" "/private/reviews/{reviewId}"
    ("Service Reviews API/Get private review")
    [ID] -> PrivateReview, "id", Never
);
endpoint!(
    /// The tags of a review. What the answer looks like is documented nowhere: as in a private
    /// review, unverified.
    TAGS = Get "reviews" "tags" "/private/reviews/{reviewId}/tags"
    ("Service Reviews API/Get list of tags for a review")
    [ID] -> Tags, "", Never
);
endpoint!(
    /// Adds tags to a review.
    ADD_TAGS = Put "reviews" "addTags" "/private/reviews/{reviewId}/tags"
    ("Service Reviews API/Add tags to a review")
    [ID, subject("tags", Kind::Objects, "The tags.").of(&TAG)] -> Value, "", Never
);
endpoint!(
    /// Gives a review these tags.
    SET_TAGS = Post "reviews" "setTags" "/private/reviews/{reviewId}/tags"
    ("Service Reviews API/Set tags on review")
    [ID, subject("tags", Kind::Objects, "The tags.").of(&TAG)] -> Value, "", Never
);
endpoint!(
    /// Takes a tag from a review.
    REMOVE_TAGS = Delete "reviews" "removeTags" "/private/reviews/{reviewId}/tags"
    ("Service Reviews API/Remove a tag from a review")
    [
        ID,
        required("group", Kind::Text, "The tag's group."),
        required("value", Kind::Text, "The tag's value."),
    ]
    -> Value, "", Never
);
endpoint!(
    /// Answers a review in public.
    REPLY = Post "reviews" "reply" "/private/reviews/{reviewId}/reply"
    ("Service Reviews API/Reply to a review")
    [
        ID,
        required("message", Kind::Prose, "The answer."),
        optional(
            "authorBusinessUserId",
            Kind::Id,
            "The id of the user of Trustpilot Business in whose name it is. Every example of the \
             platform has it.",
        ),
        optional("submittedAt", Kind::DateTime, "When it was written."),
    ]
    -> Value, "", Never
);
endpoint!(
    /// Takes the answer to a review back.
    DELETE_REPLY = Delete "reviews" "deleteReply" "/private/reviews/{reviewId}/reply"
    ("Service Reviews API/Delete a reply to a review")
    [ID] -> Value, "", Never
);
endpoint!(
    /// Asks the author of a review, through the platform, who they are.
    CREATE_FIND_REVIEWER_REQUEST = Post "reviews" "createFindReviewerRequest"
    "/private/reviews/{reviewId}/find-reviewer"
    ("Service Reviews API/Create Find Reviewer request for a review")
    [
        ID,
        optional("message", Kind::Prose, "What is said to the author."),
        optional(
            "skipNotificationEmailToBusinessUser",
            Kind::Flag,
            "Whether the business is spared a mail about it.",
        ),
    ]
    -> Value, "", Never
);

pub(super) const ALL: &[Endpoint] = &[
    PRIVATE_REVIEW,
    TAGS,
    ADD_TAGS,
    SET_TAGS,
    REMOVE_TAGS,
    REPLY,
    DELETE_REPLY,
    CREATE_FIND_REVIEWER_REQUEST,
];

mod answers {
    use serde_json::Value;

    use crate::api::answer::{Date, answers};
    use crate::api::trustpilot::Link;
    use crate::api::trustpilot::reviews::{Location, ReportData, ReviewedBusinessUnit, Reviewer};

    answers! {
        "camelCase":
        /// A service review as the business sees it.
        PrivateReview {
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
            company_reply: PrivateCompanyReply,
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
            invitation: ReviewInvitation,
            /// Business units it was moved from.
            business_unit_history: Vec<FormerBusinessUnit>,
            /// How the platform checked it.
            review_verification_level: String,
            /// The business' own number, for example of the order.
            reference_id: String,
            /// Where the author was invited.
            referral_email: String,
            /// Its tags.
            tags: Vec<Tag>,
            /// Whether its author can be asked who they are, and what came of it.
            find_reviewer: FindReviewer,
            /// Related things.
            links: Vec<Link>,
        }

        /// What a business answered, and who of it.
        PrivateCompanyReply {
            /// Its text.
            text: String,
            /// The id of the user of Trustpilot Business who wrote it.
            author_business_user_id: String,
            /// When it was written.
            created_at: Date,
            /// When it was last changed.
            updated_at: Date,
        }

        /// The invitation that a review came from.
        ReviewInvitation {
            /// The business unit that invited.
            business_unit_id: String,
        }

        /// A business unit that a review belonged to.
        FormerBusinessUnit {
            /// 24 hexadecimal digits.
            business_unit_id: String,
            /// The domain that it was found by.
            identifying_name: String,
            /// The name to show.
            display_name: String,
            /// When the review was moved.
            change_date: Date,
        }

        /// The tags of a review.
        Tags {
            /// The tags.
            tags: Vec<Tag>,
            /// Related things.
            links: Vec<Link>,
        }

        /// A tag of a review.
        Tag {
            /// Its group.
            group: String,
            /// Its value.
            value: String,
        }

        /// Whether the author of a review can be asked who they are, and what came of it.
        FindReviewer {
            /// Whether they can.
            is_eligible: bool,
            /// When they were.
            requests: Vec<FindReviewerRequest>,
        }

        /// Asking the author of a review who they are.
        FindReviewerRequest {
            /// Its id.
            id: String,
            /// When it was made.
            created: Date,
            /// How it stands.
            status: String,
            /// What the author was told.
            business_user_message: String,
            /// What the author answered.
            consumer_response: ConsumerResponse,
        }

        /// What the author of a review told of themselves.
        ConsumerResponse {
            /// The business' own number, for example of the order.
            reference_id: String,
            /// The name.
            name: String,
            /// When it was answered.
            submitted_at: Date,
            /// The telephone number.
            phone_number: String,
            /// The address.
            address: String,
            /// What else. Anybody could write it: never HTML.
            message: String,
            /// The address of electronic mail.
            email: String,
        }
    }
}
pub use answers::*;
