//! Business units: <https://developers.trustpilot.com/business-units-api-(public)>.

use crate::api::{Access, Request};
use crate::error::{Error, Fault, fault};
use crate::oauth::writer::Writer;

static DOMAIN: Fault = fault!(
    InvalidArgument,
    "domain",
    "must be a domain alone, for example \"trustpilot.com\": no scheme, no path",
);

/// `GET /business-units/find`: the business unit of a domain such as `trustpilot.com`.
///
/// # Errors
/// `invalid_argument` when `domain` is no domain, or `access` cannot be used.
pub fn find(access: &Access<'_>, domain: &str) -> Result<Request, Error> {
    access.request(domain.len(), |out| write_find(out, access, domain))
}

pub(crate) fn write_find(
    out: &mut Writer<'_>,
    access: &Access<'_>,
    domain: &str,
) -> Result<(), &'static Fault> {
    if !is_domain(domain.as_bytes()) {
        return Err(&DOMAIN);
    }
    access.write(out, "/business-units/find", &[("name", domain)])
}

/// Labels of letters, digits, `-` and what is beyond ASCII, with single dots between them.
fn is_domain(domain: &[u8]) -> bool {
    let mut dots = 0;
    let mut after_dot = true;
    for &byte in domain {
        let is_dot = byte == b'.';
        let is_letter = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | 0x80..);
        if !is_letter && (!is_dot || after_dot) {
            return false;
        }
        dots += u32::from(is_dot);
        after_dot = is_dot;
    }
    dots > 0 && !after_dot && domain.len() <= 253
}

/// A business unit. Any field may be missing or null, whatever the platform's page says.
#[cfg(feature = "serde")]
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BusinessUnit {
    /// 24 hexadecimal digits; never changes.
    pub id: Option<String>,
    /// The name to show.
    pub display_name: Option<String>,
    /// The domains it goes by.
    pub name: Option<Name>,
    /// Its site.
    pub website_url: Option<String>,
    /// ISO 3166-1 alpha-2, upper case.
    pub country: Option<String>,
    /// How many reviews, by stars.
    pub number_of_reviews: Option<NumberOfReviews>,
    /// For example `active`.
    pub status: Option<String>,
    /// TrustScore and stars.
    pub score: Option<Score>,
    /// Whether the platform thinks the business does not fit there.
    pub bad_fit: Option<bool>,
}

/// The domains of a business unit.
#[cfg(feature = "serde")]
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Name {
    /// The domain that it is found by.
    pub identifying: Option<String>,
    /// Others that lead to it.
    pub referring: Option<Vec<String>>,
}

/// How many reviews a business unit has.
#[cfg(feature = "serde")]
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NumberOfReviews {
    /// All of them.
    pub total: Option<u64>,
    /// Those that count towards the TrustScore.
    pub used_for_trust_score_calculation: Option<u64>,
    /// With one star.
    pub one_star: Option<u64>,
    /// With two stars.
    pub two_stars: Option<u64>,
    /// With three stars.
    pub three_stars: Option<u64>,
    /// With four stars.
    pub four_stars: Option<u64>,
    /// With five stars.
    pub five_stars: Option<u64>,
}

/// How a business unit is rated.
#[cfg(feature = "serde")]
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Score {
    /// 1.0 to 5.0 with one decimal; 0 before the first review.
    pub trust_score: Option<f64>,
    /// `trustScore` rounded to the nearest half.
    pub stars: Option<f64>,
}
