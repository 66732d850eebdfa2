//! Reading the slots of a definition.

use super::{
    Beside, DefinitionError, FileRule, Form, FormKind, NodeTemplate, Param, Slot, Source, Words,
    check,
    node::{Node, Table, names, tick},
    parse::{ID, id},
};

/// Parameters that stand for what a form holds.
const RESERVED: [&str; 6] = ["key", "variable", "path", "secret", "input", "default"];

/// Reads `[[slots]]`.
pub(super) fn parse(
    table: &mut Table<'_>,
    files: &[FileRule],
) -> Result<Vec<Slot>, DefinitionError> {
    let mut slots: Vec<Slot> = Vec::new();
    let mut sources = Vec::new();
    for mut table in table.tables("slots")? {
        let node = table.need("id", ID)?;
        let own = id(&node)?;
        if slots.iter().any(|known| known.id == own) {
            return Err(node.error(format!("{} twice", tick(&own)), "another id"));
        }
        let (slot, named) = slot(table, own, files)?;
        slots.push(slot);
        sources.extend(named);
    }
    // A slot may name one that comes later.
    for (node, name) in sources {
        let Some(named) = slots.iter().find(|slot| slot.id == name) else {
            let known = slots.iter().map(|slot| slot.id.as_str());
            return Err(node.error(format!("the slot {}", tick(&name)), names(known)));
        };
        if named.sources.iter().any(|source| matches!(source, Source::Slot(_))) {
            let expected = "a slot whose own sources name no slot";
            return Err(node.error(format!("the slot {}", tick(&name)), expected));
        }
    }
    Ok(slots)
}

/// A slot, and the other slots that its sources name, for a look once all are known.
type WithSources<'a> = (Slot, Vec<(Node<'a>, String)>);

fn slot<'a>(
    mut table: Table<'a>,
    id: String,
    files: &[FileRule],
) -> Result<WithSources<'a>, DefinitionError> {
    let node = table.need("files", "ids of the files that may hold it")?;
    let mut own_files = Vec::new();
    for item in node.list("ids of the files that may hold it")? {
        let name = item.text("a file's id")?;
        if !files.iter().any(|file| file.id == name) {
            let known = files.iter().map(|file| file.id.as_str());
            return Err(item.error(format!("the file {}", tick(name)), names(known)));
        }
        own_files.push(name.to_owned());
    }
    if own_files.is_empty() {
        return Err(node.error("no file", "at least one"));
    }
    let params = params(&mut table)?;
    let mut named = Vec::new();
    let mut forms = Vec::new();
    for table in table.tables("forms")? {
        forms.push(form(table, &params, &mut named)?);
    }
    if forms.is_empty() {
        return Err(table.node().error("a slot without forms", "`[[slots.forms]]`"));
    }
    let literal = forms.iter().position(|form: &Form| form.kind == FormKind::Literal);
    if literal.is_some_and(|at| at > 0) {
        return Err(table.node().error("the literal form behind another", "it as the first"));
    }
    let slot = Slot {
        id,
        name: table.need_words("name", "what people call it")?,
        help: table.words_or_empty("help")?,
        mixed: table.flag("mixed")?,
        files: own_files,
        sources: sources(&mut table, "sources", &mut named, |words| known(words, &params, &[]))?,
        platforms: table.texts("platforms")?,
        check: check::parse(&mut table, &params)?,
        params,
        forms,
    };
    agree(&table, &slot)?;
    table.end()?;
    Ok((slot, named))
}

/// A source file is one of the slot's own.
fn agree(table: &Table<'_>, slot: &Slot) -> Result<(), DefinitionError> {
    for source in &slot.sources {
        if let Source::File(name) = source
            && !slot.files.contains(name)
        {
            let known = names(slot.files.iter().map(String::as_str));
            return Err(table.node().error(format!("the source {}", tick(name)), known));
        }
    }
    Ok(())
}

fn params(table: &mut Table<'_>) -> Result<Vec<Param>, DefinitionError> {
    let mut params: Vec<Param> = Vec::new();
    for mut table in table.tables("params")? {
        let node = table.need("name", "the parameter's name")?;
        let name = node.text("a name of small letters and `_`")?;
        let fits = |c: char| c.is_ascii_lowercase() || c == '_';
        if name.is_empty() || !name.chars().all(fits) || RESERVED.contains(&name) {
            return Err(node.wrong("a name of small letters and `_` that is not reserved"));
        }
        if params.iter().any(|known| known.name == name) {
            return Err(node.error(format!("{} twice", tick(name)), "another name"));
        }
        params.push(Param {
            name: name.to_owned(),
            label: table.need_words("label", "what people are asked")?,
            default: table.words_or_empty("default")?,
            only_new: table.flag("only_new")?,
        });
        table.end()?;
    }
    Ok(params)
}

