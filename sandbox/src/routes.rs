//! Every address as data, and the matcher made of it.

use serde::Serialize;

use crate::api::{self, Act, Answer, Ask, Written};
use crate::config::Provider;
use crate::tokens::Endpoint;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Area {
    Page,
    Authorize,
    Token,
    Api,
    Control,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Handler {
    Home,
    Style,
    Script,
    SignIn(Provider),
    Decide(Provider),
    Token(Endpoint),
    TokenByGet,
    TrustooToken,
    TrustooRevoke,
    /// What the row's `answer` says.
    Api,
    Health,
    Routes,
    Data,
    ReadLink,
    Reset,
    Clock,
    SetClock,
    Requests,
    ClearRequests,
    RemoveRequest,
    Faults,
    AddFault,
    ClearFaults,
    RemoveFault,
    Config,
    SetConfig,
    Snapshot,
    Restore,
    Webhooks,
    AddWebhook,
    AnswerWebhook,
    Verify,
}

/// What opens an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Access {
    Open,
    /// An API key, or a bearer token.
    Key,
    Bearer,
    /// Trustoo: a bearer token, or a signature.
    Signed,
    /// Trustoo: id and secret of the client, in the query.
    Client,
}

#[derive(Debug, Serialize)]
pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) area: Area,
    pub(crate) description: &'static str,
    pub(crate) access: Access,
    /// The request of Trustpilot's official collection that this is.
    pub(crate) official: Option<&'static str>,
    /// The query names it knows, without `apikey`.
    pub(crate) query: &'static [&'static str],
    /// Path and query of a request that answers 200, empty for none; `api::example` fills in the
    /// ids of a world. The key is not part of it.
    pub(crate) example: &'static str,
    /// The JSON body of that request.
    pub(crate) example_body: Option<&'static str>,
    /// What of it no document settles.
    pub(crate) unverified: Option<&'static str>,
    #[serde(skip)]
    pub(crate) answer: Option<Act>,
    #[serde(skip)]
    pub(crate) handler: Handler,
}

impl Route {
    const fn official(mut self, name: &'static str) -> Self {
        self.official = Some(name);
        self
    }

    const fn query(mut self, names: &'static [&'static str]) -> Self {
        self.query = names;
        self
    }

    const fn example(mut self, target: &'static str) -> Self {
        self.example = target;
        self
    }

    const fn body(mut self, text: &'static str) -> Self {
        self.example_body = Some(text);
        self
    }

    const fn unverified(mut self, what: &'static str) -> Self {
        self.unverified = Some(what);
        self
    }

    const fn access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }
}

const fn route(
    method: &'static str,
    path: &'static str,
    area: Area,
    handler: Handler,
    description: &'static str,
) -> Route {
    Route {
        method,
        path,
        area,
        description,
        access: Access::Open,
        official: None,
        query: &[],
        example: "",
        example_body: None,
        unverified: None,
        answer: None,
        handler,
    }
}

