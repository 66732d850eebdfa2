//! Every mistake in a profile is told with its line, its column, what was found
//! and what was expected.

use crate::{Profile, Registry};

/// A small profile that is right. Each case puts one mistake into it.
const GOOD: &str = r#"profile = 1
id = "sample"
name = "Sample"
about = "A platform that exists in tests only."
base_url = "https://api.example.com"
env_name = "SAMPLE_API_KEY"
capabilities = ["list", "create", "revoke", "probe", "scope_catalogue"]

[[variables]]
name = "org"
label = "Organization"

[credential]
label = "Sample key"
help = "Make it in the dashboard."

[auth.manage]
kind = "header"
name = "Authorization"
value = "Bearer {credential}"

[expiry]
support = "optional"
choices = ["90d", "never"]

[[scopes.axes]]
id = "can"
label = "Permissions"
kind = "some"
words = "{list}"
choices = [{ value = "keys:read", label = "read keys" }]

[scopes]
encoding = "list"

[operations.list]
method = "GET"
path = "/v1/{account.org}/keys"
[operations.list.extract]
items = "/data"
id = "/id"

[operations.create]
method = "POST"
path = "/v1/keys"
body = { name = { "$var" = "name" }, days = { "$var" = "expires.days" } }
[operations.create.extract]
id = "/id"
secret = "/key"

[operations.revoke]
method = "DELETE"
path = "/v1/keys/{key.id}"

[operations.probe]
method = "GET"
path = "/v1/me"
rules = [{ status = 200, verdict = "alive" }, { status = 401, verdict = "dead" }]
"#;

