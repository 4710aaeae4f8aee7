//! The numbers that a token manager goes by, checked together.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Fault, Refusal, fault};

/// A day is longer than any time that can be configured here, but for how long a record is kept.
const LONGEST_MS: u64 = 24 * 3_600_000;
/// A hundred years.
const LONGEST_KEPT_MS: u64 = 36_525 * LONGEST_MS;

const MARGIN_MS: u64 = 5_000;
/// A refresh whose answer has not come after this is taken for lost (LK13).
pub(super) const ANSWER_CAP_MS: u64 = 300_000;
/// A timer that goes off this much too late tells of a process that was stopped; it has as long
/// again to read what came meanwhile.
pub(super) const WOKEN_LATE_MS: u64 = 5_000;
/// What the quiet period adds to the life of a cached read: the coarseness of clocks.
pub(super) const QUIET_EXTRA_MS: u64 = 50;
/// The longest time that a take-over waits while the token is still valid (§2.2 step 10).
pub(super) const TAKE_OVER_CAP_MS: u64 = 300_000;
/// When a request without an answer is sent again, after the first one; the later two only inside
/// a known replay window (§2.2 step 9).
pub(super) const RESEND_ONCE_MS: u64 = 1_000;
pub(super) const RESEND_REUSE_MS: [u64; 3] = [500, 2_000, 5_000];
/// Waiters look again after 50 ms, then ever later, at most every 500 ms.
pub(super) const POLL_FIRST_MS: u64 = 50;
pub(super) const POLL_LAST_MS: u64 = 500;
/// TM12: 60 s, doubled each time up to 15 min; what a platform may ask for itself ends at an hour.
pub(super) const LIMITED_FIRST_MS: u64 = 60_000;
pub(super) const LIMITED_LAST_MS: u64 = 900_000;
pub(super) const RETRY_AFTER_LAST_MS: u64 = 3_600_000;
/// TM13: with a valid token, 5 to 10 min; without, 1 s, doubled each time up to a minute.
pub(super) const DOWN_VALID_MS: (u64, u64) = (300_000, 600_000);
pub(super) const DOWN_FIRST_MS: u64 = 1_000;
pub(super) const DOWN_LAST_MS: u64 = 60_000;
/// No gate is shorter.
pub(super) const GATE_LEAST_MS: u64 = 1_000;
/// A store that failed is asked again after 200 ms, then ever later, at most every 5 s.
pub(super) const STORE_FIRST_MS: u64 = 200;
pub(super) const STORE_LAST_MS: u64 = 5_000;
/// TM5: processes differ by up to 5 % of the life, either way.
pub(super) const JITTER_PERMILLE: u64 = 50;

/// How long a record that is forgotten says so: what was sent before is answered by then.
pub(super) const FORGOTTEN_MS: u64 = 600_000;

/// Where the first token comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grant {
    /// RFC 6749 §4.4.
    ClientCredentials,
    /// RFC 6749 §4.3.
    Password,
    /// RFC 6749 §4.1: a person signs in; the tokens arrive as [`What::Granted`](super::What::Granted).
    AuthorizationCode,
    /// A refresh token from elsewhere, imported once.
    RefreshToken,
}

impl Grant {
    /// Whether the process can get a token with nothing but its configuration, as often as it
    /// likes. Two winners are harmless then (TM16).
    pub(super) const fn renews_itself(self) -> bool {
        matches!(self, Self::ClientCredentials | Self::Password)
    }
}

/// What may be configured; see [`Policy`] for each.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Options {
    /// Where the first token comes from.
    pub grant: Grant,
    /// The share of its life after which a token is refreshed, 0.05 to 0.95; 0.6.
    pub refresh_at: Option<f64>,
    /// 60,000.
    pub skew_ms: Option<u64>,
    /// 1,000.
    pub read_cache_ms: Option<u64>,
    /// 30,000.
    pub lease_ms: Option<u64>,
    /// 10,000.
    pub timeout_ms: Option<u64>,
    /// 60,000.
    pub forced_floor_ms: Option<u64>,
    /// Unknown.
    pub refresh_reuse_ms: Option<u64>,
    /// `false`.
    pub old_access_token_dies: Option<bool>,
    /// `false`.
    pub refresh_fallback: Option<bool>,
    /// For good.
    pub keep_for_ms: Option<u64>,
}

