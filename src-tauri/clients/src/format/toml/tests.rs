use super::*;

#[test]
fn a_token_keeps_its_quotes_where_they_can_hold_the_value() {
    for (old, value, token) in [
        ("\"old\"", "a\"b\\c\u{1b}\u{7f}\n", r#""a\"b\\c\u001B\u007F\n""#),
        ("'old'", "a\\b\tc", "'a\\b\tc'"),
        ("'old'", "it's", "\"it's\""),
        ("'old'", "a\nb", r#""a\nb""#),
        ("'''old'''", "it's \\", "'''it's \\'''"),
        ("'''old'''", "ends with '", "\"ends with '\""),
        ("'''old'''", "a'''b", "\"a'''b\""),
        ("\"\"\"\nold\"\"\"", "\na\"\"\"b", r#""""\na\"\"\"b""""#),
        ("''", "x", "'x'"),
        ("\"\"", "x", "\"x\""),
    ] {
        let made = Toml.token(value, old).unwrap();
        assert_eq!(made, token, "{old}");
        let tree = Toml.read(&format!("k = {made}")).unwrap();
        let text = tree.texts();
        assert_eq!(text.first().map(|(_, value, _)| value.text()), Some(value), "{old}");
    }
}

#[test]
fn a_token_is_what_stands_there() {
    let text = "\"é\" = 'ü' # x\r\na.b = \"\"\"\r\nc\"\"\"\r\n[t]\r\n\"k k\" = { x = [ \"y\" , 1 ] } # z\r\n[[l]]\r\nn = ''\r\n";
    let tree = Toml.read(text).unwrap();
    let texts = tree.texts();
    let tokens: Vec<_> = texts
        .iter()
        .map(|(path, _, span)| (path.to_string(), text.get((*span).clone()).unwrap()))
        .collect();
    let found: Vec<_> = tokens.iter().map(|(path, token)| (path.as_str(), *token)).collect();
    assert_eq!(
        found,
        [
            ("\"é\"", "'ü'"),
            ("a.b", "\"\"\"\r\nc\"\"\""),
            ("t.\"k k\".x[0]", "\"y\""),
            ("l[0].n", "''"),
        ]
    );
}

#[test]
fn what_is_no_text_is_never_taken_for_one() {
    let tree = Toml.read("a = 1\nb = true\nc = 1979-05-27T07:32:00Z\nd = inf\n").unwrap();
    assert!(tree.texts().is_empty());
}
