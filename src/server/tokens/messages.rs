//! What goes into a [`Machine`] and what comes out: the words between the machine, which decides,
//! and the driver, which has the clock, the store, the network and the tokens.

use serde::{Deserialize, Serialize};

use super::machine::Machine;
use super::record::{Barrier, Begun, Cause, Failure, View};

/// Something happened.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// The process's monotonic clock, in milliseconds; its origin does not matter.
    pub now_ms: u64,
    /// The wall clock in milliseconds: tells of time that the other one did not count, as while a
    /// machine is suspended. It may be set at any time; `None`: there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wall_ms: Option<u64>,
    /// At random, for jitter.
    pub random: u32,
    /// What happened.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum What {
    /// Somebody wants the token.
    Want {
        /// Names who, until it is answered.
        caller: u64,
        /// When it gives up, by the process's clock.
        deadline_ms: u64,
        /// The generation that the platform answered with 401 (TM9).
        #[serde(default)]
        refused: Option<u64>,
    },
    /// Somebody no longer wants it (TM18).
    Cancel {
        /// Who.
        caller: u64,
    },
    /// Time has passed.
    Wake,
    /// A `read` was answered.
    Read {
        /// The action's.
        op: u64,
        /// The record.
        view: View,
    },
    /// A `begin` was answered.
    Begun {
        /// The action's.
        op: u64,
        /// The answer.
        begun: Begun,
    },
    /// A `mark` was answered.
    Marked {
        /// The action's.
        op: u64,
        /// Whether it may be sent.
        marked: bool,
    },
    /// A `commit` was answered.
    Committed {
        /// The action's.
        op: u64,
        /// Whether it counted.
        accepted: bool,
        /// The record after it.
        view: View,
    },
    /// A `fail` was answered.
    Failed {
        /// The action's.
        op: u64,
        /// The record after it.
        view: View,
    },
    /// An `end` was answered.
    Ended {
        /// The action's.
        op: u64,
        /// Whether it counted.
        accepted: bool,
        /// The record after it.
        view: View,
    },
    /// The store did not carry out what it was asked, or did not say so in time.
    StoreFailed {
        /// The action's.
        op: u64,
    },
    /// The platform answered a `send`, or will not.
    Answered {
        /// The action's.
        flight: u64,
        /// The answer.
        answer: Answer,
    },
    /// Somebody signed in: the driver got tokens for a code.
    Granted {
        /// Names who waits until they are stored.
        caller: u64,
        /// Names the tokens; not one of the machine's own numbers.
        flight: u64,
        /// SHA-256 of the refresh token.
        #[serde(default)]
        rt: Option<String>,
        /// The access token's life; `None` or 0: unknown.
        #[serde(default)]
        life_ms: Option<u64>,
        /// When they were asked for, by the process's clock.
        sent_ms: u64,
        /// The same by the wall clock.
        #[serde(default)]
        sent_wall_ms: Option<u64>,
    },
    /// Somebody ends the grant.
    End {
        /// Names who waits until that is stored.
        caller: u64,
        /// Why.
        cause: Cause,
        /// Whether nobody needs to know of it any more.
        #[serde(default)]
        forget: bool,
    },
}

/// What came of a `send`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum Answer {
    /// New tokens.
    Tokens {
        /// SHA-256 of the refresh token: of the old one where a refresh brought none (TM4).
        #[serde(default)]
        rt: Option<String>,
        /// The access token's life; `None` or 0: unknown (TM8).
        #[serde(default)]
        life_ms: Option<u64>,
    },
    /// `invalid_grant`, in whatever shape.
    InvalidGrant,
    /// 429.
    RateLimited {
        /// What `Retry-After` said.
        #[serde(default)]
        retry_after_ms: Option<u64>,
    },
    /// Another 4xx.
    Refused {
        /// `invalid_client` or `unauthorized_client`: another address would not help.
        credentials: bool,
    },
    /// 5xx, no answer, or one that cannot be read.
    Unavailable {
        /// Whether it may have reached the platform.
        sent: bool,
    },
}

/// How a request for a token is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// With the refresh token, at the platform's refresh endpoint.
    Refresh,
    /// With the refresh token, at the token endpoint (TM17).
    RefreshAtTokenEndpoint,
    /// With what is configured.
    Grant,
}

