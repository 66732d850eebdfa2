//! What a profile can say: each kind of body, of scopes and of answer,
//! by what is sent to a server and by what is read from it.

use chrono::{DateTime, Utc};
use keywright_model::{
    Environment, Expiry, Hint, OwnerKind, Secret, Status, Verdict, expiry::Lifetime,
};
use serde_json::{Value, json};

use super::server::{SECRET, Server, connect_to, credential, json as reply_json, reply};
use crate::{CallError, NewKey, Profile, RevokeAnswer};

pub(super) const HEAD: &str = r#"profile = 1
id = "sample"
name = "Sample"
about = "A platform that exists in tests only."
env_name = "SAMPLE_API_KEY"
"#;

const BEARER: &str = r#"
[credential]
label = "Key"
help = "None."
[auth.manage]
kind = "header"
name = "Authorization"
value = "Bearer {credential}"
"#;

const CREATE: &str = r#"
[operations.create]
method = "POST"
path = "/keys"
"#;

const MADE: &str = "[operations.create.extract]\nid = \"/id\"\nsecret = [\"/key\", \"/token\"]\n";

pub(super) fn now() -> DateTime<Utc> {
    "2026-11-22T10:00:00Z".parse().expect("an instant")
}

pub(super) fn new_key(scopes: &[&str], lifetime: Lifetime) -> NewKey {
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    NewKey { name: "ci & \"co\"".into(), scopes, lifetime }
}

/// What is sent to make a key by such a profile.
async fn sent(text: &str, new: &NewKey) -> super::server::Seen {
    let server = Server::always(reply_json(200, &json!({"id": 1, "key": SECRET}))).await;
    connect_to(&server, text).create(&credential(), new, now()).await.expect("a key");
    server.seen().remove(0)
}

pub(super) fn creating(body: &str, more: &str) -> String {
    format!("{HEAD}capabilities = [\"create\"]\n{BEARER}{CREATE}{body}\n{MADE}{more}")
}

#[tokio::test]
async fn placeholders_keep_their_types_and_none_is_left_out_or_null() {
    let body = r#"body = { data = { type = "key", tags = ["a", { "$var" = "name" }], on = true, half = 0.5, nothing = { "$null" = true }, name = { "$var" = "name" }, left_out = { "$var" = "expires.iso" }, kept = { "$var" = "expires.iso", null_if_none = true } } }"#;
    let expiry = "[expiry]\nsupport = \"optional\"\nchoices = [\"never\"]\n";
    let call = sent(&creating(body, expiry), &new_key(&[], Lifetime::Never)).await;
    assert_eq!(
        call.json(),
        json!({"data": {"type": "key", "tags": ["a", "ci & \"co\""], "on": true, "half": 0.5,
            "nothing": null, "name": "ci & \"co\"", "kept": null}})
    );
}

#[tokio::test]
async fn never_is_sent_as_the_profile_says() {
    let body = r#"body = { ttl = { "$var" = "expires.seconds" } }"#;
    for (word, expected) in
        [("omit", json!({})), ("null", json!({"ttl": null})), ("zero", json!({"ttl": 0}))]
    {
        let expiry = format!(
            "[expiry]\nsupport = \"optional\"\nchoices = [\"never\", \"1d\"]\nnever = \"{word}\"\n"
        );
        let text = creating(body, &expiry);
        assert_eq!(sent(&text, &new_key(&[], Lifetime::Never)).await.json(), expected, "{word}");
        let day = sent(&text, &new_key(&[], Lifetime::Days(1))).await.json();
        assert_eq!(day, json!({"ttl": 86_400}), "{word}");
    }
}

#[tokio::test]
async fn an_end_by_date_is_kept_as_the_platform_counts_it() {
    let body = r#"body = { ends = { "$var" = "expires.date" } }"#;
    let made = |word: &'static str| async move {
        let expiry = format!(
            "[expiry]\nsupport = \"optional\"\nchoices = [\"30d\"]\ngranularity = \"{word}\"\n"
        );
        let server = Server::always(reply_json(200, &json!({"id": 1, "key": SECRET}))).await;
        let connector = connect_to(&server, &creating(body, &expiry));
        let new = new_key(&[], Lifetime::Days(30));
        let made = connector.create(&credential(), &new, now()).await.expect("a key");
        assert_eq!(server.seen()[0].json(), json!({"ends": "2026-12-22"}));
        made.remote.expires
    };
    assert_eq!(made("date_end").await, Expiry::At("2026-12-22T23:59:59Z".parse().expect("one")));
    assert_eq!(made("date_start").await, Expiry::At("2026-12-22T00:00:00Z".parse().expect("one")));
}

