//! What is done before anything else runs, so that no other program of the same
//! user reads this one's memory, and no crash writes it to disk.

/// No core dumps, no debugger, no `/proc/self/mem` for others.
///
/// A portal refuses a process that cannot be dumped, so file dialogs are drawn in
/// process. The web processes are programs of their own and do not inherit this,
/// which is one more reason why secrets stay out of them.
#[cfg(target_os = "linux")]
pub(crate) fn process() {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    // Where the system refuses, there is nothing better to fall back on than going on:
    // a vault that cannot be opened protects nobody.
    setrlimit(Resource::Core, none).ok();
    set_dumpable_behavior(DumpableBehavior::NotDumpable).ok();
}

/// No core dumps.
#[cfg(all(unix, not(target_os = "linux")))]
pub(crate) fn process() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }).ok();
}

/// Nothing yet on other systems.
#[cfg(not(unix))]
pub(crate) fn process() {}
