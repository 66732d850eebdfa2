use super::*;

const WHOLE: &str = r#"definition = 1
id = "acme"
name = "Acme"
about = "A client."
kind = "agent"
pickup = "A new process reads it."

[checked]
on = "2026-11-22"
by = "docs"
how = "Its page."

[[files]]
id = "user"
name = "Own settings"
scope = "user"
format = "jsonc"
paths = ["~/.acme/settings.json"]

[[slots]]
id = "key"
name = "Key"
files = ["user"]
params = [{ name = "server", label = "Name of the server" }]

[[slots.forms]]
kind = "literal"
node = "servers.{server}.key"
value = "{key}"

[slots.forms.beside]
"servers.{server}.type" = "http"
"#;

fn parse(text: &str) -> Result<Definition, DefinitionError> {
    Definition::parse("acme.toml", text)
}

/// The error of the text in which one part is another.
fn broken(part: &str, other: &str) -> String {
    assert!(WHOLE.contains(part), "{part}");
    parse(&WHOLE.replacen(part, other, 1)).unwrap_err().to_string()
}

#[test]
fn a_definition_says_what_it_says() {
    let own = parse(WHOLE).unwrap();
    assert_eq!((own.id.as_str(), own.kind, own.checked.by), ("acme", Kind::Agent, Ground::Docs));
    let file = own.file("user").unwrap();
    assert_eq!((file.format, file.mode, file.may_make), (Format::Jsonc, 0o600, true));
    assert_eq!((file.lock, file.upwards, file.bom_breaks), (FileLock::None, Upwards::No, false));
    assert_eq!((own.rewrites.clone(), own.dollar), (Rewrites::Never, Dollar::Exact));
    let slot = own.slot("key").unwrap();
    assert_eq!(slot.identity().collect::<Vec<_>>(), ["server"]);
    assert_eq!(slot.forms[0].beside.len(), 1);
}

/// A part of the whole, what stands there instead, and what is said.
#[rustfmt::skip]
const BROKEN: &[(&str, &str, &str)] = &[
        (
            "definition = 1",
            "definition = 2",
            "acme.toml:1:14: found `2`, expected a number from 1 to 1",
        ),
        (
            "id = \"acme\"",
            "id = \"Acme\"",
            "acme.toml:2:6: found `Acme`, expected a short name of small letters, digits and `-`",
        ),
        (
            "pickup =",
            "pikup =",
            "acme.toml:1:1: found no `pickup`, expected `pickup`, how a change is noticed, as a sentence",
        ),
        (
            "by = \"docs\"",
            "by = \"hearsay\"",
            "acme.toml:10:6: found `hearsay`, expected one of `run`, `source`, `docs`, `told`",
        ),
        (
            "by = \"docs\"",
            "by = \"run\"",
            "acme.toml:8:1: found `by = \"run\"` and no `version`, expected `version`, that of the client which was run",
        ),
        (
            "on = \"2026-11-22\"",
            "on = \"yesterday\"",
            "acme.toml:9:6: found `yesterday`, expected a day such as \"2026-11-22\"",
        ),
        (
            "files = [\"user\"]",
            "files = [\"usr\"]",
            "acme.toml:23:10: found the file `usr`, expected `user`",
        ),
        (
            "paths = [\"~/.acme/settings.json\"]",
            "paths = [\".acme/settings.json\"]",
            "acme.toml:18:10: found `.acme/settings.json`, expected a path begins with `~/`, `/`, a drive or `{VARIABLE|~/…}`",
        ),
        (
            "paths = [\"~/.acme/settings.json\"]",
            "",
            "acme.toml:13:1: found a file without a path, expected `paths`, or `linux`, `macos` and `windows`",
        ),
        (
            "format = \"jsonc\"",
            "format = \"xml\"",
            "acme.toml:17:10: found `xml`, expected one of `json`, `jsonc`, `toml`, `yaml`, `dotenv`, `ini`, `npmrc`, `netrc`, `shell`, `fish`, `systemd`",
        ),
        (
            "format = \"jsonc\"",
            "format = \"jsonc\"\nmode = \"0777\"",
            "acme.toml:18:8: found `0777`, expected a mode such as \"0600\" or \"0644\"",
        ),
        (
            "format = \"jsonc\"",
            "format = \"jsonc\"\nupwards = \"all\"",
            "acme.toml:18:11: found `upwards`, expected it with a file of scope `project` or `local` only",
        ),
        (
            "format = \"jsonc\"",
            "format = \"jsonc\"\nreadonly = \"no\"",
            "acme.toml:18:1: found the key `readonly`, expected `read_only`, or one of",
        ),
        (
            "node = \"servers.{server}.key\"",
            "node = \"servers.{sever}.key\"",
            "acme.toml:28:8: found the parameter `sever`, expected one of `server`",
        ),
        (
            "node = \"servers.{server}.key\"",
            "node = \"servers.{server.key\"",
            "acme.toml:28:8: found",
        ),
        (
            "value = \"{key}\"",
            "value = \"Bearer\"",
            "acme.toml:29:9: found `Bearer`, expected a text with `{key}` in it",
        ),
        (
            "value = \"{key}\"",
            "value = \"${key}}\"",
            "acme.toml:29:9: found `${key}}`, expected a brace that is meant is doubled: `}}`",
        ),
        (
            "kind = \"literal\"",
            "kind = \"secret\"",
            "acme.toml:29:9: found the parameter `key`, expected one of `server`, `secret`",
        ),
        (
            "\"servers.{server}.type\"",
            "\"servers.{srv}.type\"",
            "acme.toml:32:1: found the parameter `srv`, expected one of `server`",
        ),
        (
            "name = \"server\"",
            "name = \"key\"",
            "acme.toml:24:20: found `key`, expected a name of small letters and `_` that is not reserved",
        ),
        (
            "[[slots.forms]]",
            "sources = [\"file:other\"]\n[[slots.forms]]",
            "found the source `other`, expected `user`",
        ),
        (
            "[[slots.forms]]",
            "sources = [\"slot:other\"]\n[[slots.forms]]",
            "acme.toml:26:12: found the slot `other`, expected `key`",
        ),
        (
            "[[slots.forms]]",
            "sources = [\"environment:A\"]\n[[slots.forms]]",
            "acme.toml:26:12: found `environment:A`, expected `env:NAME`, `file:ID`, `slot:ID` or `elsewhere:WHAT`",
        ),
        ("kind = \"agent\"", "kind = agent", "acme.toml:5:8: found `agent`, expected TOML ("),
];

