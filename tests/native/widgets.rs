//! What widgets show and how they are drawn, against `tests/vectors/widgets.json` and tables.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::indexing_slicing)]

use plaudit::widgets::html::escape;
use plaudit::widgets::render::{Score, Widget, address, badge, histogram, rating, stars};
use plaudit::widgets::stars::{COLOURS, EMPTY, filled, glyphs, grade, half_stars, tiles};
use plaudit::widgets::words::{self, GRADES};
use proptest::prelude::*;
use serde_json::{Value, json};

fn cases() -> Vec<Value> {
    serde_json::from_str(include_str!("../vectors/widgets.json")).unwrap()
}

fn widget(case: &Value) -> Widget {
    let own = json!({ "element": case["element"], "view": case["view"] });
    serde_json::from_value(own).unwrap_or_else(|error| panic!("{}: {error}", case["title"]))
}

#[test]
fn each_view_becomes_its_markup() {
    for case in cases() {
        let widget = widget(&case);
        assert_eq!(widget.html(), case["html"], "{}", case["title"]);
        assert_eq!(widget.tag(), case["element"], "{}", case["title"]);
    }
}

#[test]
fn a1_a3_a5_english_views_are_made_of_scores() {
    let mut made = 0;
    for case in cases() {
        let of = &case["of"];
        if of.is_null() || of.get("chosen").is_some() {
            continue;
        }
        let score = Score {
            value: of["value"].as_f64(),
            stars: of["stars"].as_f64(),
            count: of["count"].as_u64(),
            platform: of["platform"].as_str().unwrap_or("Trustpilot"),
            href: of["href"].as_str(),
        };
        let view = match case["element"].as_str().unwrap() {
            "plaudit-stars" => Widget::Stars(stars::View::english(&score)),
            "plaudit-rating" => Widget::Rating(rating::View::english(&score)),
            "plaudit-badge" => Widget::Badge(badge::View::english(&score)),
            "plaudit-histogram" => {
                let distribution = serde_json::from_value(of["distribution"].clone());
                let known = distribution.map(histogram::View::english);
                Widget::Histogram(known.unwrap_or_else(|_| histogram::View::unknown()))
            }
            // other elements' views are made where their reviews are
            _ => continue,
        };
        assert_eq!(view, widget(&case), "{}", case["title"]);
        made += 1;
    }
    assert!(made >= 70, "{made}");
}

#[test]
fn views_of_anybody_are_held_to_what_can_be_drawn() {
    let row = histogram::Row {
        stars: 200,
        width: u16::MAX,
        is_pressed: Some(false),
        ..histogram::Row::default()
    };
    let rows = histogram::View {
        rows: vec![row],
        status: None,
    };
    let html = Widget::Histogram(rows).html();
    assert!(html.contains("data-stars=\"5\"") && html.contains("data-grade=\"5\""));
    assert!(html.contains("h1000v1"));
    let stars = stars::View {
        halves: u8::MAX,
        label: None,
    };
    let most = stars::View {
        halves: 10,
        label: None,
    };
    assert_eq!(Widget::Stars(stars).html(), Widget::Stars(most).html());
}

#[test]
fn a_view_with_a_member_too_many_is_refused() {
    let own = json!({ "element": "plaudit-stars", "view": { "halves": 1, "style": "x" } });
    assert!(serde_json::from_value::<Widget>(own).is_err());
}

/// Trustpilot's buckets at one decimal. Inferred from its rule (to the nearest half, standard
/// rounding): the official chart is an image.
#[test]
fn inferred_buckets_of_half_stars() {
    let buckets = [
        (10..=12, 2),
        (13..=17, 3),
        (18..=22, 4),
        (23..=27, 5),
        (28..=32, 6),
        (33..=37, 7),
        (38..=42, 8),
        (43..=47, 9),
        (48..=50, 10),
    ];
    let mut all = 0;
    for (tenths, halves) in buckets {
        for tenth in tenths {
            assert_eq!(half_stars(f64::from(tenth) / 10.0), halves, "{tenth}");
            all += 1;
        }
    }
    assert_eq!(all, 41, "from 1.0 to 5.0");
    // the ties themselves, which no score with one decimal has
    for (score, halves) in [
        (1.25, 3),
        (1.75, 4),
        (2.25, 5),
        (3.75, 8),
        (4.25, 9),
        (4.75, 10),
    ] {
        assert_eq!(half_stars(score), halves, "{score}");
    }
    assert_eq!(half_stars(5.0), 10);
    for none in [0.0, 0.4, 0.99, -1.0, f64::NAN, f64::NEG_INFINITY] {
        assert_eq!(half_stars(none), 0, "{none}");
    }
    // what is no score is no praise
    for none in [5.000_001, 5.1, 7.0, 46.0, f64::INFINITY] {
        assert_eq!(half_stars(none), 0, "{none}");
    }
}

