//! What widgets say, in English. Other languages are files of the npm package; in Rust they are another
//! [`Words`].

/// A phrase by the plural categories that its language has (CLDR); `{count}` is in it.
pub type Plural = &'static [(&'static str, &'static str)];

/// Phrases with places in braces.
#[derive(Clone, Copy, Debug)]
pub enum Phrase {
    /// The same for every number.
    One(&'static str),
    /// By the plural category of a number.
    Many(Plural),
}

/// All phrases by name, the same names in every language.
pub type Words = &'static [(&'static str, Phrase)];

/// Trustpilot's words for one to five stars in English. Derived, not documented.
pub const GRADES: [&str; 5] = ["Bad", "Poor", "Average", "Great", "Excellent"];

use Phrase::{Many, One};

/// The phrases in English.
pub const ENGLISH: Words = &[
    ("rated", One("Rated {value} out of 5 stars")),
    (
        "ratedBy",
        Many(&[
            (
                "one",
                "Rated {value} out of 5 stars by {count} customer on {platform}",
            ),
            (
                "other",
                "Rated {value} out of 5 stars by {count} customers on {platform}",
            ),
        ]),
    ),
    ("none", One("No reviews yet")),
    ("outOf", One("{value} out of 5")),
    (
        "reviews",
        Many(&[("one", "{count} review"), ("other", "{count} reviews")]),
    ),
    ("on", One("{what} on {platform}")),
    (
        "stars",
        Many(&[("one", "{count} star"), ("other", "{count} stars")]),
    ),
    ("row", One("{stars}, {reviews}, {share}")),
    ("title", One("Reviews")),
    ("notice", One("Only a selection is shown: {what}")),
    ("noMatch", One("No review matches")),
    ("more", One("Show more reviews")),
    (
        "added",
        Many(&[
            ("one", "{count} more review"),
            ("other", "{count} more reviews"),
        ]),
    ),
    ("reply", One("Reply from {name}")),
    ("replied", One("Reply from the business")),
    ("verified", One("Verified")),
    ("anonymous", One("Anonymous")),
    ("previous", One("Previous")),
    ("next", One("Next")),
    ("carousel", One("carousel")),
    ("slide", One("slide")),
    ("error", One("This cannot be shown right now.")),
    ("retry", One("Try again")),
    ("offline", One("You are offline. This was loaded earlier.")),
    ("loading", One("Loading")),
    ("signIn", One("Sign in with {platform}")),
    ("signingIn", One("Signing in")),
    ("signOut", One("Sign out")),
    ("notSignedIn", One("Signing in did not succeed.")),
];
