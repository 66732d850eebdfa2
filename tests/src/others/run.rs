//! Runs tests against one server, one after the other, and tells how each went.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    time::Instant,
};

/// A test against a server.
pub struct Case<P> {
    /// The function's.
    pub name: &'static str,
    /// The function.
    pub run: for<'a> fn(&'a P) -> Pin<Box<dyn Future<Output = ()> + 'a>>,
}

/// Tests by their functions' names.
#[macro_export]
macro_rules! cases {
    ($($file:ident::$name:ident),* $(,)?) => {
        &[$($crate::others::run::Case { name: stringify!($name), run: |peer| Box::pin($file::$name(peer)) }),*]
    };
}

/// Why a server cannot be had here, which is nobody's fault.
pub struct Absent(pub String);

/// How many went how.
#[derive(Debug, Default, Clone, Copy)]
pub struct Tally {
    passed: u32,
    /// Those that did not hold.
    pub failed: u32,
    skipped: u32,
}

impl Tally {
    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let result = if self.failed == 0 { "ok" } else { "FAILED" };
        let Self { passed, failed, skipped } = self;
        write!(f, "test result: {result}. {passed} passed; {failed} failed; {skipped} ignored")
    }
}

/// Starts a server, runs the tests that are asked for, and stops it whatever happens.
pub fn group<P>(filter: &str, start: fn() -> Result<P, Absent>, cases: &[Case<P>]) -> Tally {
    let cases: Vec<&Case<P>> = cases.iter().filter(|case| case.name.contains(filter)).collect();
    let mut tally = Tally::default();
    if cases.is_empty() {
        return tally;
    }
    let begun = Instant::now();
    let peer = match catch_unwind(start) {
        Ok(Ok(peer)) => peer,
        Ok(Err(Absent(why))) => {
            for case in &cases {
                println!("test {} ... skipped: {why}", case.name);
            }
            tally.skipped = count(cases.len());
            return tally;
        }
        Err(_) => {
            for case in &cases {
                println!("test {} ... FAILED: nothing to run it against", case.name);
            }
            tally.failed = count(cases.len());
            return tally;
        }
    };
    println!("what {} tests run against is there after {:.1?}", cases.len(), begun.elapsed());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for case in cases {
        let begun = Instant::now();
        let run = AssertUnwindSafe(|| runtime.block_on((case.run)(&peer)));
        let passed = catch_unwind(run).is_ok();
        let word = if passed { "ok" } else { "FAILED" };
        println!("test {} ... {word} ({:.1?})", case.name, begun.elapsed());
        *(if passed { &mut tally.passed } else { &mut tally.failed }) += 1;
    }
    tally
}

fn count(cases: usize) -> u32 {
    u32::try_from(cases).unwrap_or(u32::MAX)
}