/// Words and colours by half stars. Inferred from two pages that were seen.
#[test]
fn inferred_grades_words_and_colours() {
    let words = [
        (2, "Bad", "#ff3722"),
        (3, "Bad", "#ff3722"),
        (4, "Poor", "#ff8622"),
        (5, "Poor", "#ff8622"),
        (6, "Average", "#ffce00"),
        (7, "Average", "#ffce00"),
        (8, "Great", "#73cf11"),
        (9, "Excellent", "#00b67a"),
        (10, "Excellent", "#00b67a"),
    ];
    for (halves, word, colour) in words {
        let at = usize::from(grade(halves)) - 1;
        assert_eq!((GRADES[at], COLOURS[at]), (word, colour), "{halves}");
    }
    assert_eq!(grade(0), 0);
}

fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// How much of the text's colour is in text that matters less, of 100: the same in all sheets.
fn muted_share() -> u32 {
    let sheets = [
        include_str!("../../src/widgets/css/base.css"),
        include_str!("../../src/widgets/css/reviews.css"),
    ];
    let shares: Vec<u32> = sheets
        .iter()
        .flat_map(|sheet| {
            sheet
                .split("--plaudit-muted, color-mix(in srgb, currentcolor ")
                .skip(1)
        })
        .map(|rest| rest.split('%').next().unwrap().parse().unwrap())
        .collect();
    assert!(
        shares.len() > 1 && shares.iter().all(|it| *it == shares[0]),
        "{shares:?}"
    );
    shares[0]
}

/// A colour that lets so much of what is behind it through.
fn mixed(colour: &str, behind: &str, share: u32) -> String {
    let channel = |at: usize| {
        let of = |text: &str| u32::from_str_radix(&text[at..at + 2], 16).unwrap();
        (of(colour) * share + of(behind) * (100 - share)) / 100
    };
    format!("#{:02x}{:02x}{:02x}", channel(1), channel(3), channel(5))
}

/// The platform's colours are not enough by themselves, which is why the number is printed beside and
/// the tiles can have a line; and the line is enough.
#[test]
fn a11y15_contrast_of_the_colours() {
    let on_white = [3.61, 2.42, 1.49, 1.97, 2.63];
    for (colour, ratio) in COLOURS.iter().zip(on_white) {
        assert!(
            (contrast(colour, "#ffffff") - ratio).abs() < 0.01,
            "{colour}"
        );
        assert!(
            contrast(colour, EMPTY) < 3.0,
            "{colour} beside an empty tile"
        );
    }
    let sheet = include_str!("../../src/widgets/css/stars-host.css");
    assert!(sheet.contains("stroke: currentcolor;"));
    for (text, page) in [
        ("#000000", "#ffffff"),
        ("#1c1c1c", "#ffffff"),
        ("#ffffff", "#1c1c1c"),
        ("#e6e6e6", "#000000"),
        ("#57534e", "#fafaf9"),
        ("#4b5563", "#f3f4f6"),
        ("#334155", "#f8fafc"),
        ("#666666", "#ffffff"),
        ("#a1a1aa", "#18181b"),
        ("#d4d4d8", "#27272a"),
    ] {
        // the line around tiles has the text's own colour
        assert!(contrast(text, page) >= 3.0, "{text} on {page}");
        let muted = mixed(text, page, muted_share());
        assert!(contrast(&muted, page) >= 4.5, "{muted} on {page}");
    }
    // a text never has a tile's colour
    let sheets = [
        include_str!("../../src/widgets/css/base.css"),
        include_str!("../../src/widgets/css/rating.css"),
        include_str!("../../src/widgets/css/badge.css"),
        include_str!("../../src/widgets/css/histogram.css"),
    ];
    for colour in COLOURS {
        assert!(
            !sheets.iter().any(|sheet| sheet.contains(colour)),
            "{colour}"
        );
    }
}

/// The half that is filled is the left one, and the tiles lie where the official drawings have them.
#[test]
fn drawings_have_the_official_geometry() {
    let places = ["M0 0", "M104 0", "M208 0", "M312 0", "M416 0"];
    let all: String = places.iter().map(|at| format!("{at}h96v96h-96z")).collect();
    assert_eq!(tiles(), all);
    assert_eq!(filled(0), "");
    assert_eq!(filled(1), "M0 0h48v96h-48z");
    assert_eq!(filled(3), "M0 0h96v96h-96zM104 0h48v96h-48z");
    assert_eq!((filled(10), filled(u8::MAX)), (all.clone(), all));
    assert_eq!(glyphs().matches('M').count(), 5);
}

