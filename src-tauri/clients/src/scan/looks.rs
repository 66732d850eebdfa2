//! What a text is by its looks: a placeholder, a reference, the name of a secret.

/// Words that no random key holds.
const MADE_UP: [&str; 16] = [
    "example",
    "placeholder",
    "changeme",
    "change-me",
    "change_me",
    "replaceme",
    "replace-me",
    "replace_me",
    "replace-with",
    "replace_with",
    "insert-your",
    "insert_your",
    "your-",
    "your_",
    "yourapi",
    "yourkey",
];

/// What stands where a program wants a key and needs none.
const NOTHING: [&str; 18] = [
    "none",
    "null",
    "undefined",
    "empty",
    "todo",
    "tbd",
    "test",
    "dummy",
    "secret",
    "password",
    "token",
    "key",
    "apikey",
    "api_key",
    "ollama",
    concat!("lm", "-studio"),
    "not-needed",
    "no-key",
];

/// Whether a text stands for a key without being one, as in documentation.
pub(super) fn is_placeholder(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let framed = |start: char, end: char| text.starts_with(start) && text.ends_with(end);
    NOTHING.contains(&lower.as_str())
        || MADE_UP.iter().any(|word| lower.contains(word))
        || framed('<', '>')
        || framed('[', ']')
        || ["***", "..."].iter().any(|mark| text.starts_with(mark) || text.ends_with(mark))
        || text.ends_with('…')
        || longest_row(&lower, |a, b| a == b) >= 8
        || longest_row(&lower, |a, b| a == b'x' && b == b'x') >= 4
        || longest_row(&lower, |a, b| a.checked_add(1) == Some(b)) >= 8
        || lower.contains("1234567890")
        || is_monotonous(text)
}

/// The length of the longest row of neighbours.
fn longest_row(text: &str, next: impl Fn(u8, u8) -> bool) -> usize {
    let mut longest = 0;
    let mut own = 1;
    for (one, other) in text.bytes().zip(text.bytes().skip(1)) {
        own = if next(one, other) { own + 1 } else { 1 };
        longest = longest.max(own);
    }
    longest
}

/// Whether what stands behind the last `_` or `-` is long and of three different characters.
fn is_monotonous(text: &str) -> bool {
    let body = text.rsplit(['_', '-']).next().unwrap_or_default();
    let mut seen = [false; 256];
    for byte in body.bytes() {
        if let Some(seen) = seen.get_mut(usize::from(byte)) {
            *seen = true;
        }
    }
    body.len() >= 12 && seen.iter().filter(|seen| **seen).count() <= 3
}

/// The name in a text that refers to something and holds nothing: `${NAME}`, `$NAME`,
/// `${env:NAME}`, `{env:NAME}`, `${{ secrets.NAME }}`, `{{NAME}}`, `%NAME%`.
pub(super) fn reference(text: &str) -> Option<String> {
    let text = text.trim();
    let between = |start: &str, end: &str| text.strip_prefix(start)?.strip_suffix(end);
    let inner = between("${{", "}}")
        .or_else(|| between("{{", "}}"))
        .or_else(|| between("${", "}"))
        .or_else(|| between("$(", ")"))
        .or_else(|| between("{", "}").filter(|inner| inner.contains(':')))
        .or_else(|| between("%", "%"))
        .or_else(|| text.strip_prefix('$'))
        .or_else(|| text.strip_prefix("op://").map(|_| text))?;
    let inner = inner.trim();
    let name = inner.split_once(":-").map_or(inner, |(name, _)| name);
    let name = ["env:", "env.", "file:", "secrets.", "input:", "process.env."]
        .iter()
        .find_map(|start| name.strip_prefix(start))
        .unwrap_or(name);
    // Behind a bare sign stands a name; in braces a path may stand too.
    let framed = !text.starts_with(['$', '%']) || text.starts_with("${");
    let marks = if framed { "_-./:~ " } else { "_" };
    let fits = |c: char| c.is_ascii_alphanumeric() || marks.contains(c);
    let starts = |c: char| c.is_ascii_alphabetic() || "_./~".contains(c);
    (name.starts_with(starts) && name.chars().all(fits)).then(|| name.to_owned())
}

/// Whether a variable, header or parameter of this name holds a secret.
pub(super) fn sounds_secret(name: &str) -> bool {
    const SECRET: [&str; 17] = [
        "key",
        "apikey",
        "token",
        "secret",
        "password",
        "passwd",
        "passphrase",
        "pass",
        "pwd",
        "pat",
        "auth",
        "authorization",
        "credential",
        "credentials",
        "bearer",
        "accesstoken",
        "authtoken",
    ];
    /// What a name that ends so tells about a secret, without being one.
    const ABOUT: [&str; 21] = [
        "id", "url", "uri", "path", "file", "dir", "name", "endpoint", "host", "port", "type",
        "ttl", "expiry", "expires", "count", "limit", "length", "version", "region", "model",
        "method",
    ];
    let words = words(name);
    let last = words.last().map(String::as_str).unwrap_or_default();
    let public = words.iter().any(|word| matches!(word.as_str(), "public" | "publishable"));
    !public
        && !ABOUT.contains(&last)
        && words.iter().any(|word| {
            SECRET.contains(&word.as_str())
                || ["apikey", "token", "secret", "password"].iter().any(|end| word.ends_with(end))
        })
}

