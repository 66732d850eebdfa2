//! Reading `[scopes]`: the catalogue, in words, and how scopes travel.

use crate::{
    ProfileError,
    profile::{
        axis::{Axis, AxisKind, Choice, FreeScope},
        ceiling, fields,
        node::{Node, Table, names, tick},
        scope::{AxisRule, Encoding, Scopes},
        template::{self, Known},
    },
    template::Text,
};

/// Reads `[scopes]`.
pub(crate) fn parse(
    table: Option<Table<'_>>,
    known: &Known,
) -> Result<Option<Scopes>, ProfileError> {
    let Some(mut table) = table else { return Ok(None) };
    let encoding = encoding(&mut table)?;
    let axes = table
        .tables("axes")?
        .into_iter()
        .map(|axis| axis_rule(axis, known))
        .collect::<Result<Vec<_>, _>>()?;
    if axes.is_empty() {
        return Err(table.node().error("no `axes`", "`[[scopes.axes]]`, one axis at least"));
    }
    let mut sentence: Vec<String> = axes.iter().map(|rule| rule.axis.id.clone()).collect();
    if let Some(node) = table.get("sentence") {
        let ids = node.list("the axes' ids in the order of the sentence")?;
        for id in &ids {
            let word = id.text("an axis' id")?;
            if !sentence.iter().any(|known| known == word) {
                return Err(
                    id.wrong(format!("one of {}", names(sentence.iter().map(String::as_str))))
                );
            }
        }
        sentence = ids.iter().map(|id| id.words("an axis' id")).collect::<Result<_, _>>()?;
    }
    let expanded = table.flag("expanded")?;
    table.end()?;
    Ok(Some(Scopes { encoding, axes, sentence, expanded }))
}

fn encoding(table: &mut Table<'_>) -> Result<Encoding, ProfileError> {
    let node = table.need("encoding", "one of `list`, `axes`, `joined`, `single_choice`, `map`")?;
    let kind =
        node.one_of(&[("list", 0), ("axes", 0), ("joined", 1), ("single_choice", 2), ("map", 3)])?;
    let separator = table.get("separator");
    let text = |usual: &str| {
        separator
            .as_ref()
            .map_or_else(|| Ok(usual.to_owned()), |node| node.text("a text").map(str::to_owned))
    };
    match kind {
        1 => Ok(Encoding::Joined(text(" ")?)),
        3 => Ok(Encoding::Map(text(":")?)),
        other => match separator {
            Some(node) => Err(node.error("`separator`", "it with `joined` or `map` only")),
            None if other == 2 => Ok(Encoding::SingleChoice),
            None => Ok(Encoding::List),
        },
    }
}

fn axis_rule(mut table: Table<'_>, known: &Known) -> Result<AxisRule, ProfileError> {
    let id = table.need_words("id", "a short name")?;
    let label = table.need_words("label", "what people call it")?;
    let help = table.words_or_empty("help")?;
    let kind = table.need("kind", "one of `fixed`, `one`, `some`, `any`, `tiers`")?.one_of(&[
        ("fixed", AxisKind::Fixed),
        ("one", AxisKind::One),
        ("some", AxisKind::Some),
        ("any", AxisKind::Any),
        ("tiers", AxisKind::Tiers),
    ])?;
    let prefix = table.words_or_empty("prefix")?;
    let words_node = table.need("words", "its part of the sentence")?;
    let mut axis = Axis {
        id,
        label,
        help,
        kind,
        max: table.get("max").map(|node| node.integer(1..=1_000)).transpose()?,
        choices: Vec::new(),
        wildcard: None,
        free: None,
        prefix,
        words: words_node.words("its part of the sentence")?,
        none_words: table.words_or_empty("none_words")?,
        join: Some(table.words_or_empty("join")?)
            .filter(|word| !word.is_empty())
            .unwrap_or_else(|| "and".into()),
    };
    let fixed = fill(&mut table, &mut axis, &words_node, known)?;
    let ceiling = match table.get("ceiling") {
        Some(node) if axis.kind == AxisKind::Fixed => {
            return Err(
                node.error("`ceiling`", "it where something is chosen, not on a fixed axis")
            );
        }
        Some(node) => Some(ceiling::parse(&node, known)?),
        None => None,
    };
    let node = table.node().clone();
    table.end()?;
    complete(&node, &axis, &words_node, fixed.is_some())?;
    Ok(AxisRule { axis, fixed, ceiling })
}

/// Reads what can be chosen on an axis.
fn fill(
    table: &mut Table<'_>,
    axis: &mut Axis,
    words: &Node<'_>,
    known: &Known,
) -> Result<Option<(Text, Text)>, ProfileError> {
    if axis.kind == AxisKind::Fixed {
        let value = table.need("value", "the one scope, such as `org:{account.org}`")?;
        let words = template::account_text(words, known)?;
        return Ok(Some((template::account_text(&value, known)?, words)));
    }
    if axis.kind == AxisKind::Tiers {
        grid(table, axis)?;
    } else {
        for sub in table.tables("choices")? {
            axis.choices.push(choice(sub)?);
        }
    }
    axis.wildcard = table.sub("wildcard")?.map(choice).transpose()?;
    axis.free = table.sub("free")?.map(|sub| free(sub, &axis.prefix)).transpose()?;
    Ok(None)
}

