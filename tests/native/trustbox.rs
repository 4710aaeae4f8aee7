//! The official widget's tables and markup.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use plaudit::Code;
use plaudit::widgets::trustbox::{
    ATTRIBUTES, LOCALES, TEMPLATES, Trustbox, locale, markup, template,
};

const BOX: Trustbox<'static> = Trustbox {
    template: "carousel",
    business_unit: "46d6a890000064000500e0c3",
    locale: "en-GB",
    theme: "",
    height: "",
    width: "",
    attributes: &[],
    link: "",
};

#[test]
fn templates_have_one_name_and_one_id_each() {
    let names: BTreeSet<_> = TEMPLATES.iter().map(|it| it.name).collect();
    let ids: BTreeSet<_> = TEMPLATES.iter().map(|it| it.id).collect();
    assert_eq!((names.len(), ids.len()), (TEMPLATES.len(), TEMPLATES.len()));
    for it in TEMPLATES {
        assert_eq!(it.id.len(), 24, "{}", it.name);
        assert!(it.id.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')));
        assert!(it.name.chars().all(|c| matches!(c, 'a'..='z' | '-')));
        // What is said in pixels is kept free to the pixel.
        if let Some(px) = it.height.and_then(|it| it.strip_suffix("px")) {
            assert_eq!(px, it.reserve.to_string(), "{}", it.name);
        }
    }
}

#[test]
fn templates_are_found_by_name_and_by_id() {
    // Micro Combo, which others call Micro Star.
    assert_eq!(
        template("5419b6ffb0d04a076446a9af").unwrap().name,
        "micro-combo"
    );
    assert_eq!(
        template("micro-star").unwrap().id,
        "5419b732fbfb950b10de65e5"
    );
    assert_eq!(template("677d6738677d6738677d6738"), None);
}

#[test]
fn attributes_are_each_there_once() {
    let names: BTreeSet<_> = ATTRIBUTES.iter().map(|it| it.name).collect();
    assert_eq!(names.len(), ATTRIBUTES.len());
    for name in ["template-id", "businessunit-id", "locale", "theme"] {
        assert!(!names.contains(name), "{name} has a place of its own");
    }
}

#[test]
fn i18n1_a_language_has_its_locale() {
    for it in LOCALES {
        assert_eq!(locale(it), Some(*it));
    }
    for (tag, expected) in [
        ("de", Some("de-DE")),
        ("DE-at", Some("de-AT")),
        ("de-LI", Some("de-DE")),
        ("en", Some("en-US")),
        ("en_GB", Some("en-GB")),
        ("en-ZA", Some("en-US")),
        ("fr-CA", Some("fr-FR")),
        ("nl", Some("nl-NL")),
        ("pt", Some("pt-PT")),
        ("pt-BR", Some("pt-BR")),
        ("da", Some("da-DK")),
        ("ja", Some("ja-JP")),
        ("sv", Some("sv-SE")),
        ("no", Some("nb-NO")),
        ("zh-Hans-CN", Some("zh-CN")),
        ("cs", None),
        ("", None),
        ("-", None),
        ("💥", None),
    ] {
        assert_eq!(locale(tag), expected, "{tag}");
    }
}

#[test]
fn markup_is_what_the_script_looks_for() {
    let html = markup(&Trustbox {
        theme: "dark",
        attributes: &[("stars", "4,5"), ("review-languages", "en")],
        link: "https://www.trustpilot.com/review/trustpilot.com",
        ..BOX
    });
    assert_eq!(
        html.unwrap(),
        "<div class=\"trustpilot-widget\" data-locale=\"en-GB\" \
         data-template-id=\"53aa8912dec7e10d38f59f36\" \
         data-businessunit-id=\"46d6a890000064000500e0c3\" data-style-height=\"140px\" \
         data-style-width=\"100%\" data-theme=\"dark\" data-stars=\"4,5\" \
         data-review-languages=\"en\"><a href=\"https://www.trustpilot.com/review/trustpilot.com\" \
         target=\"_blank\" rel=\"noopener\">Trustpilot</a></div>"
    );
    // An id that nobody here knows passes, without a height.
    let other = markup(&Trustbox {
        template: "677d6738",
        width: "50%",
        ..BOX
    });
    assert_eq!(
        other.unwrap(),
        "<div class=\"trustpilot-widget\" data-locale=\"en-GB\" data-template-id=\"677d6738\" \
         data-businessunit-id=\"46d6a890000064000500e0c3\" data-style-width=\"50%\"></div>"
    );
}

#[test]
fn sec1_no_value_becomes_markup() {
    let evil = "\"><script>alert(1)</script>&'";
    let html = markup(&Trustbox {
        template: evil,
        business_unit: evil,
        locale: evil,
        theme: evil,
        height: evil,
        width: evil,
        attributes: &[("tags", evil)],
        link: "https://example.com/\"><script>",
    });
    let html = html.unwrap();
    assert!(!html.contains("<script"));
    // The two tags' own, and two quotation marks for each of ten attributes and the link's three.
    assert_eq!(html.matches('<').count(), 4);
    assert_eq!(html.matches('"').count(), 2 * (8 + 3));
}

#[test]
fn what_cannot_be_written_is_refused() {
    let refused: [(&str, Trustbox<'_>); 11] = [
        (
            "template",
            Trustbox {
                template: "",
                ..BOX
            },
        ),
        (
            "business_unit",
            Trustbox {
                business_unit: "",
                ..BOX
            },
        ),
        ("locale", Trustbox { locale: "", ..BOX }),
        (
            "onload=x",
            Trustbox {
                attributes: &[("onload=x", "1")],
                ..BOX
            },
        ),
        (
            "a b",
            Trustbox {
                attributes: &[("a b", "1")],
                ..BOX
            },
        ),
        (
            "theme",
            Trustbox {
                attributes: &[("theme", "dark")],
                ..BOX
            },
        ),
        (
            "stars",
            Trustbox {
                attributes: &[("stars", "4"), ("stars", "5")],
                ..BOX
            },
        ),
        (
            "link",
            Trustbox {
                link: "javascript:alert(1)",
                ..BOX
            },
        ),
        (
            "link",
            Trustbox {
                link: "//evil.example",
                ..BOX
            },
        ),
        (
            "link",
            Trustbox {
                link: "https:///evil",
                ..BOX
            },
        ),
        (
            "attributes",
            Trustbox {
                attributes: &[("", "1")],
                ..BOX
            },
        ),
    ];
    for (subject, trustbox) in refused {
        let error = markup(&trustbox).unwrap_err();
        assert_eq!(error.code(), Code::InvalidArgument);
        assert_eq!(error.subject(), subject);
    }
}