#[test]
fn phrases_have_their_values_and_numbers() {
    let say = words::english;
    assert_eq!(say("reviews", &[], 0), "0 reviews");
    assert_eq!(say("reviews", &[], 1), "1 review");
    assert_eq!(say("reviews", &[], 999), "999 reviews");
    assert_eq!(say("reviews", &[], 1_000), "1,000 reviews");
    assert_eq!(
        say("reviews", &[], u64::MAX),
        "18,446,744,073,709,551,615 reviews"
    );
    // what stands in a value is no place
    assert_eq!(
        say("on", &[("what", "{platform}"), ("platform", "{")], 0),
        "{platform} on {"
    );
    assert_eq!(say("no such phrase", &[], 1), "");
}

#[test]
fn sec6_only_https_is_linked() {
    let kept = [
        ("https://a.example/b?c=d&e#f", "https://a.example/b?c=d&e#f"),
        ("HtTpS://a.example", "https://a.example"),
        ("//a.example/b", "https://a.example/b"),
    ];
    for (given, linked) in kept {
        assert_eq!(address(given).as_deref(), Some(linked), "{given}");
    }
    let refused = [
        "",
        "/",
        "//",
        "///",
        "https:",
        "https:/",
        "https://",
        "https:///a",
        "http://a",
        "a",
        "javascript:x",
        "java\nscript:x",
        "data:,",
        "vbscript:x",
        "blob:https://a",
        " https://a",
        "https://a ",
        "https://a\t",
        "https://a\u{0}",
        "https://a\u{a0}b",
        "\\\\a",
        "https://a\\b",
        "https://a\"b",
        "https://<a>",
        "//`a",
        "é",
        "httpé:",
    ];
    for given in refused {
        assert_eq!(address(given), None, "{given:?}");
    }
}

proptest! {
    /// Whatever a text holds, there is as much markup as without it, and nothing leaves its place.
    #[test]
    fn sec1_no_text_becomes_markup(texts in prop::array::uniform4(".{0,40}"), halves: u8) {
        let [href, word, score, text] = texts;
        let view = |href, word, score: String, text| rating::View {
            href: Some(href),
            word: Some(word),
            halves,
            scale: Some(score.clone()),
            score: Some(score),
            text,
        };
        let html = Widget::Rating(view(href.clone(), word, score, text)).html();
        let plain = address(&href).map_or_else(String::new, |_| "//a".to_owned());
        let model = Widget::Rating(view(plain, "a".into(), "a".into(), "a".into())).html();
        for mark in ['<', '>', '"'] {
            prop_assert_eq!(html.matches(mark).count(), model.matches(mark).count(), "{}", html);
        }
    }

    #[test]
    fn escaped_text_reads_as_it_was(text in ".{0,60}") {
        let mut escaped = String::new();
        escape(&mut escaped, &text);
        let is_markup = escaped.contains(['<', '>', '"', '\u{a0}']);
        prop_assert!(!is_markup, "{}", escaped);
        let mut back = escaped;
        let names = [("&nbsp;", "\u{a0}"), ("&quot;", "\""), ("&gt;", ">"), ("&lt;", "<"), ("&amp;", "&")];
        for (name, own) in names {
            back = back.replace(name, own);
        }
        prop_assert_eq!(back, text);
    }

    #[test]
    fn no_address_leaves_https(text in "(https:|HTTP:|//|/|\\\\|.){0,6}[ -~\\n\\t]{0,20}") {
        if let Some(linked) = address(&text) {
            prop_assert!(linked.starts_with("https://"));
            let is_odd = linked.contains(['\n', '\t', ' ', '\\', '"', '<', '>']);
            prop_assert!(!is_odd, "{}", linked);
        }
    }
}

mod prerendered {
    use plaudit::widgets::jsonld::Warning;
    use plaudit::widgets::render::{Score, Widget, rating, reviews};
    use plaudit::widgets::sheets::{self, SHEETS};
    use plaudit::widgets::{ELEMENTS, Host, Style, render_to_string};
    use plaudit::{Code, Error};
    use proptest::prelude::*;

    fn rated() -> Widget {
        let score = Score {
            value: Some(4.5),
            count: Some(12),
            ..Score::default()
        };
        Widget::Rating(rating::View::english(&score))
    }

    fn of(host: &Host<'_>) -> Result<String, Error> {
        render_to_string(&rated(), host).map(|it| it.html)
    }

    #[test]
    fn sec8_the_key_is_left_out() {
        let attributes = &[("domain", "a.example"), ("api-key", "secret")];
        let host = Host {
            attributes,
            ..Host::default()
        };
        let html = of(&host).unwrap();
        assert!(!html.contains("secret") && !html.contains("api-key"));
    }

