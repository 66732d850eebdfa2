//! Crashes: `kill -9`, failing system calls and power loss, at every point of a vault's
//! life. This program runs itself under `strace` as the worker that suffers them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "the worker acknowledges its writes on standard output")]

#[expect(dead_code, reason = "the other tests use the rest")]
#[path = "../vault/common.rs"]
mod common;
mod faults;
mod life;
mod power;
mod system;
mod trace;

use std::{path::Path, process::Command, time::Instant};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["work", dir, durability] => life::work(Path::new(dir), *durability == "normal"),
        ["hold", dir] => system::hold(Path::new(dir)),
        ["visit", dir] => system::visit(Path::new(dir)),
        ["--list", ..] => {}
        _ => tests(),
    }
}

fn tests() {
    let found = Command::new("strace").arg("--version").output();
    assert!(
        found.is_ok_and(|output| output.status.success()),
        "strace is needed and was not found; `cargo xtask test` installs it"
    );
    let tests: [(&str, fn()); 7] = [
        ("a_second_instance_is_turned_away_until_the_first_dies", system::second_instance),
        ("a_read_only_folder_is_told_and_can_be_read", system::read_only_folder),
        ("a_full_disk_is_told_and_loses_nothing", system::full_disk),
        ("no_killed_process_loses_an_acknowledged_write", faults::killed),
        ("no_failing_disk_loses_an_acknowledged_write", faults::failing),
        ("no_power_loss_loses_an_acknowledged_write", power::full),
        ("the_control_run_with_weaker_syncing_does_lose", power::normal),
    ];
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    for (name, test) in tests {
        if !wanted.is_empty() && !wanted.iter().any(|word| name.contains(word.as_str())) {
            continue;
        }
        let start = Instant::now();
        test();
        println!("test {name} ... ok ({:.1} s)", start.elapsed().as_secs_f64());
    }
}
