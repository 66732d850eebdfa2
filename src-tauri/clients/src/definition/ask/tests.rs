use super::*;

fn definition(head: &str, file: &str) -> Definition {
    let text = format!(
        r#"
definition = 1
id = "acme"
name = "Acme"
about = "A client."
kind = "agent"
pickup = "At once."
{head}
[checked]
on = "2026-11-22"
by = "docs"
how = "Its page."
[[files]]
id = "one"
name = "its file"
format = "json"
{file}
[[slots]]
id = "bearer"
name = "Bearer key"
files = ["one"]
params = [
    {{ name = "server", label = "Name of the server" }},
    {{ name = "url", label = "Address of the server", only_new = true }},
]
[[slots.forms]]
kind = "literal"
node = "servers.{{server}}.headers.Authorization"
value = "Bearer {{key}}"
[slots.forms.beside]
"servers.{{server}}.type" = "http"
"servers.{{server}}.url" = "{{url}}"
"servers.{{server}}.tools" = ["*"]
"servers.{{server}}.oauth" = false
[[slots.forms]]
kind = "variable"
node = "servers.{{server}}.token_env"
value = "{{variable}}"
[[slots]]
id = "list"
name = "Keys in a list"
files = ["one"]
params = [{{ name = "provider", label = "Provider" }}]
[[slots.forms]]
kind = "literal"
node = "keys[]"
value = "{{provider}}={{key}}"
"#
    );
    Definition::parse("acme.toml", &text).unwrap()
}

const USER: &str = "scope = \"user\"\npaths = [\"~/a\"]";

fn text(text: &str) -> Node {
    Node::Text(Value::new(text), 0..0)
}

fn map(members: &[(&str, Node)]) -> Node {
    Node::Map(members.iter().map(|(name, node)| ((*name).to_owned(), node.clone())).collect(), 0..0)
}

