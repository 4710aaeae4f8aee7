//! What the platforms know: a function of seed, business and index, nothing kept (SB4).

pub(crate) mod businesses;
pub(crate) mod consumers;
pub(crate) mod products;
pub(crate) mod reviews;
pub(crate) mod tables;
pub(crate) mod texts;
pub(crate) mod walk;

use serde::Serialize;
use serde_json::Value;

use crate::seed::Seed;

pub(crate) use businesses::Business;
pub(crate) use consumers::Consumer;
pub(crate) use reviews::Review;

pub(crate) const DAY_MS: u64 = 86_400_000;

/// 2026-01-01T00:00:00Z, when the newest review of every business was written.
pub(crate) const NEWEST_MS: u64 = 1_767_225_600_000;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Link {
    pub(crate) href: String,
    pub(crate) method: &'static str,
    pub(crate) rel: &'static str,
}

impl Link {
    pub(crate) fn get(rel: &'static str, href: String) -> Self {
        Self {
            href,
            method: "GET",
            rel,
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BusinessUnit {
    pub(crate) links: Vec<Link>,
    pub(crate) id: String,
    pub(crate) display_name: String,
    pub(crate) name: Name,
    pub(crate) website_url: String,
    pub(crate) country: &'static str,
    pub(crate) number_of_reviews: NumberOfReviews,
    pub(crate) status: &'static str,
    pub(crate) score: Score,
    pub(crate) bad_fit: bool,
}

#[derive(Debug, Serialize)]
pub(crate) struct Name {
    pub(crate) identifying: String,
    pub(crate) referring: Vec<String>,
}

#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NumberOfReviews {
    pub(crate) total: u64,
    pub(crate) used_for_trust_score_calculation: u64,
    pub(crate) one_star: u64,
    pub(crate) two_stars: u64,
    pub(crate) three_stars: u64,
    pub(crate) four_stars: u64,
    pub(crate) five_stars: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Score {
    pub(crate) trust_score: Value,
    pub(crate) stars: Value,
}

/// When things were written that come one after the other: an even step, and an offset below it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    seed: Seed,
    step: u64,
}

impl Times {
    /// `length` of them, six hours apart, but not longer than fifteen years together.
    pub(crate) fn new(seed: Seed, length: u64) -> Self {
        let fitting = (15 * 365 * DAY_MS).checked_div(length);
        Self {
            seed,
            step: (DAY_MS / 4).min(fitting.unwrap_or(DAY_MS)),
        }
    }

    /// Milliseconds since 1970; a higher index is at least a second older.
    pub(crate) fn at(self, index: u64) -> u64 {
        let offset = self.seed.at(index).below(self.step.saturating_sub(1_000));
        // Whole seconds, as they are written.
        NEWEST_MS.saturating_sub(index.saturating_mul(self.step) + offset) / 1_000 * 1_000
    }

    /// The first index that is not younger than `ms`, of `length`.
    pub(crate) fn first_until(self, ms: u64, length: u64) -> u64 {
        let (mut low, mut high) = (0, length);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.at(middle) <= ms {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    }
}

pub(crate) fn pick<T: Copy + Default>(from: &[T], seed: Seed) -> T {
    from.get(seed.named("pick").below(from.len() as u64) as usize)
        .copied()
        .unwrap_or_default()
}

/// Tenths as the platform writes them: 46 is 4.6 and 40 is 4.
pub(crate) fn decimal(tenths: u64) -> Value {
    if tenths.is_multiple_of(10) {
        Value::from(tenths / 10)
    } else {
        Value::from(tenths as f64 / 10.0)
    }
}

/// An image as the platform names them: without a scheme.
pub(crate) fn image(path: &str, width: u64, height: u64) -> Value {
    serde_json::json!({
        "url": format!("//images-static.trustpilot.com/{path}"),
        "width": width,
        "height": height,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_platform_does() {
        assert_eq!(decimal(46).to_string(), "4.6");
        assert_eq!(decimal(40).to_string(), "4");
    }

    #[test]
    fn times_fall_and_are_found() {
        for length in [1, 10, 250_000] {
            let times = Times::new(Seed::new(3), length);
            for index in [1, length / 2, length - 1] {
                assert!(times.at(index) + 1_000 <= times.at(index.saturating_sub(1)) || index == 0);
                assert_eq!(
                    times.first_until(times.at(index), length),
                    index.min(length)
                );
            }
            assert_eq!(times.first_until(0, length), length);
            assert_eq!(times.first_until(u64::MAX, length), 0);
        }
    }
}
