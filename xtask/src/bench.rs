//! The budgets, measured: whole `kw` processes over vaults of growing size,
//! and every benchmark of the rooms.
//!
//! The vaults are made with the cheapest key derivation there is, by programs
//! built apart (profile `measure`) that no user gets; so the figures are those
//! of everything but the derivation, which is then measured alone.

mod frame;
mod table;
mod window;

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::Value;

use self::table::{Figure, Table};
use crate::{
    error::Error,
    process::Command,
    run,
    setup::{self, Consent},
    workspace::Workspace,
};

/// What to measure.
#[derive(Args)]
pub(crate) struct Options {
    /// Install system packages without asking (as CI=true does).
    #[arg(long, short)]
    yes: bool,
    /// Numbers of keys.
    #[arg(long, value_delimiter = ',', default_values_t = [100, 1_000, 10_000, 100_000])]
    sizes: Vec<u32>,
    /// Runs of each command; the median is shown.
    #[arg(long, default_value_t = 7)]
    runs: usize,
    /// Leave out the rooms' own benchmarks.
    #[arg(long)]
    no_rooms: bool,
    /// Leave out the window.
    #[arg(long)]
    no_window: bool,
}

/// One command line of `kw` and the budgets for it.
struct Job {
    what: &'static str,
    /// `{key}` stands for a key's name, `{run}` for the number of the run.
    words: &'static [&'static str],
    /// Milliseconds of processor time at 10,000 and at 100,000 keys.
    cpu: [f64; 2],
    /// KiB written, at any size.
    written: Option<f64>,
}

#[rustfmt::skip]
const JOBS: &[Job] = &[
    Job { what: "open + get one", words: &["reveal", "{key}"], cpu: [50.0, 300.0], written: None },
    Job { what: "search", words: &["keys", "{key}", "--json"], cpu: [60.0, 350.0], written: None },
    Job { what: "list by expiry", words: &["keys", "expires:<30d", "--json"], cpu: [60.0, 350.0], written: None },
    Job { what: "edit one, durable", words: &["edit", "{key}", "--note", "run {run}"], cpu: [12.0, 12.0], written: Some(160.0) },
];

/// MiB of memory at the most, at 10,000 and at 100,000 keys.
const MEMORY: [f64; 2] = [32.0, 160.0];

/// Measures and prints.
pub(crate) fn measure(workspace: &Workspace, options: &Options) -> Result<(), Error> {
    programs(workspace, options)?;
    let bench = Bench {
        programs: workspace.target().join("measure"),
        folder: workspace.target().join("bench"),
        runs: options.runs.max(1),
    };
    let mut table = Table::default();
    bench.derivation(&mut table)?;
    bench.places(&mut table)?;
    for keys in &options.sizes {
        println!("== {keys} keys");
        bench.size(*keys, &mut table)?;
        if !options.no_window {
            let program = bench.programs.join("keywright");
            window::measure(&program, &bench.home(*keys), *keys, &mut table)?;
        }
    }
    println!("\n{}", table.text());
    println!("{}", table.slopes());
    if !options.no_rooms {
        rooms(workspace)?;
    }
    Ok(())
}

/// Builds what is measured, all at once: with the features of the package that makes the
/// vaults, `kw` and the window open those, too.
fn programs(workspace: &Workspace, options: &Options) -> Result<(), Error> {
    let mut needs = vec![setup::BUILD];
    let mut packages = vec!["--package", "keywright-cli", "--package", "journeys"];
    if !options.no_window {
        needs.extend([setup::SCREEN, setup::TYPING]);
        packages.extend(["--package", "keywright"]);
    }
    setup::system(&needs, Consent::from_flag(options.yes))?;
    println!("== programs to measure");
    if !options.no_window {
        setup::node_modules(workspace)?;
        run::front_end(workspace)?;
    }
    Command::cargo("build", workspace.root())
        .args(["--profile", "measure", "--bins"])
        .args(packages)
        .run()
}

