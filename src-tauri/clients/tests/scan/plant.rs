//! Keys, and every way in which they stand in files.

use std::path::{Path, PathBuf};

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::{
    home::{Numbers, put},
    noise::BASE64,
};

/// Beginnings of keys that the made-up platform `ace` issues, and how many characters follow.
pub(crate) const SHAPES: [(&str, usize); 3] =
    [("ace_live_", 32), ("AKIAFAKE", 12), ("sk-fake-", 40)];

/// By what a key is to be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Make {
    /// The vault knows it.
    Known,
    /// It looks like a platform's.
    Shaped,
    /// It stands in a client's slot.
    Slot,
}

/// A key in a file.
#[derive(Debug)]
pub(crate) struct Planted {
    pub(crate) file: PathBuf,
    pub(crate) value: String,
    pub(crate) make: Make,
    /// The number of the way, for messages.
    pub(crate) way: String,
}

/// A way: the path (`#` is a number), what stands in the file for a key, and which keys it is
/// for.
struct Way(&'static str, fn(&str) -> Vec<u8>, Keys);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Keys {
    /// Any, also those of no make: it is a client's slot.
    All,
    /// Those that are known or have a shape.
    Made,
    /// Those of letters, digits, `_` and `-` only.
    Plain,
}

/// Makes `count` files with a key each, by all ways in turn.
pub(crate) fn plant(root: &Path, count: usize, n: &mut Numbers) -> Vec<Planted> {
    let mut planted = Vec::new();
    let ways = ways();
    let mut number = 0;
    while planted.len() < count {
        let Way(path, text, keys) = &ways[number % ways.len()];
        let round = number / ways.len();
        number += 1;
        if round > 0 && !path.contains('#') {
            continue;
        }
        let (make, value) = key(round + number, *keys, n);
        let file = root.join(path.replace('#', &round.to_string()));
        put(&file, &text(&value));
        planted.push(Planted {
            file,
            value,
            make,
            way: format!("way {}", (number - 1) % ways.len()),
        });
    }
    planted
}

fn key(turn: usize, keys: Keys, n: &mut Numbers) -> (Make, String) {
    const BASE62: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let (start, length) = SHAPES[n.below(SHAPES.len())];
    let made = format!("{start}{}", n.text(BASE62, length));
    match (turn % 7, keys) {
        (0, Keys::All) => (Make::Slot, n.text(BASE62, 24)),
        (1, _) => (Make::Known, n.text("0123456789abcdef", 40)),
        (2, _) => (Make::Known, made),
        (3, Keys::All | Keys::Made) => (Make::Known, format!("{}==", n.text(BASE64, 86))),
        (4, Keys::All | Keys::Made) => (Make::Known, n.text(BASE64, 40)),
        (5, Keys::All | Keys::Made) => {
            (Make::Known, format!("SG.{}.{}", n.text(BASE62, 22), n.text(BASE62, 43)))
        }
        (6, _) => (Make::Known, n.text("abcdefghijklmnopqrstuvwxyz", 20)),
        _ => (Make::Shaped, made),
    }
}

fn crlf(text: &str) -> Vec<u8> {
    text.replace('\n', "\r\n").into_bytes()
}

fn bom(text: &str) -> Vec<u8> {
    format!("\u{feff}{text}").into_bytes()
}

fn utf16(text: &str, low_first: bool) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    let bytes = |unit: u16| if low_first { unit.to_le_bytes() } else { unit.to_be_bytes() };
    units.flat_map(bytes).collect()
}

