//! Every converter and every encoder, by example.

use chrono::{DateTime, Utc};
use keywright_model::{Expiry, Hint, Status};
use serde_json::{Value, json};

use crate::{
    convert::{Converter, Got, encode_expiry},
    template::ExpiryUnit,
};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn time(text: &str) -> Got {
    Got::Time(at(text))
}

fn check(converter: &Converter, cases: &[(Value, Option<Got>)]) {
    for (from, expected) in cases {
        assert_eq!(converter.apply(Got::Json(from.clone())), *expected, "{converter:?} of {from}");
    }
}

#[test]
fn texts_with_a_zone_and_without_are_instants() {
    check(
        &Converter::Iso,
        &[
            (json!("2026-11-22T16:34:14.146685Z"), Some(time("2026-11-22T16:34:14.146685Z"))),
            (json!("2026-11-22T18:34:14+02:00"), Some(time("2026-11-22T16:34:14Z"))),
            (json!("2026-11-22T16:34:14"), Some(time("2026-11-22T16:34:14Z"))),
            (json!("yesterday"), None),
            (json!(5), None),
            (Value::Null, Some(Got::None)),
        ],
    );
}

#[test]
fn numbers_of_seconds_and_milliseconds_are_instants() {
    check(
        &Converter::UnixS,
        &[
            (json!(1_795_365_254), Some(time("2026-11-22T16:34:14Z"))),
            (json!(0), Some(Got::None)),
            (json!(i64::MAX), None),
            (json!("1795365254"), None),
        ],
    );
    check(
        &Converter::UnixMs,
        &[
            (json!(1_795_365_254_146_i64), Some(time("2026-11-22T16:34:14.146Z"))),
            (json!(0), Some(Got::None)),
            (json!(1.5), None),
        ],
    );
}

#[test]
fn dates_are_their_beginning_or_their_end() {
    check(
        &Converter::DateUtcMidnight,
        &[(json!("2026-11-22"), Some(time("2026-11-22T00:00:00Z"))), (json!("2026-02-30"), None)],
    );
    check(&Converter::DateUtcEnd, &[(json!("2026-11-22"), Some(time("2026-11-22T23:59:59Z")))]);
}

#[test]
fn texts_as_databases_write_them_are_instants() {
    check(
        &Converter::SqlTs,
        &[
            (json!("2019-08-02 15:31:07"), Some(time("2019-08-02T15:31:07Z"))),
            (json!("2023-10-06 23:47:56.678+00"), Some(time("2023-10-06T23:47:56.678Z"))),
            (json!("2023-10-06 23:47:56.678+02:00"), Some(time("2023-10-06T21:47:56.678Z"))),
            (json!("06.10.2023"), None),
        ],
    );
}

#[test]
fn any_time_reads_them_all() {
    check(
        &Converter::AnyTime,
        &[
            (json!("2026-11-22T16:34:14Z"), Some(time("2026-11-22T16:34:14Z"))),
            (json!("2019-08-02 15:31:07"), Some(time("2019-08-02T15:31:07Z"))),
            (json!("2026-11-22"), Some(time("2026-11-22T00:00:00Z"))),
            (json!(1_795_365_254), Some(time("2026-11-22T16:34:14Z"))),
            (json!(1_795_365_254_000_i64), Some(time("2026-11-22T16:34:14Z"))),
            (json!("0001-01-01T00:00:00Z"), Some(Got::None)),
            (json!(i64::MIN), None),
            (json!(true), None),
        ],
    );
}

#[test]
fn the_zero_time_means_none_before_and_after_another_step() {
    let zero = Converter::ZeroTimeIsNone;
    check(
        &zero,
        &[
            (json!("0001-01-01T00:00:00Z"), Some(Got::None)),
            (json!(""), Some(Got::None)),
            (json!(0), Some(Got::None)),
            (json!("2026-11-22T16:34:14Z"), Some(Got::Json(json!("2026-11-22T16:34:14Z")))),
        ],
    );
    assert_eq!(zero.apply(Got::Time(at("0001-01-01T00:00:00Z"))), Some(Got::None));
    let real = Got::Time(at("2026-11-22T16:34:14Z"));
    assert_eq!(zero.apply(real.clone()), Some(real));
}

#[test]
fn numbers_in_quotes_are_numbers() {
    check(
        &Converter::NumberFromString,
        &[
            (json!("2592000000"), Some(Got::Json(json!(2_592_000_000_i64)))),
            (json!(7), Some(Got::Json(json!(7)))),
            (json!("many"), None),
        ],
    );
}

