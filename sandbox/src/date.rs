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

#[allow(dead_code)]
/// `2026-01-31T09:05:07.042Z`, the spelling of product reviews.
pub(crate) fn iso_ms(ms: u64) -> String {
    let whole = iso(ms);
    format!(
        "{}.{:03}Z",
        whole.trim_end_matches('Z'),
        ms.min(LAST_MS) % 1_000
    )
}

/// `2026-01-31T09:05:07`, the spelling of the documents.
pub(crate) fn iso_local(ms: u64) -> String {
    iso(ms).trim_end_matches('Z').to_owned()
}

/// Milliseconds since 1970 of any of these spellings, and of a date alone.
pub(crate) fn parse(text: &str) -> Option<u64> {
    let text = text.strip_suffix('Z').unwrap_or(text);
    let (day, time) = text.split_once('T').unwrap_or((text, "00:00:00"));
    let mut day = day.split('-').map(|part| part.parse::<u64>().ok());
    let (year, month, date) = (day.next()??, day.next()??, day.next()??);
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut time = time.split(':').map(|part| part.parse::<u64>().ok());
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    let fits = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&date)
        && hour < 24
        && minute < 60
        && second < 60
        && day.next().is_none()
        && time.next().is_none()
        && fraction.len() <= 9;
    if !fits {
        return None;
    }
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let day_of_year = (153 * month + 2) / 5 + date - 1;
    let days = year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719_468;
    let ms: u64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    Some(days * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1_000 + ms)
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
        for ms in [0, 951_782_400_000, 951_868_799_999, 1_740_395_920_042] {
            assert_eq!(parse(&iso_ms(ms)), Some(ms));
            assert_eq!(parse(&iso_local(ms)), Some(ms / 1_000 * 1_000));
        }
        assert_eq!(parse("1970-01-02"), Some(DAY_MS));
        for bad in [
            "",
            "soon",
            "2026-13-01",
            "2026-01-01T25:00:00",
            "1969-12-31",
            "2026-01-01T1:2",
            "2026-1-1-1",
            "2026-01-01T00:00:00.é",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
        assert_eq!(iso(u64::MAX), "9999-12-31T23:59:59Z");
    }
}
