//! The fixed converters between what platforms write and what we mean. Pure.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Utc};
use keywright_model::{Expiry, Hint, Status};
use serde_json::Value;

use crate::template::ExpiryUnit;

/// Larger numbers of seconds than this are taken for milliseconds by `any_time`.
const FIRST_MILLISECOND: u64 = 100_000_000_000;

/// The longest visible beginning and end that are taken from an answer.
const HINT_PREFIX: usize = 24;
const HINT_SUFFIX: usize = 8;

/// One step of a conversion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Converter {
    /// RFC 3339; without a zone it is UTC.
    Iso,
    /// Seconds since 1970.
    UnixS,
    /// Milliseconds since 1970.
    UnixMs,
    /// A date; the instant is its beginning, UTC.
    DateUtcMidnight,
    /// A date; the instant is its end, UTC.
    DateUtcEnd,
    /// `2019-08-02 15:31:07`, `2023-10-06 23:47:56.678+00`.
    SqlTs,
    /// Any of the above, for platforms whose documents do not say.
    AnyTime,
    /// `0001-01-01T00:00:00Z` means none.
    ZeroTimeIsNone,
    /// `"2592000000"` is a number.
    NumberFromString,
    /// `true` and `false` as statuses.
    BoolToStatus { yes: Status, no: Status },
    /// Words for words; `*` stands for every other word.
    EnumMap(Vec<(String, String)>),
    /// A beginning before each text.
    Prefixed(String),
    /// `a,b c` is a list.
    Csv,
    /// `{"wiki":"read"}` is the list `wiki:read`.
    Pairs,
    /// `sk-or-v1-0e6...1c96` is a beginning and an end.
    Affix,
}

/// A value on its way through converters.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Got {
    /// As it came.
    Json(Value),
    /// An instant.
    Time(DateTime<Utc>),
    /// A status.
    Status(Status),
    /// Several texts.
    Texts(Vec<String>),
    /// Visible ends.
    Hint(Hint),
    /// The platform says that there is none.
    None,
}

impl Converter {
    /// One step. None where the value is not of the kind that the step reads.
    pub(crate) fn apply(&self, got: Got) -> Option<Got> {
        let value = match (self, got) {
            (Self::ZeroTimeIsNone, Got::Time(at)) => {
                return Some(if is_zero(at) { Got::None } else { Got::Time(at) });
            }
            (_, Got::Json(Value::Null) | Got::None) => return Some(Got::None),
            (Self::Prefixed(prefix), Got::Texts(texts)) => {
                return Some(Got::Texts(prefixed(prefix, texts)));
            }
            (_, Got::Json(value)) => value,
            (_, _) => return None,
        };
        match self {
            Self::Iso => iso(value.as_str()?).map(Got::Time),
            Self::UnixS => instant(value.as_i64()?, 1_000),
            Self::UnixMs => instant(value.as_i64()?, 1),
            Self::DateUtcMidnight => date(value.as_str()?).map(Got::Time),
            Self::DateUtcEnd => end_of(date(value.as_str()?)?).map(Got::Time),
            Self::SqlTs => sql(value.as_str()?).map(Got::Time),
            Self::AnyTime => any_time(&value),
            Self::ZeroTimeIsNone => zero_text(value),
            Self::NumberFromString => number(&value),
            Self::BoolToStatus { yes, no } => {
                value.as_bool().map(|set| Got::Status(if set { *yes } else { *no }))
            }
            Self::EnumMap(pairs) => {
                let word = scalar(&value)?;
                let named = |name: &str| pairs.iter().find(|(from, _)| from == name);
                let (_, to) = named(&word).or_else(|| named("*"))?;
                Some(Got::Json(Value::from(to.clone())))
            }
            Self::Prefixed(prefix) => {
                let texts = match &value {
                    Value::Array(items) => items.iter().filter_map(scalar).collect(),
                    other => vec![scalar(other)?],
                };
                Some(Got::Texts(prefixed(prefix, texts)))
            }
            Self::Csv => Some(Got::Texts(split_list(value.as_str()?))),
            Self::Pairs => pairs(&value).map(Got::Texts),
            Self::Affix => affix(value.as_str()?).map(Got::Hint),
        }
    }
}

fn prefixed(prefix: &str, texts: Vec<String>) -> Vec<String> {
    texts.into_iter().map(|text| format!("{prefix}{text}")).collect()
}

/// A text, number or truth as text.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A status by its word.
pub(crate) fn status(word: &str) -> Option<Status> {
    STATUSES.iter().find(|(name, _)| *name == word).map(|(_, status)| *status)
}

/// The words for a status in a profile.
pub(crate) const STATUSES: [(&str, Status); 6] = [
    ("active", Status::Active),
    ("disabled", Status::Disabled),
    ("expired", Status::Expired),
    ("revoking", Status::Revoking),
    ("revoked", Status::Revoked),
    ("unknown", Status::Unknown),
];

