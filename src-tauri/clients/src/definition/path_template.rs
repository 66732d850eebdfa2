//! Paths on a machine, as definitions have them.

use std::path::PathBuf;

use super::Flaw;
use crate::machine::Machine;

/// A path on a machine: `~` is the home directory, `{NAME}` an environment variable that must
/// be set for this path to count, `{NAME|other}` one with another path where it is not set. A
/// `*` stands for any part of one name: `profiles/*/mcp.json`. Project files are relative to
/// the project's folder, and leave it never.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathTemplate(String);

impl PathTemplate {
    /// Reads a path; an error says what is wrong with it.
    pub fn parse(text: &str, of_project: bool) -> Result<Self, Flaw> {
        let known = |name: &str| {
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '(' | ')'))
        };
        let mut rest = text;
        while let Some((_, after)) = rest.split_once('{') {
            let (hole, after) = after.split_once('}').ok_or(Flaw("a brace is not closed"))?;
            let (name, other) = hole.split_once('|').unwrap_or((hole, "~"));
            if !known(name) {
                return Err(Flaw("in braces stands the name of an environment variable"));
            }
            if !is_rooted(other) {
                return Err(Flaw("what stands behind `|` begins with `~/`, `/` or a drive"));
            }
            rest = after;
        }
        let parts = || text.split(['/', '\\']);
        if parts().any(|part| part == ".." || part == ".") {
            return Err(Flaw("a path does not go up: no `..`"));
        }
        if parts().filter(|part| part.contains('*')).any(|part| part.matches('*').count() > 1) {
            return Err(Flaw("at most one `*` in a name"));
        }
        if of_project {
            if text.is_empty() || is_rooted(text) || text.contains('{') {
                return Err(Flaw("a project's file is relative to its folder, such as `.env`"));
            }
        } else if !is_rooted(text) && !text.starts_with('{') {
            return Err(Flaw("a path begins with `~/`, `/`, a drive or `{VARIABLE|~/…}`"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The path as it is written.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The environment variables that move it.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.0.split('{').skip(1).map(|part| {
            let end = part.find(['|', '}']).unwrap_or(part.len());
            part.get(..end).unwrap_or_default()
        })
    }

    /// The path on a machine; none where a variable that it needs is not set. A `*` stays.
    pub fn resolve(&self, machine: &Machine) -> Option<PathBuf> {
        let mut text = String::new();
        let mut rest = self.0.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let (hole, after) = after.split_once('}')?;
            let (name, other) =
                hole.split_once('|').map_or((hole, None), |(name, other)| (name, Some(other)));
            // A relative value names no place (the XDG specification says so too).
            let set = machine.variable(name).filter(|value| is_rooted(value));
            text.push_str(set.or(other)?);
            rest = after;
        }
        text.push_str(rest);
        let mut path = PathBuf::new();
        let tail = match text.strip_prefix('~') {
            Some(tail) => {
                path.push(&machine.home);
                tail.trim_start_matches('/')
            }
            None => text.as_str(),
        };
        // One name after another, so that the separators are the system's own.
        if let Some(tail) = tail.strip_prefix('/') {
            path.push("/");
            path.extend(tail.split('/'));
        } else {
            path.extend(tail.split('/'));
        }
        Some(path)
    }
}

/// Whether a text names a place that does not depend on the current folder.
fn is_rooted(text: &str) -> bool {
    let mut chars = text.chars();
    match chars.next() {
        Some('~') => matches!(chars.next(), None | Some('/')),
        Some('/' | '\\') => true,
        Some(drive) => drive.is_ascii_alphabetic() && chars.next() == Some(':'),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::machine::Os;

    fn machine(environment: &[(&str, &str)]) -> Machine {
        Machine {
            os: Os::Linux,
            home: "/home/ada".into(),
            environment: environment
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            name: "desk".into(),
        }
    }

    #[test]
    fn a_variable_moves_a_path_and_its_other_path_holds_where_it_is_not_set() {
        let path = PathTemplate::parse("{CODEX_HOME|~/.codex}/config.toml", false).unwrap();
        let at = |set: &[(&str, &str)]| path.resolve(&machine(set)).unwrap();
        assert_eq!(at(&[]), Path::new("/home/ada/.codex/config.toml"));
        assert_eq!(at(&[("CODEX_HOME", "/srv/codex")]), Path::new("/srv/codex/config.toml"));
        for no_place in ["", "codex"] {
            let set = [("CODEX_HOME", no_place)];
            assert_eq!(at(&set), Path::new("/home/ada/.codex/config.toml"), "{no_place:?}");
        }
        assert_eq!(path.variables().collect::<Vec<_>>(), ["CODEX_HOME"]);
    }

    #[test]
    fn a_path_that_needs_a_variable_is_none_without_it() {
        let path = PathTemplate::parse("{OPENCODE_CONFIG}", false).unwrap();
        assert_eq!(path.resolve(&machine(&[])), None);
        let set = [("OPENCODE_CONFIG", "/tmp/o.json")];
        assert_eq!(path.resolve(&machine(&set)).unwrap(), Path::new("/tmp/o.json"));
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for text in ["", "a/b", "~ada/x", "~/../x", "{A", "{a-b}/c", "{A|b}/c", "~/**"] {
            assert!(PathTemplate::parse(text, false).is_err(), "{text}");
        }
        for text in ["", "/etc/x", "~/x", "../x", "a/../../x", "{A|~/b}/c", "C:/x"] {
            assert!(PathTemplate::parse(text, true).is_err(), "{text}");
        }
    }
}
