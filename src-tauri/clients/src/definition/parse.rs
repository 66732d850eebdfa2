//! Reading a whole definition, strictly: an unknown key, a misspelt parameter or a slot in a
//! file that is not there is an error with its place.

use toml::de::{DeTable, DeValue};

use super::{
    Checked, ClientId, Definition, DefinitionError, Dollar, Ground, GuideStep, Kind, Rewrites,
    file_rule,
    node::{Node, Source, Table},
    slot,
};

/// The largest definition that is read.
const LARGEST: usize = 256 * 1_024;

/// Reads a definition.
pub(super) fn definition(origin: &str, text: &str) -> Result<Definition, DefinitionError> {
    let source = Source { origin, text };
    if text.len() > LARGEST {
        return Err(source.error(0, "a very large file", "a definition of at most 256 KiB"));
    }
    let parsed = DeTable::parse(text).map_err(|error| source.syntax(&error))?;
    let span = parsed.span();
    let root = toml::Spanned::new(span, DeValue::Table(parsed.into_inner()));
    let table =
        Table::root(source, &root).ok_or_else(|| source.error(0, "something else", "a table"))?;
    read(table)
}

fn read(mut table: Table<'_>) -> Result<Definition, DefinitionError> {
    let version = table.need("definition", "`1`, the version of the language")?;
    version.integer::<u8>(1..=1)?;
    let id = ClientId::new(id(&table.need("id", ID)?)?);
    let name = table.need_words("name", "the client's name for people")?;
    let about = table.need_words("about", "one sentence on it")?;
    let kind = table
        .need("kind", "`agent` or `place`")?
        .one_of(&[("agent", Kind::Agent), ("place", Kind::Place)])?;
    let files = file_rule::parse(&mut table)?;
    let slots = slot::parse(&mut table, &files)?;
    let definition = Definition {
        id,
        name,
        about,
        kind,
        docs: table.words_or_empty("docs")?,
        checked: checked(table.need("checked", "how the facts were found")?)?,
        files,
        slots,
        programs: table.texts("programs")?,
        pickup: table.words_or_empty("pickup")?,
        processes: table.texts("processes")?,
        rewrites: rewrites(&mut table)?,
        dollar: dollar(&mut table)?,
        store: store(&mut table)?,
        guide: table.tables("guide")?.into_iter().map(guide).collect::<Result<_, _>>()?,
    };
    holds(&table, &definition)?;
    table.end()?;
    Ok(definition)
}

pub(super) const ID: &str = "a short name of small letters, digits and `-`";

/// An id: of the client, of a file, of a slot.
pub(super) fn id(node: &Node<'_>) -> Result<String, DefinitionError> {
    let text = node.text(ID)?;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let begins = text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    if begins && text.len() <= 40 && text.chars().all(fits) {
        Ok(text.to_owned())
    } else {
        Err(node.wrong(ID))
    }
}

fn checked(node: Node<'_>) -> Result<Checked, DefinitionError> {
    let mut table = node.table("a table: `on`, `by`, `how`")?;
    let on = table.need("on", "a day such as \"2026-11-22\"")?;
    let day = on.words("a day such as \"2026-11-22\"")?;
    let shape: String = day.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    if shape != "0000-00-00" {
        return Err(on.wrong("a day such as \"2026-11-22\""));
    }
    let by = table.need("by", "`run`, `source`, `docs` or `told`")?.one_of(&[
        ("run", Ground::Run),
        ("source", Ground::Source),
        ("docs", Ground::Docs),
        ("told", Ground::Told),
    ])?;
    let checked = Checked {
        on: day,
        by,
        version: table.words_or_empty("version")?,
        how: table.need_words("how", "what was read or run")?,
    };
    if by == Ground::Run && checked.version.is_empty() {
        let expected = "`version`, that of the client which was run";
        return Err(table.node().error("`by = \"run\"` and no `version`", expected));
    }
    table.end()?;
    Ok(checked)
}

fn rewrites(table: &mut Table<'_>) -> Result<Rewrites, DefinitionError> {
    let Some(mut table) = table.sub("rewrites")? else { return Ok(Rewrites::Never) };
    let when = table.need("when", "`sometimes` or `owns`")?.one_of::<fn(String) -> Rewrites>(&[
        ("sometimes", Rewrites::Sometimes),
        ("owns", Rewrites::Owns),
    ])?;
    let what = table.need_words("what", "what is lost then, as a sentence")?;
    table.end()?;
    Ok(when(what))
}

fn dollar(table: &mut Table<'_>) -> Result<Dollar, DefinitionError> {
    table.get("dollar").map_or(Ok(Dollar::Exact), |node| {
        node.one_of(&[
            ("exact", Dollar::Exact),
            ("when_set", Dollar::WhenSet),
            ("breaks", Dollar::Breaks),
            ("breaks_references", Dollar::BreaksReferences),
        ])
    })
}

/// The id of the platform that keeps its secrets.
fn store(table: &mut Table<'_>) -> Result<String, DefinitionError> {
    let Some(node) = table.get("store") else { return Ok(String::new()) };
    let expected = "the id of the platform that keeps its secrets";
    let text = node.words(expected)?;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
    if text.chars().all(fits) { Ok(text) } else { Err(node.wrong(expected)) }
}

fn guide(mut table: Table<'_>) -> Result<GuideStep, DefinitionError> {
    let step = GuideStep {
        say: table.need_words("say", "what to do, as a sentence")?,
        run: table.texts("run")?,
    };
    table.end()?;
    Ok(step)
}

/// A definition tells of at least one place or way, and how a change of a file is picked up.
fn holds(table: &Table<'_>, definition: &Definition) -> Result<(), DefinitionError> {
    let node = table.node();
    if definition.slots.is_empty() && definition.guide.is_empty() {
        let expected = "`[[slots]]`, or `[[guide]]` where no file holds a key";
        return Err(node.error("neither slots nor a guide", expected));
    }
    if !definition.store.is_empty() && !definition.slots.is_empty() {
        let expected = "one of them: its keys are in files, or with the platform";
        return Err(node.error("`store` and `[[slots]]`", expected));
    }
    if !definition.slots.is_empty() && definition.pickup.is_empty() {
        let expected = "`pickup`, how a change is noticed, as a sentence";
        return Err(node.error("no `pickup`", expected));
    }
    Ok(())
}