#[test]
fn lives_that_the_platform_does_not_take_are_told() {
    let rules = "[expiry]\nsupport = \"required\"\nchoices = [\"30d\", \"7d\"]\nmax_days = 90\nmin_seconds = 86400\ncustom = true\n";
    let profile = Profile::parse("x.toml", &creating("", rules)).expect("right");
    assert_eq!(profile.check_lifetime(Lifetime::Days(90), now()), None);
    for bad in [
        Lifetime::Never,
        Lifetime::Days(91),
        Lifetime::Until(now()),
        Lifetime::Until(now() + chrono::Duration::hours(3)),
    ] {
        assert!(profile.check_lifetime(bad, now()).is_some(), "{bad:?}");
    }
    let fixed = creating("", "[expiry]\nsupport = \"optional\"\nchoices = [\"30d\"]\n");
    let fixed = Profile::parse("x.toml", &fixed).expect("right");
    assert!(fixed.check_lifetime(Lifetime::Days(31), now()).is_some());
    let none = Profile::parse("x.toml", &creating("", "")).expect("right");
    assert!(none.check_lifetime(Lifetime::Days(1), now()).is_some());
    assert_eq!(none.lifetimes(), [Lifetime::Never]);
}

#[tokio::test]
async fn forms_are_encoded_and_lists_repeat() {
    let body = "body_type = \"form\"\nbody = { name = { \"$var\" = \"name\" }, scope = [\"a b\", \"c\"], n = 5 }";
    let call = sent(&creating(body, ""), &new_key(&[], Lifetime::Never)).await;
    assert_eq!(call.header("content-type"), "application/x-www-form-urlencoded");
    let text = String::from_utf8(call.body).expect("text");
    let mut parts: Vec<&str> = text.split('&').collect();
    parts.sort_unstable();
    assert_eq!(parts, ["n=5", "name=ci%20%26%20%22co%22", "scope=a%20b", "scope=c"]);
}

#[tokio::test]
async fn scopes_travel_in_five_ways() {
    let axis = "[[scopes.axes]]\nid = \"can\"\nlabel = \"Can\"\nkind = \"any\"\nprefix = \"p:\"\nwords = \"{list}\"\nfree = { placeholder = \"x\", pattern = '^[a-z:]+$' }\n";
    let body = "body = { all = { \"$var\" = \"scopes\" }, bare = { \"$var\" = \"scopes.can\" } }";
    for (encoding, scopes, expected) in [
        (
            "encoding = \"list\"",
            vec!["p:a", "p:b"],
            json!({"all": ["p:a", "p:b"], "bare": ["a", "b"]}),
        ),
        ("encoding = \"axes\"", vec!["p:a"], json!({"all": ["p:a"], "bare": ["a"]})),
        (
            "encoding = \"joined\"",
            vec!["p:a", "p:b"],
            json!({"all": "p:a p:b", "bare": ["a", "b"]}),
        ),
        (
            "encoding = \"joined\"\nseparator = \",\"",
            vec!["p:a", "p:b"],
            json!({"all": "p:a,p:b", "bare": ["a", "b"]}),
        ),
        ("encoding = \"single_choice\"", vec!["p:a"], json!({"all": "p:a", "bare": ["a"]})),
        (
            "encoding = \"map\"",
            vec!["p:wiki:read", "p:b"],
            json!({"all": {"p:wiki": "read", "p": "b"}, "bare": ["wiki:read", "b"]}),
        ),
    ] {
        let text = creating(body, &format!("[scopes]\n{encoding}\n{axis}"));
        let call = sent(&text, &new_key(&scopes, Lifetime::Never)).await;
        assert_eq!(call.json(), expected, "{encoding}");
    }
}