    #[test]
    fn ssr3_the_state_says_what_it_is_of() {
        let attributes = &[("id", "x"), ("sku", "a\"b"), ("domain", "a.example")];
        let host = Host {
            attributes,
            locale: Some("de"),
            data: Some("{\"a\":\"</script>\"}"),
            ..Host::default()
        };
        let html = of(&host).unwrap();
        let version = env!("CARGO_PKG_VERSION");
        let state = format!(
            "<script type=\"application/json\" data-of=\"{version} de domain=a.example locale=de \
             sku=a&quot;b\">{{\"a\":\"\\u003c/script\\u003e\"}}</script></template>"
        );
        assert!(html.contains(&state), "{html}");
    }

    #[test]
    fn sec4_sheets_come_as_text_or_as_a_link() {
        let with = |style| {
            of(&Host {
                style,
                ..Host::default()
            })
        };
        let own = with(Style::Own {
            nonce: Some("a\"b"),
        })
        .unwrap();
        assert!(own.contains("<style nonce=\"a&quot;b\">:host"));
        let link = with(Style::Link { href: "/a.css?b&c" }).unwrap();
        assert!(link.contains("<link rel=\"stylesheet\" href=\"/a.css?b&amp;c\">"));
        assert!(!link.contains("<style"));
        for wrong in [
            Style::Link { href: "" },
            Style::Text {
                css: "a{}</style>",
                nonce: None,
            },
        ] {
            assert_eq!(with(wrong).unwrap_err().code(), Code::InvalidArgument);
        }
    }

    #[test]
    fn names_that_would_break_out_are_refused() {
        for name in ["onclick", "a b", "a\"", "a>", "a=", "", "-a", "Class", "é"] {
            let attributes = &[(name, "x")];
            let host = Host {
                attributes,
                ..Host::default()
            };
            assert_eq!(of(&host).unwrap_err().subject(), "attributes", "{name}");
        }
        let attributes = &[("id", "a"), ("id", "b")];
        let host = Host {
            attributes,
            ..Host::default()
        };
        assert!(of(&host).is_err());
    }

    #[test]
    fn ld3_structured_data_when_it_is_asked_for() {
        let attributes = &[("schema", "aggregate"), ("domain", "a.example")];
        let host = Host {
            attributes,
            data: Some(r#"{"rating":{"value":4.5,"count":12,"name":"A <b>"}}"#),
            ..Host::default()
        };
        let made = render_to_string(&rated(), &host).unwrap();
        assert_eq!(made.warnings, [Warning::NoStars]);
        let end = "\"worstRating\":1,\"reviewCount\":12}}</script></plaudit-rating>";
        assert!(made.html.ends_with(end), "{}", made.html);
        assert!(made.html.contains("\"name\":\"A \\u003cb\\u003e\""));
    }

    #[test]
    fn ld4_reviews_that_are_not_seen_are_not_marked_up() {
        let attributes = &[
            ("schema", "Reviews"),
            ("provider", "TRUSTOO"),
            ("name", "A"),
        ];
        let review = r#"{"stars":5,"author":"B"}"#;
        let data = format!("{{\"reviews\":[{review},{review},{review}]}}");
        let host = Host {
            attributes,
            data: Some(&data),
            ..Host::default()
        };
        let seen = reviews::View {
            reviews: vec![reviews::Review::default()],
            ..reviews::View::default()
        };
        let made = render_to_string(&Widget::Reviews(seen), &host).unwrap();
        assert_eq!(made.html.matches("\"@type\":\"Review\"").count(), 1);
        assert_eq!(made.warnings, [Warning::NoStars]);
    }

    #[test]
    fn each_element_has_its_sheets() {
        for element in ELEMENTS {
            let names = sheets::names(element.tag);
            assert!(!names.is_empty(), "{}", element.tag);
            for name in names {
                assert!(SHEETS.iter().any(|(it, _)| it == name), "{name}");
            }
            let css = sheets::css(element.tag);
            assert_eq!(css.matches('{').count(), css.matches('}').count());
            assert!(css.starts_with(":host") || css.starts_with('.'), "{css}");
        }
        assert_eq!(sheets::css("div"), "");
    }

    proptest! {
        #[test]
        fn sec1_no_value_breaks_out(value in any::<String>(), name in "[a-z]{1,3}") {
            let attributes = &[(&*name, &*value), ("aria-label", "</template><script>\"")];
            let host = Host {
                attributes,
                data: Some(&value),
                style: Style::Link { href: "/a.css" },
                ..Host::default()
            };
            if let Ok(html) = of(&host) {
                prop_assert_eq!(html.matches("<script").count(), 1);
                prop_assert_eq!(html.matches("</script>").count(), 1);
                prop_assert_eq!(html.matches("</template>").count(), 1);
                prop_assert_eq!(html.matches("<plaudit-rating").count(), 1);
            }
        }
    }
}
