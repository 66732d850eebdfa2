use super::*;

const STRICT: Json = Json { comments: false };

#[test]
fn half_a_surrogate_pair_is_kept_and_is_no_text() {
    let text = r#"{"a":"cut \ud83d","b":"\ud83d\udd11","c":"\udd11","d":"x"}"#;
    let tree = STRICT.read(text).unwrap();
    let found: Vec<_> = tree
        .texts()
        .into_iter()
        .map(|(path, value, _)| (path.to_string(), value.text().to_owned()))
        .collect();
    assert_eq!(found, [("b".to_owned(), "🔑".to_owned()), ("d".to_owned(), "x".to_owned())]);
    let half = tree.at(&[Step::Key("a".to_owned())]).unwrap().unwrap();
    assert!(matches!(half, Node::Other(raw, _) if raw.text() == r#""cut \ud83d""#));
    // Another half is another value.
    assert!(!tree.same(&STRICT.read(&text.replace("cut \\ud83d", "cut \\ud83e")).unwrap()));
}

#[test]
fn places_are_bytes() {
    let text = "{ \"é\": \"ü🔑\", \"k\" : [ \"v\" ] }";
    let tree = STRICT.read(text).unwrap();
    let tokens: Vec<_> =
        tree.texts().iter().map(|(_, _, span)| text.get((*span).clone()).unwrap()).collect();
    assert_eq!(tokens, ["\"ü🔑\"", "\"v\""]);
}

#[test]
fn what_is_there_twice_stays_visible() {
    let tree = STRICT.read(r#"{"a":1,"\u0061":2}"#).unwrap();
    assert!(matches!(tree, Node::Map(ref members, _) if members.len() == 2));
    assert!(matches!(tree.at(&[Step::Key("a".to_owned())]), Err(Problem::Duplicate { .. })));
}

#[test]
fn what_rfc_8259_refuses_is_refused_and_nothing_of_the_file_is_told() {
    for text in [
        "{\"a\":\"line\nbreak\"}",
        "{\"a\":\"\u{1}\"}",
        "{\u{a0}\"a\":1}",
        "{\u{b}}",
        "[01]",
        "[1.]",
        "[.5]",
        "[+1]",
        "[NaN]",
        "[0x1]",
        "['a']",
        "{a:1}",
        "{\"a\":1 \"b\":2}",
        "[1 2]",
        "{}{}",
        "[\"\\x41\"]",
        "[\"\\ud8zz\"]",
        "[tru]",
        "[1,,2]",
        "[,]",
        "{\"a\"}",
        "\"open",
        "{\"a\":\"s3cret\\q\"}",
    ] {
        for syntax in [STRICT, Json { comments: true }] {
            let problem = syntax.read(text).unwrap_err();
            assert!(matches!(problem, Problem::Malformed { .. }), "{text:?}");
            assert!(!problem.to_string().contains("s3cret"), "{text:?}");
        }
    }
    assert_eq!(
        STRICT.read("{\n\n  \"a\": x }").unwrap_err().to_string(),
        "line 3 is not JSON: unexpected word"
    );
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(STRICT.read(&nested(200)).is_ok());
    assert!(STRICT.read(&nested(201)).is_err());
}