/// The words of a name in small letters: `apiKey`, `API_KEY`, `api-key` are `api`, `key`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut small = false;
    for c in name.chars() {
        let new = !c.is_alphanumeric() || (small && c.is_uppercase());
        if new {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
        small = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a value may be a secret where others stand as well: no number, switch, address or
/// path, no sentence.
pub(super) fn may_be_secret(value: &str) -> bool {
    let is_path = ["./", "../", "~/"].iter().any(|start| value.starts_with(start))
        || (value.starts_with('/') && !value.contains(['+', '=']));
    value.len() >= 8
        && !value.chars().any(char::is_whitespace)
        && !value.bytes().all(|byte| byte.is_ascii_digit() || b".,:-_".contains(&byte))
        && !value.contains("://")
        && !is_path
}

/// Whether the value of an address's parameter looks random enough to be a key of unknown make.
pub(super) fn may_be_parameter(value: &str) -> bool {
    value.len() >= 16
        && value.bytes().any(|byte| byte.is_ascii_digit())
        && value.bytes().any(|byte| byte.is_ascii_alphabetic())
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.~%+/=".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_documentation_shows_is_a_placeholder() {
        for text in [
            "sk-xxxxxxxxxxxxxxxx",
            "sk-your-key-here",
            "sk-proj-YOUR_API_KEY_0001",
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "ghp_0000000000000000000000000000000000",
            "ghp_XXXXabcdefgh1234567",
            "sk-1234567890abcdef",
            "sk_live_abcdefghijklmnop",
            "<your key>",
            "***redacted***",
            "sk-ant-...",
            "changeme",
            "ollama",
            "sk_abababababababab",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn a_key_is_no_placeholder() {
        for text in [
            "sk-test-not-a-real-key-0001",
            "ace_test_not-a-real-key-0001",
            concat!("ghp", "_Zq3nXw81LmPv7TbKc29RdYf5HsJg4AeU6o0i"),
            "0f3b9c1d7e5a4826b1c0d9e8f7a6b5c4",
            concat!("AKIA", "QZ7WPL3MXN5RTVKB"),
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn a_reference_gives_its_name() {
        for (text, name) in [
            ("${ACE_KEY}", "ACE_KEY"),
            ("$ACE_KEY", "ACE_KEY"),
            ("${env:ACE_KEY}", "ACE_KEY"),
            ("${ACE_KEY:-none}", "ACE_KEY"),
            ("{env:ACE_KEY}", "ACE_KEY"),
            ("{file:~/.keys/ace}", "~/.keys/ace"),
            ("${{ secrets.ACE_KEY }}", "ACE_KEY"),
            ("{{ACE_KEY}}", "ACE_KEY"),
            ("${input:ace-key}", "ace-key"),
            ("%ACE_KEY%", "ACE_KEY"),
            ("op://vault/ace/key", "op://vault/ace/key"),
        ] {
            assert_eq!(reference(text).as_deref(), Some(name), "{text}");
        }
        for text in
            ["sk-test-0001", "a${B}", "$2b$10$abcdef", "$HOME/bin", "{abc}", "%", "", "100%"]
        {
            assert_eq!(reference(text), None, "{text}");
        }
    }

    #[test]
    fn names_of_secrets_are_told_from_names_about_them() {
        for name in [
            "OPENAI_API_KEY",
            "apiKey",
            "X-Api-Key",
            "GITHUB_TOKEN",
            "Authorization",
            "_authToken",
            "DB_PASSWORD",
            "SLACKTOKEN",
            "GH_PAT",
            "aws_secret_access_key",
        ] {
            assert!(sounds_secret(name), "{name}");
        }
        for name in [
            "LOG_LEVEL",
            "MAX_TOKENS",
            "KEYBOARD",
            "MONKEY",
            "TOKEN_URL",
            "KEY_FILE",
            "AWS_ACCESS_KEY_ID",
            "STRIPE_PUBLISHABLE_KEY",
            "Content-Type",
            "AUTHOR",
            "PATH",
        ] {
            assert!(!sounds_secret(name), "{name}");
        }
    }

    #[test]
    fn values_of_settings_are_no_secrets() {
        for value in [
            "true",
            "debug",
            "4096",
            "192.168.100.200",
            "https://example.test/v1",
            "/usr/local/bin/tool",
            "~/keys",
            "two words here",
            "2026-11-22",
        ] {
            assert!(!may_be_secret(value), "{value}");
        }
        for value in ["hunter2hunter2", "0f3b9c1d7e5a4826", "/abc+def/ghi=", "Zq3nXw81"] {
            assert!(may_be_secret(value), "{value}");
        }
    }
}
