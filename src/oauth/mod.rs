//! OAuth 2.0 as a browser sees it: the authorize URL, `state`, the redirect, the token's life.
//!
//! Nothing here has a clock, a network or a global: time and random bytes are arguments.

pub mod address;
pub mod authorize;
pub mod callback;
pub mod form;
pub mod grammar;
pub mod scope;
pub mod state;
pub mod token;
pub mod transaction;
pub(crate) mod writer;

pub use authorize::{AuthorizeRequest, authorize_url};
pub use callback::{Callback, Expected, TokenResponse, parse_callback};
