//! HTML as text: everything that comes in is escaped.

use core::fmt::Write;

/// HTML that is being written. Tags and names are ours; values and texts are anybody's.
#[derive(Clone, Debug, Default)]
pub struct Html(String);

impl Html {
    /// Nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(String::new())
    }

    /// A start tag. An attribute whose value is `None` is left out.
    pub fn open(&mut self, tag: &str, attributes: &[(&str, Option<&str>)]) -> &mut Self {
        self.0.push('<');
        self.0.push_str(tag);
        for (name, value) in attributes {
            if let Some(value) = value {
                let _ = write!(self.0, " {name}");
                self.0.push_str("=\"");
                escape(&mut self.0, value);
                self.0.push('"');
            }
        }
        self.0.push('>');
        self
    }

    /// An end tag.
    pub fn close(&mut self, tag: &str) -> &mut Self {
        let _ = write!(self.0, "</{tag}>");
        self
    }

    /// Text, never markup.
    pub fn text(&mut self, text: &str) -> &mut Self {
        escape(&mut self.0, text);
        self
    }

    /// An element with nothing but text in it.
    pub fn leaf(
        &mut self,
        tag: &str,
        attributes: &[(&str, Option<&str>)],
        text: &str,
    ) -> &mut Self {
        self.open(tag, attributes).text(text).close(tag)
    }

    /// What was written.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Writes `text` so that it is text in an element and in a quoted attribute alike, as
/// `XMLSerializer`'s HTML kin does: `&`, U+00A0, `<`, `>` and `"`.
pub fn escape(to: &mut String, text: &str) {
    for it in text.chars() {
        match it {
            '&' => to.push_str("&amp;"),
            '<' => to.push_str("&lt;"),
            '>' => to.push_str("&gt;"),
            '"' => to.push_str("&quot;"),
            '\u{a0}' => to.push_str("&nbsp;"),
            _ => to.push(it),
        }
    }
}
