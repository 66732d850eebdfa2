//! Each way to say who one is, by what arrives at a server.

use keywright_model::{Secret, expiry::Lifetime};
use serde_json::json;

use super::{
    language::{HEAD, creating, new_key, now},
    server::{CREDENTIAL, Seen, Server, connect_to, credential, json as reply_json, reply},
};
use crate::{CallError, RevokeAnswer};

/// The headers with which a list is asked for by such an auth.
async fn listed_with(auth: &str, form: &str, secret: &str) -> Seen {
    let text = format!(
        "{HEAD}capabilities = [\"list\"]\n[credential]\nlabel = \"K\"\nhelp = \"H\"\n{form}\n{auth}\n[operations.list]\nmethod = \"GET\"\npath = \"/keys\"\n[operations.list.extract]\nitems = \"\"\nid = \"/id\"\n"
    );
    let server = Server::always(reply(200, "[]")).await;
    let connector = connect_to(&server, &text);
    connector.list(&Secret::copy_of(secret)).await.expect("a list");
    server.seen().remove(0)
}

#[tokio::test]
async fn a_header_is_named_and_written_as_the_profile_says() {
    for (name, value, expected) in [
        ("Authorization", "token {credential}", "token fake"),
        ("Authorization", "{credential}", "fake"),
        ("PRIVATE-TOKEN", "{credential}", "fake"),
        ("X-API-Key", "{{{credential}}}", "{fake}"),
    ] {
        let auth =
            format!("[auth.manage]\nkind = \"header\"\nname = \"{name}\"\nvalue = \"{value}\"");
        let seen = listed_with(&auth, "", "fake").await;
        assert_eq!(seen.header(&name.to_lowercase()), expected);
    }
}

#[tokio::test]
async fn several_headers_take_the_lines_of_one_credential() {
    let auth = "[auth.manage]\nkind = \"headers\"\nheaders = { \"DD-API-KEY\" = \"{credential.api}\", \"DD-APPLICATION-KEY\" = \"{credential.app}\", \"x-version\" = \"1\" }\n[auth.use]\nkind = \"header\"\nname = \"DD-API-KEY\"\nvalue = \"{credential}\"";
    let seen = listed_with(auth, "parts = [\"api\", \"app\"]", "fake-one\nfake-two\n").await;
    assert_eq!(seen.header("dd-api-key"), "fake-one");
    assert_eq!(seen.header("dd-application-key"), "fake-two");
    assert_eq!(seen.header("x-version"), "1");
}