/// Something is to be done, and its outcome told by an event. Whoever carries it out adds the
/// process's owner id, its source and the tokens.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum Action {
    /// Read the record.
    Read {
        /// Names it.
        op: u64,
    },
    /// [`Begin`](super::record::Begin).
    Begin {
        /// Names it.
        op: u64,
        /// The newest generation that the process has seen.
        seen: u64,
        /// How long it will lead.
        lease_ms: u64,
    },
    /// [`Mark`](super::record::Mark).
    Mark {
        /// Names it.
        op: u64,
        /// By which lease.
        fence: u64,
    },
    /// Ask the platform for a token, at once, and wait for its answer however long it takes.
    Send {
        /// Names it, and the tokens that it brings.
        flight: u64,
        /// How.
        how: How,
        /// Whose refresh token is used.
        generation: u64,
    },
    /// [`Commit`](super::record::Commit).
    Commit {
        /// Names it.
        op: u64,
        /// Whose tokens.
        flight: u64,
        /// Whether somebody signed in anew.
        grant: bool,
        /// Whether it is the configured refresh token alone: the driver fills in its hash.
        import: bool,
        /// The generation that it replaces.
        base: u64,
        /// SHA-256 of the refresh token that `base` had.
        consumed: Option<String>,
        /// SHA-256 of the new one.
        rt: Option<String>,
        /// What is left of the access token's life; `None`: unknown.
        life_ms: Option<u64>,
        /// The time until it should be refreshed.
        refresh_in_ms: Option<u64>,
        /// How long it is of use to anybody; `None`: nobody knows.
        keep_ms: Option<u64>,
    },
    /// [`Fail`](super::record::Fail).
    Fail {
        /// Names it.
        op: u64,
        /// By which lease.
        fence: u64,
        /// How it ended.
        what: Failure,
    },
    /// [`End`](super::record::End).
    End {
        /// Names it.
        op: u64,
        /// The generation that is ended.
        base: u64,
        /// Why.
        cause: Cause,
        /// Whether a process can get a new grant by itself.
        reusable: bool,
        /// How long it is known that it ended; `None`: as long as the store likes.
        keep_ms: Option<u64>,
    },
    /// The tokens of a flight are this process's own, under a generation that no store has (TM16).
    Adopt {
        /// Whose tokens.
        flight: u64,
        /// Their generation from here on.
        generation: u64,
    },
    /// Forget the tokens of a flight; do not revoke them.
    Drop {
        /// Whose tokens.
        flight: u64,
    },
    /// Revoke the tokens of a flight, as far as that goes, and forget them: the grant was ended
    /// while they were on their way.
    Revoke {
        /// Whose tokens.
        flight: u64,
    },
    /// Hand out the token of a generation.
    Serve {
        /// To whom.
        callers: Vec<u64>,
        /// Which.
        generation: u64,
    },
    /// Tell callers that they get none.
    Reject {
        /// Whom.
        callers: Vec<u64>,
        /// Why.
        code: Rejection,
        /// Why a new sign-in is needed.
        reason: Option<Reason>,
        /// When another try makes sense.
        retry_after_ms: Option<u64>,
    },
    /// Tell callers that what they brought is stored.
    Resolve {
        /// Whom.
        callers: Vec<u64>,
    },
    /// Tell the listeners.
    Emit {
        /// What.
        event: News,
    },
}

/// Why a caller gets no token. Each is the name of a [`Code`](crate::Code).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    /// Another process is getting it, or this one still is.
    TokenPending,
    /// The store does not answer.
    StoreUnavailable,
    /// 429.
    RateLimited,
    /// 5xx or no answer.
    ServerError,
    /// Client or request were refused.
    ConfigurationError,
    /// Somebody has to sign in.
    ReauthorizationRequired,
}

/// Why somebody has to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The platform refused the grant.
    Refused,
    /// The platform refused it after a refresh whose answer was lost.
    RotationLost,
    /// It was revoked here.
    Revoked,
    /// The access token is at its end, and there is no refresh token.
    Expired,
    /// Nobody signed in yet, or the store was emptied.
    NeverSignedIn,
}

impl From<Cause> for Reason {
    fn from(cause: Cause) -> Self {
        match cause {
            Cause::Refused => Self::Refused,
            Cause::RotationLost => Self::RotationLost,
            Cause::Revoked => Self::Revoked,
        }
    }
}

/// What listeners are told.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum News {
    /// This process stored a new token.
    Refreshed {
        /// Its generation.
        generation: u64,
    },
    /// Somebody has to sign in. Once for a generation.
    ReauthorizationRequired {
        /// Why.
        reason: Reason,
        /// Which generation is at its end.
        generation: u64,
    },
    /// Nobody asks the platform for a while.
    Gated {
        /// Why.
        cause: Barrier,
        /// For how long.
        for_ms: u64,
    },
    /// The store does not answer. Once, until it does again.
    StoreUnavailable,
    /// It answers again.
    StoreRecovered,
}

/// What the driver may hand out without asking the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Serving {
    /// Which token.
    pub generation: u64,
    /// Until when, by the process's clock, exclusive.
    pub until_ms: u64,
    /// The same by the wall clock: what comes first counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wall_until_ms: Option<u64>,
}

/// What comes of an event.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// The machine after it.
    pub machine: Machine,
    /// What is to be done, in this order.
    pub actions: Vec<Action>,
    /// What may be handed out without asking.
    pub serving: Option<Serving>,
    /// When the machine wants to be woken.
    pub wake_ms: Option<u64>,
    /// The generations whose tokens are still needed.
    pub keep: Vec<u64>,
}
