use super::*;
use crate::machine::Os;

const TEXT: &str = r#"
definition = 1
id = "acme"
name = "Acme"
about = "A client."
kind = "agent"
pickup = "At once."
[checked]
on = "2026-11-22"
by = "docs"
how = "Its page."
[[files]]
id = "user"
name = "Own settings"
scope = "user"
format = "json"
paths = ["~/.acme.json"]
[[slots]]
id = "key"
name = "Key"
files = ["user"]
sources = ["elsewhere:the keyring", "env:ACME_KEY", "file:user", "elsewhere:the account"]
[[slots.forms]]
kind = "literal"
node = "key"
value = "{key}"
"#;

fn ask(key: Option<&str>, read: &Reader<'_>) -> Which {
    let home = tempfile::tempdir().unwrap();
    let environment = key.map(|key| ("ACME_KEY".to_owned(), key.to_owned()));
    let machine = Machine {
        os: Os::Linux,
        home: home.path().to_owned(),
        environment: environment.into_iter().collect(),
        name: "desk".to_owned(),
    };
    let definition = Definition::parse("acme.toml", TEXT).unwrap();
    which(&definition, &Here { machine: &machine, project: None, read })
}

#[test]
fn a_file_that_cannot_be_read_is_told_and_the_rest_is_answered() {
    let refused = |_: &Path| Err(io::Error::from(io::ErrorKind::PermissionDenied));
    let answer = ask(Some("sk-test-not-a-real-key"), &refused);
    let [unread] = answer.unread.as_slice() else { panic!("{:?}", answer.unread) };
    assert_eq!(
        (unread.rule.as_str(), &unread.why),
        ("user", &Trouble::Io(io::ErrorKind::PermissionDenied))
    );
    assert_eq!(answer.used.len(), 1);
    let not_text = |_: &Path| Ok(vec![0xff, 0xfe]);
    let answer = ask(None, &not_text);
    assert_eq!(answer.unread[0].why, Trouble::Format(Problem::NotText));
    assert!(answer.used.is_empty());
}

#[test]
fn what_cannot_be_seen_is_told_where_it_would_outrank_what_is_found() {
    let nothing = |_: &Path| Err(io::Error::from(io::ErrorKind::NotFound));
    let answer = ask(Some("sk-test-not-a-real-key"), &nothing);
    assert!(answer.unread.is_empty());
    let used = &answer.used[0];
    assert_eq!(used.unless, ["the keyring"]);
    let found = used.effective.as_ref().unwrap();
    assert_eq!(found.at, At::Environment("ACME_KEY".to_owned()));
    let value = Value::new("sk-test-not-a-real-key");
    assert_eq!(found.key, Key::Here { value, via: None });
    assert!(!format!("{answer:?}").contains("sk-test"));
    assert!(ask(None, &nothing).used.is_empty(), "a keyring alone is no answer");
}
