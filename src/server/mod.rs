//! What only a server may do: everything that takes a secret. Values in, values out: no clock, no
//! network, no store.

mod key;
mod secret;

pub use key::{Holder, store_key};
pub use secret::Secret;