/// A mistake: what is replaced, by what, and what the message begins with after the file's name.
const CASES: &[(&str, &str, &str)] = &[
    ("profile = 1", "profile = 2", "1:11: found `2`, expected a number from 1 to 1"),
    ("id = \"sample\"", "id = \"Sample!\"", "2:6: found `Sample!`, expected a short name"),
    ("name = \"Sample\"\n", "", "1:1: found no `name`, expected `name`, the platform's name"),
    ("name = \"Sample\"", "name = \"\"", "3:8: found an empty text, expected the platform's name"),
    ("name = \"Sample\"", "name = 7", "3:8: found `7`, expected the platform's name"),
    ("about =", "abuot =", "1:1: found no `about`, expected `about`, one sentence"),
    (
        "env_name =",
        "colour = \"red\"\nenv_name =",
        "6:1: found the key `colour`, expected one of `about`",
    ),
    (
        "https://api.example.com",
        "http://api.example.com",
        "5:12: found `http://api.example.com`, expected an address that begins with `https://`",
    ),
    (
        "https://api.example.com",
        "https://u:p@example.com",
        "5:12: found `https://u:p@example.com`, expected an address",
    ),
    ("SAMPLE_API_KEY", "sample-key", "6:12: found `sample-key`, expected a name such as"),
    (
        "\"list\", \"create\"",
        "\"list\", \"creat\"",
        "7:25: found `creat`, expected one of `list`, `get`, `create`",
    ),
    (
        "\"list\", \"create\"",
        "\"list\", \"list\"",
        "7:25: found `list`, expected each capability once",
    ),
    (
        "\"revoke\", \"probe\"",
        "\"revoke\", \"relabel\", \"probe\"",
        "7:45: found `relabel`, expected `[operations.relabel]` beside it",
    ),
    (
        "\"revoke\", \"probe\"",
        "\"revoke\", \"manual_create\", \"probe\"",
        "7:45: found `manual_create`, expected `[guide.create]` beside it",
    ),
    (
        "\"revoke\", \"probe\"",
        "\"probe\"",
        "7:16: found [operations.revoke] and no such capability, expected `revoke` in the list",
    ),
    (
        "name = \"org\"",
        "name = \"Org-Id\"",
        "10:8: found `Org-Id`, expected a name of small letters",
    ),
    (
        "label = \"Organization\"",
        "label = \"O\"\ndefaults_to = \"team\"",
        "12:15: found `team`, expected an earlier variable, and there is none",
    ),
    (
        "label = \"Organization\"",
        "label = \"O\"\npattern = '^[a-z'",
        "12:11: found `^[a-z`, expected a regular expression (",
    ),
    (
        "[credential]\nlabel = \"Sample key\"\nhelp = \"Make it in the dashboard.\"\n",
        "",
        "7:16: found [operations.list] without `[credential]`, expected `[credential]`",
    ),
    (
        "kind = \"header\"",
        "kind = \"heading\"",
        "18:8: found `heading`, expected one of `header`, `headers`, `basic`, `login`, `none`",
    ),
    (
        "Bearer {credential}",
        "Bearer {credentials}",
        "20:9: found the variable `credentials`, expected one of `account.org`, `credential`",
    ),
    (
        "Bearer {credential}",
        "Bearer token",
        "20:9: found `Bearer token`, expected a value with `{credential}` in it",
    ),
    (
        "Bearer {credential}",
        "Bearer {credential",
        "20:9: found a lone brace in `Bearer {credential`, expected `{variable}`",
    ),
    (
        "\"Authorization\"",
        "\"Host\"",
        "19:8: found `Host`, expected a header's name that a profile may set",
    ),
    ("\"Authorization\"", "\"no header\"", "19:8: found `no header`, expected a header's name"),
    (
        "support = \"optional\"",
        "support = \"maybe\"",
        "23:11: found `maybe`, expected one of `none`, `optional`, `required`",
    ),
    ("\"90d\"", "\"90 days\"", "24:12: found `90 days`, expected `never`, or days such as `90d`"),
    (
        "support = \"optional\"",
        "support = \"required\"",
        "24:11: found `never`, expected lives that end",
    ),
    (
        "kind = \"some\"",
        "kind = \"several\"",
        "29:8: found `several`, expected one of `fixed`, `one`, `some`, `any`, `tiers`",
    ),
    (
        "words = \"{list}\"",
        "words = \"do it\"",
        "30:9: found `do it`, expected words with `{list}` in them",
    ),
    (
        "choices = [{ value = \"keys:read\", label = \"read keys\" }]",
        "choices = []",
        "26:1: found an axis with nothing to choose, expected `choices`, `rows` or `free`",
    ),
    (
        "choices = [{ value = \"keys:read\", label = \"read keys\" }]",
        "free = { placeholder = \"x\", pattern = '^[0-9]+$' }",
        "31:39: found `^[0-9]+$`, expected one that fits the `placeholder` `x`",
    ),
    (
        "encoding = \"list\"",
        "encoding = \"tree\"",
        "34:12: found `tree`, expected one of `list`, `axes`, `joined`, `single_choice`, `map`",
    ),
    (
        "encoding = \"list\"",
        "encoding = \"list\"\nsentence = [\"may\"]",
        "35:13: found `may`, expected one of `can`",
    ),
    (
        "method = \"GET\"\npath = \"/v1/{account.org}",
        "method = \"FETCH\"\npath = \"/v1/{account.org}",
        "37:10: found `FETCH`, expected one of `GET`, `POST`, `PUT`, `PATCH`, `DELETE`",
    ),
    ("/v1/{account.org}/keys", "v1/keys", "38:8: found `v1/keys`, expected a path such as"),
    ("/v1/{account.org}/keys", "/v1/../keys", "38:8: found `/v1/../keys`, expected a path such as"),
    (
        "/v1/{account.org}/keys",
        "/v1/keys?all=1",
        "38:8: found `/v1/keys?all=1`, expected a path such as",
    ),
    (
        "/v1/{account.org}/keys",
        "/v1/{account.orgid}/keys",
        "38:8: found the variable `account.orgid`, expected one of `account.org`",
    ),
    (
        "/v1/{account.org}/keys",
        "/v1/{credential}/keys",
        "38:8: found the variable `credential`, expected one of `account.org`",
    ),
    (
        "/v1/{account.org}/keys",
        "/v1/{name}/keys",
        "38:8: found the variable `name`, expected one of",
    ),
    ("items = \"/data\"\n", "", "39:1: found no `items`, expected `items`, where the list is"),
    (
        "items = \"/data\"",
        "items = \"data\"",
        "40:9: found `data`, expected a JSON pointer such as",
    ),
    (
        "items = \"/data\"",
        "items = \"/data/~2\"",
        "40:9: found `/data/~2`, expected a JSON pointer such as",
    ),
    (
        "items = \"/data\"\nid = \"/id\"",
        "items = \"/data\"",
        "39:1: found no `id`, expected `id`, where a key's id is",
    ),
    (
        "items = \"/data\"",
        "items = \"/data\"\nsecret = \"/key\"",
        "39:1: found `secret`, expected it on `[operations.create]`",
    ),
    (
        "items = \"/data\"",
        "items = \"/data\"\ncreated = { pointer = \"/c\", convert = \"stardate\" }",
        "41:39: found `stardate`, expected one of `iso`, `unix_s`",
    ),
    (
        "items = \"/data\"",
        "items = \"/data\"\nstatus = { pointer = \"/s\", convert = \"bool_to_status\", when_true = \"gone\" }",
        "41:68: found `gone`, expected one of `active`",
    ),
    (
        "items = \"/data\"",
        "items = \"/data\"\nowner = { convert = \"iso\" }",
        "41:9: found no place, expected `pointer`, `first_of`, `all_of` or `const`",
    ),
    (
        "items = \"/data\"",
        "items = \"/data\"\nnmae = \"/n\"",
        "41:1: found the key `nmae`, expected one of `created`, `environment`",
    ),
    (
        "path = \"/v1/keys\"\nbody",
        "retry = \"safe\"\npath = \"/v1/keys\"\nbody",
        "45:9: found `safe`, expected `never`: what changes something is never sent twice",
    ),
    (
        "path = \"/v1/keys\"\nbody",
        "ok_status = [200, 302]\npath = \"/v1/keys\"\nbody",
        "45:13: found a list, expected statuses from 200 to 299",
    ),
    (
        "path = \"/v1/keys\"\nbody",
        "body_type = \"xml\"\npath = \"/v1/keys\"\nbody",
        "45:13: found `xml`, expected one of `json`, `form`, `graphql`",
    ),
    (
        "path = \"/v1/keys\"\nbody",
        "body_type = \"graphql\"\npath = \"/v1/keys\"\nbody",
        "45:13: found `graphql`, expected it with the method `POST` and a `body` that has `query`",
    ),
    (
        "path = \"/v1/keys\"\nbody",
        "ok_if = [{ pointer = \"/ok\" }]\npath = \"/v1/keys\"\nbody",
        "45:22: found `pointer` without `op`, expected `op`",
    ),
    (
        "path = \"/v1/keys\"\nbody",
        "ok_if = [{ pointer = \"/ok\", op = \"equals\" }]\npath = \"/v1/keys\"\nbody",
        "45:34: found `equals` without `value`, expected `value`",
    ),
    (
        "path = \"/v1/keys\"\nbody",
        "query = { key = \"{key.id}\" }\npath = \"/v1/keys\"\nbody",
        "45:17: found the variable `key.id`, expected one of",
    ),
    (
        "{ \"$var\" = \"name\" }",
        "{ \"$var\" = \"nmae\" }",
        "46:28: found the variable `nmae`, expected one of `account.org`, `name`, `scopes`",
    ),
    (
        "{ \"$var\" = \"name\" }",
        "{ \"$val\" = \"name\" }",
        "46:17: found no `$var`, expected `$var`",
    ),
    (
        "{ \"$var\" = \"name\" }",
        "{ \"$var\" = \"name\", omit_if_none = true, null_if_none = true }",
        "46:17: found both, expected one of",
    ),
    (
        "{ \"$var\" = \"name\" }",
        "2026-11-22",
        "46:17: found a date, expected a value that JSON has",
    ),
    ("secret = \"/key\"\n", "", "47:1: found no `secret`, expected `secret`, where the secret is"),
    ("{key.id}", "{key.secret}", "53:8: found the variable `key.secret`, expected one of"),
    (
        "verdict = \"alive\"",
        "verdict = \"well\"",
        "58:36: found `well`, expected one of `alive`, `limited`, `dead`, `unknown`",
    ),
    (
        "status = 401, verdict = \"dead\"",
        "status = 503, verdict = \"dead\"",
        "58:73: found `dead`, expected statuses below 500",
    ),
    (
        "status = 401, verdict = \"dead\"",
        "status = 401, verdict = \"unknown\"",
        "55:1: found a probe that never says `dead`, expected at least one rule",
    ),
    (
        "status = 401, verdict = \"dead\"",
        "verdict = \"dead\"",
        "58:47: found an empty condition, expected `status`, or `pointer` with `op`",
    ),
    (
        "status = 401, verdict",
        "status = 700, verdict",
        "58:58: found `700`, expected a number from 100 to 599",
    ),
    (
        "[operations.probe]\nmethod",
        "[operations.probe]\nauth = \"manage\"\nmethd = 1\nmethod",
        "57:1: found the key `methd`, expected one of",
    ),
    (
        "[operations.probe]",
        "[operations.prob]",
        "55:13: found the key `prob`, expected one of `create`",
    ),
    ("method = \"DELETE\"\n", "", "51:1: found no `method`, expected `method`, an HTTP method"),
    ("[expiry]", "[expiry", "22:8: found the end of the line, expected TOML ("),
    (
        "id = \"sample\"",
        "id = \"sample\"\nid = \"again\"",
        "3:1: found `id = \"again\"`, expected TOML (duplicate key",
    ),
    ("id = \"sample\"", "id = 'sample", "2:13: found the end of the line, expected TOML ("),
];