#[test]
fn an_error_tells_where_what_was_found_and_what_was_expected() {
    for (part, other, expected) in BROKEN {
        let said = broken(part, other);
        assert!(said.contains(expected), "{other}\n  said     {said}\n  expected {expected}");
    }
}

#[test]
fn what_is_there_twice_is_refused() {
    let (_, files) = WHOLE.split_once("[[files]]").unwrap();
    let (file, _) = files.split_once("[[slots]]").unwrap();
    let twice = WHOLE.replacen("[[slots]]", &format!("[[files]]{file}[[slots]]"), 1);
    let said = parse(&twice).unwrap_err().to_string();
    assert!(said.contains("found `user` twice, expected another id"), "{said}");
    let (_, slot) = WHOLE.split_once("[[slots]]").unwrap();
    let said = parse(&format!("{WHOLE}[[slots]]{slot}")).unwrap_err().to_string();
    assert!(said.contains("found `key` twice, expected another id"), "{said}");
}

#[test]
fn a_definition_without_a_place_and_without_steps_is_none() {
    let (head, _) = WHOLE.split_once("[[files]]").unwrap();
    let said = parse(head).unwrap_err().to_string();
    assert!(said.contains("found neither slots nor a guide"), "{said}");
    let guided = format!("{head}[[guide]]\nsay = \"Open the settings.\"\n");
    assert_eq!(parse(&guided).unwrap().guide.len(), 1);
}

#[test]
fn beside_keeps_the_order_of_the_text() {
    let more =
        "\"servers.{server}.zed\" = true\n\"servers.{server}.args\" = [\"-y\", \"{server}\"]\n";
    let own = parse(&format!("{WHOLE}{more}")).unwrap();
    let nothing = crate::format::Node::Map(Vec::new(), 0..0);
    let params = Params::from([("server".to_owned(), "t".to_owned())]);
    let paths: Vec<_> = own.slots[0].forms[0]
        .beside
        .iter()
        .map(|(node, _)| node.path(&params, &nothing).unwrap().to_string())
        .collect();
    assert_eq!(paths, ["servers.t.type", "servers.t.zed", "servers.t.args"]);
}

#[test]
fn a_very_large_definition_is_refused() {
    let large = format!("{WHOLE}# {}", "x".repeat(256 * 1_024));
    let said = parse(&large).unwrap_err().to_string();
    assert!(said.contains("a definition of at most 256 KiB"), "{said}");
}

fn with_check(check: &str) -> Result<Definition, DefinitionError> {
    let check = format!("[slots.check]\n{check}\n[[slots.forms]]");
    parse(&WHOLE.replacen("[[slots.forms]]", &check, 1))
}

#[test]
fn what_a_client_says_of_a_key_is_read_from_its_own_line() {
    let own = with_check(
        "run = [\"acme\", \"list\", \"--server={server}\"]\nline = \"{server}:\"\n\
         works = \"Connected\"\nrefused = \"Not Connected\"",
    );
    let own = own.unwrap();
    let check = own.slot("key").unwrap().check.clone().unwrap();
    let params = Params::from([("server".to_owned(), "erp".to_owned())]);
    assert_eq!(check.command(&params).unwrap(), ["acme", "list", "--server=erp"]);
    assert!(check.command(&Params::new()).is_err());
    for (said, answer) in [
        ("crm: Connected\nerp: Not Connected", Answer::Refused),
        ("crm: Not Connected\n+ erp: Connected", Answer::Works),
        ("erp: asleep", Answer::Unclear),
        ("crm: Connected", Answer::Unclear),
        ("", Answer::Unclear),
    ] {
        assert_eq!(check.read(&params, true, said), answer, "{said}");
    }
    let by_code = with_check("run = [\"acme\"]\nrefused = \"E401\"").unwrap();
    let by_code = by_code.slot("key").unwrap().check.clone().unwrap();
    assert_eq!(by_code.read(&params, true, "somebody"), Answer::Works);
    assert_eq!(by_code.read(&params, false, "no network"), Answer::Unclear);
    assert_eq!(by_code.read(&params, false, "error E401"), Answer::Refused);
}

#[test]
fn a_check_is_read_strictly() {
    for (check, told) in [
        ("run = []\nrefused = \"no\"", "no program"),
        ("run = [\"{server}\"]\nrefused = \"no\"", "no program"),
        ("run = [\"acme\", \"{port}\"]\nrefused = \"no\"", "port"),
        ("run = [\"acme\"]", "refused"),
        ("run = [\"acme\"]\nrefused = \"no\"\nline = \"{port}\"", "port"),
        ("run = [\"acme\"]\nrefused = \"no\"\nshell = true", "shell"),
    ] {
        let error = with_check(check).unwrap_err().to_string();
        assert!(error.contains(told), "{check}: {error}");
    }
}
