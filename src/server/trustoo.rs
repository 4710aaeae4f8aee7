//! Trustoo's Open API (<https://apidoc.trustoo.io>). Of some endpoints only the address is known, of
//! some not even that: those are not here, and are reached by a request of one's own.
//!
//! Marks in the docs: what stands in **use** alone is seen in programs that call it, in no document.

use crate::Code;
use crate::api::endpoint::{
    Kind, Members, Paging, Parameter, endpoint, optional, required, subject,
};
use crate::api::{Endpoint, Platform};

/// The platform. The numbers of its envelope are those of gRPC; of 8 its page says "rejected".
pub const PLATFORM: Platform = Platform {
    id: "trustoo",
    base: "https://rapi.trustoo.io/api/v1/openapi",
    endpoints: &[ENDPOINTS],
    envelope: Some(&[
        (1, Code::ServerError),
        (4, Code::ServerError),
        (5, Code::NotFound),
        (8, Code::Forbidden),
        (13, Code::ServerError),
        (16, Code::Unauthorized),
    ]),
    rating: &[
        ("value", "rating_value"),
        ("count", "review_count"),
        (
            "distribution",
            "star1_count,star2_count,star3_count,star4_count,star5_count",
        ),
    ],
    review: &[
        ("id", "id"),
        ("stars", "rating"),
        ("title", "title"),
        ("text", "content"),
        ("createdAt", "commented_at"),
        ("author", "author"),
        ("replyText", "reply.content"),
        ("replyCreatedAt", "reply.reply_at"),
        ("verified", "is_verified"),
    ],
};

const PAGES: Paging = Paging {
    parameter: "page",
    items: "list",
    next: "page",
    most: 100,
    per_page: "pageSize",
};

const PAGE: Parameter = optional("page", Kind::Whole, "Which page, from 1.");
const PAGE_SIZE: Parameter = optional(
    "pageSize",
    Kind::PerPage,
    "How many a page has; 20 where it is not said.",
)
.sent_as("page_size");
const SORT_BY: Parameter = optional("sortBy", Kind::Word, "The order.")
    .sent_as("sort_by")
    .among(&["created-ascending", "created-descending"]);
const SHOP_ID: Parameter = optional(
    "shopId",
    Kind::Text,
    "The shop's id at Shopify: text, since it can be long.",
)
.sent_as("shop_id");
const SHOP_DOMAIN: Parameter =
    optional("myshopifyDomain", Kind::Domain, "Its domain there.").sent_as("myshopify_domain");
const WEBHOOK_ID: Parameter = subject("id", Kind::Text, "The webhook's id.");
const TOPICS: &[&str] = &[
    "review/created",
    "review/updated",
    "review/deleted",
    "customer_event/created",
];
const TOPIC: Parameter = required("topic", Kind::Word, "What it tells of.").among(TOPICS);
const URL: Parameter = required("url", Kind::Uri, "Where it is sent to.");
const EMAILS: &[&str] = include!("email_types.in");

static REPLY: Members = Members {
    name: "NewReply",
    docs: "What the shop answers to a review.",
    fields: &[
        optional("content", Kind::Prose, "Its text."),
        optional(
            "repliedAt",
            Kind::Text,
            "When, such as `2025-06-20 00:00:00`.",
        )
        .sent_as("reply_at"),
    ],
    one_of: &[],
};

endpoint!(
    /// The address that a merchant authorizes a platform at, as Trustoo makes it. `authorizeUrl`
    /// makes one without a call.
    AUTHORIZE_URL = Get "authorization" "url" "/get_oauth_authorize_url"
    ("Get OAuth2 Authorization URL")
    [
        required("clientId", Kind::Text, "The platform's client id.").sent_as("client_id"),
        required("redirectUri", Kind::Uri, "Where the merchant comes back to.")
            .sent_as("redirect_uri"),
        required("state", Kind::Text, "What the answer has to bring back."),
        optional("scope", Kind::Texts, "What is asked for."),
    ]
    -> AuthorizeUrl, "authorize_url", Never
);
endpoint!(
    /// Ends the authorization of the token's platform for its shop. Bearer alone.
    DISCONNECT = Post "authorization" "disconnect" "/oauth/disconnect"
    ("Disconnect Authorization")
    [] -> serde_json::Value, "", Never
);
endpoint!(
    /// What a shop has granted the platform. Client id and secret go into the query.
    AUTHORIZATION = Get "authorization" "info" "/get_shop_authorization_info"
    ("Get Shop Authorization Info")
    [SHOP_ID, SHOP_DOMAIN] -> Authorization, "", Never
);
endpoint!(
    /// Whether a shop has installed Trustoo. Client id and secret go into the query.
    INSTALLATION = Get "authorization" "installation" "/get_shop_install_status"
    ("Get Shop Installation Status")
    [SHOP_ID, SHOP_DOMAIN] -> Installation, "", Never
);

