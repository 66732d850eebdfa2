//! Commands that replace keys: one, a leaked one, many; and the runs that do it.

pub(crate) mod act;
pub(crate) mod bulk;
mod bulk_end;
mod checklist;
mod follow;
pub(crate) mod leak;
pub(crate) mod resume;
pub(crate) mod runs;
pub(crate) mod start;
mod through;

/// Reads a length of time: `90s`, `30m`, `1h`, `7d`, `2w`. The answer is in seconds.
pub(crate) fn span(text: &str) -> Result<u32, NoSpan> {
    let unit = text.chars().next_back().ok_or(NoSpan)?;
    let seconds: u32 = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 604_800,
        _ => return Err(NoSpan),
    };
    let digits = text.strip_suffix(unit).ok_or(NoSpan)?;
    let count: u32 = digits.parse().map_err(|_| NoSpan)?;
    count.checked_mul(seconds).filter(|seconds| *seconds > 0).ok_or(NoSpan)
}

/// The text is no length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write 30m, 1h or 7d")]
pub(crate) struct NoSpan;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_is_a_number_and_its_unit() {
        for (text, seconds) in
            [("90s", 90), ("30m", 1_800), ("1h", 3_600), ("7d", 604_800), ("2w", 1_209_600)]
        {
            assert_eq!(span(text), Ok(seconds), "{text}");
        }
    }

    #[test]
    fn what_is_no_length_of_time_is_refused() {
        for text in ["", "h", "1", "0h", "-1h", "1hh", "1y", "99999999w", "１h"] {
            assert_eq!(span(text), Err(NoSpan), "{text}");
        }
    }
}
