//! What only a server may do: everything that takes a secret. Values in, values out: no clock, no
//! network, no store.

pub mod grants;
mod key;
mod secret;
pub mod tokens;

pub use key::{Holder, store_key};
pub use secret::Secret;