endpoint!(
    /// Subscribes to what happens in the shop.
    CREATE_WEBHOOK = Post "webhooks" "create" "/create_shop_webhook" ("Create shop webhook")
    [TOPIC, URL] -> Webhook, "id", Never
);
endpoint!(
    /// Changes a subscription.
    UPDATE_WEBHOOK = Post "webhooks" "update" "/update_shop_webhook" ("Update shop webhook")
    [WEBHOOK_ID, TOPIC, URL] -> Webhook, "", Never
);
endpoint!(
    /// Ends a subscription. The body's member `id` is seen in use alone.
    DELETE_WEBHOOK = Post "webhooks" "delete" "/delete_shop_webhook" ("Delete shop webhook")
    [WEBHOOK_ID] -> serde_json::Value, "", Never
);
endpoint!(
    /// The subscriptions.
    WEBHOOKS = Get "webhooks" "list" "/get_shop_webhooks" ("Get shop webhooks")
    [] -> Vec<Webhook>, "", Never
);

endpoint!(
    /// A list of reviews. Its parameters are seen in use alone.
    REVIEWS = Get "reviews" "list" "/get_reviews" ("Get review list")
    [
        optional("productIds", Kind::Texts, "Of these products.").sent_as("product_ids"),
        optional("isStoreReview", Kind::Bit, "Of the store, or of products.")
            .sent_as("is_store_review"),
        optional("keyword", Kind::Text, "With this in them."),
        optional("ratings", Kind::Stars, "With these stars."),
        optional("sources", Kind::Texts, "From these sources."),
        SORT_BY,
        PAGE_SIZE,
        PAGE,
    ]
    -> Reviews, "list", Never, PAGES
);
endpoint!(
    /// Makes a review of a product, or of the store.
    CREATE_REVIEW = Post "reviews" "create" "/create_review" ("Create review")
    [
        required("rating", Kind::Whole, "1 to 5."),
        required("author", Kind::Text, "Who wrote it, at most 120 characters."),
        optional("productId", Kind::Text, "The product at Shopify; none, or 0: the store.")
            .sent_as("product_id"),
        optional("orderId", Kind::Text, "The order at Shopify.").sent_as("order_id"),
        optional("title", Kind::Text, "At most 300 characters."),
        optional("content", Kind::Prose, "At most 10,000 characters."),
        optional("authorEmail", Kind::Email, "The author's address.").sent_as("author_email"),
        optional("authorPhone", Kind::Text, "The author's telephone.").sent_as("author_phone"),
        optional("authorCountry", Kind::Country, "Where the author lives.")
            .sent_as("author_country"),
        optional("commentedAt", Kind::Text, "When it was written, such as `2025-06-20 00:00:00`. One page of the platform asks for it.")
            .sent_as("commented_at"),
        optional("itemType", Kind::Text, "The variant, at most 120 characters.")
            .sent_as("item_type"),
        optional("source", Kind::Text, "Where it is from, such as `Shop` or `Email request`. One page of the platform asks for it."),
        optional("tag", Kind::Text, "A label."),
        optional("isVerified", Kind::Bit, "Whether the author bought it. One page asks for this and the next three.")
            .sent_as("is_verified"),
        optional("isFeatured", Kind::Bit, "Whether it is featured.").sent_as("is_featured"),
        optional("isPublished", Kind::Bit, "Whether it is shown.").sent_as("is_published"),
        optional("isTop", Kind::Bit, "Whether it is pinned.").sent_as("is_top"),
        optional("media", Kind::Any, "Images and a video: an object on one page of the platform, a list on another."),
        optional("reply", Kind::Object, "What the shop answers.").of(&REPLY),
    ]
    -> serde_json::Value, "", Never
);
endpoint!(
    /// Deletes a review. The body's member `id` is seen in use alone.
    DELETE_REVIEW = Post "reviews" "delete" "/delete_review" ("Delete review")
    [subject("id", Kind::Text, "The review's id.")] -> serde_json::Value, "", Never
);
endpoint!(
    /// How a product, the store or all products are rated.
    RATING = Get "reviews" "rating" "/get_rating" ("Get rating")
    [
        optional("productId", Kind::Text, "Of this product.").sent_as("product_id"),
        optional("productHandle", Kind::Text, "Of this product, by its handle.")
            .sent_as("product_handle"),
        optional("isStoreRating", Kind::Bit, "Of the store.").sent_as("is_store_rating"),
        optional("isAllProductsRating", Kind::Bit, "Of all products.")
            .sent_as("is_all_products_rating"),
        optional("isAllRating", Kind::Bit, "Of all of it.").sent_as("is_all_rating"),
    ]
    -> Rating, "rating_value", Never
);

