//! What a scan asks the definitions: which files clients have, and what their slots hold.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use crate::{
    ClientId, Format, Machine, Node, Registry,
    definition::{FileRule, Held},
    edit,
};

/// A client's file, as a rule of its definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The client.
    pub client: ClientId,
    /// The rule's id.
    pub rule: String,
    /// The format.
    pub format: Format,
}

/// The definitions, as a scan sees them.
pub trait Places: Sync {
    /// Every file that clients have on this machine outside projects, existing ones only.
    fn files(&self) -> Vec<(PathBuf, Owner)>;

    /// The files that clients have in projects, relative to the project's folder, with `/`; a
    /// `*` stands for any part of one name.
    fn project_files(&self) -> Vec<(String, Owner)>;

    /// What stands in the slots of a document.
    fn slots(&self, owner: &Owner, tree: &Node) -> Vec<Held>;

    /// Reads a document; none where it is not of its format.
    fn read(&self, format: Format, text: &str) -> Option<Node> {
        edit::read(format, text.as_bytes()).ok()
    }
}

/// The definitions of a registry on a machine.
#[derive(Debug, Clone, Copy)]
pub struct Definitions<'a> {
    /// The definitions.
    pub registry: &'a Registry,
    /// The machine.
    pub machine: &'a Machine,
}

impl Places for Definitions<'_> {
    fn files(&self) -> Vec<(PathBuf, Owner)> {
        let mut files = Vec::new();
        for definition in self.registry.all() {
            for rule in definition.files.iter().filter(|rule| !rule.of_project()) {
                let there = rule.locate(self.machine, None).into_iter().filter(|one| one.exists);
                files.extend(there.map(|one| (one.path, owner(&definition.id, rule))));
            }
        }
        files
    }

    fn project_files(&self) -> Vec<(String, Owner)> {
        let mut files = Vec::new();
        for definition in self.registry.all() {
            for rule in definition.files.iter().filter(|rule| rule.of_project()) {
                let paths = rule.paths(self.machine.os).iter().map(|path| path.text().to_owned());
                files.extend(paths.map(|path| (path, owner(&definition.id, rule))));
            }
        }
        files
    }

    fn slots(&self, owner: &Owner, tree: &Node) -> Vec<Held> {
        let definition = self.registry.get(&owner.client);
        definition.map(|own| own.slots_in(tree, &owner.rule)).unwrap_or_default()
    }
}

fn owner(client: &ClientId, rule: &FileRule) -> Owner {
    Owner { client: client.clone(), rule: rule.id.clone(), format: rule.format }
}

/// The files of projects by their last name.
#[derive(Debug, Default)]
pub(super) struct ProjectFiles {
    exact: HashMap<String, Vec<(String, Owner)>>,
    starred: Vec<(String, Owner)>,
}

impl ProjectFiles {
    pub(super) fn new(files: Vec<(String, Owner)>) -> Self {
        let mut own = Self::default();
        for (path, owner) in files {
            let name = path.rsplit('/').next().unwrap_or_default();
            if name.contains('*') {
                own.starred.push((path, owner));
            } else {
                own.exact.entry(name.to_owned()).or_default().push((path, owner));
            }
        }
        own
    }

    /// The rules that a file is of, whichever of its folders is the project's.
    pub(super) fn owners(&self, path: &Path) -> Vec<Owner> {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            return Vec::new();
        };
        let exact = self.exact.get(name).into_iter().flatten();
        let fits = exact.chain(&self.starred).filter(|(rule, _)| ends_with(path, rule));
        fits.map(|(_, owner)| owner.clone()).collect()
    }
}

/// Whether a path ends with the names of a rule.
fn ends_with(path: &Path, rule: &str) -> bool {
    let mut names = path.components().rev();
    rule.split('/').rev().all(|wanted| {
        let name = names.next().and_then(|name| name.as_os_str().to_str());
        name.is_some_and(|name| name_fits(name, wanted))
    })
}

fn name_fits(name: &str, wanted: &str) -> bool {
    match wanted.split_once('*') {
        None => name == wanted,
        Some((start, end)) => {
            name.strip_prefix(start).is_some_and(|rest| !rest.is_empty() && rest.ends_with(end))
        }
    }
}

/// The format of a file that no definition names, by its name: only to tell where in it a key
/// stands.
pub(super) fn format_by_name(path: &Path) -> Option<Format> {
    let name = path.file_name()?.to_str()?;
    if name == ".env" || name.starts_with(".env.") {
        return Some(Format::Dotenv);
    }
    Some(match name {
        ".npmrc" => Format::Npmrc,
        ".netrc" | "_netrc" => Format::Netrc,
        ".envrc" | ".bashrc" | ".bash_profile" | ".profile" | ".zshrc" | ".zshenv" => Format::Shell,
        _ => match name.rsplit_once('.')?.1 {
            "env" => Format::Dotenv,
            "json" => Format::Json,
            "jsonc" => Format::Jsonc,
            "toml" => Format::Toml,
            "yaml" | "yml" => Format::Yaml,
            "ini" | "cfg" => Format::Ini,
            "sh" | "bash" | "zsh" => Format::Shell,
            "fish" => Format::Fish,
            _ => return None,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(client: &str) -> Owner {
        Owner { client: ClientId::new(client), rule: "project".to_owned(), format: Format::Json }
    }

    #[test]
    fn a_projects_file_is_known_in_any_folder() {
        let files = ProjectFiles::new(vec![
            (".vscode/mcp.json".to_owned(), owner("vscode")),
            (".mcp.json".to_owned(), owner("claude-code")),
            (".mcp.json".to_owned(), owner("copilot")),
            (".env.*".to_owned(), owner("dotenv")),
            (".continue/mcpServers/*.yaml".to_owned(), owner("continue")),
        ]);
        let clients = |path: &str| -> Vec<String> {
            let owners = files.owners(Path::new(path));
            owners.iter().map(|owner| owner.client.as_str().to_owned()).collect()
        };
        assert_eq!(clients("/home/ada/a/b/.vscode/mcp.json"), ["vscode"]);
        assert_eq!(clients("/home/ada/.mcp.json"), ["claude-code", "copilot"]);
        assert_eq!(clients("/a/.env.production"), ["dotenv"]);
        assert_eq!(clients("/a/.continue/mcpServers/x.yaml"), ["continue"]);
        for none in ["/a/mcp.json", "/a/.env", "/a/.env.", "/a/x.yaml", "/a/.vscode/mcp.json/x"] {
            assert!(clients(none).is_empty(), "{none}");
        }
    }
}
