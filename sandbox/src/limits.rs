//! How often a key may call, by the virtual clock.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::faults::quota_exceeded;
use crate::plan::Plan;

/// So many calls in so many seconds. It begins with the first call and ends on time, however
/// many were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Window {
    pub(crate) calls: u64,
    pub(crate) seconds: u64,
}

/// Whether a 429 says when to come back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Hint {
    #[default]
    None,
    Seconds,
    Date,
}

/// An empty list is no limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Limits {
    /// Calls of the API, for each key.
    pub(crate) api: Vec<Window>,
    /// Tokens asked for, for each client.
    pub(crate) token: Vec<Window>,
    pub(crate) retry_after: Hint,
}

impl Default for Limits {
    fn default() -> Self {
        let window = |calls, seconds| Window { calls, seconds };
        Self {
            api: vec![window(833, 300), window(10_000, 3_600)],
            token: vec![window(100, 300)],
            retry_after: Hint::None,
        }
    }
}

impl Limits {
    /// The answer to a call beyond the limit.
    pub(crate) fn refusal(&self, wait_ms: u64, now: u64) -> Plan {
        let plan = quota_exceeded();
        let seconds = wait_ms.div_ceil(1_000);
        match self.retry_after {
            Hint::None => plan,
            Hint::Seconds => plan.with("retry-after", &seconds.to_string()),
            Hint::Date => {
                let at = now.saturating_add(seconds.saturating_mul(1_000));
                plan.with("retry-after", &crate::date::http(at))
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Counted {
    Api,
    Token,
}

#[derive(Clone, Copy, Debug)]
struct Spent {
    began: u64,
    calls: u64,
}

/// What each client has spent of its windows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Allowances(BTreeMap<(Counted, String, u64), Spent>);

impl Allowances {
    /// Counts one call, or says how many milliseconds are left until one is allowed.
    pub(crate) fn take(
        &mut self,
        counted: Counted,
        client_id: &str,
        windows: &[Window],
        now: u64,
    ) -> Result<(), u64> {
        let key = |window: &Window| (counted, client_id.to_owned(), window.seconds);
        let length = |window: &Window| window.seconds.saturating_mul(1_000);
        let spent = |window: &Window| match self.0.get(&key(window)) {
            // A clock that was set back leaves the window as well.
            Some(spent)
                if (spent.began..spent.began.saturating_add(length(window))).contains(&now) =>
            {
                *spent
            }
            _ => Spent {
                began: now,
                calls: 0,
            },
        };
        let now_spent: Vec<_> = windows
            .iter()
            .map(|window| (window, spent(window)))
            .collect();
        let wait = now_spent
            .iter()
            .filter(|(window, spent)| spent.calls >= window.calls)
            .map(|(window, spent)| spent.began.saturating_add(length(window)) - now)
            .max();
        if let Some(wait) = wait {
            return Err(wait);
        }
        for (window, spent) in now_spent {
            let calls = spent.calls + 1;
            self.0.insert(key(window), Spent { calls, ..spent });
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    const WINDOWS: &[Window] = &[
        Window {
            calls: 2,
            seconds: 10,
        },
        Window {
            calls: 3,
            seconds: 60,
        },
    ];

    #[test]
    fn a_window_begins_with_its_first_call_and_refusals_do_not_count() {
        let mut spent = Allowances::default();
        let mut take = |now| spent.take(Counted::Api, "k", WINDOWS, now);
        assert_eq!([take(5_000), take(6_000)], [Ok(()), Ok(())]);
        assert_eq!([take(6_000), take(14_999)], [Err(9_000), Err(1)]);
        assert_eq!(take(15_000), Ok(()));
        assert_eq!([take(15_001), take(64_999)], [Err(49_999), Err(1)]);
        assert_eq!(take(65_000), Ok(()));
    }

    #[test]
    fn sb5_a_clock_that_is_set_back_begins_anew() {
        let mut spent = Allowances::default();
        let mut take = |now| spent.take(Counted::Api, "k", &WINDOWS[..1], now);
        assert_eq!(
            [take(5_000), take(5_000), take(5_000)],
            [Ok(()), Ok(()), Err(10_000)]
        );
        assert_eq!(take(4_000), Ok(()));
        assert_eq!(take(u64::MAX), Ok(()));
    }

    #[test]
    fn each_key_and_each_kind_has_its_own() {
        let mut spent = Allowances::default();
        let one = [Window {
            calls: 1,
            seconds: 1,
        }];
        for (counted, key) in [
            (Counted::Api, "a"),
            (Counted::Token, "a"),
            (Counted::Api, "b"),
        ] {
            assert_eq!(spent.take(counted, key, &one, 0), Ok(()));
            assert_eq!(spent.take(counted, key, &one, 0), Err(1_000));
        }
        assert_eq!(spent.take(Counted::Api, "c", &[], 0), Ok(()));
        let none = [Window {
            calls: 0,
            seconds: 1,
        }];
        assert_eq!(spent.take(Counted::Api, "d", &none, 0), Err(1_000));
    }
}
