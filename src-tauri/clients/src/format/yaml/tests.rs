use super::*;

/// Every text of a document with the bytes of its token.
fn tokens(text: &str) -> Vec<(String, String)> {
    let tree = Yaml.read(text).unwrap();
    let texts = tree.texts();
    let token = |span: &std::ops::Range<usize>| text.get(span.clone()).unwrap().to_owned();
    texts.into_iter().map(|(path, _, span)| (path.to_string(), token(span))).collect()
}

#[test]
fn a_token_is_what_stands_there_and_no_blank_or_comment_more() {
    let text = "é: ü # x\r\n\"q\":   \"a \\\" b\"   # why\r\ns: 'it''s' \r\nt: !!str 12\r\nm: &m\r\n  {k: v} # y\r\nl:\r\n- - a\r\n  - \"b\"\r\n? c\r\n: d\r\nempty:   # z\r\n";
    let expected = [
        ("\"é\"", "ü"),
        ("q", "\"a \\\" b\""),
        ("s", "'it''s'"),
        ("t", "12"),
        ("m.k", "v"),
        ("l[0][0]", "a"),
        ("l[0][1]", "\"b\""),
        ("c", "d"),
        ("empty", ""),
    ];
    let found = tokens(text);
    let found: Vec<_> = found.iter().map(|(path, token)| (path.as_str(), token.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn brackets_end_with_themselves() {
    for text in ["a: {  }  # why, }", "a: [ ] \n", "a: { b: 1 }\t# }\nc: 2\n", "a: [b,\n c]  # ]\n"]
    {
        let tree = Yaml.read(text).unwrap();
        let span = tree.at(&[Step::Key("a".to_owned())]).unwrap().unwrap().span().clone();
        let token = text.get(span).unwrap();
        assert!(token.starts_with(['{', '[']) && token.ends_with(['}', ']']), "{token}");
    }
}

#[test]
fn what_is_no_text_or_shared_is_never_taken_for_one() {
    let text = "a: &x 1\nb: *x\nc: |\n  lines\nd: >-\n  lines\ne: !secret key\nf: ~\ng: 1e3\nh: yes\ni: &y\nj: !!binary aGk=\n";
    assert_eq!(tokens(text), []);
}

#[test]
fn a_change_behind_an_anchor_is_a_change_of_its_aliases() {
    let read = |text: &str| Yaml.read(text).unwrap();
    let with = |key: &str| read(&format!("base: &b\n  k: {key}\nuse:\n  <<: *b\n"));
    let part = |tree: &Node| tree.at(&[Step::Key("use".to_owned())]).unwrap().unwrap().clone();
    assert!(part(&with("one")).same(&part(&with("one"))));
    assert!(!part(&with("one")).same(&part(&with("two"))));
}

#[test]
fn an_alias_below_a_tag_or_in_a_name_is_compared_too() {
    let read = |text: &str| Yaml.read(text).unwrap();
    for text in
        ["a: &a KEY\nb: !t [*a]\n", "a: &a KEY\nb: !t\n  k: *a\n", "a: &a KEY\n? [*a]\n: b\n"]
    {
        let with = |key: &str| read(&text.replace("KEY", key));
        let (one, mut two) = (with("one"), with("two"));
        let Node::Map(members, _) = &mut two else { panic!("a table") };
        members.first_mut().unwrap().1 =
            one.at(&[Step::Key("a".to_owned())]).unwrap().unwrap().clone();
        assert!(!one.same(&two), "{text}");
    }
}

#[test]
fn what_readers_read_differently_is_refused() {
    for text in ["#\ra", "a: 1\rb: 2\n", "&0:* x", "a: &é x\nb: *é\n", "a: 1\n---\nb: 2\n"] {
        assert!(Yaml.read(text).is_err(), "{text:?}");
    }
}

#[test]
fn documents_of_nothing_are_empty_tables() {
    for text in ["", "\n\n", "# only words\n", "---\n", "%YAML 1.2\n---\n# nothing\n"] {
        let tree = Yaml.read(text).unwrap();
        assert!(matches!(tree, Node::Map(ref members, _) if members.is_empty()), "{text:?}");
    }
}
