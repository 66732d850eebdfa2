//! From words and filters as written to conditions, or to a sentence on what was expected.

use super::{
    Problem,
    field::{self, ENTRIES, Entry, Field, STATES, State},
    term::{Condition, Needle, Term},
    token::{Piece, Token},
    when,
};
use crate::Environment;

/// One condition as it will be asked.
pub(super) fn term(token: Token) -> Result<Term, Problem> {
    let Token { negated, field, values } = token;
    let any_of = match field {
        None => values
            .iter()
            .map(|word| Condition::Text(None, Box::new(Needle::new(&word.text))))
            .collect(),
        Some(name) => filter(&name, &values)?,
    };
    Ok(Term { negated, any_of })
}

fn filter(name: &Piece, values: &[Piece]) -> Result<Vec<Condition>, Problem> {
    let entry = field::find(&name.text).ok_or_else(|| unknown_field(name))?;
    if values.is_empty() {
        return Err(name.problem(no_value(entry)));
    }
    values.iter().map(|value| condition(entry, value)).collect()
}

fn condition(entry: &Entry, value: &Piece) -> Result<Condition, Problem> {
    match entry.field {
        Field::Is => state(entry, value).map(Condition::Is),
        Field::Env => environment(entry, value).map(Condition::Env),
        Field::Date(date) => {
            when::parse(date, entry.help.name, value).map(|when| Condition::Date(date, when))
        }
        Field::Text(text) if !value.quoted && value.text.eq_ignore_ascii_case("none") => {
            Ok(Condition::Empty(text))
        }
        Field::Text(field::TextField::Owner)
            if !value.quoted && value.text.eq_ignore_ascii_case("me") =>
        {
            Ok(Condition::Mine)
        }
        Field::Text(text) => Ok(Condition::Text(Some(text), Box::new(Needle::new(&value.text)))),
    }
}

fn state(entry: &Entry, value: &Piece) -> Result<State, Problem> {
    STATES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(&value.text))
        .map(|(_, state)| *state)
        .ok_or_else(|| unknown_value(entry, value))
}

fn environment(entry: &Entry, value: &Piece) -> Result<Environment, Problem> {
    match value.text.to_ascii_lowercase().as_str() {
        "live" | "production" | "prod" => Ok(Environment::Live),
        "test" | "sandbox" => Ok(Environment::Test),
        "unknown" => Ok(Environment::Unknown),
        _ => Err(unknown_value(entry, value)),
    }
}

fn unknown_field(name: &Piece) -> Problem {
    let known = ENTRIES.each_ref().map(|entry| entry.help.name);
    let text = &name.text;
    let guess = field::meant(text, &known)
        .map_or_else(String::new, |word| format!(" Did you mean `{word}:`?"));
    name.problem(format!(
        "There is no filter `{text}:`.{guess} Known filters: {}. To look for text with a colon, put it in quotes.",
        known.join(", ")
    ))
}

fn unknown_value(entry: &Entry, value: &Piece) -> Problem {
    let help = entry.help;
    let guess = field::meant(&value.text, help.values)
        .map_or_else(String::new, |word| format!(" Did you mean `{}:{word}`?", help.name));
    value.problem(format!(
        "`{}:` does not know `{}`.{guess} Known values: {}.",
        help.name,
        value.text,
        help.values.join(", ")
    ))
}

fn no_value(entry: &Entry) -> String {
    let help = entry.help;
    if help.values.is_empty() {
        return format!(
            "Expected a value right after `{}:`, such as `{}`.",
            help.name, help.example
        );
    }
    format!("Expected one of these right after `{}:`: {}.", help.name, help.values.join(", "))
}
