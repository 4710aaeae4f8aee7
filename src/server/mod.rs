//! What only a server may do: everything that takes a secret. Values in, values out: no clock, no
//! network, no store.

pub mod links;
pub mod partner;
mod secret;
pub mod signing;
pub mod webhooks;

pub use secret::Secret;
