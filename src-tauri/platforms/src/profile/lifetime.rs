//! How long keys live: what is offered, what the platform takes, and when a key
//! really ends once the platform's steps are counted in.

use chrono::{DateTime, Duration, Utc};
use keywright_model::{Expiry, expiry::Lifetime};

use crate::{ProfileError, convert, profile::node::Table, template::WhenNone};

/// Whether keys end by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Support {
    None,
    Optional,
    Required,
}

/// The steps in which a platform counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Granularity {
    Second,
    Day,
    DateStart,
    DateEnd,
}

/// A profile's rules on expiry.
#[derive(Debug, Clone)]
pub(crate) struct ExpiryRules {
    pub(crate) support: Support,
    /// The recommended one first.
    pub(crate) choices: Vec<Lifetime>,
    /// Whether an end of one's own choice may be sent.
    pub(crate) custom: bool,
    pub(crate) max_days: Option<u32>,
    pub(crate) min_seconds: i64,
    pub(crate) granularity: Granularity,
    /// How "never" is sent.
    pub(crate) never: WhenNone,
    pub(crate) never_danger: String,
}

impl ExpiryRules {
    pub(crate) fn effective(&self, lifetime: Lifetime, now: DateTime<Utc>) -> Expiry {
        let Expiry::At(at) = lifetime.expiry(now) else { return lifetime.expiry(now) };
        let end = match self.granularity {
            Granularity::Second => Some(at),
            Granularity::Day => {
                now.checked_add_signed(Duration::days(convert::whole_days(at - now)))
            }
            Granularity::DateStart => {
                Some(at.date_naive().and_time(chrono::NaiveTime::MIN).and_utc())
            }
            Granularity::DateEnd => convert::end_of(at),
        };
        end.map_or(Expiry::At(at), Expiry::At)
    }

    pub(crate) fn check(&self, lifetime: Lifetime, now: DateTime<Utc>) -> Option<String> {
        if self.support == Support::None {
            return (lifetime != Lifetime::Never)
                .then(|| "keys of this platform do not end by themselves".into());
        }
        let Expiry::At(at) = self.effective(lifetime, now) else {
            if lifetime != Lifetime::Never {
                return Some("the end lies too far ahead".into());
            }
            return (self.support == Support::Required)
                .then(|| "this platform wants every key to end".into());
        };
        let asked = lifetime.expiry(now).at();
        if asked.is_none_or(|asked| asked <= now) || (at - now).num_seconds() < self.min_seconds {
            return Some(match self.min_seconds {
                0 | 1 => "the end must lie ahead".into(),
                least => format!("a key lives at least {least} seconds here"),
            });
        }
        if let Some(max) = self.max_days
            && at - now > Duration::days(i64::from(max))
        {
            return Some(format!("a key lives at most {max} days here"));
        }
        (!self.custom && !self.choices.contains(&lifetime))
            .then(|| "this platform offers fixed lives only".into())
    }
}

impl Default for ExpiryRules {
    fn default() -> Self {
        Self {
            support: Support::None,
            choices: vec![Lifetime::Never],
            custom: false,
            max_days: None,
            min_seconds: 0,
            granularity: Granularity::Second,
            never: WhenNone::Omit,
            never_danger: String::new(),
        }
    }
}

/// Reads `[expiry]`.
pub(crate) fn parse(table: Option<Table<'_>>) -> Result<ExpiryRules, ProfileError> {
    let Some(mut table) = table else { return Ok(ExpiryRules::default()) };
    let support = table.need("support", "one of `none`, `optional`, `required`")?.one_of(&[
        ("none", Support::None),
        ("optional", Support::Optional),
        ("required", Support::Required),
    ])?;
    let mut rules = ExpiryRules { support, ..ExpiryRules::default() };
    if let Some(node) = table.get("choices") {
        let items = node.list("a list of lives, the recommended one first")?;
        rules.choices = items.iter().map(|item| lifetime(item)).collect::<Result<_, _>>()?;
        if rules.choices.is_empty() {
            return Err(node.error("an empty list", "at least one life"));
        }
        if support == Support::Required && rules.choices.contains(&Lifetime::Never) {
            return Err(node.error("`never`", "lives that end, as `support` is `required`"));
        }
    } else if support == Support::Required {
        return Err(table.node().error("no `choices`", "`choices`, a list of lives"));
    }
    rules.custom = table.flag("custom")?;
    rules.max_days = table.get("max_days").map(|node| node.integer(1..=36_500)).transpose()?;
    if let Some(node) = table.get("min_seconds") {
        rules.min_seconds = node.integer(0..=31_536_000)?;
    }
    if let Some(node) = table.get("granularity") {
        rules.granularity = node.one_of(&[
            ("second", Granularity::Second),
            ("day", Granularity::Day),
            ("date_start", Granularity::DateStart),
            ("date_end", Granularity::DateEnd),
        ])?;
    }
    if let Some(node) = table.get("never") {
        rules.never = node.one_of(&[
            ("omit", WhenNone::Omit),
            ("null", WhenNone::Null),
            ("zero", WhenNone::Zero),
        ])?;
    }
    rules.never_danger = table.words_or_empty("never_danger")?;
    table.end()?;
    Ok(rules)
}

fn lifetime(node: &super::node::Node<'_>) -> Result<Lifetime, ProfileError> {
    let expected = "`never`, or days such as `90d`";
    let text = node.text(expected)?;
    if text == "never" {
        return Ok(Lifetime::Never);
    }
    text.strip_suffix('d')
        .and_then(|days| days.parse().ok())
        .filter(|days| (1..=36_500).contains(days))
        .map(Lifetime::Days)
        .ok_or_else(|| node.wrong(expected))
}
