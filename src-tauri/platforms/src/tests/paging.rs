//! Lists that go on: each kind, and what happens when a server lies about it.

use serde_json::{Value, json};

use super::server::{CREDENTIAL, Reply, Seen, Server, connect_to, credential, json as reply_json};
use crate::CallError;

/// A profile whose list goes on in the given way.
fn profile(list: &str) -> String {
    let get = r#"
[operations.get]
method = "GET"
path = "/keys/{key.id}"
[operations.get.extract]
id = "/id"
name = "/description"
"#;
    format!(
        r#"profile = 1
id = "paged"
name = "Paged"
about = "Lists go on here."
env_name = "PAGED_KEY"
capabilities = ["list", "get"]
[credential]
label = "Key"
help = "None."
[auth.manage]
kind = "header"
name = "Authorization"
value = "Bearer {{credential}}"
[operations.list]
method = "GET"
path = "/keys"
{list}
{get}"#
    )
}

const EXTRACT: &str = "[operations.list.extract]\nitems = \"/data\"\nid = \"/id\"\n";

fn keys(from: usize, to: usize) -> Vec<Value> {
    (from..to).map(|n| json!({"id": format!("k{n}")})).collect()
}

/// The value of a query parameter.
fn query<'s>(seen: &'s Seen, name: &str) -> Option<&'s str> {
    let (_, query) = seen.target.split_once('?')?;
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, v)| v)
}

fn number(seen: &Seen, name: &str) -> usize {
    query(seen, name).and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// Lists from a server, and tells the ids and how many calls it took.
async fn list(
    text: &str,
    answering: impl Fn(usize, &Seen) -> Reply + Send + Sync + 'static,
) -> (Result<Vec<String>, CallError>, Vec<Seen>) {
    let server = Server::start(answering).await;
    let keys = connect_to(&server, text).list(&credential()).await;
    let ids = keys.map(|keys| keys.into_iter().map(|key| key.remote_id).collect());
    (ids, server.seen())
}

fn expected(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("k{n}")).collect()
}

#[tokio::test]
async fn numbered_pages_end_with_a_short_one() {
    let text = profile(&format!(
        "query = {{ page = \"{{page.number}}\", per_page = \"{{page.size}}\" }}\n{EXTRACT}[operations.list.page]\nkind = \"page\"\nsize = 10\n"
    ));
    let (ids, seen) = list(&text, |_, seen| {
        let page = number(seen, "page");
        assert_eq!(number(seen, "per_page"), 10);
        reply_json(200, &json!({"data": keys((page - 1) * 10, (page * 10).min(25))}))
    })
    .await;
    assert_eq!((ids, seen.len()), (Ok(expected(25)), 3));
}

#[tokio::test]
async fn a_server_that_gives_fewer_than_asked_for_is_still_read_to_the_end() {
    let text = profile(&format!(
        "query = {{ page = \"{{page.number}}\", per_page = \"{{page.size}}\" }}\n{EXTRACT}[operations.list.page]\nkind = \"page\"\nsize = 100\n"
    ));
    let (ids, _) = list(&text, |_, seen| {
        let page = number(seen, "page");
        reply_json(200, &json!({"data": keys((page - 1) * 10, (page * 10).min(25))}))
    })
    .await;
    assert_eq!(ids, Ok(expected(25)), "ten a page, although a hundred were asked for");
}

#[tokio::test]
async fn a_total_saves_the_last_call() {
    let text = profile(&format!(
        "query = {{ offset = \"{{page.offset}}\", limit = \"{{page.size}}\" }}\n{EXTRACT}[operations.list.page]\nkind = \"offset\"\nsize = 10\ntotal = \"/meta/total\"\n"
    ));
    let (ids, seen) = list(&text, |_, seen| {
        let from = number(seen, "offset");
        reply_json(200, &json!({"data": keys(from, (from + 10).min(20)), "meta": {"total": 20}}))
    })
    .await;
    assert_eq!((ids, seen.len()), (Ok(expected(20)), 2));
}

