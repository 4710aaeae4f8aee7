//! `<plaudit-reviews>`.

use serde::Deserialize;

use super::{address, stars};
use crate::widgets::html::Html;

/// How reviews are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// One below the other.
    #[default]
    List,
    /// In columns, where there is room.
    Grid,
    /// Beside each other, some in view.
    Carousel,
}

/// What reviews show, and what stands around them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct View {
    /// How they are laid out.
    pub layout: Layout,
    /// What the list is called.
    pub label: String,
    /// In a carousel: what it is, in the reader's language.
    pub carousel: Option<String>,
    /// In a carousel: what a review is then.
    pub slide: Option<String>,
    /// In a carousel: its button back.
    pub previous: Option<String>,
    /// In a carousel: its button on.
    pub next: Option<String>,
    /// Where the link leads: `https` alone.
    pub href: Option<String>,
    /// The link.
    pub link: Option<String>,
    /// That a selection is shown.
    pub notice: Option<String>,
    /// The reviews, in their order.
    pub reviews: Vec<Review>,
    /// Instead of reviews.
    pub status: Option<String>,
    /// The button for more, where there are more.
    pub more: Option<String>,
}

/// A review.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Review {
    /// What it is called where it is not read: its title, else its author.
    pub name: String,
    /// In a carousel: which of how many it is, such as "3 of 6".
    pub position: Option<String>,
    /// How many half stars, at most ten.
    pub halves: u8,
    /// What the stars are called; without it there are none.
    pub stars: Option<String>,
    /// Its heading. Anybody could write it: never markup.
    pub title: Option<String>,
    /// Its text.
    pub text: Option<String>,
    /// The language of title and text (BCP 47).
    pub lang: Option<String>,
    /// Who wrote it.
    pub author: String,
    /// When.
    pub date: Option<Date>,
    /// Said where the platform vouches for it.
    pub verified: Option<String>,
    /// Its page at the platform: `https` alone. Whoever makes the view sees to it that it is the
    /// platform's.
    pub href: Option<String>,
    /// What the business answered.
    pub reply: Option<Reply>,
}

/// What a business answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reply {
    /// Whose answer it is.
    pub by: String,
    /// Its text.
    pub text: String,
    /// When.
    pub date: Option<Date>,
}

/// A date. How long ago it is says the element in the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Date {
    /// For machines, as `2013-09-07T13:37:00.000Z`.
    pub at: String,
    /// For people.
    pub text: String,
}

type Attribute<'a> = (&'a str, Option<&'a str>);

/// A text, where it is one.
fn some(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

/// Opens an element whose class is the name that `::part()` reaches it by.
fn open<'h>(
    html: &'h mut Html,
    tag: &str,
    name: &str,
    attributes: &[Attribute<'_>],
) -> &'h mut Html {
    let mut all = vec![("class", Some(name)), ("part", Some(name))];
    all.extend_from_slice(attributes);
    html.open(tag, &all)
}

fn button(html: &mut Html, name: &str, label: Option<&str>, text: &str) {
    let attributes = [
        ("type", Some("button")),
        ("data-do", Some(name)),
        ("aria-label", label),
    ];
    open(html, "button", name, &attributes)
        .text(text)
        .close("button");
}

impl Date {
    fn draw(&self, html: &mut Html, name: &str, text: &str) {
        open(html, "time", name, &[("datetime", Some(&self.at))])
            .text(text)
            .close("time");
    }
}

