//! Tokens that are simply there: what decides, without a clock, a network or a store.
//!
//! A process runs a [`Machine`], fed by [`Event`]s; what it asks for ([`Action`]) is carried out by
//! a driver, which alone has the tokens. All processes that share a grant share a [`Record`] in a
//! store.
//!
//! # What this cannot promise
//! A platform that rotates refresh tokens and does not answer a used one again leaves a window that
//! no client can close: a process that is killed, or whose answer is lost, between the rotation and
//! the commit takes the only living refresh token with it. That is reported as `rotation_lost`. Nor
//! can a lease keep a process that is stopped between check and socket from sending late; what it
//! brings is stored only where it follows from what is stored, but a platform that revokes a whole
//! family over a used refresh token may do so then.

pub mod machine;
mod messages;
pub mod policy;
pub mod record;

pub use machine::{Machine, step};
pub use messages::{Action, Answer, Event, How, News, Reason, Rejection, Serving, Step, What};
pub use policy::{Grant, Policy};
pub use record::Record;