fn percent(key: &str) -> String {
    key.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

fn mcp(root: &str, key: &str) -> Vec<u8> {
    format!(
        "{{\n  \"{root}\": {{\n    \"ace\": {{\n      \"type\": \"http\",\n      \"url\": \
         \"https://ace.example.test/mcp\",\n      \"headers\": {{ \"Authorization\": \"Bearer {key}\" \
         }}\n    }},\n    \"other\": {{ \"command\": \"x\", \"env\": {{ \"LOG_LEVEL\": \"debug\", \
         \"OTHER_TOKEN\": \"${{OTHER_TOKEN}}\" }} }}\n  }}\n}}\n"
    )
    .into_bytes()
}

/// Clients' own files.
#[expect(clippy::too_many_lines, reason = "a table")]
fn clients() -> Vec<Way> {
    use Keys::{All, Made};
    vec![
        Way(".claude.json", |k| mcp("mcpServers", k), All),
        Way(".cursor/mcp.json", |k| mcp("mcpServers", k), All),
        Way(
            ".config/Code/User/mcp.json",
            |k| crlf(&String::from_utf8(mcp("servers", k)).unwrap().replacen('{', "{ // mine", 1)),
            All,
        ),
        Way(
            ".codex/config.toml",
            |k| {
                format!(
                    "model = \"x\"\n\n[mcp_servers.ace]\nurl = \"https://ace.example.test\"\n\
                     http_headers = {{ Authorization = \"Bearer {k}\" }} # here\n"
                )
                .into_bytes()
            },
            All,
        ),
        Way(".codex/auth.json", |k| format!("{{\"OPENAI_API_KEY\": \"{k}\"}}").into_bytes(), All),
        Way(
            ".continue/config.yaml",
            |k| {
                format!(
                    "name: mine\nmodels:\n  - name: ace\n    provider: openai\n    model: x\n    \
                     apiKey: {k}\n"
                )
                .into_bytes()
            },
            All,
        ),
        Way(
            ".aws/credentials",
            |k| {
                format!("[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = {k}\n")
                .into_bytes()
            },
            All,
        ),
        Way(
            ".docker/config.json",
            |k| {
                let auth = BASE64_STANDARD.encode(format!("ada:{k}"));
                format!("{{\n\t\"auths\": {{\n\t\t\"reg.example.test\": {{\n\t\t\t\"auth\": \"{auth}\"\n\t\t}}\n\t}}\n}}")
                .into_bytes()
            },
            All,
        ),
        Way(
            ".npmrc",
            |k| format!("fund=false\n//reg.example.test/:_authToken={k}\n").into_bytes(),
            All,
        ),
        Way(
            ".netrc",
            |k| format!("machine api.example.test\n  login ada\n  password {k}\n").into_bytes(),
            All,
        ),
        Way(
            ".bashrc",
            |k| format!("alias ll='ls -l'\nexport ACE_API_KEY='{k}'\n").into_bytes(),
            All,
        ),
        Way(
            ".config/fish/config.fish",
            |k| format!("set -gx ACE_API_KEY '{k}'\n").into_bytes(),
            All,
        ),
        Way(".config/zed/settings.json", |k| mcp("context_servers", k), All),
        Way(".gemini/.env", |k| format!("GEMINI_API_KEY=\"{k}\"\n").into_bytes(), All),
        Way(
            ".config/gh/hosts.yml",
            |k| {
                format!("github.example.test:\n    users:\n        ada:\n            oauth_token: {k}\n    user: ada\n")
                .into_bytes()
            },
            Made,
        ),
    ]
}

/// Projects' files.
fn projects() -> Vec<Way> {
    use Keys::{All, Made};
    const ENV: &str = "PORT=3000\nLOG_LEVEL=debug\nACE_API_KEY=";
    vec![
        Way("work/p#/.env", |k| format!("{ENV}{k}\n").into_bytes(), All),
        Way("work/p#/crlf/.env", |k| crlf(&format!("{ENV}{k}\nOTHER=x\n")), All),
        Way("work/p#/bom/.env", |k| bom(&format!("ACE_API_KEY={k}")), All),
        Way(
            "work/p#/quoted/.env.local",
            |k| format!("export ACE_API_KEY=\"{k}\" # mine\n").into_bytes(),
            All,
        ),
        Way("work/p#/utf16/.env", |k| utf16(&format!("{ENV}{k}\r\n"), true), All),
        Way("work/p#/utf16be/notes.txt", |k| utf16(&format!("key: {k}\r\n"), false), Made),
        Way("work/p#/.vscode/mcp.json", |k| mcp("servers", k), All),
        Way("work/p#/.mcp.json", |k| mcp("mcpServers", k), All),
        Way("work/p#/.cursor/mcp.json", |k| mcp("mcpServers", k), All),
        Way("work/p#/ignored/.env.production", |k| format!("TOKEN='{k}'\n").into_bytes(), All),
        Way(
            "work/p#/.git/config",
            |k| {
                format!("[remote \"origin\"]\n\turl = https://ada:{k}@git.example.test/a/b.git\n")
                    .into_bytes()
            },
            Made,
        ),
    ]
}

/// Files of any kind.
#[expect(clippy::too_many_lines, reason = "a table")]
fn others() -> Vec<Way> {
    use Keys::{Made, Plain};
    vec![
        Way("notes/n#.md", |k| format!("The key is `{k}`, for now.\n").into_bytes(), Made),
        Way("notes/said-#.txt", |k| format!("I use {k}. It works (so far).\n").into_bytes(), Made),
        Way("notes/bold-#.md", |k| format!("**{k}** and more\n").into_bytes(), Plain),
        Way("notes/curly-#.md", |k| format!("Der Schlüssel „{k}“ gilt.\n").into_bytes(), Made),
        Way("src/s#.py", |k| format!("client = Ace(api_key=\"{k}\")\n").into_bytes(), Made),
        Way(
            "src/call-#.sh",
            |k| format!("curl -H \"X-Api-Key:{k}\" https://x.example.test\n").into_bytes(),
            Made,
        ),
        Way("src/flag-#.sh", |k| format!("ace --api-key={k} --verbose; ls\n").into_bytes(), Made),
        Way(
            "src/url-#.ts",
            |k| {
                format!("fetch(`https://x.example.test/v1/a?api_key={}&page=2#top`)\n", percent(k))
                    .into_bytes()
            },
            Made,
        ),
        Way(
            "src/path-#.txt",
            |k| format!("https://hooks.example.test/services/T1/{k}/send\n").into_bytes(),
            Plain,
        ),
        Way(
            "src/min-#.js",
            |k| format!("!function(e){{e.t=\"{k}\";e.u=[1,2]}}({{}});\n").into_bytes(),
            Made,
        ),
        Way("src/bare-#.js", |k| format!("x={{a:1,key:{k},b:[1]}}\n").into_bytes(), Plain),
        Way(
            "src/nested-#.json",
            |k| format!("{{\"body\": \"{{\\n\\\"key\\\": \\\"{k}\\\"}}\"}}\n").into_bytes(),
            Made,
        ),
        Way(
            "src/escaped-#.json",
            |k| format!("{{\"q\": \"a=1\\u0026key\\u003d{k}\\u0026b\"}}\n").into_bytes(),
            Made,
        ),
        Way(
            "src/line-#.json",
            |k| format!("{{\"text\": \"first\\n{k}\\nlast\"}}\n").into_bytes(),
            Made,
        ),
        Way("src/x#.xml", |k| format!("<a><key>{k}</key><b k='1'/></a>\n").into_bytes(), Made),
        Way("src/t#.csv", |k| format!("1,ada,{k},2026-11-22\n").into_bytes(), Made),
        Way(
            "src/conn-#.txt",
            |k| format!("Endpoint=https://x.example.test/;AccountKey={k};Suffix=a\n").into_bytes(),
            Made,
        ),
        Way(
            "deploy/s#.yaml",
            |k| {
                format!("kind: Secret\ndata:\n  token: {}\n", BASE64_STANDARD.encode(k))
                    .into_bytes()
            },
            Made,
        ),
        Way(
            "deploy/auth-#.http",
            |k| {
                format!("Authorization: Basic {}\n", BASE64_STANDARD.encode(format!("ada:{k}")))
                    .into_bytes()
            },
            Made,
        ),
        Way(
            "deploy/pull-#.yaml",
            |k| {
                let auth = BASE64_STANDARD.encode(format!("ada:{k}"));
                let json = format!("{{\"auths\":{{\"r.example.test\":{{\"auth\":\"{auth}\"}}}}}}");
                format!("  .dockerconfigjson: {}\n", BASE64_STANDARD.encode(json)).into_bytes()
            },
            Made,
        ),
        Way(".zsh_history_#", |k| format!(": 1764000000:0;export K={k}\n").into_bytes(), Made),
        Way(
            ".config/tool/.hidden/deep/c#.toml",
            |k| format!("[a.b]\ntoken = '{k}'\n").into_bytes(),
            Made,
        ),
        Way(
            "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/#/key.ini",
            |k| format!("[x]\nkey={k}\n").into_bytes(),
            Made,
        ),
        Way(
            "logs/l#.log",
            |k| {
                let mut text = b"start \xff\xfe not UTF-8\n".to_vec();
                text.extend_from_slice(format!("[info] token:{k}, done\n").as_bytes());
                text
            },
            Made,
        ),
    ]
}

fn ways() -> Vec<Way> {
    let mut ways = clients();
    ways.extend(projects());
    ways.extend(others());
    ways
}
