//! From a clone to an open window.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Child,
    thread,
    time::{Duration, Instant},
};

use clap::Args;

use crate::{
    error::Error,
    process::Command,
    screen::{self, Screen, with_its_parent},
    setup::{self, Consent},
    suite,
    workspace::Workspace,
};

/// How to run.
#[derive(Args)]
pub(crate) struct Options {
    /// Install system packages without asking (as CI=true does).
    #[arg(long, short)]
    yes: bool,
    /// Build as for users: slower to build, faster to run.
    #[arg(long)]
    release: bool,
    /// Close the window after this many seconds.
    #[arg(long, value_name = "SECONDS")]
    exit_after: Option<u64>,
    /// Use a display in memory even where there is a real one.
    #[arg(long)]
    headless: bool,
}

/// How long a window without a display may take to be drawn before its picture is taken.
const FIRST_PAINT: Duration = Duration::from_secs(4);

/// Installs, builds, starts, and waits for the end.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<(), Error> {
    let headless = options.headless || !screen::has_display();
    let mut needs = vec![setup::BUILD];
    if headless {
        needs.push(setup::SCREEN);
    }
    println!("== what is missing");
    setup::system(&needs, Consent::from_flag(options.yes))?;
    setup::node_modules(workspace)?;
    println!("== the front end");
    front_end(workspace)?;
    println!("== the program (the first time takes some minutes)");
    let program = program(workspace, options)?;
    if headless { start_in_memory(workspace, &program, options) } else { start(&program, options) }
}

/// Builds ui/dist unless it is newer than everything it is made from.
pub(crate) fn front_end(workspace: &Workspace) -> Result<(), Error> {
    let ui = workspace.ui();
    let built = changed(&ui.join("dist/index.html"));
    let sources = [
        "src",
        "index.html",
        "door.html",
        "vite.config.ts",
        "svelte.config.js",
        "package-lock.json",
    ];
    let newest = sources.iter().filter_map(|name| newest(&ui.join(name))).max();
    if built.is_some() && built >= newest {
        println!("   ui/dist is newer than its sources");
        return Ok(());
    }
    Command::new("npm").args(["run", "--silent", "build"]).folder(&ui).run()
}

fn changed(path: &Path) -> Option<std::time::SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

/// When the newest file in a folder was changed.
fn newest(path: &Path) -> Option<std::time::SystemTime> {
    let inner = fs::read_dir(path)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .filter_map(|entry| newest(&entry.path()))
        .max();
    inner.max(changed(path))
}

fn program(workspace: &Workspace, options: &Options) -> Result<PathBuf, Error> {
    if !options.release {
        suite::products(workspace)?;
        return Ok(suite::programs(workspace).join("keywright"));
    }
    Command::cargo("build", workspace.root())
        .args(["--package", "keywright", "--features", "keywright/custom-protocol", "--release"])
        .run()?;
    Ok(workspace.target().join("release/keywright"))
}

fn start(program: &Path, options: &Options) -> Result<(), Error> {
    println!("== Keywright; close its window to end");
    wait(Command::new(program).spawn()?, options)
}

fn start_in_memory(workspace: &Workspace, program: &Path, options: &Options) -> Result<(), Error> {
    println!("== there is no display here: Keywright starts on one in memory");
    let folder = workspace.target().join("run");
    let screen = Screen::start(&folder, "1280x800x24")?;
    let picture = folder.join("window.png");
    let child = with_its_parent("dbus-run-session")
        .args([Path::new("--"), program])
        .envs(&screen.variables())
        .quiet()
        .spawn()?;
    thread::sleep(FIRST_PAINT.min(options.exit_after.map_or(FIRST_PAINT, Duration::from_secs)));
    screen.picture(&picture)?;
    println!("   a picture of it: {}", picture.display());
    for (name, value) in screen.variables().iter().take(2) {
        println!(
            "   to look at it or drive it, in another terminal: export {name}={}",
            value.display()
        );
    }
    println!("   (xdotool types and clicks; `import -window root now.png` takes a picture)");
    println!("   Ctrl-C ends it");
    wait(child, options)
}

/// Waits for the program's end, or ends it when its time is over.
fn wait(mut child: Child, options: &Options) -> Result<(), Error> {
    let name = || "keywright".to_owned();
    let lost = |source| Error::Start { program: name(), source };
    let Some(seconds) = options.exit_after else {
        let status = child.wait().map_err(lost)?;
        return if status.success() { Ok(()) } else { Err(Error::Failed { command: name() }) };
    };
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(seconds) {
        if let Some(status) = child.try_wait().map_err(lost)? {
            return if status.success() { Ok(()) } else { Err(Error::Failed { command: name() }) };
        }
        thread::sleep(Duration::from_millis(100));
    }
    println!("   {seconds} s are over; it was still running, as it should");
    child.kill().map_err(lost)?;
    child.wait().map_err(lost)?;
    Ok(())
}
