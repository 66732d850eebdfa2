//! Every kind of refusal: it says why and repeats nothing of the file or the value.

use keywright_clients::{Format, Problem};

use crate::{
    check::{apply, says_why, wanted},
    is_built,
};

const OLD: &str = "sk-test-not-a-real-key-0001";
const BAD: &str = "sk-test-not-a-real-key-0002";

fn refused(format: Format, text: &str, path: &str, value: &str) -> Option<Problem> {
    if !is_built(format) {
        return None;
    }
    let text = text.replace("KEY", OLD);
    let value = value.replace("NEW", BAD);
    let found = apply(format, text.as_bytes(), &wanted(path, &value, &[]));
    let Err(problem) = found else { panic!("{format:?} {path} is not refused") };
    says_why(&problem, &[OLD, BAD]);
    Some(problem)
}

#[test]
fn a_value_that_a_format_cannot_hold_is_refused() {
    for (format, text, path, values) in [
        (Format::Dotenv, "A=KEY\n", "A", &["NEW$x", "NEW'", "NEW\\", "NEW`", "NEW\nB=1"][..]),
        (Format::Ini, "[s]\nA=KEY\n", "s.A", &["NEW\nB=1", " NEW", "#NEW", "NEW ;x", "\"NEW\""]),
        (Format::Npmrc, "A=KEY\n", "A", &["NEW\nB=1", "NEW;x", "NEW#x", "NEW\\", "\"NEW\""]),
        (Format::Netrc, "machine h password KEY\n", "h.password", &["NEW x", "", "NEW#", "NEW\""]),
        (Format::Shell, "A=KEY\n", "A", &["NEW\nB=1", "NEW\0"]),
        (Format::Fish, "set -gx A KEY\n", "A", &["NEW\nB=1", "NEW\0"]),
        (Format::Systemd, "A=KEY\n", "A", &["NEW\nB=1", "NEW\0"]),
    ] {
        for value in values {
            let problem = refused(format, text, path, value);
            assert!(matches!(problem, Some(Problem::Unwritable { .. }) | None), "{problem:?}");
        }
    }
}

#[test]
fn a_name_that_is_there_twice_is_refused() {
    for (format, text, path) in [
        (Format::Json, r#"{"A": "KEY", "A": "KEY"}"#, "A"),
        (Format::Jsonc, r#"{"A": "KEY", "A": "KEY",}"#, "A"),
        (Format::Dotenv, "A=KEY\nexport A='KEY'\n", "A"),
        (Format::Ini, "[s]\nA=KEY\nA=KEY\n", "s.A"),
        (Format::Ini, "[s]\nA=KEY\n[s]\nB=KEY\n", "s.A"),
        (Format::Npmrc, "A=KEY\nA=KEY\n", "A"),
        (Format::Netrc, "machine h password KEY password KEY\n", "h.password"),
        (Format::Shell, "A=KEY\nif x; then A=KEY; fi\n", "A"),
        (Format::Fish, "set -gx A KEY\nset -e A\n", "A"),
        (Format::Systemd, "A=KEY\nA=KEY\n", "A"),
    ] {
        let problem = refused(format, text, path, "NEW");
        assert!(matches!(problem, Some(Problem::Duplicate { .. }) | None), "{problem:?}");
    }
}

#[test]
fn a_place_that_holds_something_else_is_refused() {
    for (format, text, path) in [
        (Format::Json, r#"{"A": {"B": "KEY"}}"#, "A"),
        (Format::Jsonc, r#"{"A": ["KEY"]}"#, "A"),
        (Format::Toml, "A = ['KEY']\n", "A"),
        (Format::Yaml, "A: [KEY]\n", "A"),
        (Format::Ini, "[A]\nB=KEY\n", "A"),
        (Format::Ini, "[A]\nB=\n  KEY\n  KEY\n", "A.B"),
        (Format::Npmrc, "A=KEY;KEY\n", "A"),
        (Format::Netrc, "machine A password KEY\n", "A"),
        (Format::Shell, "A=$(echo KEY)\n", "A"),
        (Format::Fish, "set -Ux A KEY\n", "A"),
        (Format::Dotenv, "A=KEY\n", "A.B"),
        (Format::Systemd, "A=KEY\n", "A.B"),
    ] {
        let problem = refused(format, text, path, "NEW");
        assert!(matches!(problem, Some(Problem::Occupied { .. }) | None), "{problem:?}");
    }
}

#[test]
fn what_is_not_of_its_format_is_refused_with_its_line() {
    for (format, text, line) in [
        (Format::Json, "{\n\"A\": KEY}", 2),
        (Format::Dotenv, "B=1\nA=\"KEY\n", 2),
        (Format::Dotenv, "B=1\nA=KEY\rB=2\n", 2),
        (Format::Ini, "\n[A\nB=KEY\n", 2),
        (Format::Ini, "\nA=KEY\n[]\n", 3),
        (Format::Npmrc, "\n\n[A] KEY\n", 3),
        (Format::Netrc, "\nmachine A password \"KEY\n", 2),
        (Format::Netrc, "\nmachine A KEY KEY\n", 2),
        (Format::Systemd, "\nB='KEY\n", 2),
    ] {
        match refused(format, text, "NEW_NAME", "NEW") {
            Some(Problem::Malformed { line: found, .. }) => assert_eq!(found, line, "{text}"),
            problem => assert!(problem.is_none(), "{problem:?}"),
        }
    }
}

#[test]
fn a_name_that_a_format_cannot_hold_is_refused() {
    for (format, path) in [
        (Format::Dotenv, "\"1A\""),
        (Format::Shell, "\"A-B\""),
        (Format::Fish, "\"A B\""),
        (Format::Systemd, "\"\""),
        (Format::Ini, "s.\"a=b\""),
        (Format::Ini, "\"s]\".a"),
        (Format::Npmrc, "\"#a\""),
        (Format::Netrc, "\"a b\".password"),
        (Format::Netrc, "a.pin"),
    ] {
        let problem = refused(format, "", path, "NEW");
        assert!(matches!(problem, Some(Problem::Unnameable { .. }) | None), "{problem:?}");
    }
}
