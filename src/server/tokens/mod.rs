//! Tokens that are simply there: what decides, without a clock, a network or a store.
//!
//! A process runs a [`Machine`], fed by [`Event`]s; what it asks for ([`Action`]) is carried out by
//! a driver, which alone has the tokens. All processes that share a grant share a [`Record`] in a
//! store.

pub mod machine;
mod messages;
pub mod policy;
pub mod record;

pub use machine::{Machine, step};
pub use messages::{Action, Answer, Event, How, News, Reason, Rejection, Serving, Step, What};
pub use policy::{Grant, Policy};
pub use record::Record;