#[test]
fn truths_and_words_are_statuses() {
    let flag = Converter::BoolToStatus { yes: Status::Revoked, no: Status::Active };
    check(
        &flag,
        &[
            (json!(true), Some(Got::Status(Status::Revoked))),
            (json!(false), Some(Got::Status(Status::Active))),
            (json!("true"), None),
        ],
    );
    let map = Converter::EnumMap(vec![("inactive".into(), "disabled".into())]);
    check(&map, &[(json!("inactive"), Some(Got::Json(json!("disabled")))), (json!("odd"), None)]);
    let any = Converter::EnumMap(vec![("*".into(), "revoked".into()), ("no".into(), "-".into())]);
    check(
        &any,
        &[
            (json!("2026-11-22"), Some(Got::Json(json!("revoked")))),
            (json!(1_795_365_254), Some(Got::Json(json!("revoked")))),
            (json!("no"), Some(Got::Json(json!("-")))),
            (json!([]), None),
            (Value::Null, Some(Got::None)),
        ],
    );
}

#[test]
fn a_beginning_is_put_before_each_text() {
    let prefixed = Converter::Prefixed("index:".into());
    let texts = |texts: &[&str]| Some(Got::Texts(texts.iter().map(|t| (*t).to_owned()).collect()));
    check(
        &prefixed,
        &[
            (json!(["a", {}, 5]), texts(&["index:a", "index:5"])),
            (json!("a"), texts(&["index:a"])),
            (json!([]), texts(&[])),
            (json!({}), None),
            (Value::Null, Some(Got::None)),
        ],
    );
    let list = Converter::Csv.apply(Got::Json(json!("a,b"))).expect("a list");
    assert_eq!(prefixed.apply(list), texts(&["index:a", "index:b"]));
}

#[test]
fn lists_come_as_text_and_as_pairs() {
    check(
        &Converter::Csv,
        &[(
            json!("a:read, b:write c"),
            Some(Got::Texts(vec!["a:read".into(), "b:write".into(), "c".into()])),
        )],
    );
    check(
        &Converter::Pairs,
        &[
            (
                json!({"wiki": "read", "all": true}),
                Some(Got::Texts(vec!["all".into(), "wiki:read".into()])),
            ),
            (json!({"wiki": {}}), None),
            (json!([]), None),
        ],
    );
}

#[test]
fn a_masked_key_is_its_visible_ends_and_no_more_than_a_little() {
    let hint = |prefix: &str, suffix: &str| {
        Some(Got::Hint(Hint { prefix: prefix.into(), suffix: suffix.into() }))
    };
    check(
        &Converter::Affix,
        &[
            (json!("sk-or-v1-0e6...1c96"), hint("sk-or-v1-0e6", "1c96")),
            (json!("eyJhb…achS8"), hint("eyJhb", "achS8")),
            (json!("sk-****"), hint("sk-", "")),
            (json!("whole"), None),
            (
                json!("0123456789012345678901234567890123456789..0123456789"),
                hint("012345678901234567890123", "23456789"),
            ),
        ],
    );
}

#[test]
fn an_end_is_written_in_eight_ways() {
    let now = at("2026-11-22T10:00:00Z");
    let expires = Expiry::At(at("2026-12-22T10:00:00Z"));
    for (word, expected) in [
        ("days", json!(30)),
        ("seconds", json!(2_592_000)),
        ("millis", json!(2_592_000_000_i64)),
        ("iso", json!("2026-12-22T10:00:00Z")),
        ("date", json!("2026-12-22")),
        ("unix", json!(1_797_933_600)),
        ("unix_ms", json!(1_797_933_600_000_i64)),
        ("duration", json!("30d")),
    ] {
        let unit = ExpiryUnit::ALL.iter().find(|(name, _)| *name == word).expect("known").1;
        assert_eq!(encode_expiry(unit, expires, now), Some(expected), "{word}");
        assert_eq!(encode_expiry(unit, Expiry::Never, now), None, "{word}");
    }
    assert_eq!(ExpiryUnit::ALL.len(), 8);
    let odd = Expiry::At(at("2026-11-22T11:30:00Z"));
    assert_eq!(encode_expiry(ExpiryUnit::Duration, odd, now), Some(json!("90m")));
    assert_eq!(encode_expiry(ExpiryUnit::Days, odd, now), Some(json!(1)));
}