#[test]
fn the_sample_is_right() {
    let profile = Profile::parse("sample.toml", GOOD).expect("the sample is right");
    assert_eq!(profile.id.as_str(), "sample");
}

#[test]
fn every_mistake_is_told_with_its_place_and_what_was_expected() {
    let mut wrong = Vec::new();
    for (from, to, expected) in CASES {
        assert_eq!(GOOD.matches(from).count(), 1, "{from:?} stands once in the sample");
        let text = GOOD.replace(from, to);
        let told = match Profile::parse("sample.toml", &text) {
            Ok(_) => "no error".to_owned(),
            Err(error) => error.to_string(),
        };
        if !told.starts_with(&format!("sample.toml:{expected}")) {
            wrong.push(format!("{to:?}\n  told     {told}\n  expected sample.toml:{expected}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), CASES.len(), wrong.join("\n"));
}

#[test]
fn a_column_counts_characters_not_bytes() {
    let text = GOOD.replace("\"Sample\"", "\"Sämple\" \u{1f511}");
    let error = Profile::parse("x.toml", &text).expect_err("a key is no TOML");
    assert_eq!((error.line, error.column), (3, 17), "{error}");
}

#[test]
fn a_very_large_profile_is_refused_unread() {
    let text = format!("{GOOD}\n# {}", "x".repeat(300_000));
    let error = Profile::parse("x.toml", &text).expect_err("too large");
    assert_eq!(error.found, "a very large file");
}

#[test]
fn every_profile_that_comes_with_the_program_is_right() {
    Registry::check_builtin().expect("all profiles parse");
    let registry = Registry::builtin();
    for (origin, text) in Registry::builtin_texts() {
        let id = Profile::parse(origin, text).expect("it parses").id;
        assert_eq!(*origin, format!("profiles/{id}.toml"), "a file is named after its id");
        assert!(registry.get(&id).is_some_and(|found| found.id == id));
    }
    assert_eq!(registry.all().count(), Registry::builtin_texts().len());
    assert!(registry.all().count() > 0);
}

#[test]
fn an_added_profile_takes_the_place_of_one_with_its_id() {
    let mut registry = Registry::builtin();
    let before = registry.all().count();
    registry.add(Profile::parse("sample.toml", GOOD).expect("right"));
    let renamed = GOOD.replace("name = \"Sample\"", "name = \"Other\"");
    registry.add(Profile::parse("sample.toml", &renamed).expect("right"));
    assert_eq!(registry.all().count(), before + 1);
    let found = registry.get(&keywright_model::PlatformId::new("sample")).expect("added");
    assert_eq!(found.name, "Other");
}
