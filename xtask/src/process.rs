//! Starting programs, with the command line said first.

use std::{
    ffi::{OsStr, OsString},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{self, Child, Stdio},
};

use crate::error::Error;

/// A program to start.
pub(crate) struct Command {
    program: OsString,
    inner: process::Command,
    quiet: bool,
}

/// What a program said, and whether it went well.
pub(crate) struct Told {
    /// Standard output and standard error, in the order of arrival as far as that can be known.
    pub(crate) text: String,
    /// Whether it ended with success.
    pub(crate) success: bool,
}

impl Command {
    /// A program by name or path.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let program = program.as_ref().to_os_string();
        let mut inner = process::Command::new(&program);
        inner.stdin(Stdio::null());
        Self { program, inner, quiet: false }
    }

    /// Cargo, never changing the lock file.
    pub(crate) fn cargo(subcommand: &str, root: &Path) -> Self {
        Self::new("cargo").args([subcommand, "--locked"]).folder(root)
    }

    /// Arguments.
    pub(crate) fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.inner.args(arguments);
        self
    }

    /// The folder to start in.
    pub(crate) fn folder(mut self, folder: impl AsRef<Path>) -> Self {
        self.inner.current_dir(folder);
        self
    }

    /// One environment variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.inner.env(name, value);
        self
    }

    /// Several environment variables.
    pub(crate) fn envs(mut self, variables: &[(&'static str, OsString)]) -> Self {
        self.inner.envs(variables.iter().map(|(name, value)| (name, value)));
        self
    }

    /// Lets the program read this terminal, for a password of `sudo` or a person's answer.
    pub(crate) fn interactive(mut self) -> Self {
        self.inner.stdin(Stdio::inherit());
        self
    }

    /// Says nothing before it starts.
    pub(crate) fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// The command line as a person would type it.
    pub(crate) fn line(&self) -> String {
        let program = Path::new(&self.program).file_name().unwrap_or(&self.program);
        let mut line = program.to_string_lossy().into_owned();
        for argument in self.inner.get_args() {
            line.push(' ');
            line.push_str(&argument.to_string_lossy());
        }
        line
    }

    /// Runs it to its end with our own output.
    pub(crate) fn run(mut self) -> Result<(), Error> {
        self.say();
        let status = self.inner.status().map_err(|source| self.start(source))?;
        if status.success() { Ok(()) } else { Err(Error::Failed { command: self.line() }) }
    }

    /// Runs it to its end and returns its standard output.
    pub(crate) fn output(mut self) -> Result<String, Error> {
        self.say();
        self.inner.stderr(Stdio::inherit());
        let output = self.inner.output().map_err(|source| self.start(source))?;
        if !output.status.success() {
            return Err(Error::Failed { command: self.line() });
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs it to its end and returns all that it said, whether it went well or not.
    pub(crate) fn told(mut self) -> Result<Told, Error> {
        self.say();
        let output = self.inner.output().map_err(|source| self.start(source))?;
        let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.push_str(&String::from_utf8_lossy(&output.stderr));
        Ok(Told { text, success: output.status.success() })
    }

    /// Runs it to its end, passing its standard output on line by line to `each`.
    pub(crate) fn lines(mut self, mut each: impl FnMut(&str)) -> Result<bool, Error> {
        self.say();
        self.inner.stdout(Stdio::piped());
        let mut child = self.inner.spawn().map_err(|source| self.start(source))?;
        if let Some(stdout) = child.stdout.take() {
            for line in BufReader::new(stdout).split(b'\n') {
                let Ok(line) = line else { break };
                each(&String::from_utf8_lossy(&line));
            }
        }
        Ok(child.wait().map_err(|source| self.start(source))?.success())
    }

    /// Starts it and leaves it running.
    pub(crate) fn spawn(mut self) -> Result<Child, Error> {
        self.say();
        self.inner.spawn().map_err(|source| self.start(source))
    }

    /// Starts it with its standard output as a pipe, and nothing of its standard error.
    pub(crate) fn spawn_piped(mut self) -> Result<Child, Error> {
        self.inner.stdout(Stdio::piped()).stderr(Stdio::null());
        self.spawn()
    }

    fn say(&self) {
        if !self.quiet {
            println!("   $ {}", self.line());
        }
    }

    fn start(&self, source: std::io::Error) -> Error {
        Error::Start { program: self.program.to_string_lossy().into_owned(), source }
    }
}

/// A program on the search path.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}