#[tokio::test]
async fn a_chosen_scope_is_a_truth_and_an_axis_of_one_is_one_text_or_left_out() {
    let scopes = "[scopes]\nencoding = \"list\"\n[[scopes.axes]]\nid = \"use\"\nlabel = \"Use\"\nkind = \"any\"\nwords = \"{list}\"\nchoices = [{ value = \"readonly\", label = \"Read\" }, { value = \"reusable\", label = \"Reuse\" }]\n[[scopes.axes]]\nid = \"project\"\nlabel = \"Project\"\nkind = \"any\"\nmax = 1\nprefix = \"project:\"\nwords = \"in {list}\"\nfree = { placeholder = \"x\", pattern = '^[a-z]+$' }\n";
    let body = "body = { readonly = { \"$has\" = \"readonly\" }, again = { \"$has\" = \"reusable\" }, project = { \"$var\" = \"scopes.project\" } }";
    let text = creating(body, scopes);
    for (chosen, expected) in [
        (
            vec!["readonly", "project:web"],
            json!({"readonly": true, "again": false, "project": "web"}),
        ),
        (vec![], json!({"readonly": false, "again": false})),
    ] {
        assert_eq!(sent(&text, &new_key(&chosen, Lifetime::Never)).await.json(), expected);
    }
    let misspelt = text.replace("\"$has\" = \"readonly\"", "\"$has\" = \"readonyl\"");
    let error = Profile::parse("x.toml", &misspelt).expect_err("no such scope").to_string();
    assert!(error.contains("found `readonyl`, expected a scope that is listed"), "{error}");
    let elsewhere =
        text.replace("value = \"Bearer {credential}\"", "value = { \"$has\" = \"readonly\" }");
    assert!(Profile::parse("x.toml", &elsewhere).is_err(), "a body's only");
}

#[tokio::test]
async fn queries_and_headers_take_values_and_encode_them() {
    let more = "query = { \"page[size]\" = 5, name = \"{name}\", none = \"{expires.iso}\", yes = true }\nheaders = { \"X-Version\" = \"2023-06-01\", \"X-Name\" = \"n\" }";
    let call = sent(&creating(more, ""), &new_key(&[], Lifetime::Never)).await;
    assert_eq!(call.target, "/keys?name=ci%20%26%20%22co%22&page%5Bsize%5D=5&yes=true");
    assert_eq!(call.header("x-version"), "2023-06-01");
    assert_eq!(call.body, b"");
}

#[tokio::test]
async fn success_may_hang_on_the_body() {
    let text = creating("ok_if = [{ pointer = \"/success\", op = \"equals\", value = true }]", "");
    let new = new_key(&[], Lifetime::Never);
    for (answer, works) in [
        (json!({"success": true, "id": 1, "key": SECRET}), true),
        (json!({"success": false, "errors": [{"message": "too many"}]}), false),
        (json!({"id": 1, "key": SECRET}), false),
    ] {
        let server = Server::always(reply_json(200, &answer)).await;
        let outcome = connect_to(&server, &text).create(&credential(), &new, now()).await;
        assert_eq!(outcome.is_ok(), works, "{outcome:?}");
        if let Err(error) = outcome {
            assert!(matches!(error, CallError::Refused { status: 200, .. }), "{error:?}");
        }
    }
    let graphql = "body_type = \"graphql\"\nbody = { query = \"mutation($n: String!) { make(n: $n) { id key } }\", variables = { n = { \"$var\" = \"name\" } } }";
    let text = creating(graphql, "");
    let answer = json!({"errors": [{"message": "not allowed"}], "data": null});
    let server = Server::always(reply_json(200, &answer)).await;
    let error = connect_to(&server, &text).create(&credential(), &new, now()).await;
    let error = error.expect_err("an error in a GraphQL answer");
    assert!(matches!(&error, CallError::Refused { message, .. } if message == "not allowed"));
    assert_eq!(server.seen()[0].json()["variables"], json!({"n": "ci & \"co\""}));
}

/// A key as read by the given fields.
async fn read(fields: &str, item: &Value) -> keywright_model::RemoteKey {
    let text = format!(
        "{HEAD}capabilities = [\"list\"]\n{BEARER}[operations.list]\nmethod = \"GET\"\npath = \"/keys\"\n[operations.list.extract]\nitems = \"/result/0/rows\"\nid = \"/id\"\n{fields}\n"
    );
    let server = Server::always(reply_json(200, &json!({"result": [{"rows": [item]}]}))).await;
    connect_to(&server, &text).list(&credential()).await.expect("a list").remove(0)
}

