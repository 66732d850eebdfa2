//! A client's own, documented check of whether it can use a key: a command, and how what it says
//! is read. What runs it is elsewhere; here is nothing but text.

use std::path::PathBuf;

use super::{
    DefinitionError, Param, Params, Untold, Words,
    locate::on_path,
    node::Table,
    slot::{known, words},
};
use crate::machine::Machine;

/// The check of one slot.
#[derive(Debug, Clone)]
pub struct Check {
    /// The program and its arguments, of the slot's parameters.
    run: Vec<Words>,
    /// What stands in the line that tells of this key; none where all that is said does.
    line: Option<Words>,
    /// What means that the key is taken; empty where a good exit code does.
    works: String,
    /// What means that it is refused.
    refused: String,
}

/// What a client says of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It uses it.
    Works,
    /// It is refused with it.
    Refused,
    /// Neither can be read from what it says.
    Unclear,
}

impl Check {
    /// The program and its arguments.
    pub fn command(&self, params: &Params) -> Result<Vec<String>, Untold> {
        self.run.iter().map(|word| word.fill(params)).collect()
    }

    /// The program as a file on `PATH`; none where it is not installed.
    pub fn program(&self, machine: &Machine) -> Option<PathBuf> {
        on_path(machine, &self.run.first()?.to_string())
    }

    /// Reads what the program said, its errors included. `good` is whether it ended with 0.
    pub fn read(&self, params: &Params, good: bool, said: &str) -> Answer {
        let own = match self.line.as_ref().map(|line| line.fill(params)) {
            None => said,
            Some(Err(_)) => return Answer::Unclear,
            Some(Ok(sign)) => match said.lines().find(|line| line.contains(&sign)) {
                None => return Answer::Unclear,
                Some(line) => line,
            },
        };
        let works = if self.works.is_empty() { good } else { own.contains(&self.works) };
        // Refused goes first: `Not connected` may hold the word of what works.
        if own.contains(&self.refused) {
            Answer::Refused
        } else if works {
            Answer::Works
        } else {
            Answer::Unclear
        }
    }
}

/// Reads `[slots.check]`.
pub(super) fn parse(
    table: &mut Table<'_>,
    params: &[Param],
) -> Result<Option<Check>, DefinitionError> {
    let Some(mut table) = table.sub("check")? else { return Ok(None) };
    let node = table.need("run", "the program and its arguments")?;
    let mut run = Vec::new();
    for item in node.list("the program and its arguments")? {
        let word = words(&item)?;
        known(&(item, word.names().collect()), params, &[])?;
        run.push(word);
    }
    if run.first().is_none_or(|program| program.names().next().is_some()) {
        return Err(node.error("no program", "its name, without a parameter, and its arguments"));
    }
    let line = match table.get("line") {
        None => None,
        Some(node) => {
            let line = words(&node)?;
            known(&(node, line.names().collect()), params, &[])?;
            Some(line)
        }
    };
    let check = Check {
        run,
        line,
        works: table.words_or_empty("works")?,
        refused: table.need_words("refused", "what the program says where a key is refused")?,
    };
    table.end()?;
    Ok(Some(check))
}
