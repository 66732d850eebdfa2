//! docs/platforms.md is what the profiles say.

use std::{fs, path::Path};

use super::language::HEAD;
use crate::{Profile, Registry};

const COMMAND: &str = "cargo run -p keywright-platforms --example platforms-table";

#[test]
fn the_table_of_platforms_is_not_stale() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/platforms.md");
    let written = fs::read_to_string(path).unwrap_or_default();
    let table = Registry::builtin().table();
    assert!(written == table, "docs/platforms.md is stale; write it anew: {COMMAND}");
    assert!(table.contains(COMMAND), "the table says how it is made");
    for profile in Registry::builtin().all() {
        let rows = table.lines().filter(|line| line.contains(&profile.name));
        assert!(rows.count() >= 1, "{} has a row", profile.name);
    }
    assert!(table.lines().all(|line| line.trim_end() == line));
}

fn table(text: &str) -> String {
    let mut registry = Registry::default();
    registry.add(Profile::parse("x.toml", &format!("{HEAD}{text}")).expect("right"));
    registry.table()
}

#[test]
fn a_row_says_what_a_profile_says() {
    let bare = table("capabilities = []");
    assert!(bare.contains("\n## Others\n"), "{bare}");
    let row = bare.lines().last().expect("a row");
    assert_eq!(
        row,
        "| Sample | – | – | no | keys do not end by themselves | at once | once | nothing yet |"
    );
    let full = table(
        r#"kind = "code"
docs = "https://docs.example.com"
capabilities = ["probe", "probe_returns_identity", "revoke", "manual_create"]
facts = { max_keys = 5, name_unique = true, secret_shown = "on_request", secret_made_by = "either" }
names = { max = 40 }
expiry = { support = "required", choices = ["30d", "90d"], custom = true, max_days = 365 }
revoke = { latency_s = 60 }
verified = { by = "server", against = "2.1 | a\nsecond line", on = "2026-11-22" }
credential = { label = "Key", help = "None." }
auth.manage = { kind = "header", name = "X-Key", value = "{credential}" }
guide.create = { steps = ["Go."] }
[[variables]]
name = "org"
label = "Organization"
required = true
[[variables]]
name = "team"
label = "Team"
defaults_to = "org"
[[variables]]
name = "where"
label = "Path"
path = true
[[variables]]
name = "other"
label = "Other path"
defaults_to = "where"
[operations.revoke]
method = "DELETE"
path = "/{account.team}/{account.other}/{key.id}"
[operations.probe]
method = "GET"
path = "/{account.where}/{account.org}"
rules = [{ status = 401, verdict = "dead" }]
"#,
    );
    assert!(full.contains("\n## Code and packages\n"), "{full}");
    assert_eq!(
        full.lines().last().expect("a row"),
        "| [Sample](https://docs.example.com) | revoke (with: Other path) | create \
         | with a setting: Path, and names the key \
         | at most 5 keys; expiry (required): 30 d, 90 d or any other, at most 365 days; names are unique; names of at most 40 characters \
         | within 60 s | on request; made by either side | a real server: 2.1 \\| a second line (2026-11-22) |"
    );
}
