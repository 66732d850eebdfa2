//! Commands about keys.

pub(crate) mod add;
pub(crate) mod bin;
pub(crate) mod bring;
pub(crate) mod change;
pub(crate) mod copy;
pub(crate) mod create;
pub(crate) mod detect;
pub(crate) mod edit;
pub(crate) mod keys;
pub(crate) mod probe;
pub(crate) mod reveal;
pub(crate) mod revoke;
pub(crate) mod show;

use chrono::{DateTime, NaiveDate, Utc};
use keywright_model::expiry::Lifetime;
use keywright_service::wire::Guide;

/// Reads a length of life: `30d`, `12w`, `1y`, `never`, `2026-12-31`, or an RFC 3339 instant.
/// A day counts to its end, by UTC.
pub(crate) fn lifetime(text: &str) -> Result<Lifetime, NoLifetime> {
    if text.eq_ignore_ascii_case("never") {
        return Ok(Lifetime::Never);
    }
    if let Ok(day) = text.parse::<NaiveDate>() {
        let end = day.and_hms_opt(23, 59, 59).ok_or(NoLifetime)?;
        return Ok(Lifetime::Until(end.and_utc()));
    }
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(Lifetime::Until(at.with_timezone(&Utc)));
    }
    let unit = text.chars().next_back().ok_or(NoLifetime)?;
    let days = match unit {
        'd' => 1,
        'w' => 7,
        'y' => 365,
        _ => return Err(NoLifetime),
    };
    let digits = text.strip_suffix(unit).ok_or(NoLifetime)?;
    let count: u32 = digits.parse().map_err(|_| NoLifetime)?;
    count.checked_mul(days).filter(|days| *days > 0).map(Lifetime::Days).ok_or(NoLifetime)
}

/// What to do in a dashboard, a line each.
pub(crate) fn guide_words(guide: &Guide) -> Vec<String> {
    let page = guide.page.iter().map(|page| format!("Open {page}"));
    let steps = guide.steps.iter().enumerate();
    page.chain(steps.map(|(at, step)| format!("{:>2}. {step}", at + 1))).collect()
}

/// The text is no length of life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write 30d, 12w, 1y, never, or a day such as 2026-12-31")]
pub(crate) struct NoLifetime;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_life_is_days_weeks_years_a_day_or_never() {
        let end = "2026-12-31T23:59:59Z".parse().unwrap();
        for (text, meant) in [
            ("30d", Lifetime::Days(30)),
            ("2w", Lifetime::Days(14)),
            ("1y", Lifetime::Days(365)),
            ("Never", Lifetime::Never),
            ("2026-12-31", Lifetime::Until(end)),
            ("2027-01-01T01:59:59+02:00", Lifetime::Until(end)),
        ] {
            assert_eq!(lifetime(text), Ok(meant), "{text}");
        }
    }

    #[test]
    fn what_is_no_length_is_refused() {
        for text in
            ["", "d", "30", "0d", "-3d", "30dd", "99999999999d", "4294967295y", "2026-02-30"]
        {
            assert_eq!(lifetime(text), Err(NoLifetime), "{text}");
        }
    }
}
