//! What the process gives up before it touches a secret.

/// No core file and no debugger: what is in memory stays in memory.
///
/// A system that refuses one of them still gets the other; nothing that `kw` does depends on it.
#[cfg(unix)]
pub(crate) fn close_process() {
    use rustix::process::{Resource, Rlimit, setrlimit};

    let none = Rlimit { current: Some(0), maximum: Some(0) };
    setrlimit(Resource::Core, none).ok();
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        set_dumpable_behavior(DumpableBehavior::NotDumpable).ok();
    }
}

/// Windows writes no core files unless it is told to.
#[cfg(not(unix))]
pub(crate) fn close_process() {}
