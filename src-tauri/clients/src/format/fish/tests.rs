use super::*;
use crate::{Node, NodePath, format::Value};

fn read(text: &str) -> Vec<(String, Option<String>)> {
    let Node::Map(members, _) = Fish.read(text).unwrap() else { panic!("a map") };
    let one = |(name, node)| match node {
        Node::Text(value, _) => (name, Some(value.text().to_owned())),
        _ => (name, None),
    };
    members.into_iter().map(one).collect()
}

fn insert(text: &str) -> Result<Splice, Problem> {
    let tree = Fish.read(text)?;
    let path = NodePath::parse("NEW_KEY").unwrap();
    Fish.insert(text, &tree, path.steps(), &Fresh::Text(Value::new("it's\\")))
}

#[test]
fn exported_literals_are_texts() {
    for (line, value) in [
        ("set -gx A 'it\\'s \\\\ \\n'", "it's \\ \\n"),
        ("set -x A \"a b\\$\" # note", "a b$"),
        ("  set --export --global A plain;", "plain"),
        ("set -g -x A a'b'", "ab"),
    ] {
        assert_eq!(read(line), [("A".to_owned(), Some(value.to_owned()))], "{line}");
    }
}

#[test]
fn all_else_that_sets_is_no_text() {
    for line in [
        "set -Ux A x",
        "set A x",
        "set -g A x",
        "set -gx A x y",
        "set -gx A",
        "set -gx A $B",
        "set -gx A \"$B\"",
        "set -gx A (cat key)",
        "set -gx A[1] x",
        "set -e A",
        "true; and set -gx A x",
        "true\nand set -gx A x",
        "if true\n  set -gx A x\nend",
        "function f\n  set -gx A x\nend",
        "if a\nelse if b\n set -gx A x\nend",
        "export A=x",
    ] {
        let found = read(line);
        assert_eq!(found, [("A".to_owned(), None)], "{line}");
        let more = format!("{line}\nset -gx Z '1'\n");
        assert!(read(&more).contains(&("Z".to_owned(), Some("1".to_owned()))), "{line}");
        assert!(insert(&more).is_ok(), "{line}");
    }
}

#[test]
fn a_file_that_cannot_be_followed_is_not_written_into() {
    for text in [
        "echo 'open\nset -gx A x\n",
        "if true\nset -gx A x\n",
        "end\nset -gx A x\n",
        "exit\nset -gx A x\n",
    ] {
        assert!(read(text).iter().all(|(_, value)| value.is_none()), "{text}");
        assert!(matches!(insert(text), Err(Problem::Unsupported { .. })), "{text}");
    }
}

#[test]
fn variables_go_into_one_block() {
    let first = insert("set -q A; or echo \"x (\" > /dev/null 2>&1").unwrap();
    let block = "\n\n# >>> keywright >>>\nset -gx NEW_KEY 'it\\'s\\\\'\n# <<< keywright <<<";
    assert_eq!(first.with.text(), block);
    let second = insert("# >>> keywright >>>\r\n# <<< keywright <<<\r\n").unwrap();
    assert_eq!(second.with.text(), "set -gx NEW_KEY 'it\\'s\\\\'\r\n");
    assert_eq!(second.span, 21..21);
}
