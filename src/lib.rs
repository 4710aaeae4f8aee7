#![doc = include_str!("../README.md")]

pub mod api;
pub mod error;
pub mod oauth;
pub mod providers;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "sign-in")]
mod wasm;
#[cfg(feature = "serde")]
pub mod widgets;

pub use error::{Code, Error};
