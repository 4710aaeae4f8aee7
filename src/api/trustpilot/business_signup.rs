//! Sign-up of businesses: <https://developers.trustpilot.com/business-signup-api>.

use crate::api::Endpoint;
use crate::api::endpoint::{Kind, endpoint, subject};

endpoint!(
    /// Whether a domain can be signed up.
    DOMAIN_AVAILABILITY = Get "businessSignup" "domainAvailability"
    "/business-signup/domain-availability"
    ("Business Signup API/Gets domain availability")
    [subject("domain", Kind::Domain, "Such as `trustpilot.com`.")]
    -> DomainAvailability, "", Never
);

pub(super) const ALL: &[Endpoint] = &[DOMAIN_AVAILABILITY];

#[cfg(feature = "serde")]
crate::api::answer::answers! {
    "camelCase":
    /// Whether a domain can be signed up.
    DomainAvailability {
        /// Whether it can.
        domain_is_available: bool,
    }
}