#[tokio::test]
async fn fields_fall_back_convert_and_may_be_constant() {
    let fields = r#"
name = { first_of = ["/attributes/name", "/name"] }
hint = { pointer = "/label", convert = "affix" }
owner = "/created_by/id"
owner_kind = { pointer = "/created_by/type", convert = "enum_map", map = { user = "person", bot = "service_account" } }
environment = { const = "test" }
status = [{ pointer = "/status", convert = "enum_map", map = { inactive = "disabled" } }, { pointer = "/revoked", convert = "bool_to_status", when_true = "revoked", when_false = "active" }]
created = { pointer = "/created", convert = "unix_s" }
expires = { pointer = "/lifespan", convert = ["number_from_string", "unix_ms"] }
last_used = { pointer = "/used", convert = ["iso", "zero_time_is_none"] }
scopes = { pointer = "/scope", convert = "csv" }
"#;
    let item = json!({"id": 12, "name": "ci", "label": "sk-or-v1-0e6...1c96",
        "created_by": {"id": "u-1", "type": "bot"}, "revoked": false, "created": 1_795_365_254,
        "lifespan": "1797933600000", "used": "0001-01-01T00:00:00Z", "scope": "a:read,b:write"});
    let key = read(fields, &item).await;
    assert_eq!((key.remote_id.as_str(), key.name.as_deref()), ("12", Some("ci")));
    assert_eq!(key.hint, Hint { prefix: "sk-or-v1-0e6".into(), suffix: "1c96".into() });
    assert_eq!((key.owner.name.as_str(), key.owner.kind), ("u-1", OwnerKind::ServiceAccount));
    assert_eq!((key.environment, key.status), (Environment::Test, Status::Active));
    assert_eq!(key.created, "2026-11-22T16:34:14Z".parse().ok());
    assert_eq!(key.expires, Expiry::At("2026-12-22T10:00:00Z".parse().expect("one")));
    assert_eq!(key.last_used, None);
    assert_eq!(key.scopes, ["a:read", "b:write"]);
}

#[tokio::test]
async fn scopes_may_be_put_together_from_several_places() {
    let fields = r#"
scopes = { all_of = ["/actions", { pointer = "/indexes", convert = "prefixed", prefix = "index:" }, { pointer = "/once", convert = "enum_map", map = { true = "once" } }] }
"#;
    for (item, expected) in [
        (
            json!({"id": 1, "actions": ["search"], "indexes": ["a", "b"], "once": true}),
            vec!["search", "index:a", "index:b", "once"],
        ),
        (json!({"id": 1, "actions": [], "indexes": ["*"], "once": false}), vec!["index:*"]),
        (json!({"id": 1, "actions": null, "once": "odd"}), vec![]),
    ] {
        assert_eq!(read(fields, &item).await.scopes, expected, "{item}");
    }
}

#[tokio::test]
async fn an_end_that_never_comes_may_be_said_in_a_word() {
    let sentinel = r#"expires = [{ pointer = "/end", convert = "enum_map", map = { "64723363199" = "never" } }, { pointer = "/end", convert = "unix_s" }]"#;
    for (fields, end, expected) in [
        ("expires = { const = \"never\" }", json!(1), Expiry::Never),
        ("expires = \"/end\"", json!("never"), Expiry::Never),
        ("expires = \"/end\"", json!("Never again"), Expiry::Unknown),
        (sentinel, json!(64_723_363_199_i64), Expiry::Never),
        (sentinel, json!(1_795_365_254), Expiry::At("2026-11-22T16:34:14Z".parse().expect("one"))),
    ] {
        assert_eq!(read(fields, &json!({"id": 1, "end": end})).await.expires, expected, "{end}");
    }
}

