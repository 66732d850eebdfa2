use super::*;
use crate::format::Value;

fn map(members: &[(&str, Node)]) -> Node {
    Node::Map(members.iter().map(|(name, node)| ((*name).to_owned(), node.clone())).collect(), 0..0)
}

fn text(text: &str) -> Node {
    Node::Text(Value::new(text), 3..7)
}

const FORMS: &str = r#"
[[slots]]
id = "bearer"
name = "Bearer key"
files = ["one"]
params = [{ name = "server", label = "Server" }, { name = "url", label = "Address", only_new = true }]
[[slots.forms]]
kind = "literal"
node = "servers.{server}.headers.Authorization"
value = "Bearer {key}"
[[slots.forms]]
kind = "variable"
node = "servers.{server}.headers.Authorization"
value = "Bearer ${{{variable}}}"
also = ["Bearer ${{{variable}:-{default}}}"]

[[slots]]
id = "header"
name = "Other header"
mixed = true
files = ["one"]
params = [{ name = "server", label = "Server" }, { name = "header", label = "Header" }]
[[slots.forms]]
kind = "literal"
node = "servers.{server}.headers.{header}"
value = "{key}"
"#;

fn definition() -> Definition {
    let head = "definition = 1\nid = \"acme\"\nname = \"Acme\"\nabout = \"A client.\"\nkind = \"agent\"\n\
        pickup = \"At once.\"\n[checked]\non = \"2026-11-22\"\nby = \"docs\"\nhow = \"Its page.\"\n\
        [[files]]\nid = \"one\"\nname = \"One\"\nscope = \"user\"\nformat = \"json\"\npaths = [\"~/a\"]\n\
        [[files]]\nid = \"two\"\nname = \"Two\"\nscope = \"user\"\nformat = \"json\"\npaths = [\"~/b\"]\n";
    Definition::parse("acme.toml", &format!("{head}{FORMS}")).unwrap()
}

fn held(headers: &[(&str, Node)]) -> Vec<Held> {
    let server = map(&[("headers", map(headers))]);
    definition().slots_in(&map(&[("servers", map(&[("github", server)]))]), "one")
}

#[test]
fn the_wrapper_of_a_key_is_stripped() {
    let found = held(&[("Authorization", text("Bearer sk-test-not-a-real-key"))]);
    let [one] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((one.slot.as_str(), one.kind, one.mixed), ("bearer", FormKind::Literal, false));
    assert_eq!(one.value.text(), "sk-test-not-a-real-key");
    assert_eq!(one.params, Params::from([("server".to_owned(), "github".to_owned())]));
    assert_eq!(one.path.to_string(), "servers.github.headers.Authorization");
    assert_eq!(one.span, 3..7);
}

#[test]
fn a_reference_is_not_taken_for_a_key() {
    let found = held(&[("Authorization", text("Bearer ${GITHUB}"))]);
    let [one] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((one.kind, one.value.text()), (FormKind::Variable, "GITHUB"));
    assert_eq!(one.fallback, None);
}

#[test]
fn what_a_reference_falls_back_to_is_told_apart() {
    let found = held(&[("Authorization", text("Bearer ${GITHUB:-sk-test-not-a-real-key}"))]);
    let [one] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((one.kind, one.value.text()), (FormKind::Variable, "GITHUB"));
    assert_eq!(one.fallback.as_ref().unwrap().text(), "sk-test-not-a-real-key");
}

#[test]
fn a_key_that_only_looks_like_a_reference_is_a_key() {
    let found = held(&[("Authorization", text("Bearer ${not a name}"))]);
    assert_eq!(found[0].kind, FormKind::Literal);
}

#[test]
fn a_place_belongs_to_the_first_slot_that_fits_it() {
    let found = held(&[("Authorization", text("Basic YTpi")), ("X-Key", text("k"))]);
    let said: Vec<_> = found.iter().map(|one| (one.slot.as_str(), one.value.text())).collect();
    // Without `Bearer` it is not the first slot's.
    assert_eq!(said, [("header", "Basic YTpi"), ("header", "k")]);
}

#[test]
fn nothing_is_found_in_another_file_in_an_empty_text_or_in_what_is_no_text() {
    let number = Node::Other(Value::new("7"), 0..1);
    assert!(held(&[("X-Key", text("")), ("X-Other", text("  ")), ("X-Number", number)]).is_empty());
    let tree = map(&[("servers", map(&[("g", map(&[("headers", map(&[("X", text("k"))]))]))]))]);
    assert!(definition().slots_in(&tree, "two").is_empty());
    assert_eq!(definition().slots_in(&tree, "one").len(), 1);
}

#[test]
fn a_held_key_is_not_printed() {
    let found = held(&[("Authorization", text("Bearer sk-test-not-a-real-key"))]);
    assert!(!format!("{found:?}").contains("sk-test"));
}
