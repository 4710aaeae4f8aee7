//! Images, words, locales and countries: no key is needed.

use serde_json::{Value, json};

use super::{Answer, Ask, not_found, ok};
use crate::data::tables::{COUNTRIES, LOCALES, STAR_WORDS};
use crate::data::{Link, decimal, image};

/// The consumer site of a locale.
pub(crate) fn site(locale: &str) -> String {
    match locale.split_once('-') {
        Some(("en", "US")) | None => "https://www.trustpilot.com".to_owned(),
        Some(("en", region)) => format!("https://{}.trustpilot.com", region.to_lowercase()),
        Some((language, _)) => format!("https://{language}.trustpilot.com"),
    }
}

/// The stars in the path, in halves: 0, 1, 1.5, 2 to 5.
fn stars(ask: &Ask<'_>) -> Result<u64, super::Refusal> {
    let halves = match ask.id.split_once('.') {
        None => ask
            .id
            .parse::<u64>()
            .ok()
            .map(|whole| whole.saturating_mul(2)),
        Some((whole, "5")) => whole
            .parse::<u64>()
            .ok()
            .map(|whole| whole.saturating_mul(2) + 1),
        Some(_) => None,
    };
    let known = halves.filter(|halves| *halves == 0 || (2..=10).contains(halves));
    known.ok_or_else(|| not_found("Stars"))
}

/// `GET /v1/resources/images`
pub(crate) fn images(ask: &Ask<'_>) -> Answer {
    let link =
        |rel, path: &str| Link::get(rel, format!("{}/v1/resources/images/{path}", ask.base()));
    let mut links = vec![
        link("resources-images-icons", "icons"),
        link("resources-images-logos", "logos"),
    ];
    for stars in ["1", "1.5", "2", "2.5", "3", "3.5", "4", "4.5", "5"] {
        links.push(link("resources-images-stars", &format!("stars/{stars}")));
    }
    ok(&json!({ "links": links }))
}

/// `GET /v1/resources/images/stars/{stars}`
pub(crate) fn star_images(ask: &Ask<'_>) -> Answer {
    let stars = decimal(stars(ask)? * 5);
    let star = |width: u64, height: u64| {
        image(
            &format!("api/stars/{stars}/{width}x{height}.png"),
            width,
            height,
        )
    };
    ok(&json!({
        "star128x24": star(128, 24),
        "star256x48": star(256, 48),
        "star512x96": star(512, 96),
        "starSvg": image(&format!("api/stars/{stars}/star.svg"), 512, 96),
        "stars": stars,
    }))
}

/// `GET /v1/resources/strings/stars/{stars}`
pub(crate) fn star_strings(ask: &Ask<'_>) -> Answer {
    let halves = stars(ask)?;
    let locale = ask.locale("locale")?;
    let language = locale.split('-').next().unwrap_or_default();
    let words = STAR_WORDS.iter().find(|(known, _)| *known == language);
    // 1 and 1.5 are bad, 4.5 and 5 excellent.
    let place = match halves {
        9.. => 4,
        8 => 3,
        6 | 7 => 2,
        4 | 5 => 1,
        _ => 0,
    };
    let word = words
        .or(STAR_WORDS.first())
        .and_then(|(_, words)| words.get(place));
    ok(&json!({ "locale": locale, "string": word, "stars": decimal(halves * 5) }))
}

/// `GET /v1/resources/images/logos`
pub(crate) fn logos(_: &Ask<'_>) -> Answer {
    let logos = |ground: &str| {
        let logo = |width: u64, height: u64| {
            image(
                &format!("api/logos/{ground}/{width}x{height}.png"),
                width,
                height,
            )
        };
        json!({
            "logo72x18": logo(72, 18),
            "logo144x36": logo(144, 36),
            "logo288x72": logo(288, 72),
            "logo576x144": logo(576, 144),
            "logoSvg": image(&format!("api/logos/{ground}/logo.svg"), 576, 144),
        })
    };
    ok(&json!({ "darkBackground": logos("dark-bg"), "lightBackground": logos("light-bg") }))
}

/// `GET /v1/resources/images/icons`
pub(crate) fn icons(_: &Ask<'_>) -> Answer {
    ok(&json!({ "icon230x230": image("api/icons/230x230.png", 230, 230) }))
}

/// `GET /v1/resources/metadata/locales`
pub(crate) fn locales(ask: &Ask<'_>) -> Answer {
    let translation = ask.locale("translationLocale")?;
    let locale = |(locale, native, english, tld): &(&str, &str, &str, &str)| {
        let (language, region) = locale.split_once('-').unwrap_or((locale, ""));
        let site = site(locale);
        json!({
            "locale": locale,
            "language": language,
            "region": region,
            "countryId": region,
            "nativeName": native,
            // Names are translated into the language itself and into English alone.
            "translatedName": if translation == *locale { native } else { english },
            "tld": tld,
            "consumerWebApp": site,
            "businessWebApp": "https://businessapp.b2b.trustpilot.com",
            "legalUrl": "https://legal.trustpilot.com",
            "commercialUrl": "https://business.trustpilot.com",
            "aboutTrustpilotUrl": format!("{site}/about"),
            "supportUrl": "https://support.trustpilot.com",
            "helpCenterUrl": "https://help.trustpilot.com",
            "blog": Value::Null,
            "businessSignupUrl": "https://business.trustpilot.com/signup",
            "pressUrl": "https://press.trustpilot.com",
            "investorsUrl": "https://investors.trustpilot.com",
            "jobsUrl": Value::Null,
            "statusPageUrl": "https://status.trustpilot.com",
        })
    };
    let locales: Vec<_> = LOCALES.iter().map(locale).collect();
    ok(&json!({ "locales": locales }))
}

/// `GET /v1/resources/metadata/countries`
pub(crate) fn countries(ask: &Ask<'_>) -> Answer {
    let locale = ask.locale("locale")?;
    let region = locale.split('-').nth(1).unwrap_or_default();
    let country = |(code, english, native, _): &(&str, &str, &str, &str)| {
        let translated = if *code == region { native } else { english };
        json!({ "country": code, "englishName": english, "translatedName": translated })
    };
    let countries: Vec<_> = COUNTRIES.iter().map(country).collect();
    ok(&json!({ "countries": countries }))
}