/// An endpoint that changes something.
const fn write(
    method: &'static str,
    path: &'static str,
    access: Access,
    answer: fn(&Ask<'_>) -> Written,
    description: &'static str,
) -> Route {
    let mut row = route(method, path, Area::Api, Handler::Api, description);
    row.access = access;
    row.answer = Some(Act::Write(answer));
    row
}

/// An endpoint that a key opens.
const fn api(
    method: &'static str,
    path: &'static str,
    answer: fn(&Ask<'_>) -> Answer,
    description: &'static str,
) -> Route {
    let mut row = route(method, path, Area::Api, Handler::Api, description);
    row.access = Access::Key;
    row.answer = Some(Act::Read(answer));
    row
}

pub(crate) const TRUSTPILOT_AUTHORIZE: &str = "/authenticate";
pub(crate) const TRUSTOO_AUTHORIZE: &str = "/trustoo/oauth/authorize";
const ACCESS_TOKEN: &str = "/v1/oauth/oauth-business-users-for-applications/accesstoken";
pub(crate) const STYLE: &str = "/__sandbox/style.css";
pub(crate) const SCRIPT: &str = "/__sandbox/try.js";

use Area::{Authorize, Control, Page, Token};
use Provider::{Trustoo, Trustpilot};

pub(crate) const ROUTES: &[Route] = &[
    route("GET", "/", Page, Handler::Home, "This page."),
    route(
        "GET",
        STYLE,
        Page,
        Handler::Style,
        "The stylesheet of the sandbox's own pages.",
    ),
    route(
        "GET",
        SCRIPT,
        Page,
        Handler::Script,
        "The script of this page.",
    ),
    route(
        "GET",
        TRUSTPILOT_AUTHORIZE,
        Authorize,
        Handler::SignIn(Trustpilot),
        "Trustpilot's sign-in page: client_id, redirect_uri, response_type=token or code, state.",
    ),
    route(
        "POST",
        TRUSTPILOT_AUTHORIZE,
        Authorize,
        Handler::Decide(Trustpilot),
        "The form of that page: redirects with a token, a code or an error.",
    ),
    route(
        "GET",
        TRUSTOO_AUTHORIZE,
        Authorize,
        Handler::SignIn(Trustoo),
        "Trustoo's authorize page: client_id, redirect_uri, response_type=code, scope, state.",
    ),
    route(
        "POST",
        TRUSTOO_AUTHORIZE,
        Authorize,
        Handler::Decide(Trustoo),
        "The form of that page: redirects with a code or an error.",
    ),
    route(
        "POST",
        ACCESS_TOKEN,
        Token,
        Handler::Token(Endpoint::AccessToken),
        "Trustpilot's tokens: grant_type client_credentials, password, authorization_code, \
         refresh_token. Form body, client by Basic or in the body.",
    )
    .official("Tokens/Get Access Token"),
    route(
        "GET",
        ACCESS_TOKEN,
        Token,
        Handler::TokenByGet,
        "405, unless token_get is on.",
    ),
    route(
        "POST",
        "/v1/oauth/oauth-business-users-for-applications/refresh",
        Token,
        Handler::Token(Endpoint::Refresh),
        "The same for grant_type refresh_token alone.",
    )
    .official("Tokens/Refresh Token"),
    route(
        "POST",
        "/v1/oauth/oauth-business-users-for-applications/revoke",
        Token,
        Handler::Token(Endpoint::Revoke),
        "Revokes the token in token: a refresh token with all that came from it.",
    )
    .official("Tokens/Revoke token"),
    route(
        "POST",
        "/trustoo/api/v1/openapi/oauth/token",
        Token,
        Handler::TrustooToken,
        "Trustoo's tokens: grant_type authorization_code, refresh_token, client_credentials for \
         platforms. JSON body with client_id and client_secret.",
    ),
    route(
        "POST",
        "/trustoo/api/v1/openapi/oauth_revoke_token",
        Token,
        Handler::TrustooRevoke,
        "Revokes the token in token. JSON body with client_id and client_secret.",
    ),
    // The platforms' API.
    api(
        "GET",
        "/v1/business-units/find",
        api::business_units::find,
        "A business by its domain.",
    )
    .official("Business Units API (public)/Find a business unit")
    .query(&["name"])
    .example("/v1/business-units/find?name=example.com"),
    api(
        "GET",
        "/v1/business-units/all",
        api::business_units::all,
        "Every business, by cursor.",
    )
    .official("Business Units API (public)/Get a list of all business units")
    .query(&["country", "perPage", "cursor"])
    .example("/v1/business-units/all?perPage=3")
    .unverified("the member cursor, null at the end"),
    api(
        "GET",
        "/v1/business-units/search",
        api::business_units::search,
        "Businesses whose name or domain holds a text. The platform writes perpage here.",
    )
    .official("Business Units API/Search for business units")
    .query(&["query", "country", "page", "perpage"])
    .example("/v1/business-units/search?query=lamp&perpage=3"),
    api(
        "GET",
        "/v1/business-units/{id}",
        api::business_units::get,
        "A business by its id.",
    )
    .official("Business Units API (public)/Get public business unit")
    .example("/v1/business-units/{business}"),
    api(
        "GET",
        "/v1/business-units/{id}/profileinfo",
        api::business_units::profile_info,
        "What a business says of itself.",
    )
    .official("Business Units API/Get profile info of business unit")
    .example("/v1/business-units/{business}/profileinfo"),
    api(
        "GET",
        "/v1/business-units/{id}/customerguarantee",
        api::business_units::customer_guarantee,
        "The guarantee of a business.",
    )
    .official("Business Units API (public)/Get customer guarantee of business unit")
    .example("/v1/business-units/{business}/customerguarantee")
    .unverified("every member"),
    api(
        "GET",
        "/v1/business-units/{id}/profilepromotion",
        api::business_units::profile_promotion,
        "The promotion on the profile of a business.",
    )
    .official("Business Units API (public)/Get profile promotion of business unit")
    .example("/v1/business-units/{business}/profilepromotion")
    .unverified("every member"),
    api(
        "GET",
        "/v1/business-units/{id}/promotion-box",
        api::business_units::promotion_box,
        "The promotion box of a business.",
    )
    .official("Business Units API (public)/Get company promotion box of business unit")
    .example("/v1/business-units/{business}/promotion-box")
    .unverified("every member"),
    api(
        "GET",
        "/v1/business-units/{id}/reviews",
        api::reviews::public,
        "Reviews by page; the first 100,000 of them.",
    )
    .official("Business Units API/Get a business unit's reviews")
    .query(&[
        "stars",
        "language",
        "internalLocationId",
        "page",
        "perPage",
        "orderBy",
        "tagGroup",
        "tagValue",
        "responded",
        "includeReportedReviews",
    ])
    .example("/v1/business-units/{business}/reviews?perPage=5")
    .unverified("what follows the first 100,000: the option past_reach"),
    api(
        "GET",
        "/v1/business-units/{id}/all-reviews",
        api::reviews::all,
        "Every review, by token.",
    )
    .official("Business Units API/Get a business unit's reviews (paginate)")
    .query(&["pageToken"])
    .example("/v1/business-units/{business}/all-reviews")
    .unverified("the member nextPageToken, null at the end, and pages of 100"),
    api(
        "GET",
        "/v1/business-units/{id}/web-links",
        api::business_units::web_links,
        "Addresses of the profile on the consumer site.",
    )
    .official("Business Units API/Get a business unit's web links")
    .query(&["locale"])
    .example("/v1/business-units/{business}/web-links?locale=da-DK"),
    api(
        "GET",
        "/v1/business-units/{id}/images",
        api::business_units::images,
        "The pictures of a business.",
    )
    .official("Business Units API/Get images of business unit")
    .example("/v1/business-units/{business}/images")
    .unverified("the names of the sizes"),
    api(
        "GET",
        "/v1/business-units/{id}/images/logo",
        api::business_units::logo,
        "The logo of a business.",
    )
    .official("Business Units API/Get business unit company logo")
    .query(&["locationId"])
    .example("/v1/business-units/{business}/images/logo")
    .unverified("the names of the sizes"),
    api(
        "GET",
        "/v1/business-units/{id}/images/header",
        api::business_units::header,
        "The header of a business.",
    )
    .official("Business Units API/Get business unit company header")
    .example("/v1/business-units/{business}/images/header")
    .unverified("the names of the sizes"),
    api(
        "GET",
        "/v1/business-units/{id}/images/promotion-box",
        api::business_units::promotion_box_image,
        "The picture of the promotion box.",
    )
    .official("Business Units API/Get business unit company promotion box")
    .example("/v1/business-units/{business}/images/promotion-box")
    .unverified("the names of the sizes"),
    api(
        "GET",
        "/v1/business-units/{id}/categories",
        api::categories::of_business,
        "The categories of a business.",
    )
    .official("Business Units API/List categories for business unit")
    .query(&["country", "locale"])
    .example("/v1/business-units/{business}/categories?locale=da-DK")
    .unverified("the wrapper categories"),
    api(
        "GET",
        "/v1/categories",
        api::categories::list,
        "The categories, or those below parentId.",
    )
    .official("Categories API/List categories")
    .query(&["country", "locale", "parentId"])
    .example("/v1/categories?parentId=home_garden")
    .unverified("the members of a category"),
    api(
        "GET",
        "/v1/categories/{id}",
        api::categories::get,
        "A category with those below it.",
    )
    .official("Categories API/Get category")
    .query(&["country", "locale"])
    .example("/v1/categories/pet_store?country=DK&locale=fr-FR")
    .unverified("the members of a category"),
    api(
        "GET",
        "/v1/categories/{id}/business-units",
        api::categories::business_units,
        "The businesses in a category and a country.",
    )
    .official("Categories API/List business units in category")
    .query(&["country", "locale", "page", "perPage"])
    .example("/v1/categories/pet_store/business-units?country=DK&perPage=3"),
    api(
        "GET",
        "/v1/consumers/{id}",
        api::consumers::get,
        "A consumer with the number of its reviews.",
    )
    .official("Consumer Profile API/Get the profile of the consumer(reviews+weblinks)")
    .example("/v1/consumers/{consumer}"),
    api(
        "GET",
        "/v1/consumers/{id}/profile",
        api::consumers::profile,
        "A consumer.",
    )
    .official("Consumer Profile API/Get the profile of the consumer")
    .example("/v1/consumers/{consumer}/profile"),
    api(
        "GET",
        "/v1/consumers/{id}/reviews",
        api::consumers::reviews,
        "What a consumer wrote.",
    )
    .official("Consumer API/Get a consumer's reviews")
    .query(&[
        "stars",
        "language",
        "internalLocationId",
        "businessUnitId",
        "page",
        "perPage",
        "orderBy",
        "includeReportedReviews",
    ])
    .example("/v1/consumers/{consumer}/reviews"),
    api(
        "GET",
        "/v1/consumers/{id}/web-links",
        api::consumers::web_links,
        "Addresses of a consumer on the consumer site.",
    )
    .official("Consumer Profile API/Get the profile web links of the consumer")
    .query(&["locale"])
    .example("/v1/consumers/{consumer}/web-links")
    .unverified("every member but locale"),
    api(
        "POST",
        "/v1/consumers/profile/bulk",
        api::consumers::bulk,
        "Many consumers at once.",
    )
    .official("Consumer Profile API/Get a list of consumer profiles")
    .example("/v1/consumers/profile/bulk")
    .body(r#"{"consumerIds":["{consumer}","000000000000000000000000"]}"#),
    api(
        "POST",
        "/v1/consumers/profile/displayname/create",
        api::consumers::create_display_name,
        "A display name that the platform would take.",
    )
    .official("Consumer Profile API/Create a valid consumer display name")
    .example("/v1/consumers/profile/displayname/create")
    .body(r#"{"displayName":"Cool Name"}"#)
    .unverified("the answer"),
    api(
        "POST",
        "/v1/consumers/profile/displayname/validate",
        api::consumers::validate_display_name,
        "Whether the platform would take a display name.",
    )
    .official("Consumer Profile API/Validate consumer display name")
    .example("/v1/consumers/profile/displayname/validate")
    .body(r#"{"displayName":"Cool Name"}"#)
    .unverified("the answer"),
    api(
        "GET",
        "/v1/reviews/latest",
        api::reviews::latest,
        "The newest reviews in some languages.",
    )
    .official("Service Reviews API/Get latest reviews by language")
    .query(&["count", "language", "filterUsersWithoutImages", "locale"])
    .example("/v1/reviews/latest?count=3&language=en"),
    api("GET", "/v1/reviews/{id}", api::reviews::get, "A review.")
        .official("Service Reviews API/Get a review")
        .example("/v1/reviews/{review}"),
    api(
        "GET",
        "/v1/reviews/{id}/likes",
        api::reviews::likes,
        "Who liked a review.",
    )
    .official("Service Reviews API/Get a review's likes")
    .example("/v1/reviews/{review}/likes")
    .unverified("the members of a like"),
    api(
        "GET",
        "/v1/reviews/{id}/web-links",
        api::reviews::web_links,
        "Addresses of a review on the consumer site.",
    )
    .official("Service Reviews API/Get a review's web links")
    .query(&["locale"])
    .example("/v1/reviews/{review}/web-links?locale=en-US")
    .unverified("every member but locale"),
    api(
        "GET",
        "/v1/product-reviews/business-units/{id}",
        api::product_reviews::own_summary,
        "The summary of a product.",
    )
    .official("Product Reviews API/Get product reviews summary")
    .query(&["sku"])
    .example("/v1/product-reviews/business-units/{business}?sku=EXAM-1001")
    .unverified("several skus, which are summed up here"),
    api(
        "GET",
        "/v1/product-reviews/business-units/{id}/reviews",
        api::product_reviews::own,
        "Reviews of products.",
    )
    .official("Product Reviews API/Get product reviews")
    .query(&[
        "sku",
        "productUrl",
        "page",
        "perPage",
        "language",
        "stars",
        "locale",
        "attributeIds",
    ])
    .example("/v1/product-reviews/business-units/{business}/reviews?sku=EXAM-1001&perPage=5")
    .unverified("the member conversationId, and next-page links"),
    api(
        "GET",
        "/v1/product-reviews/business-units/{id}/imported-reviews",
        api::product_reviews::imported,
        "Reviews of products that came from elsewhere.",
    )
    .official("Product Reviews API/Get imported product reviews")
    .query(&["sku", "page", "perPage", "stars", "language"])
    .example(
        "/v1/product-reviews/business-units/{business}\
             /imported-reviews?sku=EXAM-1001&perPage=5",
    )
    .unverified("next-page links"),
    api(
        "GET",
        "/v1/product-reviews/business-units/{id}/imported-reviews-summaries",
        api::product_reviews::imported_summary,
        "The summary of the imported reviews of a product.",
    )
    .official("Product Reviews API/Get imported product reviews summary")
    .query(&["sku"])
    .example(
        "/v1/product-reviews/business-units/{business}\
             /imported-reviews-summaries?sku=EXAM-1001",
    )
    .unverified("that it has the shape of the other summary"),
    api(
        "POST",
        "/v1/product-reviews/business-units/{id}/batch-summaries",
        api::product_reviews::batch_summaries,
        "The summaries of many products.",
    )
    .official("Product Reviews API/Get batch product reviews summaries")
    .example("/v1/product-reviews/business-units/{business}/batch-summaries")
    .body(r#"{"skus":["EXAM-1001","EXAM-1004"]}"#)
    .unverified("the wrapper summaries"),
    api(
        "POST",
        "/v1/product-reviews/business-units/{id}/attribute-summaries",
        api::product_reviews::attribute_summaries,
        "What products are rated by, on average.",
    )
    .official("Product Reviews API/Get public batch aggregated attribute rating")
    .example("/v1/product-reviews/business-units/{business}/attribute-summaries")
    .body(r#"{"skus":["EXAM-1001"],"locale":"en-GB"}"#)
    .unverified("the answer"),
    api(
        "GET",
        "/v1/conversations/{id}",
        api::product_reviews::conversation,
        "What was said about a product review.",
    )
    .official("Product Reviews API/Get public conversation")
    .example("/v1/conversations/{conversation}")
    .unverified("the answer"),
    api(
        "GET",
        "/v1/resources/images",
        api::resources::images,
        "Where the images are.",
    )
    .official("Resources API/Contains navigational links to all image resources")
    .example("/v1/resources/images")
    .access(Access::Open),
    api(
        "GET",
        "/v1/resources/images/stars/{stars}",
        api::resources::star_images,
        "The images of some stars: 0, 1, 1.5, 2 to 5.",
    )
    .official("Resources API/Get the star image resources")
    .example("/v1/resources/images/stars/4.5")
    .access(Access::Open),
    api(
        "GET",
        "/v1/resources/images/logos",
        api::resources::logos,
        "The logos.",
    )
    .official("Resources API/Get the Trustpilot logo images")
    .example("/v1/resources/images/logos")
    .access(Access::Open),
    api(
        "GET",
        "/v1/resources/images/icons",
        api::resources::icons,
        "The icons.",
    )
    .official("Resources API/Get the Trustpilot icon images")
    .example("/v1/resources/images/icons")
    .unverified("the member icon230x230; another copy of the documents has image230x230")
    .access(Access::Open),
    api(
        "GET",
        "/v1/resources/strings/stars/{stars}",
        api::resources::star_strings,
        "The word for some stars.",
    )
    .official("Resources API/Get the string representation of the stars")
    .query(&["locale"])
    .example("/v1/resources/strings/stars/4?locale=da-DK")
    .access(Access::Open),
    api(
        "GET",
        "/v1/resources/metadata/locales",
        api::resources::locales,
        "The locales.",
    )
    .official("Resources API/Get Trustpilot supported locales")
    .query(&["translationLocale"])
    .example("/v1/resources/metadata/locales")
    .access(Access::Open),
    api(
        "GET",
        "/v1/resources/metadata/countries",
        api::resources::countries,
        "The countries.",
    )
    .official("Resources API/Get all countries known to Trustpilot")
    .query(&["locale"])
    .example("/v1/resources/metadata/countries")
    .unverified("every member")
    .access(Access::Open),
    api(
        "GET",
        "/v1/business-signup/domain-availability",
        api::business_units::domain_availability,
        "Whether no business has a domain yet.",
    )
    .official("Business Signup API/Gets domain availability")
    .query(&["domain"])
    .example("/v1/business-signup/domain-availability?domain=free.example")
    .access(Access::Open),
    api(
        "GET",
        "/v1/private/business-units/{id}/reviews",
        api::reviews::private,
        "Reviews with their private members. Bearer token only.",
    )
    .official("Business Units API/Business unit private reviews")
    .query(&[
        "stars",
        "language",
        "internalLocationId",
        "page",
        "perPage",
        "orderBy",
        "tagGroup",
        "tagValue",
        "responded",
        "includeReportedReviews",
        "referenceId",
        "reported",
        "startDateTime",
        "endDateTime",
        "source",
        "username",
        "referralEmail",
        "findReviewer",
        "ignoreTagValueCase",
    ])
    .example("/v1/private/business-units/{business}/reviews?perPage=5")
    .access(Access::Bearer),
    api(
        "GET",
        "/trustoo/api/v1/reviews/get_product_reviews",
        api::trustoo::product_reviews,
        "Trustoo's storefront read of the reviews of a product.",
    )
    .query(&[
        "shop",
        "shop_id",
        "product_handle",
        "page",
        "limit",
        "sort_by",
        "scene",
        "is_show_all",
    ])
    .example(
        "/trustoo/api/v1/reviews/get_product_reviews\
             ?shop=example.com&product_handle=classic&limit=5",
    )
    .unverified("all of it")
    .access(Access::Open),
    api(
        "GET",
        "/trustoo/api/v1/reviews/get_products_rating",
        api::trustoo::products_rating,
        "Trustoo's storefront read of the ratings of products, in the order asked for.",
    )
    .query(&["shop", "shop_id", "product_handle"])
    .example(
        "/trustoo/api/v1/reviews/get_products_rating\
             ?shop=example.com&product_handle=deluxe,classic",
    )
    .unverified("all of it")
    .access(Access::Open),
    // Trustoo's Open API.
    api(
        "GET",
        "/trustoo/api/v1/openapi/get_oauth_authorize_url",
        api::trustoo_admin::authorize_url,
        "The address of Trustoo's authorize page.",
    )
    .query(&["client_id", "redirect_uri", "state", "scope"])
    .example(
        "/trustoo/api/v1/openapi/get_oauth_authorize_url?client_id=plaudit-demo-trustoo\
             &redirect_uri=http%3A%2F%2F127.0.0.1%3A4000%2F&state=s&scope=read_reviews",
    )
    .unverified("whether it asks for an API key, which one generation of the documents shows")
    .access(Access::Open),
    api(
        "GET",
        "/trustoo/api/v1/openapi/get_shop_authorization_info",
        api::trustoo_admin::authorization_info,
        "Whether the shop let the platform in.",
    )
    .query(&["client_id", "client_secret", "shop_id", "myshopify_domain"])
    .example(
        "/trustoo/api/v1/openapi/get_shop_authorization_info?client_id=plaudit-demo-trustoo\
             &client_secret=plaudit-demo-secret&myshopify_domain=example.myshopify.com",
    )
    .unverified("authorized_at and granted_scopes of a shop that did not")
    .access(Access::Client),
    api(
        "GET",
        "/trustoo/api/v1/openapi/get_shop_install_status",
        api::trustoo_admin::install_status,
        "Whether the shop has the platform's app.",
    )
    .query(&["client_id", "client_secret", "shop_id", "myshopify_domain"])
    .example(
        "/trustoo/api/v1/openapi/get_shop_install_status?client_id=plaudit-demo-trustoo\
             &client_secret=plaudit-demo-secret&myshopify_domain=example.myshopify.com",
    )
    .unverified("installed_at of a shop that has not")
    .access(Access::Client),
    write(
        "POST",
        "/trustoo/api/v1/openapi/oauth/disconnect",
        Access::Signed,
        api::trustoo_admin::disconnect,
        "Ends what a shop allowed a platform: its tokens, and its webhooks. Bearer token only.",
    )
    .example("/trustoo/api/v1/openapi/oauth/disconnect")
    .unverified("the answer, and that the webhooks end as well"),
    write(
        "POST",
        "/trustoo/api/v1/openapi/create_shop_webhook",
        Access::Signed,
        api::trustoo_admin::create_webhook,
        "Makes a webhook: topic, url.",
    )
    .example("/trustoo/api/v1/openapi/create_shop_webhook")
    .body(r#"{"topic":"review/created","url":"http://127.0.0.1:4000/hook"}"#),
    write(
        "POST",
        "/trustoo/api/v1/openapi/update_shop_webhook",
        Access::Signed,
        api::trustoo_admin::update_webhook,
        "Changes a webhook: id, topic, url.",
    )
    .unverified("the body"),
    write(
        "POST",
        "/trustoo/api/v1/openapi/delete_shop_webhook",
        Access::Signed,
        api::trustoo_admin::delete_webhook,
        "Ends a webhook: id.",
    )
    .unverified("the body and the answer"),
    api(
        "GET",
        "/trustoo/api/v1/openapi/get_shop_webhooks",
        api::trustoo_admin::webhooks,
        "The webhooks of the shop; a platform sees its own.",
    )
    .example("/trustoo/api/v1/openapi/get_shop_webhooks")
    .unverified("that the list stands in data itself")
    .access(Access::Signed),
    api(
        "GET",
        "/trustoo/api/v1/openapi/get_review",
        api::trustoo_reviews::review,
        "A review.",
    )
    .query(&["id"])
    .example("/trustoo/api/v1/openapi/get_review?id=16777217")
    .unverified("the name id, and the members, which are named as create_review names them")
    .access(Access::Signed),
    api(
        "GET",
        "/trustoo/api/v1/openapi/get_reviews",
        api::trustoo_reviews::reviews,
        "Reviews by page.",
    )
    .query(&[
        "product_ids",
        "is_store_review",
        "keyword",
        "ratings",
        "sources",
        "sort_by",
        "page_size",
        "page",
    ])
    .example("/trustoo/api/v1/openapi/get_reviews?ratings=4,5&page_size=5")
    .unverified("the members; lists are read with commas, repeated and as name[0]")
    .access(Access::Signed),
    api(
        "GET",
        "/trustoo/api/v1/openapi/get_rating",
        api::trustoo_reviews::rating,
        "How a product or the shop is rated.",
    )
    .query(&[
        "product_id",
        "product_handle",
        "is_store_rating",
        "is_all_products_rating",
        "is_all_rating",
    ])
    .example("/trustoo/api/v1/openapi/get_rating?is_all_rating=1")
    .access(Access::Signed),
    write(
        "POST",
        "/trustoo/api/v1/openapi/create_review",
        Access::Signed,
        api::trustoo_reviews::create,
        "Makes a review, and tells the webhooks.",
    )
    .example("/trustoo/api/v1/openapi/create_review")
    .body(r#"{"rating":5,"author":"Zo\u00eb","content":"Very good.","source":"Shop"}"#)
    .unverified("the answer, of which clients read id"),
    write(
        "POST",
        "/trustoo/api/v1/openapi/delete_review",
        Access::Signed,
        api::trustoo_reviews::delete,
        "Deletes a review, and tells the webhooks.",
    )
    .unverified("the answer"),
    api(
        "GET",
        "/trustoo/api/v1/openapi/get_orders",
        api::trustoo_customers::orders,
        "Orders that reviews are asked for, by page.",
    )
    .query(&[
        "type",
        "start_sent_at",
        "end_sent_at",
        "start_time",
        "end_time",
        "sort_by",
        "page_size",
        "page",
    ])
    .example("/trustoo/api/v1/openapi/get_orders?type=3&page_size=2")
    .unverified("the members of an order; times are not looked at here")
    .access(Access::Signed),
    api(
        "GET",
        "/trustoo/api/v1/openapi/get_customer_events",
        api::trustoo_customers::events,
        "What customers do with reviews, by page.",
    )
    .query(&[
        "event_type",
        "os_type",
        "event_source",
        "sort_by",
        "page_size",
        "page",
    ])
    .example("/trustoo/api/v1/openapi/get_customer_events?event_type=VIEW_REVIEW")
    .unverified("the members of an event")
    .access(Access::Signed),
    write(
        "POST",
        "/trustoo/api/v1/openapi/email_unsubscribe",
        Access::Signed,
        api::trustoo_customers::unsubscribe,
        "Sends a customer no more mail of a kind; GET /__sandbox/data shows it.",
    )
    .example("/trustoo/api/v1/openapi/email_unsubscribe")
    .body(r#"{"email":"zoe@example.com","email_type":"review_request"}"#)
    .unverified("the answer"),
    write(
        "POST",
        "/trustoo/api/v1/openapi/create_customer_exclude",
        Access::Signed,
        api::trustoo_customers::exclude,
        "Asks a customer for no more reviews; GET /__sandbox/data shows it.",
    )
    .example("/trustoo/api/v1/openapi/create_customer_exclude")
    .body(r#"{"email":"zoe@example.com"}"#),
    write(
        "POST",
        "/trustoo/api/v1/openapi/delete_customer_exclude",
        Access::Signed,
        api::trustoo_customers::include,
        "Asks a customer for reviews again: customer_id or email.",
    )
    .unverified("the answer"),
    api(
        "GET",
        "/trustoo/api/v1/openapi/get_image_upload_policy_token",
        api::trustoo_customers::image_upload,
        "What an image is uploaded with; here it opens nothing.",
    )
    .example("/trustoo/api/v1/openapi/get_image_upload_policy_token")
    .access(Access::Signed),
    // Of one's own business: with a bearer token alone.
    api(
        "GET",
        "/v1/private/reviews/{id}",
        api::private_reviews::get,
        "A review with its private members.",
    )
    .official("Service Reviews API/Get private review")
    .example("/v1/private/reviews/{review}")
    .access(Access::Bearer),
    api(
        "GET",
        "/v1/private/reviews/{id}/tags",
        api::private_reviews::tags,
        "The tags of a review.",
    )
    .official("Service Reviews API/Get list of tags for a review")
    .example("/v1/private/reviews/{tagged}/tags")
    .unverified("the wrapper tags")
    .access(Access::Bearer),
    write(
        "PUT",
        "/v1/private/reviews/{id}/tags",
        Access::Bearer,
        api::private_reviews::add_tags,
        "Adds tags to a review.",
    )
    .official("Service Reviews API/Add tags to a review")
    .example("/v1/private/reviews/{review}/tags")
    .body(r#"{"tags":[{"group":"generic","value":"Test"}]}"#)
    .unverified("the answer"),
    write(
        "POST",
        "/v1/private/reviews/{id}/tags",
        Access::Bearer,
        api::private_reviews::set_tags,
        "Gives a review these tags and no others.",
    )
    .official("Service Reviews API/Set tags on review")
    .example("/v1/private/reviews/{review}/tags")
    .body(r#"{"tags":[{"group":"generic","value":"Test"}]}"#)
    .unverified("the answer"),
    write(
        "DELETE",
        "/v1/private/reviews/{id}/tags",
        Access::Bearer,
        api::private_reviews::remove_tag,
        "Takes a tag from a review.",
    )
    .official("Service Reviews API/Remove a tag from a review")
    .query(&["group", "value"])
    .example("/v1/private/reviews/{tagged}/tags?group=Department&value=Online")
    .unverified("the status 204"),
    write(
        "POST",
        "/v1/private/reviews/{id}/reply",
        Access::Bearer,
        api::private_reviews::reply,
        "Replies to a review, or changes the reply.",
    )
    .official("Service Reviews API/Reply to a review")
    .example("/v1/private/reviews/{review}/reply")
    .body(r#"{"authorBusinessUserId":"507f191e810c19729de860ea","message":"Thank you."}"#)
    .unverified("the status 201, without a body"),
    write(
        "DELETE",
        "/v1/private/reviews/{id}/reply",
        Access::Bearer,
        api::private_reviews::delete_reply,
        "Deletes the reply to a review.",
    )
    .official("Service Reviews API/Delete a reply to a review")
    .example("/v1/private/reviews/{replied}/reply")
    .unverified("the status 204"),
    write(
        "POST",
        "/v1/private/reviews/{id}/find-reviewer",
        Access::Bearer,
        api::private_reviews::find_reviewer,
        "Asks a reviewer to make itself known, where findReviewer.isEligible says that it may.",
    )
    .official("Service Reviews API/Create Find Reviewer request for a review")
    .example("/v1/private/reviews/{eligible}/find-reviewer")
    .body(r#"{"message":"Please tell us your order number.","skipNotificationEmailToBusinessUser":true}"#)
    .unverified("the status 202, without a body, and the 400 where it may not"),
    write(
        "POST",
        "/v1/private/business-units/{id}/email-invitations",
        Access::Bearer,
        api::invitations::email,
        "Invites a consumer; GET /__sandbox/data shows it. On the platform: invitations-api.trustpilot.com.",
    )
    .official("Invitation API/Create invitations (private)")
    .example("/v1/private/business-units/{business}/email-invitations")
    .body(r#"{"consumerEmail":"zoe@example.com","consumerName":"Zo\u00eb","referenceNumber":"A-1","locale":"en-US","serviceReviewInvitation":{"preferredSendTime":"01/02/2026 09:00:00"}}"#)
    .unverified("the status 202, without a body"),
    write(
        "POST",
        "/v1/private/business-units/{id}/invitation-links",
        Access::Bearer,
        api::invitations::links,
        "A link to write a service review.",
    )
    .official("Invitation API/Generate service review invitation link (private)")
    .example("/v1/private/business-units/{business}/invitation-links")
    .body(r#"{"email":"zoe@example.com","name":"Zo\u00eb","referenceId":"A-1","locale":"en-US"}"#)
    .unverified("the form of the link"),
    api(
        "GET",
        "/v1/private/business-units/{id}/templates",
        api::invitations::templates,
        "The templates of invitations.",
    )
    .official("Invitation API/Get list of invitation templates (private)")
    .example("/v1/private/business-units/{business}/templates")
    .unverified("every member, which is as clients read it")
    .access(Access::Bearer),
    write(
        "POST",
        "/v1/private/business-units/{id}/invitation-data/delete",
        Access::Bearer,
        api::invitations::delete_data,
        "Deletes what is known of invitations: customerEmails or deleteOlderThan.",
    )
    .official("Invitation API/Delete invitation data (private)")
    .example("/v1/private/business-units/{business}/invitation-data/delete")
    .body(r#"{"customerEmails":["zoe@example.com"]}"#)
    .unverified("the status 200, without a body"),
    write(
        "POST",
        "/v1/private/business-units/{id}/products",
        Access::Bearer,
        api::private_products::upsert,
        "Makes or changes products, by sku or Google's id.",
    )
    .official("Private Products API/Batch upsert products")
    .example("/v1/private/business-units/{business}/products")
    .body(r#"{"products":[{"sku":"Prod123","title":"Toy car","price":"99.95","currency":"USD"}]}"#),
    api(
        "GET",
        "/v1/private/business-units/{id}/products",
        api::private_products::list,
        "The products of a business.",
    )
    .official("Private Products API/Get products")
    .query(&["page", "perPage", "skus", "groupId", "locale"])
    .example("/v1/private/business-units/{business}/products?perPage=2")
    .access(Access::Bearer),
    api(
        "GET",
        "/v1/private/product-reviews/business-units/{id}/reviews",
        api::private_products::reviews,
        "Product reviews with their private members.",
    )
    .official("Product Reviews API/Get private product reviews")
    .query(&["page", "perPage", "sku", "language", "state", "locale"])
    .example("/v1/private/product-reviews/business-units/{business}/reviews?perPage=5")
    .unverified("the members; every review is published here")
    .access(Access::Bearer),
    api(
        "GET",
        "/v1/private/product-reviews/business-units/{id}/summaries",
        api::private_products::summaries,
        "The summaries of every product.",
    )
    .official("Product Reviews API/Get product reviews summaries list")
    .query(&["page", "perPage"])
    .example("/v1/private/product-reviews/business-units/{business}/summaries?perPage=3")
    .unverified("the wrapper summaries")
    .access(Access::Bearer),
    write(
        "POST",
        "/v1/private/product-reviews/business-units/{id}/invitation-links",
        Access::Bearer,
        api::invitations::product_links,
        "A link to write product reviews.",
    )
    .official("Product Reviews API/Create product review invitation link")
    .example("/v1/private/product-reviews/business-units/{business}/invitation-links")
    .body(r#"{"consumer":{"email":"zoe@example.com","name":"Zo\u00eb"},"referenceId":"A-1","locale":"en-US","products":[{"sku":"EXAM-1001","name":"Classic"}]}"#)
    .unverified("the answer, which is as clients read it"),
    api(
        "GET",
        "/v1/private/product-reviews/{id}",
        api::private_products::review,
        "A product review with its private members.",
    )
    .official("Product Reviews API/Get private product review")
    .query(&["locale"])
    .example("/v1/private/product-reviews/{product-review}")
    .unverified("the members")
    .access(Access::Bearer),
    write(
        "POST",
        "/v1/private/product-reviews/{id}/create-conversation",
        Access::Bearer,
        api::private_products::create_conversation,
        "Begins a conversation about a product review, private at first; no body.",
    )
    .official("Product Reviews API/Create product review conversation")
    .example("/v1/private/product-reviews/{product-review}/create-conversation")
    .unverified("that it is private at first, and what comes where there is one already: its id"),
    api(
        "GET",
        "/v1/private/conversations/{id}",
        api::private_products::conversation,
        "A conversation.",
    )
    .official("Product Reviews API/Get conversation")
    .example("/v1/private/conversations/{conversation}")
    .access(Access::Bearer),
    api(
        "GET",
        "/v1/private/conversations/{id}/comments/{commentId}",
        api::private_products::comment,
        "A comment of a conversation.",
    )
    .official("Product Reviews API/Get comment")
    .example("/v1/private/conversations/{conversation}/comments/{comment}")
    .unverified("that it looks as it does in the conversation")
    .access(Access::Bearer),
    write(
        "POST",
        "/v1/private/conversations/{id}/comments",
        Access::Bearer,
        api::private_products::add_comment,
        "Adds a comment of the company.",
    )
    .official("Product Reviews API/Create comment")
    .example("/v1/private/conversations/{conversation}/comments")
    .body(r#"{"content":"Thank you for your kind words."}"#)
    .unverified("the status 200"),
    write(
        "PUT",
        "/v1/private/conversations/{id}/comments/{commentId}",
        Access::Bearer,
        api::private_products::change_comment,
        "Changes a comment of the company.",
    )
    .official("Product Reviews API/Update comment")
    .example("/v1/private/conversations/{conversation}/comments/{comment}")
    .body(r#"{"content":"Thank you for your very kind words."}"#)
    .unverified("the answer"),
    write(
        "POST",
        "/v1/private/conversations/{id}/state",
        Access::Bearer,
        api::private_products::set_state,
        "Whether everybody sees a conversation: public or private.",
    )
    .official("Product Reviews API/Set conversation state")
    .example("/v1/private/conversations/{conversation}/state")
    .body(r#"{"state":"public"}"#)
    .unverified("the status 200, without a body"),
    // Of the partner guide, which the collection does not have.
    api(
        "GET",
        "/v1/private/partners/{id}/check/{businessUnitId}",
        api::partners::check,
        "Whether a customer may use the partner's integration: 201 is yes, 200 is no.",
    )
    .example("/v1/private/partners/plaudit-demo-partner/check/{business}")
    .unverified("the body")
    .access(Access::Bearer),
    write(
        "POST",
        "/v1/private/partners/{id}/key/{businessUnitId}",
        Access::Bearer,
        api::partners::key,
        "Makes an API key for a customer: 201, or 200 without permission.",
    )
    .example("/v1/private/partners/plaudit-demo-partner/key/{business}")
    .unverified("the body"),
    // The control interface.
    route(
        "GET",
        "/__sandbox/health",
        Control,
        Handler::Health,
        "Whether the sandbox is there.",
    ),
    route(
        "GET",
        "/__sandbox/routes",
        Control,
        Handler::Routes,
        "Every route, and what is open.",
    ),
    route(
        "GET",
        "/__sandbox/data",
        Control,
        Handler::Data,
        "What came in that no endpoint shows: invitations, and customers who want no mail.",
    ),
    route(
        "POST",
        "/__sandbox/links",
        Control,
        Handler::ReadLink,
        "Reads a business generated link: link, encryption_key, authentication_key.",
    ),
    route(
        "POST",
        "/__sandbox/reset",
        Control,
        Handler::Reset,
        "All, or the parts named in only.",
    ),
    route(
        "GET",
        "/__sandbox/clock",
        Control,
        Handler::Clock,
        "The virtual clock.",
    ),
    route(
        "POST",
        "/__sandbox/clock",
        Control,
        Handler::SetClock,
        "set, advance, mode.",
    ),
    route(
        "GET",
        "/__sandbox/requests",
        Control,
        Handler::Requests,
        "The journal.",
    ),
    route(
        "DELETE",
        "/__sandbox/requests",
        Control,
        Handler::ClearRequests,
        "Empty the journal.",
    ),
    route(
        "DELETE",
        "/__sandbox/requests/{id}",
        Control,
        Handler::RemoveRequest,
        "Remove one entry.",
    ),
    route(
        "GET",
        "/__sandbox/faults",
        Control,
        Handler::Faults,
        "Kinds of faults, and rules.",
    ),
    route(
        "POST",
        "/__sandbox/faults",
        Control,
        Handler::AddFault,
        "Add a rule.",
    ),
    route(
        "DELETE",
        "/__sandbox/faults",
        Control,
        Handler::ClearFaults,
        "Remove every rule.",
    ),
    route(
        "DELETE",
        "/__sandbox/faults/{id}",
        Control,
        Handler::RemoveFault,
        "Remove one rule.",
    ),
    route(
        "GET",
        "/__sandbox/config",
        Control,
        Handler::Config,
        "The configuration.",
    ),
    route(
        "POST",
        "/__sandbox/config",
        Control,
        Handler::SetConfig,
        "Change the named members.",
    ),
    route(
        "POST",
        "/__sandbox/snapshot",
        Control,
        Handler::Snapshot,
        "Keep the world as it is; gives an id.",
    ),
    route(
        "POST",
        "/__sandbox/restore",
        Control,
        Handler::Restore,
        "Back to the snapshot named in id.",
    ),
    route(
        "GET",
        "/__sandbox/webhooks",
        Control,
        Handler::Webhooks,
        "What Trustoo has to tell, signed: each with the request of its next attempt.",
    ),
    route(
        "POST",
        "/__sandbox/webhooks",
        Control,
        Handler::AddWebhook,
        "Something happened: topic, data, and a url that is told besides the webhooks' own.",
    ),
    route(
        "POST",
        "/__sandbox/webhooks/{id}",
        Control,
        Handler::AnswerWebhook,
        "What came of an attempt: status, body.",
    ),
    route(
        "GET",
        "/__sandbox/verify",
        Control,
        Handler::Verify,
        "Whether all went as it should: rules that were never hit, unknown routes, bugs of the \
         sandbox.",
    ),
];

/// What the table says about a request.
pub(crate) enum Found<'r> {
    Route {
        route: &'static Route,
        /// What stands in the path for its parameters.
        params: Vec<&'r str>,
    },
    /// The path is known, but not with this method.
    OtherMethod {
        path: &'static str,
        area: Area,
        allow: String,
    },
    Unknown,
}

#[derive(Clone, Debug)]
pub(crate) struct Router(matchit::Router<&'static str>);

impl Router {
    pub(crate) fn new() -> Self {
        let mut router = matchit::Router::new();
        for route in ROUTES {
            // A path with several methods stands in the table several times.
            let _known = router.insert(route.path, route.path);
        }
        Self(router)
    }

    pub(crate) fn find<'r>(&self, method: &str, path: &'r str) -> Found<'r> {
        let Ok(found) = self.0.at(path) else {
            return Found::Unknown;
        };
        let pattern = *found.value;
        let params = found.params.iter().map(|(_, value)| value).collect();
        let mut same_path = ROUTES.iter().filter(|route| route.path == pattern);
        if let Some(route) = same_path.clone().find(|route| route.method == method) {
            return Found::Route { route, params };
        }
        let allow: Vec<_> = same_path.clone().map(|route| route.method).collect();
        let area = same_path.next().map_or(Area::Page, |route| route.area);
        Found::OtherMethod {
            path: pattern,
            area,
            allow: allow.join(", "),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_found() {
        let router = Router::new();
        for route in ROUTES {
            let path: Vec<_> = route
                .path
                .split('/')
                .map(|part| if part.starts_with('{') { "x1" } else { part })
                .collect();
            let path = path.join("/");
            let Found::Route {
                route: found,
                params,
            } = router.find(route.method, &path)
            else {
                panic!("{} {path} is not found", route.method);
            };
            assert_eq!((found.method, found.path), (route.method, route.path));
            assert_eq!(params.len(), route.path.matches('{').count());
        }
        assert!(matches!(router.find("GET", "/v1/nothing"), Found::Unknown));
        assert!(matches!(
            router.find("PUT", "/__sandbox/clock"),
            Found::OtherMethod { allow, .. } if allow == "GET, POST"
        ));
    }
}