endpoint!(
    /// Orders that reviews are asked for.
    ORDERS = Get "orders" "list" "/get_orders" ("Get order list")
    [
        optional("type", Kind::Word, "0 all, 1 waiting, 2 scheduled, 3 sent, 4 opened, 5 evaluated, 6 cancelled.")
            .among(&["0", "1", "2", "3", "4", "5", "6"]),
        optional("startSentAt", Kind::Text, "Sent from this time on; its spelling is not documented.")
            .sent_as("start_sent_at"),
        optional("endSentAt", Kind::Text, "Sent until then.").sent_as("end_sent_at"),
        optional("startTime", Kind::Text, "Made from this time on.").sent_as("start_time"),
        optional("endTime", Kind::Text, "Made until then.").sent_as("end_time"),
        SORT_BY,
        PAGE_SIZE,
        PAGE,
    ]
    -> List, "list", Never, PAGES
);
endpoint!(
    /// What customers do with reviews.
    CUSTOMER_EVENTS = Get "customerEvents" "list" "/get_customer_events" ("Get customer event list")
    [
        optional("eventType", Kind::Text, "Such as `VIEW_REVIEW` or `CLICK_MEDIA`.")
            .sent_as("event_type"),
        optional("osType", Kind::Text, "Such as `IOS` or `WINDOWS`.").sent_as("os_type"),
        optional("eventSource", Kind::Text, "Such as `STOREFRONT` or `EMAIL`.")
            .sent_as("event_source"),
        SORT_BY,
        PAGE_SIZE,
        PAGE,
    ]
    -> List, "list", Never, PAGES
);
endpoint!(
    /// Sends a customer no more mail of a kind.
    UNSUBSCRIBE = Post "customers" "unsubscribe" "/email_unsubscribe" ("Unsubscribe")
    [
        required("email", Kind::Email, "The customer's address."),
        required("emailType", Kind::Word, "Of which kind.").sent_as("email_type").among(EMAILS),
    ]
    -> serde_json::Value, "", Never
);
endpoint!(
    /// Asks a customer for no more reviews.
    CREATE_EXCLUSION = Post "exclusions" "create" "/create_customer_exclude"
    ("Create customer exclusion")
    [required("email", Kind::Email, "The customer's address.")]
    -> Exclusion, "customer_id", Never
);
endpoint!(
    /// Asks a customer for reviews again.
    DELETE_EXCLUSION = Post "exclusions" "delete" "/delete_customer_exclude"
    ("Delete customer exclusion")
    [
        optional("customerId", Kind::Text, "The customer's id.").sent_as("customer_id"),
        optional("email", Kind::Email, "The customer's address."),
    ]
    -> serde_json::Value, "", Never; one of &[&["customerId", "email"]]
);
endpoint!(
    /// What an image is uploaded with, straight to the platform's storage.
    IMAGE_UPLOAD = Get "media" "imageUpload" "/get_image_upload_policy_token"
    ("Get Image Upload Credentials")
    [] -> ImageUpload, "host", Never
);