/// Where the programs and the vaults are.
struct Bench {
    programs: PathBuf,
    folder: PathBuf,
    runs: usize,
}

/// What one process cost.
struct Cost {
    cpu_ms: f64,
    peak_mib: f64,
    written_kib: f64,
}

impl Bench {
    fn home(&self, keys: u32) -> PathBuf {
        self.folder.join(keys.to_string())
    }

    fn size(&self, keys: u32, table: &mut Table) -> Result<(), Error> {
        let home = self.home(keys);
        if home.exists() {
            fs::remove_dir_all(&home).map_err(Error::file(&home))?;
        }
        fs::create_dir_all(&home).map_err(Error::file(&home))?;
        let made = self.measure(&["vault", &home.to_string_lossy(), &keys.to_string()])?;
        let at = |small, large| budget(keys, [small, large]);
        table.add(
            Figure::new("import all", keys, number(&made, "seconds")?, "s")
                .under((keys == 10_000).then_some(1.0)),
        );
        let each = number(&made, "bytes")? / 1024.0 / f64::from(keys);
        table.add(Figure::new("disk, a key", keys, each, "KiB").under(at(1.5, 1.5)));
        for job in JOBS {
            self.job(job, &home, keys, table)?;
        }
        let inside = self.measure(&["inside", &home.to_string_lossy()])?;
        table.add(
            Figure::new(
                "search as you type, first page",
                keys,
                number(&inside, "search_ms")?,
                "ms",
            )
            .under((keys == 100_000).then_some(16.0)),
        );
        // What an edit costs besides opening the vault, which the whole process above does first.
        table.add(
            Figure::new("edit one, vault open", keys, number(&inside, "edit_ms")?, "ms")
                .under(Some(12.0)),
        );
        table.add(
            Figure::new("unlock to first page", keys, number(&inside, "unlock_ms")?, "ms")
                .under((keys == 10_000).then_some(250.0)),
        );
        Ok(())
    }

    fn job(&self, job: &Job, home: &Path, keys: u32, table: &mut Table) -> Result<(), Error> {
        let mut costs = Vec::new();
        for run in 0..self.runs {
            costs.push(self.kw(job, home, keys, run)?);
        }
        let median = |pick: fn(&Cost) -> f64| median(costs.iter().map(pick).collect());
        table.add(
            Figure::new(job.what, keys, median(|cost| cost.cpu_ms), "ms cpu")
                .under(budget(keys, job.cpu)),
        );
        if job.written.is_some() {
            table.add(
                Figure::new("  written by it", keys, median(|cost| cost.written_kib), "KiB")
                    .under(job.written),
            );
        }
        table.add(
            Figure::new("  its memory", keys, median(|cost| cost.peak_mib), "MiB")
                .under(budget(keys, MEMORY)),
        );
        Ok(())
    }

    /// Runs `kw` once.
    fn kw(&self, job: &Job, home: &Path, keys: u32, run: usize) -> Result<Cost, Error> {
        let key = format!("key-{:06}", keys / 2);
        let mut words = vec!["run".to_owned()];
        words.push(self.programs.join("kw").to_string_lossy().into_owned());
        words.push("--passphrase-file".to_owned());
        words.push(home.join("passphrase").to_string_lossy().into_owned());
        words.extend(
            job.words
                .iter()
                .map(|word| word.replace("{key}", &key).replace("{run}", &run.to_string())),
        );
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let cost = ask(self.helper(&words).env("KEYWRIGHT_HOME", home))?;
        Ok(Cost {
            cpu_ms: number(&cost, "cpu_ms")?,
            peak_mib: number(&cost, "peak_kib")? / 1024.0,
            written_kib: number(&cost, "written_kib")?,
        })
    }

    fn derivation(&self, table: &mut Table) -> Result<(), Error> {
        println!("== key derivation");
        let cost = self.measure(&["derivation"])?;
        let mib = number(&cost, "memory_mib")?;
        let what = format!("key derivation, {mib:.0} MiB");
        table.add(Figure::new(&what, 0, number(&cost, "wall_ms")?, "ms"));
        table.add(Figure::new("  its processor time", 0, number(&cost, "cpu_ms")?, "ms cpu"));
        Ok(())
    }