fn is_zero(at: DateTime<Utc>) -> bool {
    at.timestamp() <= 0
}

fn zero_text(value: Value) -> Option<Got> {
    let zero = match &value {
        Value::String(text) => text.is_empty() || iso(text).is_some_and(is_zero),
        Value::Number(number) => number.as_i64() == Some(0),
        _ => return None,
    };
    Some(if zero { Got::None } else { Got::Json(value) })
}

fn number(value: &Value) -> Option<Got> {
    match value {
        Value::String(text) => text.trim().parse::<i64>().ok().map(|n| Got::Json(Value::from(n))),
        Value::Number(_) => Some(Got::Json(value.clone())),
        _ => None,
    }
}

fn instant(count: i64, millis_each: i64) -> Option<Got> {
    if count == 0 {
        return Some(Got::None);
    }
    DateTime::from_timestamp_millis(count.checked_mul(millis_each)?).map(Got::Time)
}

fn iso(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text)
        .map(|at| at.to_utc())
        .ok()
        .or_else(|| text.parse::<NaiveDateTime>().ok().map(|at| at.and_utc()))
}

fn date(text: &str) -> Option<DateTime<Utc>> {
    let day: NaiveDate = text.parse().ok()?;
    Some(day.and_time(NaiveTime::MIN).and_utc())
}

/// The last second of the instant's day, UTC.
pub(crate) fn end_of(at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    at.date_naive().and_hms_opt(23, 59, 59).map(|end| end.and_utc())
}

fn sql(text: &str) -> Option<DateTime<Utc>> {
    let zoned = ["%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M:%S%.f%#z"];
    zoned
        .iter()
        .find_map(|form| DateTime::parse_from_str(text, form).ok())
        .map(|at| at.to_utc())
        .or_else(|| {
            NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").ok().map(|at| at.and_utc())
        })
}

fn any_time(value: &Value) -> Option<Got> {
    if let Some(text) = value.as_str() {
        let at = iso(text).or_else(|| sql(text)).or_else(|| date(text))?;
        return Some(if is_zero(at) { Got::None } else { Got::Time(at) });
    }
    let count = value.as_i64()?;
    instant(count, if count.unsigned_abs() < FIRST_MILLISECOND { 1_000 } else { 1 })
}

fn split_list(text: &str) -> Vec<String> {
    text.split([',', ' ', '\n', '\t'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

fn pairs(value: &Value) -> Option<Vec<String>> {
    let members = value.as_object()?;
    members
        .iter()
        .map(|(name, value)| match value {
            Value::Bool(true) => Some(name.clone()),
            other => scalar(other).map(|word| format!("{name}:{word}")),
        })
        .collect()
}

fn affix(text: &str) -> Option<Hint> {
    let gap = |c: char| matches!(c, '.' | '…' | '*' | '•');
    let start = text.find(gap)?;
    let end = text.rfind(gap)?;
    let prefix = text.get(..start)?;
    let suffix = text.get(end..)?.trim_start_matches(gap);
    Some(bounded_hint(prefix, suffix))
}

/// Visible ends, cut to a length that gives nothing away.
pub(crate) fn bounded_hint(prefix: &str, suffix: &str) -> Hint {
    let skip = suffix.chars().count().saturating_sub(HINT_SUFFIX);
    Hint {
        prefix: prefix.chars().take(HINT_PREFIX).filter(|c| !c.is_control()).collect(),
        suffix: suffix.chars().skip(skip).filter(|c| !c.is_control()).collect(),
    }
}

/// The end of a new key as a platform wants it written; none when it never ends.
pub(crate) fn encode_expiry(
    unit: ExpiryUnit,
    expires: Expiry,
    now: DateTime<Utc>,
) -> Option<Value> {
    let at = expires.at()?;
    let left = at - now;
    Some(match unit {
        ExpiryUnit::Days => Value::from(whole_days(left)),
        ExpiryUnit::Seconds => Value::from(left.num_seconds().max(1)),
        ExpiryUnit::Millis => Value::from(left.num_milliseconds().max(1)),
        ExpiryUnit::Iso => Value::from(at.to_rfc3339_opts(SecondsFormat::Secs, true)),
        ExpiryUnit::Date => Value::from(at.date_naive().to_string()),
        ExpiryUnit::Unix => Value::from(at.timestamp()),
        ExpiryUnit::UnixMs => Value::from(at.timestamp_millis()),
        ExpiryUnit::Duration => Value::from(duration(left)),
    })
}

/// Whole days, rounded up; at least one.
pub(crate) fn whole_days(left: Duration) -> i64 {
    let days = left.num_days();
    (days + i64::from(left > Duration::days(days))).max(1)
}

fn duration(left: Duration) -> String {
    let seconds = left.num_seconds().max(1);
    for (size, letter) in [(86_400, 'd'), (3_600, 'h'), (60, 'm')] {
        if seconds % size == 0 {
            return format!("{}{letter}", seconds / size);
        }
    }
    format!("{seconds}s")
}
