//! Files of about 4 KiB as they stand on developers' disks, without keys of the user's own and
//! full of what looks random.

use std::fmt::Write;

use crate::home::Numbers;

const SIZE: usize = 4_096;
const HEX: &str = "0123456789abcdef";
const BASE62: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
pub(crate) const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const WORDS: [&str; 24] = [
    "config",
    "request",
    "session",
    "render",
    "component",
    "observer",
    "timeout",
    "language",
    "parse",
    "buffer",
    "stream",
    "settings",
    "provider",
    "token",
    "key",
    "secret",
    "account",
    "internationalization",
    "authentication",
    "accessibility",
    "performance",
    "documentation",
    "handler",
    "environment",
];

/// The name and the text of the file of this number.
pub(crate) fn file(number: usize, n: &mut Numbers) -> (String, String) {
    let mut text = String::with_capacity(SIZE + 512);
    let end = match number % 12 {
        0 => package_lock(&mut text, n),
        1 => cargo_lock(&mut text, n),
        2 => minified(&mut text, n),
        3 => data(&mut text, n),
        4 => picture(&mut text, n),
        5 => history(&mut text, n),
        6 => markdown(&mut text, n),
        7 => rust(&mut text, n),
        8 => typescript(&mut text, n),
        9 => csv(&mut text, n),
        10 => yaml(&mut text, n),
        _ => settings(&mut text, n),
    };
    (format!("file-{number}{end}"), text)
}

fn word(n: &mut Numbers) -> &'static str {
    WORDS[n.below(WORDS.len())]
}

fn uuid(n: &mut Numbers) -> String {
    let mut part = |length| n.text(HEX, length);
    format!("{}-{}-4{}-a{}-{}", part(8), part(4), part(3), part(3), part(12))
}

fn package_lock(text: &mut String, n: &mut Numbers) -> &'static str {
    text.push_str("{\n  \"lockfileVersion\": 3,\n  \"packages\": {\n");
    while text.len() < SIZE {
        let (name, hash) = (word(n), n.text(BASE64, 86));
        let _ = write!(
            text,
            "    \"node_modules/{name}\": {{\n      \"version\": \"1.{}.0\",\n      \"resolved\": \
             \"https://registry.example.test/{name}/-/{name}-1.0.0.tgz\",\n      \"integrity\": \
             \"sha512-{hash}==\"\n    }},\n",
            n.below(50),
        );
    }
    text.push_str("    \"end\": {}\n  }\n}\n");
    "-lock.json"
}

fn cargo_lock(text: &mut String, n: &mut Numbers) -> &'static str {
    while text.len() < SIZE {
        let _ = write!(
            text,
            "[[package]]\nname = \"{}\"\nversion = \"0.{}.1\"\nsource = \
             \"registry+https://index.example.test/packages-index\"\nchecksum = \"{}\"\n\n",
            word(n),
            n.below(30),
            n.text(HEX, 64),
        );
    }
    ".lock"
}

fn minified(text: &mut String, n: &mut Numbers) -> &'static str {
    while text.len() < SIZE {
        let (a, b, c) = (n.text(BASE62, 2), word(n), word(n));
        let _ = write!(
            text,
            "function {a}(e,t){{return e.{b}&&t.{c}.prototype.{b}!==void 0?e.{b}.{c}(t,{}):\
             Object.keys(t).map(r=>t[r].{c}).join(\"{}\")}}var _{}=require(\"./{b}/{c}\");",
            n.below(100_000),
            n.text(BASE62, 20),
            n.text(BASE62, 24),
        );
    }
    ".min.js"
}

fn data(text: &mut String, n: &mut Numbers) -> &'static str {
    text.push('[');
    while text.len() < SIZE {
        let _ = write!(
            text,
            "{{\"id\":\"{}\",\"etag\":\"W/\\\"{}\\\"\",\"token\":{},\"at\":\"2026-11-22T10:00:00Z\",\
             \"path\":\"/api/v2/{}/{}\",\"sum\":\"md5:{}\"}},",
            uuid(n),
            n.text(HEX, 40),
            n.below(1_000_000),
            word(n),
            uuid(n),
            n.text(HEX, 32),
        );
    }
    text.push_str("{}]");
    ".json"
}

fn picture(text: &mut String, n: &mut Numbers) -> &'static str {
    text.push_str(
        "<svg xmlns=\"http://www.w3.example/2000/svg\"><image href=\"data:image/png;base64,",
    );
    text.push_str(&n.text(BASE64, 3_000));
    text.push_str("==\"/><path d=\"");
    while text.len() < SIZE {
        let _ = write!(
            text,
            "M{}.{} {}c-1.5.3-2.{} 1-3 2",
            n.below(99),
            n.below(9),
            n.below(99),
            n.below(9)
        );
    }
    text.push_str("\"/></svg>\n");
    ".svg"
}

