//! The commands, a file each: what can be written, what is asked of the service, how it is told.

pub(crate) mod key;
pub(crate) mod place;
pub(crate) mod platform;
pub(crate) mod rotate;
pub(crate) mod shell;
pub(crate) mod simulator;
pub(crate) mod vault;

use crate::{app::App, args::Command, error::Error, exit::Exit};

/// Does what was asked.
pub(crate) async fn run(app: &App, command: Command) -> Result<Exit, Error> {
    match command {
        Command::Init(command) => command.run(app),
        Command::Status(_) => vault::status::show(app),
        Command::Platforms(command) => command.run(app).await,
        Command::Connect(command) => command.run(app).await,
        Command::Renew(command) => command.run(app).await,
        Command::Connections(_) => platform::connections::list(app),
        Command::Disconnect(command) => command.run(app),
        Command::Refresh(command) => command.run(app).await,
        Command::Keys(command) => command.run(app),
        Command::Show(command) => command.run(app),
        Command::Create(command) => command.run(app).await,
        Command::Add(command) => command.run(app),
        Command::Edit(command) => command.run(app).await,
        Command::Disable(command) => command.run(app).await,
        Command::Enable(command) => command.run(app).await,
        Command::Detect(command) => command.run(app),
        Command::Copy(command) => command.run(app).await,
        Command::Reveal(command) => command.run(app),
        Command::Probe(command) => command.run(app).await,
        Command::Revoke(command) => command.run(app).await,
        Command::Rotate(command) => command.run(app).await,
        Command::Rotations(command) => command.run(app),
        Command::Rotation(command) => command.run(app).await,
        Command::Resume(command) => command.run(app).await,
        Command::Leak(command) => command.run(app).await,
        Command::Bulk(command) => command.run(app).await,
        Command::Clients(command) => command.run(app),
        Command::Scan(command) => command.run(app).await,
        Command::Place(command) => command.run(app).await,
        Command::Placements(command) => command.run(app),
        Command::Undo(command) => command.run(app).await,
        Command::Which(command) => command.run(app),
        Command::Run(command) => command.run(app),
        Command::Delete(command) => command.run(app),
        Command::Restore(command) => command.run(app),
        Command::Check(command) => command.run(app),
        Command::Log(command) => command.run(app),
        Command::Queue(command) => command.run(app).await,
        Command::Operations(command) => command.run(app).await,
        Command::Settings(command) => command.run(app),
        Command::Simulator(command) => command.run(app).await,
        Command::Completions(command) => command.run(),
        Command::Man(command) => command.run(),
    }
}
