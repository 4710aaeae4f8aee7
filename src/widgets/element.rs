//! The custom elements as data: what they take, tell and let be styled. The npm package's accessors,
//! its types for every framework, its custom-elements manifest and its guide are made from this.

/// What an attribute's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A number; another text counts as absent.
    Number,
    /// There or not there.
    Flag,
    /// One of these, the first by default.
    Word(&'static [&'static str]),
}

/// An attribute, which is a property too: `business-unit` and `businessUnit`.
#[derive(Clone, Copy, Debug)]
pub struct Attribute {
    /// Its name in markup.
    pub name: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// One sentence.
    pub docs: &'static str,
}

/// A name with a sentence: an event, a part, a custom property, a slot.
pub type Named = (&'static str, &'static str);

/// A custom element.
#[derive(Clone, Copy, Debug)]
pub struct Element {
    /// Its name in markup.
    pub tag: &'static str,
    /// Its class.
    pub class: &'static str,
    /// What it is.
    pub docs: &'static str,
    /// What it takes, in groups that elements share.
    pub attributes: &'static [&'static [Attribute]],
    /// Its events. They bubble and are composed.
    pub events: &'static [Named],
    /// What `::part()` reaches.
    pub parts: &'static [Named],
    /// The custom properties that it heeds, in groups that elements share.
    pub properties: &'static [&'static [Named]],
    /// Its slots; "" is the one without a name.
    pub slots: &'static [Named],
}