#[tokio::test]
async fn lists_go_on_after_the_last_id() {
    let text = profile(&format!(
        "query = {{ after = \"{{page.cursor}}\", limit = 10 }}\n{EXTRACT}[operations.list.page]\nkind = \"after_id\"\nhas_more = \"/has_more\"\n"
    ));
    let (ids, seen) = list(&text, |_, seen| match query(seen, "after") {
        None => reply_json(200, &json!({"data": keys(0, 10), "has_more": true})),
        Some("k9") => reply_json(200, &json!({"data": keys(10, 13), "has_more": false})),
        Some(other) => panic!("after {other}"),
    })
    .await;
    assert_eq!((ids, seen.len()), (Ok(expected(13)), 2));
    assert_eq!(seen[0].target, "/keys?limit=10", "no cursor, no parameter");
}

#[tokio::test]
async fn lists_go_on_by_a_cursor_text_or_number() {
    let text = profile(&format!(
        "query = {{ cursor = \"{{page.cursor}}\" }}\n{EXTRACT}[operations.list.page]\nkind = \"cursor\"\nnext = \"/next\"\n"
    ));
    let (ids, seen) = list(&text, |_, seen| match query(seen, "cursor") {
        None => reply_json(200, &json!({"data": keys(0, 2), "next": 1_700_000_000_000_i64})),
        Some("1700000000000") => reply_json(200, &json!({"data": keys(2, 4), "next": "a/b c"})),
        Some("a%2Fb%20c") => reply_json(200, &json!({"data": keys(4, 5), "next": null})),
        Some(other) => panic!("cursor {other}"),
    })
    .await;
    assert_eq!((ids, seen.len()), (Ok(expected(5)), 3));
}

#[tokio::test]
async fn lists_go_on_by_a_link_header() {
    let text = profile(&format!("{EXTRACT}[operations.list.page]\nkind = \"link_header\"\n"));
    let (ids, seen) = list(&text, |_, seen| {
        let answer = |from, to| reply_json(200, &json!({"data": keys(from, to)}));
        match seen.target.as_str() {
            "/keys" => answer(0, 3)
                .with("link", "</keys?page=1>; rel=\"prev\", </keys?page=2>; rel=\"last next\""),
            "/keys?page=2" => answer(3, 4).with("link", "</keys>; rel=\"first\""),
            other => panic!("{other}"),
        }
    })
    .await;
    assert_eq!((ids, seen.len()), (Ok(expected(4)), 2));
}

#[tokio::test]
async fn lists_go_on_at_an_address_in_the_body() {
    let text = profile(&format!(
        "{EXTRACT}[operations.list.page]\nkind = \"next_url\"\nnext = \"/links/next\"\n"
    ));
    let (ids, seen) = list(&text, |count, seen| {
        let next = format!("http://{}/keys?page={}", seen.header("host"), count + 2);
        match count {
            0 | 1 => {
                reply_json(200, &json!({"data": keys(count, count + 1), "links": {"next": next}}))
            }
            _ => reply_json(200, &json!({"data": keys(2, 3), "links": {}})),
        }
    })
    .await;
    assert_eq!((ids, seen.len()), (Ok(expected(3)), 3));
    assert_eq!(seen[2].target, "/keys?page=3");
    assert!(seen.iter().all(|call| call.header("authorization").ends_with(CREDENTIAL)));
}

#[tokio::test]
async fn a_next_address_elsewhere_gets_nothing() {
    let elsewhere = Server::always(reply_json(200, &json!({"data": []}))).await;
    let text = profile(&format!(
        "{EXTRACT}[operations.list.page]\nkind = \"next_url\"\nnext = \"/next\"\n"
    ));
    let link = profile(&format!("{EXTRACT}[operations.list.page]\nkind = \"link_header\"\n"));
    let other = elsewhere.url();
    let localhost = other.replace("127.0.0.1", "localhost");
    let https = other.replace("http://", "https://");
    let with_user = other.replace("http://", "http://user:pass@");
    for target in [&other, &localhost, &https, &with_user] {
        for text in [&text, &link] {
            let target = format!("{target}/keys?page=2");
            let (ids, seen) = list(text, move |_, _| {
                reply_json(200, &json!({"data": keys(0, 2), "next": target}))
                    .with("link", &format!("<{target}>; rel=\"next\""))
            })
            .await;
            assert!(matches!(ids, Err(CallError::Redirected { .. })), "{ids:?}");
            assert!(!format!("{ids:?}").contains("page=2"), "{ids:?}");
            assert_eq!(seen.len(), 1);
        }
    }
    assert!(elsewhere.seen().is_empty(), "the other place saw somebody");
}