fn history(text: &mut String, n: &mut Numbers) -> &'static str {
    while text.len() < SIZE {
        let _ = write!(
            text,
            "commit {}\nMerge: {} {}\nAuthor: Ada <ada@example.test>\n\n    {} the {} of {}\n\n\
             index {}..{} 100644\n",
            n.text(HEX, 40),
            n.text(HEX, 8),
            n.text(HEX, 8),
            word(n),
            word(n),
            word(n),
            n.text(HEX, 10),
            n.text(HEX, 10),
        );
    }
    ".log"
}

/// Documentation: placeholders, the famous example keys, a JWT that everybody knows.
fn markdown(text: &mut String, n: &mut Numbers) -> &'static str {
    text.push_str(
        "# Setup\n\nSet `ACE_API_KEY=ace_live_your-key-here-goes-here-fake` or\n\n    export ACE_API_KEY=\
         \"ace_live_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\n    curl -H 'Authorization: Bearer <your token>' \
         'https://api.example.test/v1?api_key=YOUR_API_KEY_GOES_HERE_1'\n    curl \
         https://api.example.test/v1?api_key=${ACE_API_KEY}\n\nAKIAIOSFODNN7EXAMPLE and \
         wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY are examples, and so is \
         eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwia\
         WF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c\n\n",
    );
    while text.len() < SIZE {
        let _ = writeln!(
            text,
            "The {} of the [{}](https://docs.example.test/{}/{}#{}) is `{}`, and **{}_{}** too.",
            word(n),
            word(n),
            word(n),
            word(n),
            word(n),
            word(n),
            word(n),
            word(n),
        );
    }
    ".md"
}

fn rust(text: &mut String, n: &mut Numbers) -> &'static str {
    while text.len() < SIZE {
        let _ = write!(
            text,
            "    /// The {} of a {}.\n    pub fn {}_{}(&self, key: &str) -> Result<Option<Vec<u8>>, \
             std::io::Error> {{\n        let hash = \"{}\";\n        \
             self.{}.iter().filter(|one| one.{} == {:#018x}).collect::<Vec<_>>()\n    }}\n",
            word(n),
            word(n),
            word(n),
            word(n),
            n.text(HEX, 64),
            word(n),
            word(n),
            n.next(),
        );
    }
    ".rs"
}

fn typescript(text: &mut String, n: &mut Numbers) -> &'static str {
    while text.len() < SIZE {
        let _ = write!(
            text,
            "import {{ {}, {} }} from \"@/components/{}/{}\";\nconst token = \
             process.env.{}_TOKEN ?? getSecret('{}-{}-secret-name-in-store');\nexport const {} = \
             async ({{ apiKey }}: Props) => fetch(`https://api.example.test/${{apiKey}}/v1`);\n",
            word(n),
            word(n),
            word(n),
            word(n),
            word(n).to_uppercase(),
            word(n),
            word(n),
            word(n),
        );
    }
    ".ts"
}

fn csv(text: &mut String, n: &mut Numbers) -> &'static str {
    text.push_str("id,name,mail,sum,seen\n");
    while text.len() < SIZE {
        let _ = writeln!(
            text,
            "{},{} {},{}@example.test,{},2026-11-{:02}T00:00:00Z",
            uuid(n),
            word(n),
            word(n),
            word(n),
            n.text(HEX, 32),
            1 + n.below(28),
        );
    }
    ".csv"
}

fn yaml(text: &mut String, n: &mut Numbers) -> &'static str {
    while text.len() < SIZE {
        let _ = write!(
            text,
            "{}:\n  image: registry.example.test/{}/{}@sha256:{}\n  secretRef: {}-{}\n  token: ${{{{ \
             secrets.{}_TOKEN }}}}\n",
            word(n),
            word(n),
            word(n),
            n.text(HEX, 64),
            word(n),
            word(n),
            word(n).to_uppercase(),
        );
    }
    ".yml"
}

/// Settings beside which keys stand, without keys.
fn settings(text: &mut String, n: &mut Numbers) -> &'static str {
    while text.len() < SIZE {
        let _ = write!(
            text,
            "PORT=3000\nBUILD_{}={}\nDATABASE_URL=postgres://localhost:5432/{}\nAPI_KEY=your-api-key-here\n\
             OTHER_KEY=${{ACE_API_KEY}}\nPUBLIC_KEY_PATH=/etc/keys/{}.pem\nMAX_TOKENS=4096\n",
            n.below(1_000),
            n.text(HEX, 40),
            word(n),
            word(n),
        );
    }
    ".env"
}
