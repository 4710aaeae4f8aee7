//! What only a server may do: everything that takes a secret. Values in, values out: no clock, no
//! network, no store.

mod key;
pub mod links;
pub mod partner;
mod secret;
pub mod signing;
pub mod webhooks;

pub use key::{Holder, store_key};
pub use secret::Secret;
