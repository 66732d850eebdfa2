//! docs/platform-profiles.md says what is so: its example works, and every word
//! of the language stands in it.

use keywright_model::Secret;
use serde_json::json;

use super::server::{Server, credential, json as reply_json, quick};
use crate::{Capability, Connector, Profile};

const DOCS: &str = include_str!("../../../../docs/platform-profiles.md");

fn example() -> Profile {
    let (_, rest) = DOCS.split_once("```toml\n").expect("an example");
    let (text, _) = rest.split_once("```").expect("its end");
    Profile::parse("docs/platform-profiles.md", text).expect("the example is right")
}

#[tokio::test]
async fn the_worked_example_works() {
    let server = Server::start(|_, seen| match (seen.method.as_str(), seen.target.as_str()) {
        ("GET", "/v2/b-12/keys?page=1&size=50") => reply_json(
            200,
            &json!({"meta": {"total": 1},
            "keys": [{"id": 5, "label": "ci", "masked": "kw_live_ab…90", "made": 1_795_365_254,
                "until": 0, "doors": ["door:front"]}]}),
        ),
        ("GET", "/v2/whoami") => reply_json(403, &json!({"reason": "door"})),
        (method, target) => panic!("{method} {target}"),
    })
    .await;
    let profile = example();
    let given = [("building".to_owned(), "b-12".to_owned())].into();
    let variables = profile.resolve_variables(&given).expect("complete");
    let scopes = ["door:front", "door:vault"].map(str::to_owned);
    let said = profile.describe(&variables, &scopes, keywright_model::Expiry::Never);
    assert_eq!(said.sentence, "Open the front door and the vault.");
    assert_eq!(said.dangers, ["It opens the vault.", "It never expires."]);
    assert_eq!(profile.check_scopes(&variables, &[])[0].axis, "door");
    let connector = Connector::new(profile.into(), &server.url(), variables, quick());
    let connector = connector.expect("set up");
    let keys = connector.list(&credential()).await.expect("a list");
    assert_eq!((keys[0].remote_id.as_str(), keys[0].hint.suffix.as_str()), ("5", "90"));
    assert_eq!(keys[0].expires, keywright_model::Expiry::Never);
    let probe = connector.probe(&Secret::copy_of("kw_live_fake")).await;
    assert!(probe.verdict.works());
}

#[test]
fn the_example_of_a_secret_store_fits_the_worked_example() {
    let (_, rest) = DOCS.split_once("```toml\n").expect("an example");
    let (whole, _) = rest.split_once("```").expect("its end");
    let (_, rest) = DOCS.split_once("```toml\n[secret_store]").expect("an example");
    let (store, _) = rest.split_once("```").expect("its end");
    let able = whole.replace("\"scope_catalogue\"]", "\"scope_catalogue\", \"secret_store\"]");
    let text = format!("{able}\n[secret_store]{store}");
    let profile = Profile::parse("docs/platform-profiles.md", &text).expect("it is right");
    let told = [("house", "5"), ("name", "DOOR")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    let place = profile.secret_store().expect("a store").place(&told.into()).expect("a place");
    assert_eq!(profile.store_calls(&place)[2].path, "/v2/houses/5/secrets/DOOR");
}

#[test]
fn every_word_of_the_language_is_in_the_reference() {
    let capabilities = Capability::ALL.iter().map(|(word, _)| *word);
    // Every key that the readers ask for: the first text after a call of one of these.
    let readers = [
        include_str!("../profile/parse.rs"),
        include_str!("../profile/auth.rs"),
        include_str!("../profile/fields.rs"),
        include_str!("../profile/identity.rs"),
        include_str!("../profile/guide.rs"),
        include_str!("../profile/lifetime.rs"),
        include_str!("../profile/operation.rs"),
        include_str!("../profile/paging.rs"),
        include_str!("../profile/scope_parse.rs"),
        include_str!("../profile/secret_store.rs"),
        include_str!("../profile/shape.rs"),
        include_str!("../profile/template.rs"),
        include_str!("../profile/variables.rs"),
    ];
    let calls = [
        ".get(",
        ".need(",
        ".need_words(",
        ".words_or_empty(",
        ".flag(",
        ".texts(",
        ".tables(",
        ".sub(",
    ];
    let mut asked: Vec<&str> = capabilities.collect();
    for reader in readers {
        for call in calls {
            for after in reader.split(call).skip(1) {
                let quoted =
                    after.trim_start().strip_prefix('"').and_then(|text| text.split_once('"'));
                asked.extend(quoted.map(|(key, _)| key));
            }
            // The words of `one_of` and of converters.
            let pairs = reader.lines().filter_map(|line| line.trim().strip_prefix("(\""));
            asked.extend(pairs.filter_map(|line| line.split_once("\", ")).map(|(word, _)| word));
        }
    }
    asked.sort_unstable();
    asked.dedup();
    assert!(asked.len() > 120, "control: the readers were understood: {}", asked.len());
    let missing: Vec<&&str> = asked
        .iter()
        .filter(|word| {
            let plain = ["`", "[", ".", " ", "\"", "\n"].iter().any(|before| {
                ["`", "]", ".", " ", "\"", "\n", ","]
                    .iter()
                    .any(|after| DOCS.contains(&format!("{before}{word}{after}")))
            });
            !plain
        })
        .collect();
    assert!(missing.is_empty(), "not in docs/platform-profiles.md: {missing:?}");
}
