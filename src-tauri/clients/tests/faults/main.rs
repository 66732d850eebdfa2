//! A process that replaces ten files dies, or the disk fails, at each of its system calls.
//! This program runs itself under `strace` as the worker that suffers it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "the worker tells what it has written")]

#[cfg(target_os = "linux")]
mod points;
#[cfg(target_os = "linux")]
mod worker;

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("skipped: strace is Linux only");
}

#[cfg(target_os = "linux")]
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["work", home] => worker::work(std::path::Path::new(home)),
        ["--list", ..] => {}
        words if words.iter().all(|word| word.starts_with('-') || NAME.contains(word)) => {
            let start = std::time::Instant::now();
            points::all();
            println!("test {NAME} ... ok ({:.1} s)", start.elapsed().as_secs_f64());
        }
        _ => {}
    }
}

#[cfg(target_os = "linux")]
const NAME: &str = "a_file_is_the_old_or_the_new_one_wherever_its_writer_dies";
