//! Images, words, locales and countries: <https://developers.trustpilot.com/resources-api>. The
//! documents ask for a key, the platform's own collection of requests sends none.

use super::LOCALE;
use crate::api::Endpoint;
use crate::api::endpoint::{Kind, Parameter, endpoint, optional, subject};

const STARS: Parameter = subject("stars", Kind::HalfStars, "0, or 1 to 5 in halves.");

endpoint!(
    /// Links to all images.
    IMAGES = Get "resources" "images" "/resources/images"
    ("Resources API/Contains navigational links to all image resources")
    [] -> ImageLinks, "", Long
);
endpoint!(
    /// Images of stars.
    STAR_IMAGES = Get "resources" "starImages" "/resources/images/stars/{stars}"
    ("Resources API/Get the star image resources")
    [STARS] -> StarImages, "", Long
);
endpoint!(
    /// The word for a number of stars, such as "Excellent".
    STAR_STRINGS = Get "resources" "starStrings" "/resources/strings/stars/{stars}"
    ("Resources API/Get the string representation of the stars")
    [STARS, LOCALE] -> StarString, "string", Long
);
endpoint!(
    /// Trustpilot's logos.
    LOGOS = Get "resources" "logos" "/resources/images/logos"
    ("Resources API/Get the Trustpilot logo images")
    [] -> Logos, "", Long
);
endpoint!(
    /// Trustpilot's icons.
    ICONS = Get "resources" "icons" "/resources/images/icons"
    ("Resources API/Get the Trustpilot icon images")
    [] -> Icons, "", Long
);
endpoint!(
    /// The locales that Trustpilot knows.
    LOCALES = Get "resources" "locales" "/resources/metadata/locales"
    ("Resources API/Get Trustpilot supported locales")
    [optional("translationLocale", Kind::Locale, "For the names of languages and regions.")]
    -> Locales, "locales", Long
);
endpoint!(
    /// The countries that Trustpilot knows.
    COUNTRIES = Get "resources" "countries" "/resources/metadata/countries"
    ("Resources API/Get all countries known to Trustpilot")
    [LOCALE] -> Countries, "countries", Long
);

pub(super) const ALL: &[Endpoint] = &[
    IMAGES,
    STAR_IMAGES,
    STAR_STRINGS,
    LOGOS,
    ICONS,
    LOCALES,
    COUNTRIES,
];

#[cfg(feature = "serde")]
mod answers {
    use super::super::{Image, Link};
    use crate::api::answer::{Members, Url, answers};

    answers! {
        "camelCase":
        /// Links to all images.
        ImageLinks {
            /// The links.
            links: Vec<Link>,
        }

        /// Images of stars.
        StarImages {
            /// How many stars.
            stars: f64,
            /// PNG.
            star128x24: Image,
            /// PNG.
            star256x48: Image,
            /// PNG.
            star512x96: Image,
            /// SVG.
            star_svg: Image,
        }

        /// The word for a number of stars.
        StarString {
            /// How many stars.
            stars: f64,
            /// The word, in the locale.
            string: String,
            /// The locale.
            locale: String,
        }

        /// Trustpilot's logos, by size: `logo72x18` to `logo576x144`, `logoSvg`.
        Logos {
            /// For a dark background.
            dark_background: Members<Image>,
            /// For a light one.
            light_background: Members<Image>,
        }

        /// The locales that Trustpilot knows.
        Locales {
            /// The locales.
            locales: Vec<Locale>,
        }

        /// A locale that Trustpilot knows.
        Locale {
            /// For example `da-DK`.
            locale: String,
            /// ISO 639-1.
            language: String,
            /// ISO 3166-1 alpha-2.
            region: String,
            /// The country's id.
            country_id: String,
            /// Its name in its own language.
            native_name: String,
            /// Its name in the locale that was asked for.
            translated_name: String,
            /// The top level domain, such as `dk`.
            tld: String,
            /// Trustpilot for consumers.
            consumer_web_app: Url,
            /// Trustpilot for businesses.
            business_web_app: Url,
            /// Terms.
            legal_url: Url,
            /// Commercial.
            commercial_url: Url,
            /// About Trustpilot.
            about_trustpilot_url: Url,
            /// Support.
            support_url: Url,
            /// Help.
            help_center_url: Url,
            /// Blog.
            blog: Url,
            /// Where a business signs up.
            business_signup_url: Url,
            /// Press.
            press_url: Url,
            /// Investors.
            investors_url: Url,
            /// Jobs.
            jobs_url: Url,
            /// Whether the service runs.
            status_page_url: Url,
        }

        /// The countries that Trustpilot knows.
        Countries {
            /// The countries.
            countries: Vec<Country>,
        }

        /// A country that Trustpilot knows. Its members are seen in third parties' code only.
        Country {
            /// ISO 3166-1 alpha-2.
            country: String,
            /// Its name in English.
            english_name: String,
            /// Its name in the locale.
            translated_name: String,
        }
    }

    /// Trustpilot's icons, by size. The names are unverified.
    pub type Icons = Members<Image>;
}
#[cfg(feature = "serde")]
pub use answers::*;
