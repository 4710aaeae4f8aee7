//! What only a server may do: everything that takes a secret. Values in, values out: no clock, no
//! network, no store.

pub mod endpoint;
pub mod grants;
mod key;
pub mod links;
pub mod partner;
pub mod private;
mod secret;
pub mod signing;
pub mod tokens;
pub mod trustoo;
pub mod webhooks;

use crate::api::Platform;

pub use key::{Holder, store_key};
pub use secret::Secret;

/// What platforms answer to a bearer, or a signature, alone.
pub const PLATFORMS: &[&Platform] = &[&private::PLATFORM, &trustoo::PLATFORM];