/// The numbers that a machine goes by. Made by [`policy`], which checks them against each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    /// Where the first token comes from.
    pub grant: Grant,
    /// The share of its life after which a token is refreshed in the background, in thousandths.
    pub refresh_at_permille: u64,
    /// How long before its end a token is no longer handed out without an attempt to refresh it.
    pub skew_ms: u64,
    /// How long a process goes by what it read from the store (Q).
    pub read_cache_ms: u64,
    /// How long one process leads a refresh; the time after which another takes over (L).
    pub lease_ms: u64,
    /// How long a caller waits where it does not say.
    pub timeout_ms: u64,
    /// A 401 forces no refresh within this after the last one (TM10).
    pub forced_floor_ms: u64,
    /// For how long the platform answers a used refresh token with the same new pair. `None`:
    /// unknown, taken for never.
    pub refresh_reuse_ms: Option<u64>,
    /// Whether a refresh ends the access token before it (LK7).
    pub old_access_token_dies: bool,
    /// Whether a definite refusal at the refresh endpoint is tried at the token endpoint (TM17).
    pub refresh_fallback: bool,
    /// How long after its access token's end a record is kept that nobody refreshes. `None`: for
    /// good.
    #[serde(default)]
    pub keep_for_ms: Option<u64>,
}

impl Policy {
    /// How early before the end of a lease the last request may leave: what a request needs to get
    /// from the check to the socket. 5 s, less with a lease under 30 s.
    #[must_use]
    pub fn margin_ms(&self) -> u64 {
        MARGIN_MS.min(self.lease_ms / 6)
    }
}

static REFRESH_AT: Fault = fault!(InvalidArgument, "refreshAt", "must be from 0.05 to 0.95");
static TIME: Fault = fault!(
    InvalidArgument,
    "",
    "must be whole milliseconds, at most a day; a lease, a timeout and a cache at least 1"
);
static KEEP: Fault = fault!(
    InvalidArgument,
    "keepFor",
    "must be whole milliseconds, at most a hundred years"
);
static LEASE: Fault = fault!(
    InvalidArgument,
    "lease",
    "must be longer than the timeout by 5 s (or by a fifth of the timeout, where that is less): a process that still waits would be taken for dead"
);

/// Checks what is configured and fills in the rest.
///
/// # Errors
/// [`InvalidArgument`](crate::Code::InvalidArgument): a number outside its range, or a lease that
/// is not longer than the time that callers wait (LK2).
pub fn policy(options: Options) -> Result<Policy, Error> {
    let share = options.refresh_at.unwrap_or(0.6);
    if !(0.05..=0.95).contains(&share) {
        return Err(Error::from(&REFRESH_AT));
    }
    let policy = Policy {
        grant: options.grant,
        // From 50 to 950: it was checked.
        refresh_at_permille: (share * 1_000.0).round() as u64,
        skew_ms: time("skew", options.skew_ms, 60_000, 0)?,
        read_cache_ms: time("readCache", options.read_cache_ms, 1_000, 1)?,
        lease_ms: time("lease", options.lease_ms, 30_000, 1)?,
        timeout_ms: time("timeout", options.timeout_ms, 10_000, 1)?,
        forced_floor_ms: time("forcedFloor", options.forced_floor_ms, 60_000, 0)?,
        refresh_reuse_ms: match options.refresh_reuse_ms {
            Some(reuse) => Some(time("refreshReuseMs", Some(reuse), 0, 0)?),
            None => None,
        },
        old_access_token_dies: options.old_access_token_dies.unwrap_or_default(),
        refresh_fallback: options.refresh_fallback.unwrap_or_default(),
        keep_for_ms: match options.keep_for_ms {
            Some(keep) if keep > LONGEST_KEPT_MS => return Err(Error::from(&KEEP)),
            keep => keep,
        },
    };
    if policy.lease_ms <= policy.timeout_ms.saturating_add(policy.margin_ms()) {
        return Err(Error::from(&LEASE));
    }
    Ok(policy)
}

fn time(name: &str, given: Option<u64>, default: u64, least: u64) -> Result<u64, Error> {
    let value = given.unwrap_or(default);
    if (least..=LONGEST_MS).contains(&value) {
        Ok(value)
    } else {
        Err(Refusal::of(&TIME, name.as_bytes()).into())
    }
}
