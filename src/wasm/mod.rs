//! The JavaScript boundary. It carries values over and holds no rules of its own.

#[cfg(feature = "browser")]
mod api;
mod mailbox;
mod oauth;
#[cfg(feature = "server-wasm")]
mod server;

#[cfg(all(test, feature = "browser"))]
#[path = "../../tests/wasm/boundary.rs"]
mod boundary;