fn form<'a>(
    mut table: Table<'a>,
    params: &[Param],
    named: &mut Vec<(Node<'a>, String)>,
) -> Result<Form, DefinitionError> {
    let kind = table
        .need("kind", "`literal`, `variable`, `file`, `secret` or `asked`")?
        .one_of(&FormKind::ALL)?;
    let hole = kind.hole();
    let node = table.need("node", "where it stands")?;
    let template = node_template(&node)?;
    known(&(node.clone(), template.names().collect()), params, &[])?;
    let node = table.need("value", "the text that stands there")?;
    let value = words(&node)?;
    known(&(node.clone(), value.names().collect()), params, &[hole])?;
    let holds = value.names().filter(|name| *name == hole).count() == 1;
    // A list of names holds the parameter `name` itself.
    let by_name = kind != FormKind::Literal && value.names().any(|name| name == "name");
    if !holds && !by_name {
        return Err(node.wrong(format!("a text with `{{{hole}}}` in it")));
    }
    let mut also = Vec::new();
    for item in table.get("also").map_or(Ok(Vec::new()), |node| node.list("texts"))? {
        let words = words(&item)?;
        known(&(item, words.names().collect()), params, &[hole, "default"])?;
        also.push(words);
    }
    let form = Form {
        kind,
        node: template,
        value,
        also,
        beside: beside(&mut table, params)?,
        write: table.get("write").map_or(Ok(true), |node| node.boolean())?,
        wins: table.flag("wins")?,
        from: sources(&mut table, "from", named, |words| known(words, params, &[hole]))?,
    };
    if form.kind == FormKind::Secret && form.from.is_empty() {
        let expected = "`from`, where the secret of that name is";
        return Err(table.node().error("a secret without `from`", expected));
    }
    table.end()?;
    Ok(form)
}

fn beside(
    table: &mut Table<'_>,
    params: &[Param],
) -> Result<Vec<(NodeTemplate, Beside)>, DefinitionError> {
    let Some(table) = table.sub("beside")? else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    for (key, name, value) in table.entries() {
        let template = NodeTemplate::parse(name).map_err(|why| key.error(tick(name), why))?;
        known(&(key, template.names().collect()), params, &[])?;
        let one = |node: &Node<'_>| {
            let words = words(node)?;
            known(&(node.clone(), words.names().collect()), params, &[])?;
            Ok(words)
        };
        let beside = if let Some(yes) = value.as_boolean() {
            Beside::Flag(yes)
        } else if let Some(items) = value.as_list() {
            Beside::List(items.iter().map(one).collect::<Result<_, _>>()?)
        } else {
            Beside::Text(one(&value)?)
        };
        out.push((template, beside));
    }
    Ok(out)
}

pub(super) fn words(node: &Node<'_>) -> Result<Words, DefinitionError> {
    Words::parse(node.text("a text")?).map_err(|why| node.wrong(why))
}

fn node_template(node: &Node<'_>) -> Result<NodeTemplate, DefinitionError> {
    let text = node.text("a path such as `mcpServers.{server}.env.{name}`")?;
    NodeTemplate::parse(text).map_err(|why| node.wrong(why))
}

/// Every parameter that a text names is declared, or is one of these.
pub(super) fn known(
    (node, holes): &(Node<'_>, Vec<&str>),
    params: &[Param],
    more: &[&str],
) -> Result<(), DefinitionError> {
    for hole in holes {
        if !more.contains(hole) && !params.iter().any(|param| param.name == *hole) {
            let known = params.iter().map(|param| param.name.as_str()).chain(more.iter().copied());
            let expected = format!("one of {}", names(known));
            return Err(node.error(format!("the parameter {}", tick(hole)), expected));
        }
    }
    Ok(())
}

/// Reads a list of sources: `env:NAME`, `file:id`, `slot:id`, `elsewhere:what`.
fn sources<'a>(
    table: &mut Table<'a>,
    key: &'static str,
    named: &mut Vec<(Node<'a>, String)>,
    check: impl Fn(&(Node<'a>, Vec<&str>)) -> Result<(), DefinitionError>,
) -> Result<Vec<Source>, DefinitionError> {
    let expected = "`env:NAME`, `file:ID`, `slot:ID` or `elsewhere:WHAT`";
    let Some(node) = table.get(key) else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    for item in node.list(expected)? {
        let text = item.text(expected)?;
        out.push(match text.split_once(':') {
            Some(("env", name)) if !name.is_empty() => {
                let words = Words::parse(name).map_err(|why| item.wrong(why))?;
                check(&(item, words.names().collect()))?;
                Source::Environment(words)
            }
            Some(("file", name)) if !name.is_empty() => Source::File(name.to_owned()),
            Some(("slot", name)) if !name.is_empty() => {
                named.push((item.clone(), name.to_owned()));
                Source::Slot(name.to_owned())
            }
            Some(("elsewhere", what)) if !what.trim().is_empty() => {
                Source::Elsewhere(what.trim().to_owned())
            }
            _ => return Err(item.wrong(expected)),
        });
    }
    Ok(out)
}
