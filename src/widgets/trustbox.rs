//! Trustpilot's official widget, TrustBox: its templates, its attributes, its locales, and the markup
//! that its script looks for.
//!
//! ```
//! use plaudit::widgets::trustbox::{self, Trustbox};
//!
//! let html = trustbox::markup(&Trustbox {
//!     template: "micro-star",
//!     business_unit: "46d6a890000064000500e0c3",
//!     locale: "en-GB",
//!     link: "https://www.trustpilot.com/review/trustpilot.com",
//!     ..Trustbox::default()
//! })?;
//! assert!(html.starts_with("<div class=\"trustpilot-widget\" data-locale=\"en-GB\""));
//! # Ok::<(), plaudit::Error>(())
//! ```

use crate::error::{Error, Fault, Refusal, fault};
use crate::widgets::element::Named;
use crate::widgets::html::Html;

/// Where the widget comes from: its script, its frames, its data.
pub const ORIGIN: &str = "https://widget.trustpilot.com";

/// The address of the widget's script.
pub const SCRIPT: &str = "https://widget.trustpilot.com/bootstrap/v5/tp.widget.bootstrap.min.js";

/// The class by which the script finds its elements.
pub const CLASS: &str = "trustpilot-widget";

/// A template of the widget. There are others, made for one account, so any id can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    /// The name by which this package knows it.
    pub name: &'static str,
    /// Trustpilot's id.
    pub id: &'static str,
    /// The usual `data-style-height`, as seen in pages; none where none is usual or known.
    pub height: Option<&'static str>,
    /// Room to be kept for it, in CSS pixels. Zero where nothing is known; 150 where the height is a share
    /// of one that is not known, as browsers draw such a frame.
    pub reserve: u16,
}

const fn px(name: &'static str, id: &'static str, height: &'static str, reserve: u16) -> Template {
    Template {
        name,
        id,
        height: Some(height),
        reserve,
    }
}

/// The templates that are known by name. Heights are those seen in pages, the smallest where there
/// were several.
pub const TEMPLATES: &[Template] = &[
    px("horizontal", "5406e65db0d04a09e042d5fc", "28px", 28),
    px("micro-button", "5419b757fa0340045cd0c938", "24px", 24),
    px("micro-combo", "5419b6ffb0d04a076446a9af", "20px", 20),
    px("micro-review-count", "5419b6a8b0d04a076446a9ad", "24px", 24),
    px("micro-star", "5419b732fbfb950b10de65e5", "24px", 24),
    px("micro-trustscore", "5419b637fa0340045cd0c936", "20px", 20),
    px("mini", "53aa8807dec7e10d38f59f32", "150px", 150),
    px("mini-carousel", "539ad0ffdec7e10e686debd7", "350px", 350),
    px("starter", "5613c9cde69ddc09340c6beb", "100%", 150),
    px("review-collector", "56278e9abfbbba0bdcd568bc", "52px", 52),
    px("carousel", "53aa8912dec7e10d38f59f36", "140px", 140),
    px("drop-down", "5418052cfbfb950d88702476", "30px", 30),
    px("grid", "539adbd6dec7e10e686debee", "500px", 500),
    px("list", "539ad60defb9600b94d7df2c", "500px", 500),
    px("list-filtered", "539ad998dec7e10e686debe0", "400px", 400),
    px("pop-up", "5418015fb0d04a0c9cf721f2", "50px", 50),
    px("quote", "54d0e1d8764ea9078c79e6ee", "300px", 300),
    px("slider", "54ad5defc6454f065c28af8b", "240px", 240),
    Template {
        name: "flex",
        id: "54197383fd9dceac42a68694",
        height: None,
        reserve: 0,
    },
    px("product-mini", "54d39695764ea907c0f34825", "24px", 24),
    px(
        "product-mini-multisource",
        "577258fb31f02306e4e3aaf9",
        "24px",
        24,
    ),
    // has a script of its own beside this one: unverified
    Template {
        name: "product-qa",
        id: "5e8f516485a0810001753930",
        height: None,
        reserve: 0,
    },
    px("product-reviews", "544a426205dc0a09088833c6", "400px", 400),
    px(
        "product-reviews-carousel",
        "60f537b5b0f1639de1fe048c",
        "140px",
        140,
    ),
    px(
        "product-reviews-gallery",
        "546f0626f97a75059086a588",
        "350px",
        350,
    ),
    px(
        "product-reviews-multisource",
        "57177697fdb1180308e3815f",
        "400px",
        400,
    ),
    px(
        "product-reviews-seo",
        "5717796816f630043868e2e8",
        "400px",
        400,
    ),
    px(
        "product-reviews-multisource-seo",
        "5763bccae0a06d08e809ecbb",
        "400px",
        400,
    ),
];