fn params(told: &[(&str, &str)]) -> Params {
    told.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn ask(
    definition: &Definition,
    slot: &str,
    (form, held): (FormKind, &str),
    told: &[(&str, &str)],
    tree: &Node,
) -> Result<(Wanted, Vec<Caution>), AskError> {
    let held = Value::new(held);
    let params = params(told);
    let dollar = held.text().contains('$');
    let ask = Ask { slot, file: "one", form, params: &params, held: &held, bom: false, dollar };
    definition.ask(&ask, tree)
}

const KEY: (FormKind, &str) = (FormKind::Literal, "sk-test-not-a-real-key");

#[test]
fn a_new_server_gets_what_it_needs_beside_the_key() {
    let own = definition("", USER);
    let told = [("server", "t"), ("url", "https://t.example")];
    let (wanted, cautions) = ask(&own, "bearer", KEY, &told, &map(&[])).unwrap();
    assert_eq!(wanted.path.to_string(), "servers.t.headers.Authorization");
    assert_eq!(wanted.value.text(), "Bearer sk-test-not-a-real-key");
    let beside: Vec<_> =
        wanted.beside.iter().map(|(path, value)| (path.to_string(), value.clone())).collect();
    let words = |text: &str| Fresh::Text(Value::new(text));
    assert_eq!(
        beside,
        [
            ("servers.t.type".to_owned(), words("http")),
            ("servers.t.url".to_owned(), words("https://t.example")),
            ("servers.t.tools".to_owned(), Fresh::List(vec![words("*")])),
            ("servers.t.oauth".to_owned(), Fresh::Flag(false)),
        ]
    );
    assert_eq!(cautions, []);
}

#[test]
fn what_is_only_for_a_new_server_is_not_asked_for_where_it_is_there() {
    let own = definition("", USER);
    let there = map(&[("servers", map(&[("t", map(&[("url", text("https://old.example"))]))]))]);
    let (wanted, _) = ask(&own, "bearer", KEY, &[("server", "t")], &there).unwrap();
    assert_eq!(wanted.beside, []);
    let error = ask(&own, "bearer", KEY, &[("server", "other")], &there).unwrap_err();
    let words = "Address of the server is not told; tell it with `url=…`";
    assert_eq!(error.to_string(), words);
    let error = ask(&own, "bearer", KEY, &[], &there).unwrap_err();
    assert_eq!(error.to_string(), "Name of the server is not told; tell it with `server=…`");
}

#[test]
fn an_item_of_a_list_is_replaced_where_it_is_the_same_and_added_where_it_is_not() {
    let own = definition("", USER);
    let items = vec![text("groq=a"), text("acme=b")];
    let there = map(&[("keys", Node::List(items, 0..0))]);
    let at = |provider| {
        let (wanted, _) = ask(&own, "list", KEY, &[("provider", provider)], &there).unwrap();
        (wanted.path.to_string(), wanted.value.text().to_owned())
    };
    assert_eq!(at("acme"), ("keys[1]".to_owned(), "acme=sk-test-not-a-real-key".to_owned()));
    assert_eq!(at("new"), ("keys[2]".to_owned(), "new=sk-test-not-a-real-key".to_owned()));
}

#[test]
fn another_form_that_stays_is_told_of() {
    let own = definition("", USER);
    let server = map(&[("token_env", text("TOKEN"))]);
    let there = map(&[("servers", map(&[("t", server.clone()), ("u", server)]))]);
    let (_, cautions) = ask(&own, "bearer", KEY, &[("server", "t")], &there).unwrap();
    let path = NodePath::parse("servers.t.token_env").unwrap();
    assert_eq!(cautions, [Caution::AlsoThere { form: FormKind::Variable, path }]);
}

#[test]
fn a_dollar_is_refused_warned_of_or_let_through_as_the_client_takes_it() {
    let told = [("server", "t"), ("url", "https://t.example")];
    let key = (FormKind::Literal, "sk-a$LABV");
    let of = |head: &str| ask(&definition(head, USER), "bearer", key, &told, &map(&[]));
    assert_eq!(of("").unwrap().1, []);
    assert_eq!(of("dollar = \"when_set\"").unwrap().1, [Caution::Dollar]);
    let error = of("dollar = \"breaks\"").unwrap_err();
    assert_eq!(error, AskError::Dollar { client: "Acme".to_owned() });
    assert!(!error.to_string().contains("sk-a"));
    let variable = (FormKind::Variable, "TOKEN");
    let breaks = definition("dollar = \"breaks\"", USER);
    assert!(ask(&breaks, "bearer", variable, &told, &map(&[])).is_ok());
}

#[test]
fn a_dollar_is_refused_behind_a_reference_where_the_client_replaces_it_there_too() {
    let twice = definition("dollar = \"breaks_references\"", USER);
    let params = params(&[("server", "t"), ("url", "https://t.example")]);
    let of = |form, held: &str, dollar| {
        let held = &Value::new(held);
        let ask =
            Ask { slot: "bearer", file: "one", form, params: &params, held, bom: false, dollar };
        twice.ask(&ask, &map(&[]))
    };
    let refused = AskError::DollarAnywhere { client: "Acme".to_owned() };
    assert_eq!(of(FormKind::Literal, "sk-a$LABV", true).unwrap_err(), refused);
    assert_eq!(of(FormKind::Variable, "TOKEN", true).unwrap_err(), refused);
    assert!(of(FormKind::Variable, "TOKEN", false).is_ok());
}

#[test]
fn a_file_that_is_not_written_and_a_mark_that_breaks_it_are_refused() {
    let told = [("server", "t"), ("url", "https://t.example")];
    let own = definition("", &format!("{USER}\nread_only = \"It is its own.\""));
    let error = ask(&own, "bearer", KEY, &told, &map(&[])).unwrap_err();
    assert_eq!(error.to_string(), "Keywright does not write its file: It is its own.");
    let held = Value::new(KEY.1);
    let params = params(&told);
    let ask = Ask {
        slot: "bearer",
        file: "one",
        form: KEY.0,
        params: &params,
        held: &held,
        bom: true,
        dollar: false,
    };
    assert!(definition("", USER).ask(&ask, &map(&[])).is_ok());
    let breaks = definition("", &format!("{USER}\nbom_breaks = true"));
    let error = breaks.ask(&ask, &map(&[])).unwrap_err();
    assert_eq!(error, AskError::Bom { client: "Acme".to_owned() });
}

#[test]
fn a_key_in_a_projects_file_is_warned_of_and_a_reference_is_not() {
    let own = definition("", "scope = \"project\"\npaths = [\"a.json\"]");
    let told = [("server", "t"), ("url", "https://t.example")];
    assert_eq!(ask(&own, "bearer", KEY, &told, &map(&[])).unwrap().1, [Caution::Shared]);
    let variable = (FormKind::Variable, "TOKEN");
    assert_eq!(ask(&own, "bearer", variable, &told, &map(&[])).unwrap().1, []);
}

#[test]
fn what_cannot_be_meant_is_refused_with_what_could_be() {
    let own = definition("", USER);
    let empty = map(&[]);
    let told = [("server", "t"), ("url", "https://t.example")];
    let say = |result: Result<_, AskError>| result.map(drop).unwrap_err().to_string();
    let slot = say(ask(&own, "beaver", KEY, &told, &empty));
    assert_eq!(slot, "Acme has no place `beaver`; it has `bearer`, `list`");
    let form = say(ask(&own, "bearer", (FormKind::File, "/k"), &told, &empty));
    assert_eq!(form, "Bearer key cannot hold a key as `file`; it can as `literal`, `variable`");
    let unknown = say(ask(&own, "bearer", KEY, &[("sever", "t")], &empty));
    assert_eq!(unknown, "Bearer key asks for no `sever`; it asks for `server`, `url`");
    let name = say(ask(&own, "bearer", (FormKind::Variable, "my-token"), &told, &empty));
    assert_eq!(name, "`my-token` is not the name of a variable: letters, digits and `_` only");
    for (key, expected) in [
        ("sk-a\nX-Evil: 1", "`key` holds a line break or another control character"),
        ("", "`key` is empty"),
        (" ", "`key` is empty"),
    ] {
        assert_eq!(say(ask(&own, "bearer", (FormKind::Literal, key), &told, &empty)), expected);
    }
    let broken = say(ask(&own, "bearer", KEY, &[("server", "a\tb")], &empty));
    assert_eq!(broken, "`server` holds a line break or another control character");
}
