//! Dates as the platforms and HTTP write them.

const DAY_MS: u64 = 86_400_000;
/// 9999-12-31T23:59:59Z: later times are written as this one.
const LAST_MS: u64 = 253_402_300_799_000;

struct Civil {
    year: u64,
    month: usize,
    day: u64,
    hour: u64,
    minute: u64,
    second: u64,
    weekday: usize,
}

/// Milliseconds since 1970 to a date (the days-to-civil algorithm of Howard Hinnant).
fn civil(ms: u64) -> Civil {
    let ms = ms.min(LAST_MS);
    let days = ms / DAY_MS;
    let seconds = ms % DAY_MS / 1_000;
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    Civil {
        year: year_of_era + era * 400 + u64::from(month <= 2),
        month: month as usize,
        day: day_of_year - (153 * shifted_month + 2) / 5 + 1,
        hour: seconds / 3_600,
        minute: seconds % 3_600 / 60,
        second: seconds % 60,
        weekday: ((days + 4) % 7) as usize,
    }
}

/// `2026-01-31T09:05:07Z`.
pub(crate) fn iso(ms: u64) -> String {
    let Civil {
        year,
        month,
        day,
        hour,
        minute,
        second,
        ..
    } = civil(ms);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// `Sat, 31 Jan 2026 09:05:07 GMT`.
pub(crate) fn http(ms: u64) -> String {
    const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let Civil {
        year,
        month,
        day,
        hour,
        minute,
        second,
        weekday,
    } = civil(ms);
    let weekday = DAYS.get(weekday).copied().unwrap_or_default();
    let month = MONTHS
        .get(month.saturating_sub(1))
        .copied()
        .unwrap_or_default();
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn known_dates() {
        assert_eq!(iso(0), "1970-01-01T00:00:00Z");
        assert_eq!(http(0), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(iso(951_782_400_000), "2000-02-29T00:00:00Z");
        assert_eq!(iso(1_740_395_920_000), "2025-02-24T11:18:40Z");
        assert_eq!(http(784_111_777_000), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(iso(u64::MAX), "9999-12-31T23:59:59Z");
    }
}
