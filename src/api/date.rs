//! The platforms' spellings of a point in time, made one.

use jiff::civil::DateTime;
use jiff::{SignedDuration, ToSpan};

/// `text` as `2013-09-07T13:37:00.000Z`, if it is a date and time of ISO 8601; one without a zone is
/// UTC. Milliseconds are cut, not rounded.
pub(crate) fn spell(text: &str) -> Option<String> {
    let (date, rest) = text.split_at_checked(10)?;
    let (separator, rest) = rest.split_at_checked(1)?;
    let (time, rest) = rest.split_at_checked(8)?;
    if !matches!(separator, "T" | " ") || !date.get(4..).is_some_and(|it| it.starts_with('-')) {
        return None;
    }
    match rest {
        // The usual ones are not checked further, since the reader in JavaScript has no time to.
        "" | "Z" => return Some(format!("{date}T{time}.000Z")),
        _ if rest.len() == 5 && rest.ends_with('Z') => return Some(format!("{date}T{time}{rest}")),
        _ => {}
    }
    let (fraction, zone) = rest.split_at(rest.find(['Z', '+', '-']).unwrap_or(rest.len()));
    if !is_like(date, "0000-00-00") || !is_like(time, "00:00:00") {
        return None;
    }
    let offset = offset(zone)?;
    let milliseconds = milliseconds(fraction)?;
    // The end of a day is the start of the next.
    let (time, days) = match time {
        "24:00:00" if milliseconds == "000" => ("00:00:00", 1),
        _ => (time, 0),
    };
    // No day has a second 60 here, as in ECMAScript.
    if time.ends_with("60") {
        return None;
    }
    let local: DateTime = format!("{date}T{time}").parse().ok()?;
    let time = local.checked_add(days.days()).ok()?;
    let time = time.checked_sub(SignedDuration::from_mins(offset)).ok()?;
    Some(format!(
        "{}.{milliseconds}Z",
        time.strftime("%Y-%m-%dT%H:%M:%S")
    ))
}

/// Whether `text` has a digit where `model` has one, and is the same elsewhere.
fn is_like(text: &str, model: &str) -> bool {
    let same = |(a, b): (u8, u8)| {
        if b == b'0' {
            a.is_ascii_digit()
        } else {
            a == b
        }
    };
    text.len() == model.len() && text.bytes().zip(model.bytes()).all(same)
}

/// Minutes of a zone: none, `Z`, `+02:00` or `+0200`.
fn offset(zone: &str) -> Option<i64> {
    if matches!(zone, "" | "Z") {
        return Some(0);
    }
    let (sign, zone) = zone.split_at_checked(1)?;
    let digits = match zone.split_once(':') {
        Some((hours, minutes)) if is_like(hours, "00") => format!("{hours}{minutes}"),
        Some(_) => return None,
        None => zone.to_owned(),
    };
    if !is_like(&digits, "0000") {
        return None;
    }
    let number: i64 = digits.parse().ok()?;
    let (hours, minutes) = (number / 100, number % 100);
    let total = hours * 60 + minutes;
    (hours < 24 && minutes < 60).then_some(if sign == "-" { -total } else { total })
}

/// Three digits of a fraction such as `.1234567`, or of none.
fn milliseconds(fraction: &str) -> Option<String> {
    let digits = fraction.strip_prefix('.');
    if !fraction.is_empty() && !digits.is_some_and(is_digits) {
        return None;
    }
    Some(
        digits
            .unwrap_or_default()
            .chars()
            .chain("000".chars())
            .take(3)
            .collect(),
    )
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
