//! Every address as data, and the matcher made of it.

use serde::Serialize;

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
    SignIn(Provider),
    Decide(Provider),
    Token(Endpoint),
    TokenByGet,
    TrustooToken,
    TrustooRevoke,
    Find,
    PrivateReviews,
    NotBuilt,
    Health,
    Routes,
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
    Verify,
}

#[derive(Debug, Serialize)]
pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) area: Area,
    pub(crate) description: &'static str,
    #[serde(skip)]
    pub(crate) handler: Handler,
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
        handler,
    }
}

/// A private endpoint that is known and answers 501.
const fn not_built(method: &'static str, path: &'static str) -> Route {
    route(
        method,
        path,
        Area::Api,
        Handler::NotBuilt,
        "Known, not built: 501.",
    )
}

pub(crate) const TRUSTPILOT_AUTHORIZE: &str = "/authenticate";
pub(crate) const TRUSTOO_AUTHORIZE: &str = "/trustoo/oauth/authorize";
const ACCESS_TOKEN: &str = "/v1/oauth/oauth-business-users-for-applications/accesstoken";
pub(crate) const STYLE: &str = "/__sandbox/style.css";

use Area::{Api, Authorize, Control, Page, Token};
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
    ),
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
    ),
    route(
        "POST",
        "/v1/oauth/oauth-business-users-for-applications/revoke",
        Token,
        Handler::Token(Endpoint::Revoke),
        "Revokes the token in token: a refresh token with all that came from it.",
    ),
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
    route(
        "GET",
        "/v1/business-units/find",
        Api,
        Handler::Find,
        "A business by its domain (name). API key in the header or the query, or a bearer token.",
    ),
    route(
        "GET",
        "/v1/private/business-units/{id}/reviews",
        Api,
        Handler::PrivateReviews,
        "Reviews with their private members. Bearer token only. page, perPage, stars, language, \
         orderBy.",
    ),
    // Documented, with a bearer token, and not built (SB13).
    not_built("POST", "/v1/private/business-units/{id}/email-invitations"),
    not_built(
        "POST",
        "/v1/private/business-units/{id}/invitation-data/delete",
    ),
    not_built("POST", "/v1/private/business-units/{id}/invitation-links"),
    not_built("GET", "/v1/private/business-units/{id}/templates"),
    not_built("POST", "/v1/private/business-units/{id}/products"),
    not_built("GET", "/v1/private/business-units/{id}/products"),
    not_built("POST", "/v1/private/conversations/{id}/comments"),
    not_built(
        "POST",
        "/v1/private/product-reviews/{id}/create-conversation",
    ),
    not_built(
        "POST",
        "/v1/private/product-reviews/business-units/{id}/invitation-links",
    ),
    not_built("GET", "/v1/private/conversations/{id}/comments/{commentId}"),
    not_built("GET", "/v1/private/conversations/{id}"),
    not_built("GET", "/v1/private/product-reviews/{id}"),
    not_built(
        "GET",
        "/v1/private/product-reviews/business-units/{id}/reviews",
    ),
    not_built(
        "GET",
        "/v1/private/product-reviews/business-units/{id}/summaries",
    ),
    not_built("POST", "/v1/private/conversations/{id}/state"),
    not_built("PUT", "/v1/private/conversations/{id}/comments/{commentId}"),
    not_built("PUT", "/v1/private/reviews/{id}/tags"),
    not_built("POST", "/v1/private/reviews/{id}/find-reviewer"),
    not_built("DELETE", "/v1/private/reviews/{id}/reply"),
    not_built("GET", "/v1/private/reviews/{id}/tags"),
    not_built("GET", "/v1/private/reviews/{id}"),
    not_built("DELETE", "/v1/private/reviews/{id}/tags"),
    not_built("POST", "/v1/private/reviews/{id}/reply"),
    not_built("POST", "/v1/private/reviews/{id}/tags"),
    not_built("GET", "/v1/private/partners/{id}/check/{businessUnitId}"),
    not_built("POST", "/v1/private/partners/{id}/key/{businessUnitId}"),
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
        id: Option<&'r str>,
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
        let id = found.params.get("id");
        let mut same_path = ROUTES.iter().filter(|route| route.path == pattern);
        if let Some(route) = same_path.clone().find(|route| route.method == method) {
            return Found::Route { route, id };
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
            let Found::Route { route: found, id } = router.find(route.method, &path) else {
                panic!("{} {path} is not found", route.method);
            };
            assert_eq!((found.method, found.path), (route.method, route.path));
            assert_eq!(id.is_some(), route.path.contains("{id}"));
        }
        assert!(matches!(router.find("GET", "/v1/nothing"), Found::Unknown));
        assert!(matches!(
            router.find("PUT", "/__sandbox/clock"),
            Found::OtherMethod { allow, .. } if allow == "GET, POST"
        ));
    }
}
