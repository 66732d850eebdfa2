//! `kw completions` and `kw man`: made from the same definition as the parser.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use clap::{Args, CommandFactory, ValueHint};
use clap_complete::Shell;

use crate::{args::Kw, error::Error, exit::Exit};

/// Print completions for a shell
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

/// Print the manual page, or write one page for each command into a folder
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The folder; it must be there
    #[arg(value_hint = ValueHint::DirPath)]
    dir: Option<PathBuf>,
}

impl Completions {
    pub(crate) fn run(self) -> Result<Exit, Error> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut Kw::command(), "kw", &mut text);
        print(&text)
    }
}

impl Man {
    pub(crate) fn run(self) -> Result<Exit, Error> {
        if let Some(dir) = self.dir {
            return match clap_mangen::generate_to(Kw::command(), &dir) {
                Ok(()) => Ok(Exit::Done),
                Err(source) => Err(Error::Unwritable { file: dir, source }),
            };
        }
        let mut text = Vec::new();
        let page = clap_mangen::Man::new(Kw::command());
        page.render(&mut text).map_err(Error::Output)?;
        print(&text)
    }
}

fn print(text: &[u8]) -> Result<Exit, Error> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text).and_then(|()| stdout.flush()).map_err(Error::Output)?;
    Ok(Exit::Done)
}
