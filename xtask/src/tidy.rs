//! The walls that no compiler checks. Each is a function of the tree's text,
//! and each has a test in which a planted violation is caught.

mod places;
mod profiles;
mod rooms;
mod rust;
mod secrets;
mod tree;
mod ui;

use crate::{error::Error, workspace::Workspace};

use self::tree::{Problem, Tree};

/// Breaches that are shown of one rule.
const SHOWN: usize = 20;

/// One rule of the house.
struct Wall {
    rule: &'static str,
    check: fn(&Tree) -> Vec<Problem>,
}

#[rustfmt::skip]
const WALLS: &[Wall] = &[
    Wall { rule: "errors are types, not text", check: rust::text_as_error },
    Wall { rule: "an error keeps its source", check: rust::erased_error },
    Wall { rule: "no catch-all error variant", check: rust::catch_all },
    Wall { rule: "no source file is forgotten", check: rust::forgotten },
    Wall { rule: "a file holds one idea: 500 production lines, 200 for a component", check: places::long_files },
    Wall { rule: "in the front end only ipc/ knows Tauri", check: ui::tauri_outside_ipc },
    Wall { rule: "kit/ imports nothing but kit/", check: ui::kit_leaves_kit },
    Wall { rule: "no part imports another part", check: ui::part_imports_part },
    Wall { rule: "a platform is a profile with fixtures, and no Rust file names it", check: profiles::check },
    Wall { rule: "a client is a definition with fixtures, and no Rust file names it", check: profiles::clients },
    Wall { rule: "no tracked file holds what looks like a live key", check: secrets::live_keys },
    Wall { rule: "a name says what a file is for", check: places::empty_names },
    Wall { rule: "20 entries at the top, 20 files in a folder", check: places::crowded },
    Wall { rule: "no line ends in a space", check: places::trailing_spaces },
    Wall { rule: "no path or package host of one machine", check: places::machine },
];

/// Checks every wall over the files that git tracks or would.
pub(crate) fn run(workspace: &Workspace) -> Result<(), Error> {
    let tree = Tree::read(workspace)?;
    let mut found = 0;
    let mut tell = |rule: &str, problems: &[Problem]| {
        found += problems.len();
        if !problems.is_empty() {
            println!("   {rule}:");
        }
        for problem in problems.iter().take(SHOWN) {
            println!("     {problem}");
        }
        if let Some(more) = problems.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            println!("     and {more} more");
        }
    };
    for wall in WALLS {
        tell(wall.rule, &(wall.check)(&tree));
    }
    tell("arrows between rooms point one way", &rooms::check(&rooms::edges(workspace)));
    if found == 0 {
        println!("   {} walls hold over {} files", WALLS.len() + 1, tree.files().count());
        Ok(())
    } else {
        Err(Error::Findings(format!("{found} breaches of the house rules")))
    }
}
