//! Conversations about product reviews: <https://developers.trustpilot.com/product-reviews-api>.

use crate::api::Endpoint;
use crate::api::endpoint::{Kind, endpoint, subject};

endpoint!(
    /// A public conversation about a product review.
    GET = Get "conversations" "get" "/conversations/{conversationId}"
    ("Product Reviews API/Get public conversation")
    [subject("conversationId", Kind::Id, "The conversation's id.")] -> Conversation, "", Day
);

pub(super) const ALL: &[Endpoint] = &[GET];

#[cfg(feature = "serde")]
mod answers {
    use serde_json::Value;

    use super::super::Link;
    use crate::api::answer::{Date, answers};

    answers! {
        "camelCase":
        /// A conversation. Its members are unverified.
        Conversation {
            /// 24 hexadecimal digits.
            id: String,
            /// For example `public`.
            state: String,
            /// When it was begun.
            created_at: Date,
            /// What was said.
            comments: Vec<Comment>,
            /// Related things.
            links: Vec<Link>,
        }

        /// What somebody said. Its members are unverified.
        Comment {
            /// 24 hexadecimal digits.
            id: String,
            /// Its text. Anybody could write it: never HTML.
            content: String,
            /// When it was written.
            created_at: Date,
            /// When it was last changed.
            updated_at: Date,
            /// Who wrote it.
            author: Value,
        }
    }
}
#[cfg(feature = "serde")]
pub use answers::*;
