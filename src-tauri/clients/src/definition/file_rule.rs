//! Reading the files of a definition.

use super::{
    DefinitionError, FileLock, FileRule, PathTemplate, Scope, Upwards,
    node::{Node, Table, names, tick},
    parse::{ID, id},
};
use crate::format::Format;

const FORMATS: [(&str, Format); 11] = [
    ("json", Format::Json),
    ("jsonc", Format::Jsonc),
    ("toml", Format::Toml),
    ("yaml", Format::Yaml),
    ("dotenv", Format::Dotenv),
    ("ini", Format::Ini),
    ("npmrc", Format::Npmrc),
    ("netrc", Format::Netrc),
    ("shell", Format::Shell),
    ("fish", Format::Fish),
    ("systemd", Format::Systemd),
];

const SCOPES: [(&str, Scope); 5] = [
    ("user", Scope::User),
    ("project", Scope::Project),
    ("local", Scope::Local),
    ("system", Scope::System),
    ("managed", Scope::Managed),
];

/// Reads `[[files]]`.
pub(super) fn parse(table: &mut Table<'_>) -> Result<Vec<FileRule>, DefinitionError> {
    let mut files: Vec<FileRule> = Vec::new();
    for mut table in table.tables("files")? {
        let node = table.need("id", ID)?;
        let own = id(&node)?;
        if files.iter().any(|known| known.id == own) {
            return Err(node.error(format!("{} twice", tick(&own)), "another id"));
        }
        let whole = table.node().clone();
        let file = file(table, own)?;
        let known: Vec<&str> = files.iter().map(|known| known.id.as_str()).collect();
        if let Some(other) = file.hides.iter().find(|hidden| !known.contains(&hidden.as_str())) {
            let expected = format!("in `hides` a file above: {}", names(known));
            return Err(whole.error(format!("the file {}", tick(other)), expected));
        }
        files.push(file);
    }
    Ok(files)
}

fn file(mut table: Table<'_>, id: String) -> Result<FileRule, DefinitionError> {
    let scope = table
        .need("scope", "`user`, `project`, `local`, `system` or `managed`")?
        .one_of(&SCOPES)?;
    let of_project = matches!(scope, Scope::Project | Scope::Local);
    let all = paths(&mut table, "paths", of_project)?;
    let mut of_one = |key| {
        let own = paths(&mut table, key, of_project)?;
        Ok(if own.is_empty() { all.clone() } else { own })
    };
    let (linux, macos, windows) = (of_one("linux")?, of_one("macos")?, of_one("windows")?);
    if linux.is_empty() && macos.is_empty() && windows.is_empty() {
        let expected = "`paths`, or `linux`, `macos` and `windows`";
        return Err(table.node().error("a file without a path", expected));
    }
    let upwards = upwards(&mut table, of_project)?;
    let rule = FileRule {
        id,
        name: table.need_words("name", "what people call the file")?,
        scope,
        linux,
        macos,
        windows,
        format: table.need("format", "the file's format")?.one_of(&FORMATS)?,
        mode: table.get("mode").map_or(Ok(0o600), |node| mode(&node))?,
        read_only: table.get("read_only").map(|node| node.words("why, a sentence")).transpose()?,
        bom_breaks: table.flag("bom_breaks")?,
        lock: table.get("lock").map_or(Ok(FileLock::None), |node| {
            node.one_of(&[("directory", FileLock::Directory)])
        })?,
        upwards,
        may_make: table.get("may_make").map_or(Ok(true), |node| node.boolean())?,
        hides: table.texts("hides")?,
    };
    table.end()?;
    Ok(rule)
}

fn paths(
    table: &mut Table<'_>,
    key: &'static str,
    of_project: bool,
) -> Result<Vec<PathTemplate>, DefinitionError> {
    let Some(node) = table.get(key) else { return Ok(Vec::new()) };
    node.list("a list of paths")?
        .iter()
        .map(|item| {
            let text = item.words("a path")?;
            PathTemplate::parse(&text, of_project).map_err(|why| item.wrong(why))
        })
        .collect()
}

fn upwards(table: &mut Table<'_>, of_project: bool) -> Result<Upwards, DefinitionError> {
    let Some(node) = table.get("upwards") else { return Ok(Upwards::No) };
    let upwards = node.one_of(&[
        ("no", Upwards::No),
        ("all", Upwards::All),
        ("first", Upwards::First),
        ("root", Upwards::Root),
    ])?;
    if upwards != Upwards::No && !of_project {
        return Err(node.error("`upwards`", "it with a file of scope `project` or `local` only"));
    }
    Ok(upwards)
}

/// An octal mode of a file that its owner may read and write.
fn mode(node: &Node<'_>) -> Result<u32, DefinitionError> {
    let expected = "a mode such as \"0600\" or \"0644\"";
    let text = node.text(expected)?;
    let mode = u32::from_str_radix(text, 8).ok();
    mode.filter(|mode| text.len() == 4 && mode & 0o600 == 0o600 && mode & 0o111 == 0)
        .ok_or_else(|| node.wrong(expected))
}
