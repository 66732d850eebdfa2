//! What clients themselves say of the new key, where they have a documented check: their own
//! command is run, and how it takes the key is read from what it says.

use std::{collections::BTreeMap, path::PathBuf, process::Stdio, time::Duration};

use keywright_clients::{
    Machine,
    definition::{Answer, Check, Params},
};
use keywright_model::{
    Placement, Rotation,
    rotation::{Stop, StopState, Todo},
};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use crate::{Error, Service};

/// How long one client may take: it may have to connect to all its servers.
const PATIENCE: Duration = Duration::from_secs(30);
/// What is read of what a client says, in bytes.
const MOST: u64 = 1 << 20;

/// What clients said of a key.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// Those that use it, in words.
    pub(super) takes: Vec<String>,
    /// Those that are refused with it: the place, and what said so.
    pub(super) refused: Vec<String>,
}

/// One client to be asked.
struct Question {
    what: String,
    check: Check,
    params: Params,
    program: PathBuf,
    /// The command as a person would type it, its program first.
    command: Vec<String>,
    folder: PathBuf,
}

impl Service {
    /// Asks the clients of all places that have the new key. One that is not installed, does not
    /// answer or says nothing clear is no obstacle: the platform was asked, and the file was read.
    pub(super) async fn ask_clients(&self, run: &Rotation) -> Result<Heard, Error> {
        let mut heard = Heard::default();
        let Some(machine) = self.inner.home.machine() else { return Ok(heard) };
        for question in self.questions(run, machine)? {
            let named = question.command.join(" ");
            match question.ask(machine).await {
                Answer::Works => heard.takes.push(format!("{} uses it (`{named}`)", question.what)),
                Answer::Refused => heard.refused.push(format!("{} (`{named}`)", question.what)),
                Answer::Unclear => {}
            }
        }
        Ok(heard)
    }

    /// What is to be asked; the same command with the same parameters once.
    fn questions(&self, run: &Rotation, machine: &Machine) -> Result<Vec<Question>, Error> {
        // A reference may lead to what this process found in its environment long ago.
        let written = |stop: &&Stop| stop.state == StopState::Placed && stop.todo == Todo::Write;
        let placed = run.places.iter().filter(written);
        let places: Vec<Placement> = self.read(|vault| {
            let ids = placed.filter_map(|stop| stop.placement);
            Ok(ids.filter_map(|id| vault.index().placement(id).cloned()).collect())
        })?;
        let here = places.iter().filter(|place| place.is_here(&machine.name));
        let mut asked = BTreeMap::new();
        for question in here.filter_map(|place| self.question(place, machine)) {
            asked.entry((question.folder.clone(), question.command.clone())).or_insert(question);
        }
        Ok(asked.into_values().collect())
    }

    fn question(&self, place: &Placement, machine: &Machine) -> Option<Question> {
        let client = self.client(place.client.as_ref()?).ok()?;
        let check = client.slot(&place.slot)?.check.clone()?;
        let program = check.program(machine)?;
        let command = check.command(&place.params).ok()?;
        let project = Some(&place.project).filter(|project| !project.is_empty());
        Some(Question {
            what: client.name.clone(),
            check,
            params: place.params.clone(),
            program,
            command,
            folder: project.map_or_else(|| machine.home.clone(), PathBuf::from),
        })
    }
}

impl Question {
    /// Runs the command. What it says is read and forgotten: it may hold anything.
    async fn ask(&self, machine: &Machine) -> Answer {
        match tokio::time::timeout(PATIENCE, self.run(machine)).await {
            Ok(Ok((good, said))) => self.check.read(&self.params, good, &said),
            Ok(Err(_)) | Err(_) => Answer::Unclear,
        }
    }

    async fn run(&self, machine: &Machine) -> std::io::Result<(bool, String)> {
        let mut child = tokio::process::Command::new(&self.program)
            .args(self.command.iter().skip(1))
            .current_dir(&self.folder)
            .env_clear()
            .envs(&machine.environment)
            .env("HOME", &machine.home)
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let (out, err, status) = tokio::join!(text(out), text(err), child.wait());
        Ok((status?.success(), format!("{out}\n{err}")))
    }
}

async fn text(from: Option<impl AsyncRead + Unpin>) -> String {
    let mut bytes = Vec::new();
    if let Some(from) = from {
        // What could not be read was not said.
        from.take(MOST).read_to_end(&mut bytes).await.ok();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