#[tokio::test]
async fn a_credential_that_lacks_a_line_is_not_sent() {
    let text = format!(
        "{HEAD}capabilities = [\"list\"]\n[credential]\nlabel = \"K\"\nhelp = \"H\"\nparts = [\"a\", \"b\"]\n[auth.manage]\nkind = \"headers\"\nheaders = {{ \"x-a\" = \"{{credential.a}}\", \"x-b\" = \"{{credential.b}}\" }}\n[auth.use]\nkind = \"none\"\n[operations.list]\nmethod = \"GET\"\npath = \"/keys\"\n[operations.list.extract]\nitems = \"\"\nid = \"/id\"\n"
    );
    let server = Server::always(reply(200, "[]")).await;
    let error = connect_to(&server, &text).list(&credential()).await.expect_err("half");
    assert!(matches!(error, CallError::Unsendable { .. }), "{error:?}");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn user_and_password_are_sent_as_basic() {
    let auth = "[auth.manage]\nkind = \"basic\"\nuser = \"admin\"\npassword = \"{credential}\"\n[auth.use]\nkind = \"none\"";
    let seen = listed_with(auth, "", "fäke").await;
    assert_eq!(seen.header("authorization"), "Basic YWRtaW46ZsOka2U=");
}

const LOGIN: &str = r#"
[auth.manage]
kind = "login"
lifetime_s = 1800
token = "/jwt"
headers = { Authorization = "Bearer {login.token}" }
[auth.manage.request]
method = "POST"
path = "/login"
body = { user = "ci", password = { "$var" = "credential" } }
[auth.use]
kind = "none"
[operations.list]
method = "GET"
path = "/keys"
[operations.list.extract]
items = ""
id = "/id"
[credential]
label = "Password"
help = "None."
"#;

#[tokio::test]
async fn a_log_in_gives_a_token_that_lasts_and_is_renewed_when_it_is_refused() {
    let text = format!("{HEAD}capabilities = [\"list\"]\n{LOGIN}");
    let server = Server::start(|count, seen| match (seen.target.as_str(), count) {
        ("/login", _) => reply_json(200, &json!({"jwt": format!("fake-jwt-{count}")})),
        // The platform forgets the first token after one call.
        ("/keys", 2) => reply(401, "{}"),
        _ => reply(200, "[]"),
    })
    .await;
    let connector = connect_to(&server, &text);
    for _ in 0..3 {
        connector.list(&credential()).await.expect("a list");
    }
    let calls: Vec<String> = server
        .seen()
        .iter()
        .map(|seen| format!("{} {}", seen.target, seen.header("authorization")))
        .collect();
    assert_eq!(
        calls,
        [
            "/login ",
            "/keys Bearer fake-jwt-0",
            "/keys Bearer fake-jwt-0",
            "/login ",
            "/keys Bearer fake-jwt-3",
            "/keys Bearer fake-jwt-3",
        ]
    );
    assert_eq!(server.seen()[0].json(), json!({"user": "ci", "password": CREDENTIAL}));
}

#[tokio::test]
async fn a_log_in_may_give_a_cookie_and_may_be_refused() {
    let cookie = LOGIN.replace("token = \"/jwt\"", "cookie = \"n8n-auth\"").replace(
        "{ Authorization = \"Bearer {login.token}\" }",
        "{ Cookie = \"n8n-auth={login.token}\" }",
    );
    let text = format!("{HEAD}capabilities = [\"list\"]\n{cookie}");
    let server = Server::start(|_, seen| match seen.target.as_str() {
        "/login" => reply(200, "{}")
            .with("set-cookie", "other=1")
            .with("set-cookie", "n8n-auth=fake-cookie; Path=/; HttpOnly"),
        _ => reply(200, "[]"),
    })
    .await;
    connect_to(&server, &text).list(&credential()).await.expect("a list");
    assert_eq!(server.seen()[1].header("cookie"), "n8n-auth=fake-cookie");
    let server = Server::always(reply_json(401, &json!({"error": "bad password"}))).await;
    let error = connect_to(&server, &text).list(&credential()).await.expect_err("refused");
    assert_eq!(error, CallError::Unauthorized { message: "bad password".into() });
    let server = Server::always(reply(200, "{}")).await;
    let error = connect_to(&server, &text).list(&credential()).await.expect_err("no cookie");
    assert!(matches!(error, CallError::Malformed { .. }), "{error:?}");
}

#[tokio::test]
async fn what_is_asked_each_time_is_sent_once_and_never_told() {
    let body = "headers = { \"npm-otp\" = \"{ask.otp}\" }\nbody = { password = { \"$var\" = \"ask.password\" } }";
    let text = creating(body, "");
    let server = Server::start(|_, seen| {
        let password = seen.json()["password"].clone();
        reply_json(403, &json!({"message": format!("no, {}", password.as_str().unwrap_or(""))}))
    })
    .await;
    let new = new_key(&[], Lifetime::Never);
    let error = connect_to(&server, &text).create(&credential(), &new, now()).await;
    assert_eq!(error.expect_err("not told"), CallError::Asks { name: "otp".into() });
    assert!(server.seen().is_empty());
    let connector = connect_to(&server, &text)
        .with_answer("otp", Secret::copy_of("123456"))
        .with_answer("password", Secret::copy_of("fake-account-password"));
    let error = connector.create(&credential(), &new, now()).await.expect_err("refused");
    assert!(!format!("{error:?}").contains("fake-account-password"), "{error:?}");
    let seen = server.seen();
    assert_eq!(seen[0].header("npm-otp"), "123456");
    assert_eq!(seen[0].json()["password"], "fake-account-password");
}

#[tokio::test]
async fn a_call_may_need_no_credential_at_all() {
    let text = format!(
        "{HEAD}capabilities = [\"revoke\"]\n[operations.revoke]\nmethod = \"POST\"\npath = \"/credentials/revoke\"\nauth = \"none\"\nok_status = [202]\nbody = {{ id = {{ \"$var\" = \"key.id\" }} }}\n"
    );
    let server = Server::always(reply(202, "")).await;
    let answer = connect_to(&server, &text).revoke(&credential(), "7").await;
    assert_eq!(answer, Ok(RevokeAnswer::Accepted));
    let seen = server.seen();
    assert!(seen[0].headers.get("authorization").is_none());
    assert!(!String::from_utf8_lossy(&seen[0].body).contains(CREDENTIAL));
}