const fn text(name: &'static str, docs: &'static str) -> Attribute {
    Attribute {
        name,
        kind: Kind::Text,
        docs,
    }
}
const fn number(name: &'static str, docs: &'static str) -> Attribute {
    Attribute {
        name,
        kind: Kind::Number,
        docs,
    }
}
const fn flag(name: &'static str, docs: &'static str) -> Attribute {
    Attribute {
        name,
        kind: Kind::Flag,
        docs,
    }
}
const fn word(name: &'static str, words: &'static [&'static str], docs: &'static str) -> Attribute {
    Attribute {
        name,
        kind: Kind::Word(words),
        docs,
    }
}

const COMMON: &[Attribute] = &[
    text(
        "locale",
        "The language of its words and numbers (BCP 47). Default: the nearest `lang`, then the browser's.",
    ),
    word("provider", &["trustpilot", "trustoo"], "The platform."),
];

const RATING: &[Attribute] = &[
    number("value", "The score, 0 to 5. With it nothing is fetched."),
    number("count", "How many reviews there are."),
];

const LINK: &[Attribute] = &[
    text("name", "The name of what is rated."),
    text("href", "Where its link leads: https alone."),
];

const SOURCE: &[Attribute] = &[
    text("business-unit", "The id of a business unit at Trustpilot."),
    text(
        "domain",
        "The domain of a business at Trustpilot, in place of its id.",
    ),
    text(
        "sku",
        "A product's SKU at Trustpilot (with the business unit), or its handle at Trustoo (with the shop).",
    ),
    text("shop", "A shop's domain at Shopify, for Trustoo."),
    text(
        "proxy",
        "The address of a server that adds the key, such as a broker's `/broker/api`.",
    ),
    text(
        "api-key",
        "The public key. Everyone can read it in the page: prefer `proxy`.",
    ),
    text(
        "base-url",
        "Another base address than the platform's, for example a sandbox's.",
    ),
    word(
        "loading",
        &["lazy", "eager"],
        "When to fetch: near the window, or at once.",
    ),
];

const SCHEMA: &[Attribute] = &[
    word(
        "schema",
        &["none", "aggregate", "reviews"],
        "Structured data for search engines. Read the rules first.",
    ),
    text(
        "schema-type",
        "The type of what is rated (schema.org), such as `Product`. Default: `Product` with a SKU, else `Organization`.",
    ),
    text(
        "schema-id",
        "The `@id` of what is rated, where the page has markup of it already.",
    ),
];

const LOADS: &[Named] = &[
    (
        "plaudit-load",
        "It shows what was asked for; `detail` has the data and where it came from.",
    ),
    (
        "plaudit-error",
        "It cannot be shown; `detail` is a `PlauditError`.",
    ),
];

const TEXT: &[Named] = &[
    ("--plaudit-color", "Text. Default: the page's."),
    ("--plaudit-font", "The font. Default: the page's."),
    (
        "--plaudit-accent",
        "Buttons, focus, what is chosen, and the line beside a reply.",
    ),
];

const MUTED: &[Named] = &[("--plaudit-muted", "Text that matters less.")];

const SURFACE: &[Named] = &[
    ("--plaudit-surface", "Cards and buttons."),
    ("--plaudit-border", "Lines and borders."),
];

const RADIUS: &[Named] = &[(
    "--plaudit-radius",
    "Corners of cards, buttons and rows that are chosen.",
)];

const GAP: &[Named] = &[("--plaudit-gap", "Room between things. Default: 1rem.")];

const FILLS: &[Named] = &[
    (
        "--plaudit-star-fill",
        "One colour for all grades, in place of the platform's; also of bars.",
    ),
    (
        "--plaudit-star-empty",
        "The tile of a star that was not given, and what is left of a bar.",
    ),
];

const STARS: &[Named] = &[
    (
        "--plaudit-star-size",
        "The height of the stars. Default: 1.25em, in a badge 1.5em.",
    ),
    ("--plaudit-star-glyph", "The star in its tile."),
];

/// Every custom element but the official widget's.
pub const ELEMENTS: &[Element] = &[
    Element {
        tag: "plaudit-stars",
        class: "PlauditStars",
        docs: "Stars of a score. No request, no WebAssembly.",
        attributes: &[
            COMMON,
            RATING,
            &[flag(
                "outline",
                "A line around each tile, for contrast where no number stands beside.",
            )],
        ],
        events: &[],
        parts: &[("stars", "The drawing.")],
        properties: &[FILLS, STARS],
        slots: &[],
    },
    Element {
        tag: "plaudit-rating",
        class: "PlauditRating",
        docs: "Word, stars, score, number of reviews and a link.",
        attributes: &[COMMON, RATING, LINK, SOURCE, SCHEMA],
        events: LOADS,
        parts: &[
            ("base", "All of it: a link, where there is an address."),
            ("label", "The platform's word."),
            ("stars", "The drawing."),
            ("score", "The number."),
            ("count", "How many reviews, and where."),
            ("status", "What is said instead when nothing can be shown."),
            ("retry", "The button that tries again."),
        ],
        properties: &[FILLS, STARS, TEXT, MUTED],
        slots: &[],
    },
    Element {
        tag: "plaudit-badge",
        class: "PlauditBadge",
        docs: "One star, score and count: small, for a footer.",
        attributes: &[COMMON, RATING, LINK, SOURCE, SCHEMA],
        events: LOADS,
        parts: &[
            ("base", "All of it: a link, where there is an address."),
            ("stars", "The drawing."),
            ("score", "The number."),
            ("count", "How many reviews, and where."),
            ("status", "What is said instead when nothing can be shown."),
            ("retry", "The button that tries again."),
        ],
        properties: &[FILLS, STARS, TEXT, MUTED, SURFACE, RADIUS],
        slots: &[],
    },
    Element {
        tag: "plaudit-histogram",
        class: "PlauditHistogram",
        docs: "How many reviews have five stars, four, and so on.",
        attributes: &[
            COMMON,
            SOURCE,
            &[text(
                "for",
                "The id of a `plaudit-reviews`, which its rows then filter.",
            )],
        ],
        events: &[
            (
                "plaudit-load",
                "It shows what was asked for; `detail` has the data and where it came from.",
            ),
            (
                "plaudit-error",
                "It cannot be shown; `detail` is a `PlauditError`.",
            ),
            (
                "plaudit-filter",
                "A row was chosen; `detail.stars` are those that are chosen now.",
            ),
        ],
        parts: &[
            ("list", "All rows."),
            ("row", "A row: a button with `for`."),
            ("label", "Its number of stars."),
            ("track", "The room of its bar."),
            ("bar", "Its bar: its colour is `fill`."),
            ("share", "Its share."),
            ("status", "What is said instead when nothing can be shown."),
            ("retry", "The button that tries again."),
        ],
        properties: &[FILLS, TEXT, RADIUS],
        slots: &[],
    },
    Element {
        tag: "plaudit-reviews",
        class: "PlauditReviews",
        docs: "Reviews as a list, a grid or a carousel.",
        attributes: &[
            COMMON,
            LINK,
            SOURCE,
            SCHEMA,
            &[
                word(
                    "layout",
                    &["list", "grid", "carousel"],
                    "How they are laid out.",
                ),
                text(
                    "stars",
                    "Only those with so many stars: numbers with commas.",
                ),
                text(
                    "language",
                    "Only those in these languages: ISO 639-1 with commas.",
                ),
                text("tag-group", "Only those with a tag of this group."),
                text("tag", "Only those with this tag (with `tag-group`)."),
                text(
                    "order-by",
                    "`createdat.desc`, `createdat.asc`, `stars.desc` or `stars.asc`. Default: as they come, which is the newest first.",
                ),
                number(
                    "per-page",
                    "How many at first, and how many more. Default: 6.",
                ),
            ],
        ],
        events: LOADS,
        parts: &[
            ("base", "All of it."),
            ("notice", "Says that a selection is shown."),
            ("list", "All reviews."),
            ("review", "A review."),
            ("stars", "Its drawing."),
            ("title", "Its heading."),
            ("text", "Its text."),
            ("toggle", "The button that shows all of a long text."),
            ("author", "Who wrote it."),
            ("date", "When: the date."),
            ("age", "How long ago, in the first month."),
            ("verified", "Said where the platform vouches for it."),
            ("reply", "What the business answered."),
            ("more", "The button for more; in a carousel the last card."),
            ("previous", "The carousel's button back."),
            ("next", "The carousel's button on."),
            ("link", "The link to the platform."),
            ("status", "What is said instead when nothing can be shown."),
            ("retry", "The button that tries again."),
        ],
        properties: &[FILLS, STARS, TEXT, MUTED, SURFACE, RADIUS, GAP],
        slots: &[(
            "disclosure",
            "Says whether and how reviews are checked, where the law wants it.",
        )],
    },
    Element {
        tag: "plaudit-sign-in",
        class: "PlauditSignIn",
        docs: "The button that signs a merchant in, and out. By default with the implicit grant, which is legacy.",
        attributes: &[
            COMMON,
            &[
                text("client-id", "`client_id`; on Trustpilot the API key."),
                text(
                    "redirect-uri",
                    "Where the platform sends users back to: registered there, on this origin, and with this element in its page. Default: this page without query and fragment.",
                ),
                word(
                    "response-type",
                    &["token", "code"],
                    "`token` is the implicit grant, which is legacy; `code` needs a server.",
                ),
                word(
                    "mode",
                    &["redirect", "popup"],
                    "In this window, or in one of its own.",
                ),
                text(
                    "return-to",
                    "Where your application goes on afterwards, a path: told in the session. Default: the address that was left.",
                ),
                text(
                    "endpoint",
                    "Another authorization endpoint, for example a sandbox's.",
                ),
                text("scope", "What to ask for, with spaces between."),
                word(
                    "correlate-by",
                    &["state", "redirect-uri"],
                    "How the answer is tied to its request.",
                ),
            ],
        ],
        events: &[
            (
                "plaudit-sign-in",
                "Somebody signed in; `detail` is the session, or with `response-type=\"code\"` the code.",
            ),
            (
                "plaudit-sign-out",
                "Nobody is signed in any more: signed out, or the token ended.",
            ),
            ("plaudit-error", "It failed; `detail` is a `PlauditError`."),
        ],
        parts: &[
            ("button", "The button."),
            ("status", "What it says when it failed."),
        ],
        properties: &[TEXT, SURFACE, RADIUS],
        slots: &[
            (
                "",
                "The button's text while nobody is signed in, in place of ours.",
            ),
            ("signing-in", "Its text while the platform is asked."),
            ("signed-in", "Its text when a click signs out."),
        ],
    },
];
