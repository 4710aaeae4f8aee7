//! The style sheets of the elements.

/// The sheets by name.
pub const SHEETS: &[(&str, &str)] = &[
    ("badge", include_str!("css/badge.css")),
    ("base", include_str!("css/base.css")),
    ("button", include_str!("css/button.css")),
    ("histogram", include_str!("css/histogram.css")),
    ("rating", include_str!("css/rating.css")),
    ("reviews", include_str!("css/reviews.css")),
    ("sign-in", include_str!("css/sign-in.css")),
    ("sign-in-host", include_str!("css/sign-in-host.css")),
    ("stars", include_str!("css/stars.css")),
    ("stars-host", include_str!("css/stars-host.css")),
];

/// The names of an element's sheets, in order; none for another tag.
#[must_use]
pub fn names(tag: &str) -> &'static [&'static str] {
    match tag {
        "plaudit-stars" => &["stars", "stars-host"],
        "plaudit-rating" => &["base", "stars", "rating"],
        "plaudit-badge" => &["base", "stars", "rating", "badge"],
        "plaudit-histogram" => &["base", "stars", "button", "histogram"],
        "plaudit-reviews" => &["base", "stars", "button", "reviews"],
        "plaudit-sign-in" => &["base", "button", "sign-in-host", "sign-in"],
        _ => &[],
    }
}

/// The sheets of an element as one text, without the room between their lines.
#[must_use]
pub fn css(tag: &str) -> String {
    let named = |name: &&str| SHEETS.iter().find(|(it, _)| it == name);
    let mut text = String::new();
    for (_, sheet) in names(tag).iter().filter_map(named) {
        for line in sheet.lines().map(str::trim) {
            // a value or a selector that goes on
            if !text.is_empty() && !text.ends_with(['{', '}', ';', ',']) {
                text.push(' ');
            }
            text.push_str(line);
        }
    }
    text
}
