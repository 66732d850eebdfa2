//! The profiles by which the roller is added: each tells another way in which keys are replaced.

use super::roller::Mode;

const HEAD: &str = r#"
profile = 1
id = "roller"
name = "Roller"
about = "A server that replaces keys."
env_name = "ROLLER_KEY"

[credential]
label = "Admin token"
help = "From the server's own settings."

[[prefixes]]
prefix = "rl_fake_"
environment = "live"

[revoke]
latency_s = 0
margin_s = 10
refusals_needed = 3

[auth.manage]
kind = "header"
name = "X-Roller"
value = "{credential}"

[auth.use]
kind = "header"
name = "X-Roller"
value = "{credential}"

[operations.list]
method = "GET"
path = "/keys"

[operations.list.extract]
items = "/keys"
id = "/id"
name = "/name"
created = "/born"
status = { pointer = "/state", convert = "enum_map", map = { on = "active", off = "disabled", ended = "revoked" } }

[operations.create]
method = "POST"
path = "/keys"
body = { name = { "$var" = "name" } }
extract = { id = "/id", secret = "/secret" }

[operations.relabel]
method = "PATCH"
path = "/keys/{key.id}"
body = { name = { "$var" = "name" } }

[operations.disable]
method = "PATCH"
path = "/keys/{key.id}"
body = { off = true }

[operations.enable]
method = "PATCH"
path = "/keys/{key.id}"
body = { off = false }

[operations.revoke]
method = "DELETE"
path = "/keys/{key.id}"
gone_status = 404

[operations.probe]
method = "GET"
path = "/me"
rules = [
    { status = 200, verdict = "alive" },
    { status = 401, verdict = "dead" },
]
"#;

/// Seconds that an old secret works on where secrets overlap.
pub(crate) const OVERLAP_S: u64 = 600;

/// The profile of a server that works in one way.
pub(crate) fn profile(mode: Mode) -> String {
    let (capability, facts, rotate) = match mode {
        Mode::Beside => ("", "name_unique = true", ""),
        Mode::SameId => (
            ", \"rotate_in_place\"",
            "name_unique = false",
            "\n[operations.rotate]\nmethod = \"PUT\"\npath = \"/keys/{key.id}/value\"\nbody = {}\n\n\
             [operations.rotate.extract]\nsecret = \"/secret\"\n",
        ),
        Mode::NewId => (", \"rotate_in_place\"", "name_unique = false", ROTATE_NEW),
        Mode::OverlapSameId | Mode::OverlapNewId => {
            (", \"rotate_overlap\"", "name_unique = false\noverlap_s = 600", ROTATE_NEW)
        }
    };
    let head = HEAD.replacen(
        "env_name",
        &format!(
            "capabilities = [\"list\", \"create\", \"relabel\", \"disable\", \"enable\", \"revoke\", \
             \"probe\"{capability}]\nenv_name"
        ),
        1,
    );
    format!("{head}{rotate}\n[facts]\n{facts}\n")
}

const ROTATE_NEW: &str = "\n[operations.rotate]\nmethod = \"POST\"\npath = \
                          \"/keys/{key.id}/rotate\"\nbody = {}\n\n[operations.rotate.extract]\nid \
                          = \"/id\"\nsecret = \"/secret\"\n";