    /// Ten clients' files: a key put into all of them, and replaced in all of them.
    fn places(&self, table: &mut Table) -> Result<(), Error> {
        println!("== ten places");
        let cost = self.measure(&["places"])?;
        let place = number(&cost, "place_ms")?;
        table.add(Figure::new("place into 10 clients", 1, place, "ms").under(Some(1_000.0)));
        let rotate = number(&cost, "rotate_ms")?;
        table.add(Figure::new("rotate with 10 places", 1, rotate, "ms").under(Some(3_000.0)));
        let leak = number(&cost, "leak_ms")?;
        table.add(Figure::new("replace a leaked key of 10", 1, leak, "ms").under(Some(60_000.0)));
        Ok(())
    }

    fn measure(&self, words: &[&str]) -> Result<Value, Error> {
        ask(self.helper(words))
    }

    fn helper(&self, words: &[&str]) -> Command {
        Command::new(self.programs.join("measure")).args(words).quiet()
    }
}

/// What the helper program answers.
fn ask(command: Command) -> Result<Value, Error> {
    serde_json::from_str(&command.output()?)
        .map_err(|error| Error::Answer { program: "measure", what: format!("{error}") })
}

/// The rooms' own benchmarks, by their names in the manifests.
fn rooms(workspace: &Workspace) -> Result<(), Error> {
    for (package, bench) in benches(workspace.packages()) {
        println!("\n== {package}: {bench}");
        Command::cargo("bench", workspace.root())
            .args(["--profile", "measure", "--package", &package, "--bench", &bench])
            .run()?;
    }
    Ok(())
}

fn benches(packages: &[Value]) -> Vec<(String, String)> {
    let text = |value: &Value, name: &str| value.get(name)?.as_str().map(str::to_owned);
    let mut found = Vec::new();
    for package in packages {
        let targets = package.get("targets").and_then(Value::as_array);
        for target in targets.into_iter().flatten() {
            let is_bench = target.pointer("/kind/0").and_then(Value::as_str) == Some("bench");
            if let (true, Some(package), Some(bench)) =
                (is_bench, text(package, "name"), text(target, "name"))
            {
                found.push((package, bench));
            }
        }
    }
    found
}

/// The budget that binds at a size, where there is one.
fn budget(keys: u32, [small, large]: [f64; 2]) -> Option<f64> {
    match keys {
        0..=10_000 => Some(small),
        10_001..=100_000 => Some(large),
        _ => None,
    }
}

fn number(value: &Value, name: &'static str) -> Result<f64, Error> {
    value
        .get(name)
        .and_then(Value::as_f64)
        .ok_or_else(|| Error::Answer { program: "measure", what: format!("no number `{name}`") })
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn benches_are_found_by_their_targets() {
        let packages = serde_json::json!([
            { "name": "vault", "targets": [{ "kind": ["lib"], "name": "vault" }, { "kind": ["bench"], "name": "open" }] },
            { "name": "model", "targets": [{ "kind": ["lib"], "name": "model" }] },
        ]);
        let found = benches(packages.as_array().unwrap());
        assert_eq!(found, [("vault".to_owned(), "open".to_owned())]);
    }

    #[test]
    fn the_median_is_not_moved_by_one_slow_run() {
        assert!((median(vec![3.0, 1.0, 900.0, 2.0, 4.0]) - 3.0).abs() < f64::EPSILON);
        assert!(median(Vec::new()).is_nan());
    }

    #[test]
    fn a_budget_binds_up_to_its_size() {
        assert_eq!(budget(100, [1.0, 2.0]), Some(1.0));
        assert_eq!(budget(100_000, [1.0, 2.0]), Some(2.0));
        assert_eq!(budget(1_000_000, [1.0, 2.0]), None);
    }
}