fn complete(
    node: &Node<'_>,
    axis: &Axis,
    words: &Node<'_>,
    fixed: bool,
) -> Result<(), ProfileError> {
    if fixed {
        return Ok(());
    }
    if axis.choices.is_empty() && axis.free.is_none() {
        return Err(node.error("an axis with nothing to choose", "`choices`, `rows` or `free`"));
    }
    if !axis.words.contains("{list}") {
        return Err(words.wrong("words with `{list}` in them, where what was chosen is to stand"));
    }
    let mut values: Vec<&str> = axis.choices.iter().map(|choice| choice.value.as_str()).collect();
    values.sort_unstable();
    match values.windows(2).find(|pair| pair.first() == pair.last()) {
        Some(pair) => {
            let twice = pair.first().copied().unwrap_or_default();
            Err(node.error(format!("{} twice", tick(twice)), "every scope once"))
        }
        None => Ok(()),
    }
}

fn choice(mut table: Table<'_>) -> Result<Choice, ProfileError> {
    let value = table.need_words("value", "what is sent")?;
    let label = table.need_words("label", "what people read")?;
    let words = table.words_or_empty("words")?;
    let danger = table.words_or_empty("danger")?;
    let choice = Choice {
        words: if words.is_empty() { label.clone() } else { words },
        value,
        label,
        help: table.words_or_empty("help")?,
        row: String::new(),
        tier: String::new(),
        dangers: Some(danger).filter(|danger| !danger.is_empty()).into_iter().collect(),
    };
    table.end()?;
    Ok(choice)
}

fn free(mut table: Table<'_>, axis_prefix: &str) -> Result<FreeScope, ProfileError> {
    let prefix = match table.get("prefix") {
        Some(node) => node.text("a text")?.to_owned(),
        None => axis_prefix.to_owned(),
    };
    let placeholder = table.need_words("placeholder", "an example")?;
    let node = table.need("pattern", "a regular expression for what may be typed")?;
    let pattern = fields::pattern(&node)?;
    let whole = node.as_text().is_some_and(|text| text.starts_with('^') && text.ends_with('$'));
    if !whole {
        return Err(node.wrong("a regular expression from `^` to `$`"));
    }
    if !pattern.is_match(&placeholder) {
        let expected = format!("one that fits the `placeholder` {}", tick(&placeholder));
        return Err(node.wrong(expected));
    }
    let expected = match table.get("expected") {
        Some(node) => node.words("what may be typed, in words")?,
        None => format!("for example {prefix}{placeholder}"),
    };
    table.end()?;
    Ok(FreeScope { prefix, placeholder, pattern, expected })
}

/// A row or a tier of a grid.
struct Line {
    id: String,
    label: String,
    help: String,
    words: String,
    danger: String,
    /// For rows: own words for single tiers.
    own: Vec<(String, String)>,
}

fn grid(table: &mut Table<'_>, axis: &mut Axis) -> Result<(), ProfileError> {
    let rows = lines(table, "rows")?;
    let tiers = lines(table, "tiers")?;
    let node = table.node().clone();
    for row in &rows {
        if let Some((tier, _)) =
            row.own.iter().find(|(tier, _)| tiers.iter().all(|t| t.id != *tier))
        {
            let known = names(tiers.iter().map(|tier| tier.id.as_str()));
            return Err(node.error(format!("the tier {}", tick(tier)), format!("one of {known}")));
        }
        axis.choices.extend(tiers.iter().map(|tier| cell(&axis.prefix, row, tier)));
    }
    Ok(())
}

fn cell(prefix: &str, row: &Line, tier: &Line) -> Choice {
    let own = row.own.iter().find(|(id, _)| *id == tier.id).map(|(_, words)| words.clone());
    let put = |text: &str| text.replace("{row}", &row.words);
    let dangers = [&row.danger, &tier.danger];
    Choice {
        value: format!("{prefix}{}:{}", row.id, tier.id),
        label: format!("{}: {}", row.label, tier.label),
        help: put(&tier.help),
        row: row.id.clone(),
        tier: tier.id.clone(),
        dangers: dangers
            .into_iter()
            .filter(|text| !text.is_empty())
            .map(|text| put(text))
            .collect(),
        words: own.unwrap_or_else(|| put(&tier.words)),
    }
}

fn lines(table: &mut Table<'_>, key: &'static str) -> Result<Vec<Line>, ProfileError> {
    table.need(key, "the lines of the grid")?;
    table.tables(key)?.into_iter().map(line).collect()
}

fn line(mut table: Table<'_>) -> Result<Line, ProfileError> {
    let own = match table.sub("tier_words")? {
        Some(sub) => sub
            .entries()
            .map(|(_, tier, words)| Ok((tier.to_owned(), words.words("words")?)))
            .collect::<Result<_, ProfileError>>()?,
        None => Vec::new(),
    };
    let line = Line {
        id: table.need_words("id", "a short name")?,
        label: table.need_words("label", "what people read")?,
        help: table.words_or_empty("help")?,
        words: table.need_words("words", "its part of the sentence")?,
        danger: table.words_or_empty("danger")?,
        own,
    };
    table.end()?;
    Ok(line)
}
