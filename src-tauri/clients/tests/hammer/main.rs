//! Eight programs write one file of the shape of `~/.claude.json`, dozens of times a second,
//! while keys are placed in it: no edit of theirs may be lost, no reader may find a broken
//! file, and all our keys must be there at the end.
//!
//! Fifteen seconds; `KEYWRIGHT_HAMMER_SECONDS=60` runs a whole minute, and
//! `KEYWRIGHT_HAMMER_PAUSE_MS` is the longest rest of a writer between two of its edits, 250.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "tells what it has measured")]

#[cfg(target_os = "linux")]
mod foreign;
#[cfg(target_os = "linux")]
mod ours;

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("skipped: files are exchanged on Linux only");
}

#[cfg(target_os = "linux")]
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["write", home, number, pause] => {
            let (number, pause) = (number.parse().unwrap(), pause.parse().unwrap());
            foreign::write(std::path::Path::new(home), number, pause);
        }
        ["--list", ..] => {}
        words => tests(words),
    }
}

#[cfg(target_os = "linux")]
fn tests(words: &[&str]) {
    let tests: [(&str, fn()); 2] = [
        ("the_control_that_writes_like_others_does_lose_edits", ours::control),
        ("no_edit_of_eight_writers_is_lost_while_keys_are_placed", || {
            ours::place_all(setting("KEYWRIGHT_HAMMER_SECONDS", 15), setting(PAUSE, 250));
        }),
    ];
    for (name, test) in tests {
        if words.iter().all(|word| word.starts_with('-') || name.contains(word)) {
            let start = std::time::Instant::now();
            test();
            println!("test {name} ... ok ({:.1} s)", start.elapsed().as_secs_f64());
        }
    }
}

#[cfg(target_os = "linux")]
const PAUSE: &str = "KEYWRIGHT_HAMMER_PAUSE_MS";

#[cfg(target_os = "linux")]
fn setting(name: &str, default: u64) -> u64 {
    #[expect(clippy::disallowed_methods, reason = "how long the test runs")]
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}