/// The locales that the widget is known to have. Others pass too.
pub const LOCALES: &[&str] = &[
    "da-DK", "de-AT", "de-CH", "de-DE", "en-AU", "en-CA", "en-GB", "en-IE", "en-NZ", "en-US",
    "es-ES", "fi-FI", "fr-BE", "fr-FR", "it-IT", "ja-JP", "nb-NO", "nl-BE", "nl-NL", "pl-PL",
    "pt-BR", "pt-PT", "ru-RU", "sv-SE", "zh-CN",
];

/// What the value of an attribute is. The widget checks none, so neither is any refused here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A whole number.
    Number,
    /// `true`, or not there.
    Flag,
    /// A CSS colour.
    Color,
    /// Stars, 1 to 5, with commas between.
    Stars,
    /// Several, with commas between.
    List,
    /// One of [`TEMPLATES`], or an id.
    Template,
    /// One of [`LOCALES`], or another.
    Locale,
    /// Known words; others pass.
    Word(&'static [&'static str]),
}

/// An attribute of the widget: `data-` and its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name without `data-`.
    pub name: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// What it does, as far as its name and pages that use it tell.
    pub docs: &'static str,
}

const fn data(name: &'static str, kind: Kind, docs: &'static str) -> Attribute {
    Attribute { name, kind, docs }
}

/// The attributes beside template, business unit, locale, theme, height and width, by which pages
/// tell the widget what to show. Seen in pages and in types of others; what one has to do with a
/// template stands in Trustpilot's own configurator. Any other passes as it is.
pub const ATTRIBUTES: &[Attribute] = &[
    data("stars", Kind::Stars, "Only reviews with so many stars."),
    data(
        "review-languages",
        Kind::List,
        "Only reviews in these languages (ISO 639-1).",
    ),
    data(
        "tags",
        Kind::List,
        "Only reviews with these tags; `SelectedReview` is a common one.",
    ),
    data(
        "schema-type",
        Kind::Word(&["Organization", "Product"]),
        "The type of the structured data that the widget's script adds to the page.",
    ),
    data("sku", Kind::List, "The products' SKUs."),
    data("name", Kind::Text, "The product's name."),
    data(
        "token",
        Kind::Text,
        "In newer snippets; its meaning is not documented.",
    ),
    data("font-family", Kind::Text, "The font."),
    data("text-color", Kind::Color, "The colour of text."),
    data("border-color", Kind::Color, "The colour of borders."),
    data("link-color", Kind::Color, "The colour of links."),
    data("star-color", Kind::Color, "The colour of stars."),
    data("button-color", Kind::Color, "The colour of buttons."),
    data(
        "button-text-color",
        Kind::Color,
        "The colour of buttons' text.",
    ),
    data(
        "no-reviews",
        Kind::Word(&["hide", "show"]),
        "What to do where there are no reviews.",
    ),
    data(
        "scroll-to-list",
        Kind::Flag,
        "A click scrolls to the list of reviews.",
    ),
    data(
        "style-alignment",
        Kind::Word(&["left", "center", "right"]),
        "Where it stands in its room.",
    ),
    data(
        "min-review-count",
        Kind::Number,
        "Fewer reviews are not shown.",
    ),
    data("fullwidth", Kind::Flag, "As wide as its room."),
    data(
        "third-party-reviews",
        Kind::Flag,
        "Reviews of third parties too.",
    ),
    data(
        "group",
        Kind::Text,
        "The group of a split test; with it the script sets a cookie (unverified).",
    ),
    data(
        "location",
        Kind::Text,
        "The location, of a business with several.",
    ),
    data("allow-robots", Kind::Flag, "Search engines may read it."),
    data(
        "loading",
        Kind::Word(&["lazy", "eager"]),
        "When the frame is loaded.",
    ),
    data("reviewnumber", Kind::Number, "How many reviews."),
    data(
        "price",
        Kind::Text,
        "The product's price, for structured data.",
    ),
    data(
        "price-currency",
        Kind::Text,
        "The price's currency, for structured data.",
    ),
    data(
        "availability",
        Kind::Text,
        "The product's availability, for structured data.",
    ),
    data(
        "style-size",
        Kind::Word(&["S", "M", "XL"]),
        "The size of `flex`.",
    ),
    data(
        "border-type",
        Kind::Word(&["shadow"]),
        "The border of `flex`.",
    ),
    data("headline", Kind::Word(&["star"]), "The headline of `flex`."),
    data(
        "support-text",
        Kind::Word(&["review-number"]),
        "The text beside the headline of `flex`.",
    ),
    data("brand-color", Kind::Color, "The main colour of `flex`."),
    data("contrast-color", Kind::Color, "The other colour of `flex`."),
];

