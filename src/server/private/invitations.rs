//! Invitations to review: <https://developers.trustpilot.com/invitation-api>.

use serde_json::Value;

use super::{BRAND, BUSINESS_UNIT, GOOGLE_CATEGORY, GTIN, IMAGE_URL, MPN, NAME, PRODUCT_URL, SKU};
use crate::api::Endpoint;
use crate::api::endpoint::{Kind, Members, Parameter, endpoint, optional, required};

/// These endpoints have a host of their own; the token is the same.
pub const BASE: &str = "https://invitations-api.trustpilot.com/v1";

const TEMPLATE: Parameter = optional(
    "templateId",
    Kind::Id,
    "The template of the mail; `invitations.templates` has them.",
);
const SEND_TIME: Parameter = optional(
    "preferredSendTime",
    Kind::DateTime,
    "When it is sent, in UTC. The platform's pages spell it `09/07/2013 13:37:00`; that ISO 8601 is \
     taken too is seen in code, not documented.",
);
const REDIRECT: Parameter = optional(
    "redirectUri",
    Kind::Uri,
    "Where the customer goes after the review.",
);
const LOCALE: Parameter = optional("locale", Kind::Locale, "The language, such as `en-US`.");
const TAGS: Parameter = optional("tags", Kind::Texts, "Tags that the review gets.");

const SERVICE_REVIEW: Members = Members {
    name: "ServiceReviewInvitationInput",
    docs: "An invitation to review the business.",
    fields: &[TEMPLATE, SEND_TIME, REDIRECT, TAGS],
    one_of: &[],
};
const PRODUCT: Members = Members {
    name: "InvitedProductInput",
    docs: "A product that a review is wanted of.",
    fields: &[
        SKU,
        NAME,
        MPN,
        BRAND,
        IMAGE_URL,
        PRODUCT_URL,
        GTIN,
        GOOGLE_CATEGORY,
    ],
    one_of: &[],
};
const PRODUCT_REVIEW: Members = Members {
    name: "ProductReviewInvitationInput",
    docs: "An invitation to review products. It has `products` or `productSkus`.",
    fields: &[
        TEMPLATE,
        SEND_TIME,
        REDIRECT,
        optional("products", Kind::Objects, "The products.").of(&PRODUCT),
        optional(
            "productSkus",
            Kind::Texts,
            "The stock keeping units of products that Trustpilot knows.",
        ),
    ],
    one_of: &[&["products", "productSkus"]],
};

endpoint!(
    /// Invites a customer by mail.
    EMAIL = Post "invitations" "email"
    "/private/business-units/{businessUnitId}/email-invitations"
    ("Invitation API/Create invitations (private)")
    [
        BUSINESS_UNIT,
        required("consumerEmail", Kind::Email, "Whom the mail goes to."),
        optional("consumerName", Kind::Text, "Their name."),
        optional("referenceNumber", Kind::Text, "The business' own number, for example of the order."),
        LOCALE,
        optional("locationId", Kind::Text, "The location that they were at."),
        optional("senderName", Kind::Text, "Whom the mail is from."),
        optional("senderEmail", Kind::Email, "The address it is from."),
        optional("replyTo", Kind::Email, "Where answers go."),
        optional("type", Kind::Text, "For example `email`."),
        optional("serviceReviewInvitation", Kind::Object, "To review the business.").of(&SERVICE_REVIEW),
        optional(
            "productReviewInvitation",
            Kind::Object,
            "To review products; it is sent after the one to review the business.",
        )
        .of(&PRODUCT_REVIEW),
    ]
    -> Value, "", Never; at BASE
);
endpoint!(
    /// An address at which a customer reviews the business.
    LINKS = Post "invitations" "links"
    "/private/business-units/{businessUnitId}/invitation-links"
    ("Invitation API/Generate service review invitation link (private)")
    [
        BUSINESS_UNIT,
        optional("email", Kind::Email, "The customer's address of electronic mail."),
        optional("name", Kind::Text, "The customer's name."),
        optional("referenceId", Kind::Text, "The business' own number, for example of the order."),
        LOCALE,
        optional("locationId", Kind::Text, "The location that they were at."),
        TAGS,
        REDIRECT,
    ]
    -> InvitationLink, "url", Never; at BASE
);
endpoint!(
    /// The templates that mails are made of.
    TEMPLATES = Get "invitations" "templates"
    "/private/business-units/{businessUnitId}/templates"
    ("Invitation API/Get list of invitation templates (private)")
    [BUSINESS_UNIT] -> InvitationTemplates, "templates", Never; at BASE
);
endpoint!(
    /// Deletes what is known of customers that were invited: of those at some addresses, or all
    /// that is older than a day. It cannot be undone.
    DELETE_DATA = Post "invitations" "deleteData"
    "/private/business-units/{businessUnitId}/invitation-data/delete"
    ("Invitation API/Delete invitation data (private)")
    [
        BUSINESS_UNIT,
        optional("customerEmails", Kind::Emails, "Of these; or else `deleteOlderThan`."),
        optional("deleteOlderThan", Kind::DateTime, "Older than this; or else `customerEmails`."),
    ]
    -> Value, "", Never; at BASE; one of &[&["customerEmails", "deleteOlderThan"]]
);

pub(super) const ALL: &[Endpoint] = &[EMAIL, LINKS, TEMPLATES, DELETE_DATA];

mod answers {
    use crate::api::answer::{Url, answers};

    answers! {
        "camelCase":
        /// Where a customer reviews the business.
        InvitationLink {
            /// Its id.
            id: String,
            /// The address.
            url: Url,
        }

        /// What mails are made of.
        InvitationTemplates {
            /// The templates.
            templates: Vec<InvitationTemplate>,
        }

        /// What a mail is made of. Its members are seen in code, not documented.
        InvitationTemplate {
            /// 24 hexadecimal digits.
            id: String,
            /// Its name.
            name: String,
            /// Whether it is used where none is named.
            is_default_template: bool,
            /// Its language.
            locale: String,
            /// What it invites to.
            kind = "type": String,
        }
    }
}
pub use answers::*;
