//! How long a token lives. Times are milliseconds since the Unix epoch, as in JavaScript.

/// How long before the end a session is said to be expiring, in milliseconds.
pub const EXPIRING_AHEAD_MS: f64 = 60_000.0;

/// The longest timer that a browser keeps (2^31 - 1 ms); a longer wait is cut into several.
pub const LONGEST_TIMER_MS: f64 = 2_147_483_647.0;

/// Where a token is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Not yet within [`EXPIRING_AHEAD_MS`] of the end, or of unknown end.
    Fresh,
    /// Within [`EXPIRING_AHEAD_MS`] of the end.
    Expiring,
    /// At its end or past it.
    Expired,
}

/// When a token ends: counted from when the response was received, since `issued_at` differs
/// between platforms and a device's clock from both. An unknown lifetime stays unknown.
#[must_use]
pub fn expires_at(received_at: f64, expires_in: Option<u32>) -> Option<f64> {
    expires_in.map(|seconds| received_at + f64::from(seconds) * 1000.0)
}

/// Where a token is in its life at `now`, `skew` milliseconds being allowed for clocks that differ.
#[must_use]
pub fn phase(now: f64, expires_at: Option<f64>, skew: f64) -> Phase {
    match expires_at.map(|end| end - skew - now) {
        Some(left) if left <= 0.0 => Phase::Expired,
        Some(left) if left <= EXPIRING_AHEAD_MS => Phase::Expiring,
        _ => Phase::Fresh,
    }
}

/// How long to wait until the phase may change: at most [`LONGEST_TIMER_MS`], `None` when it never
/// will.
#[must_use]
pub fn next_check(now: f64, expires_at: Option<f64>, skew: f64) -> Option<f64> {
    let left = expires_at? - skew - now;
    match phase(now, expires_at, skew) {
        Phase::Expired => None,
        Phase::Expiring => Some(left),
        Phase::Fresh => Some((left - EXPIRING_AHEAD_MS).min(LONGEST_TIMER_MS)),
    }
}
