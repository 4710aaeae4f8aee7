//! Conversations about product reviews: <https://developers.trustpilot.com/product-reviews-api>.

use serde_json::Value;

use crate::api::Endpoint;
use crate::api::endpoint::{Kind, Parameter, endpoint, optional, required, subject};

const ID: Parameter = subject("conversationId", Kind::Id, "The conversation's id.");
const COMMENT: Parameter = subject("commentId", Kind::Id, "The comment's id.");
const CONTENT: Parameter = required("content", Kind::Prose, "What is said.");
const INTEGRATION: Parameter = optional(
    "integrationId",
    Kind::Text,
    "The id of the integration that says it.",
);

endpoint!(
    /// A conversation with its comments.
    PRIVATE_CONVERSATION = Get "conversations" "privateConversation"
    "/private/conversations/{conversationId}" ("Product Reviews API/Get conversation")
    [ID] -> PrivateConversation, "id", Never
);
endpoint!(
    /// A comment in a conversation.
    GET_COMMENT = Get "conversations" "comment"
    "/private/conversations/{conversationId}/comments/{commentId}"
    ("Product Reviews API/Get comment")
    [ID, COMMENT] -> PrivateComment, "", Never
);
endpoint!(
    /// Says something in a conversation.
    CREATE_COMMENT = Post "conversations" "createComment"
    "/private/conversations/{conversationId}/comments" ("Product Reviews API/Create comment")
    [ID, CONTENT, INTEGRATION] -> PrivateComment, "commentId", Never
);
endpoint!(
    /// Says it in other words.
    UPDATE_COMMENT = Put "conversations" "updateComment"
    "/private/conversations/{conversationId}/comments/{commentId}"
    ("Product Reviews API/Update comment")
    [ID, COMMENT, CONTENT, INTEGRATION] -> Value, "", Never
);
endpoint!(
    /// Shows a conversation to everyone, or to its two sides alone.
    SET_STATE = Post "conversations" "setState" "/private/conversations/{conversationId}/state"
    ("Product Reviews API/Set conversation state")
    [ID, subject("state", Kind::Word, "Who sees it.").among(&["public", "private"])]
    -> Value, "", Never
);

pub(super) const ALL: &[Endpoint] = &[
    PRIVATE_CONVERSATION,
    GET_COMMENT,
    CREATE_COMMENT,
    UPDATE_COMMENT,
    SET_STATE,
];

mod answers {
    use crate::api::answer::{Date, answers};

    answers! {
        "camelCase":
        /// A conversation about a product review, as the business sees it.
        PrivateConversation {
            /// 24 hexadecimal digits.
            id: String,
            /// The business unit's id.
            business_unit_id: String,
            /// The id of the consumer that it is with.
            consumer_id: String,
            /// For example `Product reviews`.
            source: String,
            /// The id of what it is about there.
            source_id: String,
            /// `public` or `private`.
            state: String,
            /// What was said.
            comments: Vec<PrivateComment>,
        }

        /// What somebody said in a conversation.
        PrivateComment {
            /// 24 hexadecimal digits.
            comment_id: String,
            /// When it was said.
            created_at: Date,
            /// Who said it.
            author: CommentAuthor,
            /// Its text. Anybody could write it: never HTML.
            content: String,
        }

        /// Who said something.
        CommentAuthor {
            /// 24 hexadecimal digits.
            id: String,
            /// For example `businessUser`.
            kind = "type": String,
        }
    }
}
pub use answers::*;
