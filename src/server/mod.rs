//! What only a server may do: everything that takes a secret. Values in, values out: no clock, no
//! network, no store.

mod secret;

pub use secret::Secret;
