//! What widgets show and how it is drawn, as data and as text: stars, words, markup, structured data.
//! No clock, no locale data: texts come in formatted, since browsers and servers have `Intl`.

pub mod element;
pub mod host;
pub mod html;
pub mod jsonld;
pub mod render;
pub mod sheets;
pub mod stars;
pub mod trustbox;
pub mod words;

pub use element::{Attribute, ELEMENTS, Element, Kind};
pub use host::{Host, Rendered, Style, render_to_string};