/// What `<plaudit-trustbox>` takes by names of its own.
pub const OWN: &[Attribute] = &[
    data("template", Kind::Template, "A template's name, or its id."),
    data("business-unit", Kind::Text, "The business unit's id."),
    data(
        "locale",
        Kind::Locale,
        "The locale. Default: that of the nearest `lang`, else of the browser.",
    ),
    data("theme", Kind::Word(&["light", "dark"]), "The theme."),
    data(
        "height",
        Kind::Number,
        "A CSS length, or pixels; so much room is kept. Default: the template's usual one.",
    ),
    data(
        "width",
        Kind::Number,
        "A CSS length, or pixels. Default: `100%`.",
    ),
    data(
        "consent",
        Kind::Word(&["required"]),
        "With `required` nothing is requested before `allow()`, or before the attribute goes.",
    ),
];

/// The events of `<plaudit-trustbox>`. They bubble and are composed.
pub const EVENTS: &[Named] = &[
    (
        "plaudit-load",
        "The widget is there; `detail.frame` is the official frame.",
    ),
    (
        "plaudit-error",
        "It is not there; `detail` is a `PlauditError`. The link shows again.",
    ),
    (
        "plaudit-consent",
        "The visitor pressed the button of `consent=\"required\"`; yours to remember.",
    ),
];

/// What `::part()` reaches in `<plaudit-trustbox>`.
pub const PARTS: &[Named] = &[
    ("base", "All of it."),
    ("consent", "What stands in before consent."),
    ("allow", "The button that gives it."),
    ("status", "What is said when it failed."),
    ("retry", "The button that tries again."),
];

/// The custom properties that what stands in for the widget heeds. The widget itself has attributes.
pub const PROPERTIES: &[Named] = &[
    ("--plaudit-color", "Text. Default: the page's."),
    ("--plaudit-accent", "Focus."),
    ("--plaudit-surface", "The card, and buttons."),
    ("--plaudit-border", "Their borders."),
    ("--plaudit-radius", "Their corners."),
    ("--plaudit-font", "The font. Default: the page's."),
];

/// What `:state()` matches in `<plaudit-trustbox>`.
pub const STATES: &[Named] = &[
    ("idle", "It is not in a page."),
    ("consent", "It waits for consent: nothing was requested."),
    ("loading", "The widget is on its way."),
    ("ready", "The widget is there."),
    ("error", "It is not there: see `error`."),
    ("offline", "Beside `error`: the browser is offline."),
];

/// The slots of `<plaudit-trustbox>`.
pub const SLOTS: &[Named] = &[
    ("", "What shows until the widget is there: a link."),
    ("consent", "The text before consent, in place of ours."),
    ("allow", "The text of the button that gives it."),
    ("error", "The text when it failed."),
    ("retry", "The text of the button that tries again."),
];

/// The template of this name or id, where it is a known one.
#[must_use]
pub fn template(name_or_id: &str) -> Option<&'static Template> {
    TEMPLATES
        .iter()
        .find(|it| it.name == name_or_id || it.id == name_or_id)
}

/// The widget's locale for a language tag (BCP 47): the same, or the first of its language.
///
/// ```
/// use plaudit::widgets::trustbox::locale;
/// assert_eq!(locale("de"), Some("de-DE"));
/// assert_eq!(locale("fr-ca"), Some("fr-FR"));
/// assert_eq!(locale("tlh"), None);
/// ```
#[must_use]
pub fn locale(tag: &str) -> Option<&'static str> {
    let all = || LOCALES.iter().copied();
    let language = |it: &str| -> String {
        let language = it.split(['-', '_']).next().unwrap_or_default();
        // Norwegian without a written form is nearly always Bokmål.
        let language = if language.eq_ignore_ascii_case("no") {
            "nb"
        } else {
            language
        };
        language.to_ascii_lowercase()
    };
    let wanted = language(tag);
    let main = format!("{wanted}-{}", wanted.to_ascii_uppercase());
    all()
        .find(|it| it.eq_ignore_ascii_case(&tag.replace('_', "-")))
        .or_else(|| all().find(|it| *it == main))
        .or_else(|| (wanted == "en").then_some("en-US"))
        .or_else(|| all().find(|it| language(it) == wanted))
}