#[test]
fn a_word_that_a_key_might_begin_in_is_no_key_unless_it_is_a_whole_one() {
    let keys =
        "[[prefixes]]\nprefix = \"sk-\"\nenvironment = \"unknown\"\npattern = '^sk-[0-9]{12}$'\n";
    let profile = Profile::parse("x.toml", &creating("", keys)).expect("right");
    for name in ["task-runner-production", "the disk-usage-reports", "sk-short"] {
        assert_eq!(profile.check_name(name), None, "{name}");
        assert_eq!(profile.redact_keys(name), name);
    }
    for (text, clean) in [
        ("key sk-0123456789ab is bad", "key sk-… is bad"),
        ("keysk-012345678901", "keysk-…"),
        ("sk-some-longer-thing", "sk-…"),
        ("a\\nsk-012345678901\\n", "a\\nsk-…\\n"),
    ] {
        assert_eq!(profile.redact_keys(text), clean);
        assert!(profile.check_name(text).is_some(), "{text}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_not_known_rather_than_wrong() {
    let fields = "created = { pointer = \"/c\", convert = \"iso\" }\nexpires = \"/e\"\nstatus = \"/s\"\nscopes = \"/scopes\"\n";
    for (item, expires) in [
        (json!({"id": "a", "c": "soon", "e": {}, "s": "odd", "scopes": 5}), Expiry::Unknown),
        (json!({"id": "a", "c": [], "e": "2026-13-01", "s": 3, "scopes": [{}]}), Expiry::Unknown),
        (json!({"id": "a", "e": null}), Expiry::Never),
        (json!({"id": "a"}), Expiry::Unknown),
    ] {
        let key = read(fields, &item).await;
        assert_eq!(
            (key.expires, key.status, key.created),
            (expires, Status::Unknown, None),
            "{item}"
        );
    }
}

#[tokio::test]
async fn a_probe_is_judged_by_status_and_body() {
    let text = format!(
        "{HEAD}capabilities = [\"probe\"]\n[auth.use]\nkind = \"header\"\nname = \"x-key\"\nvalue = \"{{credential}}\"\n[errors]\nmissing_scope = 'required scope: (\\S+)'\n[operations.probe]\nmethod = \"GET\"\npath = \"/me\"\nrules = [\n{{ status = 200, pointer = \"/user\", op = \"exists\", verdict = \"alive\" }},\n{{ status = 200, verdict = \"dead\" }},\n{{ status = 403, pointer = \"/message\", op = \"matches\", value = '^Action is not', verdict = \"limited\" }},\n{{ status = 403, pointer = \"/message\", op = \"missing\", verdict = \"dead\" }},\n{{ status = 400, verdict = \"alive\" }},\n{{ status = [401, 404], verdict = \"dead\" }},\n]\n"
    );
    for (status, body, expected) in [
        (200, json!({"user": "ci"}), Verdict::Alive),
        (200, json!({}), Verdict::Dead),
        (200, json!({"user": null}), Verdict::Dead),
        (403, json!({"message": "Action is not allowed"}), Verdict::Limited { missing: None }),
        (
            403,
            json!({"message": "Action is not allowed, required scope: agents:execute"}),
            Verdict::Limited { missing: Some("agents:execute".into()) },
        ),
        (403, json!({"message": null}), Verdict::Dead),
        (403, json!({"message": "odd"}), Verdict::Unknown { why: "status 403".into() }),
        (400, json!({}), Verdict::Alive),
        (404, json!({}), Verdict::Dead),
        (500, json!({}), Verdict::Unknown { why: "status 500".into() }),
        (418, json!({}), Verdict::Unknown { why: "status 418".into() }),
    ] {
        let server = Server::always(reply_json(status, &body)).await;
        let probe = connect_to(&server, &text).probe(&Secret::copy_of(SECRET)).await;
        assert_eq!(probe.verdict, expected, "{status} {body}");
        assert_eq!(server.seen()[0].header("x-key"), SECRET);
    }
}

#[tokio::test]
async fn relabel_disable_enable_and_rotate_are_calls_like_the_others() {
    let operation = |name: &str, method: &str, body: &str| {
        format!(
            "[operations.{name}]\nmethod = \"{method}\"\npath = \"/keys/{{key.id}}/{name}\"\n{body}\n"
        )
    };
    let text = [
        format!("{HEAD}capabilities = [\"relabel\", \"disable\", \"enable\", \"rotate_in_place\", \"revoke\"]\n{BEARER}"),
        operation("relabel", "PATCH", "body = { name = { \"$var\" = \"name\" } }"),
        operation("disable", "POST", "body = { disabled = true }"),
        operation("enable", "POST", "body = { disabled = false }"),
        operation("rotate", "PUT", "body = {}"),
        "[operations.rotate.extract]\nid = \"/id\"\nsecret = \"/result\"\n".into(),
        operation("revoke", "DELETE", "gone_status = [404, 410]\nbody = { ids = [{ \"$var\" = \"key.id\" }] }"),
    ]
    .concat();
    let server = Server::start(|_, seen| match seen.target.as_str() {
        "/keys/7/rotate" => reply_json(200, &json!({"id": 8, "result": SECRET})),
        "/keys/7/revoke" => reply(410, ""),
        _ => reply(200, ""),
    })
    .await;
    let connector = connect_to(&server, &text);
    connector.relabel(&credential(), "7", "new name").await.expect("renamed");
    connector.disable(&credential(), "7").await.expect("held back");
    connector.enable(&credential(), "7").await.expect("let go");
    let like = new_key(&[], Lifetime::Never);
    let made = connector.rotate(&credential(), "7", &like, now()).await.expect("replaced");
    assert_eq!((made.remote.remote_id.as_str(), made.secret.len()), ("8", SECRET.len()));
    let gone = connector.revoke(&credential(), "7").await.expect("gone");
    assert_eq!(gone, RevokeAnswer::AlreadyGone);
    let bodies: Vec<Value> = server.seen().iter().map(super::server::Seen::json).collect();
    assert_eq!(
        bodies,
        [
            json!({"name": "new name"}),
            json!({"disabled": true}),
            json!({"disabled": false}),
            json!({}),
            json!({"ids": ["7"]}),
        ]
    );
}

#[tokio::test]
async fn a_rotation_whose_answer_names_no_id_keeps_the_keys_own() {
    let rolling = |extract: &str| {
        format!(
            "{HEAD}capabilities = [\"rotate_in_place\"]\n{BEARER}[operations.rotate]\nmethod = \"PUT\"\npath = \"/keys/{{key.id}}/value\"\n[operations.rotate.extract]\nsecret = \"/result\"\n{extract}\n"
        )
    };
    let like = new_key(&[], Lifetime::Never);
    for (extract, answer, id) in [
        ("", json!({"result": SECRET}), "7"),
        ("id = \"/id\"", json!({"result": SECRET, "id": 8}), "8"),
        // Where the profile knows of an id, one that is missing is not guessed.
        ("id = \"/id\"", json!({"result": SECRET}), ""),
    ] {
        let server = Server::always(reply_json(200, &answer)).await;
        let connector = connect_to(&server, &rolling(extract));
        let made = connector.rotate(&credential(), "7", &like, now()).await.expect("rolled");
        assert_eq!((made.remote.remote_id.as_str(), made.secret.len()), (id, SECRET.len()));
    }
    let server = Server::always(reply_json(200, &json!({"success": true}))).await;
    let lost = connect_to(&server, &rolling("")).rotate(&credential(), "7", &like, now()).await;
    let lost = lost.expect_err("no secret");
    assert_eq!(lost, CallError::SecretLost { remote_id: Some("7".into()) });
}

#[tokio::test]
async fn a_secret_may_be_made_here() {
    let body = "body = { name = { \"$var\" = \"name\" }, value = { \"$var\" = \"new_secret\" } }\n[operations.create.extract]\nid = \"/id\"\n[facts]\nsecret_made_by = \"client\"\n[new_secret]\nprefix = \"ts_\"\n";
    let text = format!("{HEAD}capabilities = [\"create\"]\n{BEARER}{CREATE}{body}");
    let server = Server::always(reply_json(201, &json!({"id": 4}))).await;
    let connector = connect_to(&server, &text);
    for _ in 0..2 {
        let new = new_key(&[], Lifetime::Never);
        let made = connector.create(&credential(), &new, now()).await.expect("a key");
        assert_eq!((made.remote.remote_id.as_str(), made.secret.len()), ("4", 3 + 43));
    }
    let sent: Vec<Value> = server.seen().iter().map(|seen| seen.json()["value"].clone()).collect();
    assert!(sent[0].as_str().is_some_and(|value| value.starts_with("ts_")), "{sent:?}");
    assert_ne!(sent[0], sent[1], "every one is another");
    let without = text.replace("[new_secret]\nprefix = \"ts_\"\n", "");
    let error = Profile::parse("x.toml", &without).expect_err("nobody makes it");
    assert!(error.to_string().contains("new_secret"), "{error}");
}