#[tokio::test]
async fn where_a_list_has_ids_only_each_key_is_asked_for() {
    let text = profile(&format!("{EXTRACT}[operations.list.page]\nkind = \"ids_then_get\"\n"));
    let server = Server::start(|_, seen| match seen.target.as_str() {
        "/keys" => reply_json(200, &json!({"data": keys(0, 3)})),
        "/keys/k1" => reply_json(404, &json!({})),
        other => {
            let id = other.rsplit('/').next().unwrap_or_default();
            reply_json(200, &json!({"id": id, "description": format!("name of {id}")}))
        }
    })
    .await;
    let keys = connect_to(&server, &text).list(&credential()).await.expect("a list");
    let names: Vec<_> = keys.iter().filter_map(|key| key.name.as_deref()).collect();
    assert_eq!(names, ["name of k0", "name of k2"], "the one that went meanwhile is left out");
}

#[tokio::test]
async fn a_list_that_repeats_itself_ends() {
    let text = profile(&format!(
        "query = {{ page = \"{{page.number}}\" }}\n{EXTRACT}[operations.list.page]\nkind = \"page\"\nsize = 3\n"
    ));
    let (ids, seen) = list(&text, |_, _| reply_json(200, &json!({"data": keys(0, 3)}))).await;
    assert_eq!((ids, seen.len()), (Ok(expected(3)), 2));
}

#[tokio::test]
async fn a_list_without_end_is_an_error_and_never_a_part() {
    let text = profile(&format!(
        "query = {{ page = \"{{page.number}}\" }}\n{EXTRACT}[operations.list.page]\nkind = \"page\"\nsize = 2\nmax_pages = 5\n"
    ));
    let (ids, seen) =
        list(&text, |count, _| reply_json(200, &json!({"data": keys(count * 2, count * 2 + 2)})))
            .await;
    assert_eq!(ids, Err(CallError::malformed("the list does not come to an end")));
    assert_eq!(seen.len(), 5);
}

#[tokio::test]
async fn what_leads_on_and_cannot_be_followed_is_not_the_end() {
    let cursor = "query = { at = \"{page.cursor}\" }";
    let cases = [
        (cursor, "kind = \"cursor\"\nnext = \"/next\"", json!({"page": 2})),
        (cursor, "kind = \"cursor\"\nnext = \"/next\"", json!(true)),
        ("", "kind = \"next_url\"\nnext = \"/next\"", json!(["/keys?page=2"])),
        (cursor, "kind = \"after_id\"\nhas_more = \"/next\"", json!("true")),
        (cursor, "kind = \"after_id\"\nhas_more = \"/next\"", json!(1)),
    ];
    for (query, page, odd) in cases {
        let text = profile(&format!("{query}\n{EXTRACT}[operations.list.page]\n{page}\n"));
        for (next, ends) in [(odd, false), (json!(null), true), (json!(false), true)] {
            let (ids, seen) = list(&text, move |_, _| {
                reply_json(200, &json!({"data": keys(0, 2), "next": next}))
            })
            .await;
            assert_eq!((ids.is_ok(), seen.len()), (ends, 1), "{page}: {ids:?}");
            assert!(ends || matches!(ids, Err(CallError::Malformed { .. })), "{page}: {ids:?}");
        }
    }
}

#[tokio::test]
async fn a_page_that_fails_fails_the_list() {
    let text = profile(&format!(
        "query = {{ page = \"{{page.number}}\" }}\nretry = \"never\"\n{EXTRACT}[operations.list.page]\nkind = \"page\"\nsize = 2\n"
    ));
    let (ids, _) = list(&text, |count, _| match count {
        0 => reply_json(200, &json!({"data": keys(0, 2)})),
        _ => reply_json(500, &json!({})),
    })
    .await;
    assert_eq!(ids, Err(CallError::ServerFault { status: 500 }));
}

#[tokio::test]
async fn a_key_without_an_id_fails_the_list() {
    let text = profile(EXTRACT);
    let (ids, _) = list(&text, |_, _| reply_json(200, &json!({"data": [{"id": "a"}, {}]}))).await;
    assert!(matches!(ids, Err(CallError::Malformed { .. })), "{ids:?}");
}