impl View {
    /// Writes it.
    pub fn draw(&self, html: &mut Html) {
        let carousel = some(self.carousel.as_ref());
        let slide = some(self.slide.as_ref());
        html.open(
            "div",
            &[
                (
                    "class",
                    Some(match self.layout {
                        Layout::List => "as-list",
                        Layout::Grid => "as-grid",
                        Layout::Carousel => "as-carousel",
                    }),
                ),
                ("part", Some("base")),
                ("role", carousel.map(|_| "group")),
                ("aria-roledescription", carousel),
                ("aria-label", carousel.map(|_| &*self.label)),
            ],
        );
        html.open("div", &[("class", Some("head"))]);
        if let Some(href) = self.href.as_deref().and_then(address) {
            let attributes = [
                ("href", Some(&*href)),
                ("target", Some("_blank")),
                ("rel", Some("noopener")),
            ];
            open(html, "a", "link", &attributes)
                .text(self.link.as_deref().unwrap_or_default())
                .close("a");
        }
        if let Some(notice) = some(self.notice.as_ref()) {
            open(html, "span", "notice", &[]).text(notice).close("span");
        }
        if let (Some(previous), Some(next)) =
            (some(self.previous.as_ref()), some(self.next.as_ref()))
        {
            html.open("div", &[("class", Some("turn"))]);
            button(html, "previous", Some(previous), "\u{2039}");
            button(html, "next", Some(next), "\u{203a}");
            html.close("div");
        }
        html.close("div");
        html.leaf("slot", &[("name", Some("disclosure"))], "");
        let status = some(self.status.as_ref());
        let more = some(self.more.as_ref());
        if status.is_none() {
            let given = |text| carousel.map(|_| text);
            let attributes = [
                ("role", Some(carousel.map_or("list", |_| "group"))),
                ("tabindex", given("0")),
                ("aria-label", Some(&*self.label)),
            ];
            open(html, "div", "list", &attributes);
            for review in &self.reviews {
                review.draw(html, slide);
            }
            // in a carousel it is the last card
            if let Some(more) = more.filter(|_| carousel.is_some()) {
                button(html, "more", None, more);
            }
            html.close("div");
        }
        html.leaf(
            "p",
            &[
                ("class", Some(status.map_or("hidden", |_| "status"))),
                ("part", Some("status")),
                ("role", Some("status")),
            ],
            status.unwrap_or_default(),
        );
        if let Some(more) = more.filter(|_| carousel.is_none() || status.is_some()) {
            button(html, "more", None, more);
        }
        html.close("div");
    }
}

impl Review {
    fn draw(&self, html: &mut Html, slide: Option<&str>) {
        let lang = ("lang", self.lang.as_deref());
        let auto = ("dir", Some("auto"));
        html.open(
            "div",
            &[
                ("class", Some("item")),
                ("role", Some(slide.map_or("listitem", |_| "group"))),
                ("aria-roledescription", slide),
                ("aria-label", slide.and(self.position.as_deref())),
            ],
        );
        let name = ("aria-label", Some(&*self.name));
        open(html, "article", "review", &[name]);
        html.open("div", &[("class", Some("line"))]);
        if let Some(label) = some(self.stars.as_ref()) {
            stars::draw(html, self.halves, Some(label));
        }
        if let Some(date) = &self.date {
            date.draw(html, "age", "");
        }
        html.close("div");
        if let Some(title) = some(self.title.as_ref()) {
            open(html, "p", "title", &[lang, auto])
                .text(title)
                .close("p");
        }
        if let Some(text) = some(self.text.as_ref()) {
            open(html, "p", "text", &[lang, auto]).text(text).close("p");
        }
        html.open("p", &[("class", Some("line meta"))]);
        open(html, "span", "author", &[auto])
            .text(&self.author)
            .close("span");
        if let Some(date) = &self.date {
            let href = self.href.as_deref().and_then(address);
            if let Some(href) = &href {
                let attributes = [
                    ("href", Some(&**href)),
                    ("target", Some("_blank")),
                    // the author chose where it leads
                    ("rel", Some("ugc nofollow noopener")),
                ];
                html.open("a", &attributes);
            }
            date.draw(html, "date", &date.text);
            if href.is_some() {
                html.close("a");
            }
        }
        if let Some(verified) = some(self.verified.as_ref()) {
            open(html, "span", "verified", &[])
                .text(verified)
                .close("span");
        }
        html.close("p");
        if let Some(reply) = &self.reply {
            open(html, "div", "reply", &[]);
            html.open("p", &[("class", Some("line meta"))])
                .leaf("b", &[], &reply.by);
            if let Some(date) = &reply.date {
                date.draw(html, "date", &date.text);
            }
            html.close("p");
            html.leaf("p", &[("class", Some("text")), auto], &reply.text)
                .close("div");
        }
        html.close("article").close("div");
    }
}
