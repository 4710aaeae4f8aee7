//! Private product reviews: <https://developers.trustpilot.com/product-reviews-api>.

use super::{BRAND, BUSINESS_UNIT, GTIN, IMAGE_URL, MPN, NAME, PRODUCT_URL, SKU};
use crate::api::Endpoint;
use crate::api::endpoint::{
    Kind, Members, Paging, Parameter, endpoint, optional, required, subject,
};
use crate::api::trustpilot::{LANGUAGE, LOCALE, PAGE, PER_PAGE, pages};

const ID: Parameter = subject("reviewId", Kind::Id, "The product review's id.");

const CONSUMER: Members = Members {
    name: "ConsumerInput",
    docs: "Whose review is wanted.",
    fields: &[
        required("email", Kind::Email, "The address of electronic mail."),
        required("name", Kind::Text, "The name."),
    ],
    one_of: &[],
};
const PRODUCT: Members = Members {
    name: "ReviewedProductInput",
    docs: "A product that a review is wanted of.",
    fields: &[PRODUCT_URL, IMAGE_URL, NAME, SKU, GTIN, MPN, BRAND],
    one_of: &[],
};

endpoint!(
    /// Reviews of a business unit's products with what only the business may know of them.
    PRIVATE_REVIEWS = Get "productReviews" "privateReviews"
    "/private/product-reviews/business-units/{businessUnitId}/reviews"
    ("Product Reviews API/Get private product reviews")
    [
        BUSINESS_UNIT,
        PAGE,
        PER_PAGE,
        optional("sku", Kind::Texts, "Only those of products with these stock keeping units."),
        LANGUAGE,
        optional("state", Kind::Words, "Only those in these states; `published` where none is given.")
            .among(&["published", "unpublished", "underModeration", "archived"]),
        LOCALE,
    ]
    -> PrivateProductReviews, "productReviews", Never, pages("productReviews")
);
endpoint!(
    /// A product review with what only the business may know of it.
    PRIVATE_REVIEW = Get "productReviews" "privateReview" "/private/product-reviews/{reviewId}"
    ("Product Reviews API/Get private product review")
    [ID, LOCALE] -> PrivateProductReview, "id", Never
);
endpoint!(
    /// How all products of a business unit are rated.
    SUMMARIES = Get "productReviews" "summaries"
    "/private/product-reviews/business-units/{businessUnitId}/summaries"
    ("Product Reviews API/Get product reviews summaries list")
    [
        BUSINESS_UNIT,
        PAGE,
        optional("perPage", Kind::PerLargePage, "How many a page has: 1 to 1000."),
    ]
    -> ProductSummaries, "summaries", Never,
    Paging { most: 1_000, ..pages("summaries") }
);
endpoint!(
    /// An address at which a customer reviews products.
    INVITATION_LINKS = Post "productReviews" "invitationLinks"
    "/private/product-reviews/business-units/{businessUnitId}/invitation-links"
    ("Product Reviews API/Create product review invitation link")
    [
        BUSINESS_UNIT,
        required("consumer", Kind::Object, "Whose review is wanted.").of(&CONSUMER),
        required("referenceId", Kind::Text, "The business' own number, for example of the order."),
        required("locale", Kind::Locale, "The language of the page, such as `en-US`."),
        optional("redirectUri", Kind::Uri, "Where the customer goes after it."),
        optional("products", Kind::Objects, "The products; or else `productIds`.").of(&PRODUCT),
        optional("productIds", Kind::Texts, "The products' ids at Trustpilot."),
    ]
    -> ProductInvitationLink, "reviewUrl", Never; one of &[&["products", "productIds"]]
);
endpoint!(
    /// Makes a product review ready for a conversation, and gives it its id.
    CREATE_CONVERSATION = Post "productReviews" "createConversation"
    "/private/product-reviews/{reviewId}/create-conversation"
    ("Product Reviews API/Create product review conversation")
    [ID] -> ConversationId, "conversationId", Never
);

pub(super) const ALL: &[Endpoint] = &[
    PRIVATE_REVIEWS,
    PRIVATE_REVIEW,
    SUMMARIES,
    INVITATION_LINKS,
    CREATE_CONVERSATION,
];

mod answers {
    use crate::api::answer::{Date, Url, answers};
    use crate::api::trustpilot::Link;
    use crate::api::trustpilot::product_reviews::{AttributeRating, ProductSummary};

    answers! {
        "camelCase":
        /// Some product reviews as the business sees them.
        PrivateProductReviews {
            /// The product reviews.
            product_reviews: Vec<PrivateProductReview>,
            /// Related things, among them the next page.
            links: Vec<Link>,
        }

        /// A product review as the business sees it. Its members are seen in code, not documented.
        PrivateProductReview {
            /// 24 hexadecimal digits.
            id: String,
            /// When it was written.
            created_at: Date,
            /// 1 to 5.
            stars: u64,
            /// Its text. Anybody could write it: never HTML.
            content: String,
            /// What it is about.
            product: ReviewedProduct,
            /// Who wrote it.
            consumer: PrivateConsumer,
            /// ISO 639-1.
            language: String,
            /// The locale it was written in.
            locale: String,
            /// For example `published`.
            state: String,
            /// The business' own number, for example of the order.
            reference_id: String,
            /// The conversation about it, where there is one.
            conversation_id: String,
            /// How the author rated attributes.
            attribute_ratings: Vec<AttributeRating>,
            /// Pictures and the like.
            attachments: Vec<Attachment>,
            /// Related things.
            links: Vec<Link>,
        }

        /// A product that was reviewed.
        ReviewedProduct {
            /// Its id at Trustpilot.
            id: String,
            /// The stock keeping unit.
            sku: String,
            /// Its name.
            name: String,
        }

        /// Who wrote a review, as the business knows them.
        PrivateConsumer {
            /// 24 hexadecimal digits.
            id: String,
            /// The address of electronic mail.
            email: String,
            /// The name.
            name: String,
        }

        /// Something that came with a review.
        Attachment {
            /// Its id.
            id: String,
            /// How it stands.
            state: String,
            /// It in several sizes.
            processed_files: Vec<ProcessedFile>,
        }

        /// An attachment in one size.
        ProcessedFile {
            /// The size.
            dimension: String,
            /// Its media type.
            mime_type: String,
            /// Where it is.
            url: Url,
        }

        /// How products are rated.
        ProductSummaries {
            /// One for each product.
            summaries: Vec<ProductSummary>,
            /// Related things, among them the next page.
            links: Vec<Link>,
        }

        /// Where a customer reviews products.
        ProductInvitationLink {
            /// Its id.
            review_link_id: String,
            /// The address.
            review_url: Url,
        }

        /// The conversation about a product review.
        ConversationId {
            /// 24 hexadecimal digits.
            conversation_id: String,
        }
    }
}
pub use answers::*;
