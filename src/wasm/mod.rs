//! The JavaScript boundary. It carries values over and holds no rules of its own.

#[cfg(feature = "browser")]
mod api;
mod mailbox;
mod oauth;