const ENDPOINTS: &[Endpoint] = &[
    AUTHORIZE_URL,
    DISCONNECT,
    AUTHORIZATION,
    INSTALLATION,
    CREATE_WEBHOOK,
    UPDATE_WEBHOOK,
    DELETE_WEBHOOK,
    WEBHOOKS,
    REVIEWS,
    CREATE_REVIEW,
    DELETE_REVIEW,
    RATING,
    ORDERS,
    CUSTOMER_EVENTS,
    UNSUBSCRIBE,
    CREATE_EXCLUSION,
    DELETE_EXCLUSION,
    IMAGE_UPLOAD,
];

mod answers {
    use serde_json::Value;

    use crate::api::answer::{Date, answers};

    answers! {
        "snake_case":
        /// Where a merchant authorizes a platform.
        AuthorizeUrl {
            /// The address.
            authorize_url: String,
        }

        /// What a shop has granted.
        Authorization {
            /// Whether it has granted something, as it came: `true`, or 1.
            is_authorized: Value,
            /// Since when.
            authorized_at: Date,
            /// What, with commas between.
            granted_scopes: String,
            /// The shop's id at Shopify, as text.
            shop_id: String,
            /// Its domain there.
            myshopify_domain: String,
        }

        /// Whether a shop has installed Trustoo.
        Installation {
            /// Whether it has, as it came: 1, or `true`.
            is_installed: Value,
            /// Since when.
            installed_at: Date,
        }

        /// A subscription.
        Webhook {
            /// Its id, as text.
            id: String,
            /// What it tells of.
            topic: String,
            /// Where it is sent to.
            url: String,
            /// When it was made; the platform spells this and the next in two ways.
            created_at: Date,
            /// When it was changed.
            updated_at: Date,
        }

        /// Some reviews. Their members are seen in use alone.
        Reviews {
            /// The reviews.
            list: Vec<Review>,
            /// Which page this is, of how many.
            page: Page,
        }

        /// A review.
        Review {
            /// Text or a number.
            id: Value,
            /// 1 to 5.
            rating: f64,
            /// Who wrote it.
            author: String,
            /// Its heading.
            title: String,
            /// Its text. Anybody could write it: never HTML.
            content: String,
            /// When it was written.
            commented_at: Date,
            /// Whether the author bought it, as it came: 1, or `true`.
            is_verified: Value,
            /// Images and videos.
            media: Value,
            /// What the shop answered.
            reply: Reply,
        }

        /// What a shop answered to a review.
        Reply {
            /// Its text.
            content: String,
            /// When.
            reply_at: Date,
        }

        /// Some of a list whose items are not documented.
        List {
            /// The items.
            list: Vec<Value>,
            /// Which page this is, of how many.
            page: Page,
        }

        /// Which page, of how many.
        Page {
            /// This one, from 1.
            page: u64,
            /// How many a page has.
            page_size: u64,
            /// How many pages.
            total_page: u64,
            /// How many items.
            count: u64,
        }

        /// How something is rated.
        Rating {
            /// 1 to 5; 0 where there are no reviews. It comes as text.
            rating_value: f64,
            /// How many reviews.
            review_count: u64,
            /// With one star.
            star1_count: u64,
            /// With two.
            star2_count: u64,
            /// With three.
            star3_count: u64,
            /// With four.
            star4_count: u64,
            /// With five.
            star5_count: u64,
        }

        /// A customer who is asked for no reviews.
        Exclusion {
            /// The customer's id, as text.
            customer_id: String,
            /// The given name.
            first_name: String,
            /// The family name.
            last_name: String,
            /// The address.
            email: String,
            /// The telephone.
            phone: String,
            /// When it was made.
            created_at: Date,
            /// When it was changed.
            updated_at: Date,
        }

        /// What an image is uploaded with.
        ImageUpload {
            /// Who uploads.
            access_id: String,
            /// Where to.
            host: String,
            /// Until when, in seconds since the Unix epoch, as text.
            expire: String,
            /// The policy's signature.
            signature: String,
            /// What may be uploaded, in base64.
            policy: String,
            /// What the file's name begins with.
            dir: String,
            /// What the storage tells the platform, in base64.
            callback: String,
        }
    }
}
pub use answers::*;