/// What [`markup`] writes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trustbox<'a> {
    /// A template's name, or its id.
    pub template: &'a str,
    /// The business unit's id.
    pub business_unit: &'a str,
    /// The locale, such as `en-GB`.
    pub locale: &'a str,
    /// `light` or `dark`; empty: not said.
    pub theme: &'a str,
    /// A CSS length; empty: the template's usual one.
    pub height: &'a str,
    /// A CSS length; empty: `100%`.
    pub width: &'a str,
    /// Other attributes, without `data-`: see [`ATTRIBUTES`].
    pub attributes: &'a [(&'a str, &'a str)],
    /// The business's page at Trustpilot, for readers without script; `https` alone, empty: none.
    pub link: &'a str,
}

/// Names that [`Trustbox`] has members for.
const MEMBERS: &[&str] = &[
    "template-id",
    "businessunit-id",
    "locale",
    "theme",
    "style-height",
    "style-width",
];

static MISSING: Fault = fault!(InvalidArgument, "trustbox", "is missing");
static NAME: Fault = fault!(
    InvalidArgument,
    "attributes",
    "names are of a-z, 0-9 and -, none twice, none that has a member of its own",
);
static LINK: Fault = fault!(InvalidArgument, "link", "is no https address");

/// The markup that Trustpilot's script looks for, without the script. Values are escaped.
///
/// # Errors
///
/// [`Code::InvalidArgument`](crate::Code::InvalidArgument): template, business unit or locale is
/// missing, a name cannot be that of an attribute, has a member of its own or is given twice, or the
/// link is not `https`.
pub fn markup(trustbox: &Trustbox<'_>) -> Result<String, Error> {
    let known = template(trustbox.template);
    let id = known.map_or(trustbox.template, |it| it.id);
    let usual = known.and_then(|it| it.height).unwrap_or_default();
    let or = |value: &'_ str, default: &'static str| -> String {
        String::from(if value.is_empty() { default } else { value })
    };
    for (name, value) in [
        ("template", id),
        ("business_unit", trustbox.business_unit),
        ("locale", trustbox.locale),
    ] {
        if value.is_empty() {
            return Err(Refusal::of(&MISSING, name.as_bytes()).into());
        }
    }
    let height = or(trustbox.height, usual);
    let width = or(trustbox.width, "100%");
    let mut all = vec![
        (String::from("class"), CLASS),
        (String::from("data-locale"), trustbox.locale),
        (String::from("data-template-id"), id),
        (String::from("data-businessunit-id"), trustbox.business_unit),
        (String::from("data-style-height"), height.as_str()),
        (String::from("data-style-width"), width.as_str()),
        (String::from("data-theme"), trustbox.theme),
    ];
    for &(name, value) in trustbox.attributes {
        let full = format!("data-{name}");
        let fits = name.starts_with(|it: char| it.is_ascii_lowercase())
            && name
                .chars()
                .all(|it| matches!(it, 'a'..='z' | '0'..='9' | '-'));
        if !fits || MEMBERS.contains(&name) || all.iter().any(|(other, _)| *other == full) {
            return Err(Refusal::of(&NAME, name.as_bytes()).into());
        }
        all.push((full, value));
    }
    let written: Vec<_> = all
        .iter()
        .map(|(name, value)| (name.as_str(), (!value.is_empty()).then_some(*value)))
        .collect();
    let mut html = Html::new();
    html.open("div", &written);
    if !trustbox.link.is_empty() {
        let host = trustbox.link.strip_prefix("https://").unwrap_or_default();
        if host.is_empty() || host.starts_with(['/', '\\', '?', '#']) {
            return Err(Error::from(&LINK));
        }
        let link = [
            ("href", Some(trustbox.link)),
            ("target", Some("_blank")),
            ("rel", Some("noopener")),
        ];
        html.leaf("a", &link, "Trustpilot");
    }
    html.close("div");
    Ok(html.into_string())
}
