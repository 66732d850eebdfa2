//! The script that the README shows does what it says.

use std::{path::Path, process::Command};

use super::terminal::program;

#[test]
fn the_tour_does_the_whole_job_in_under_thirty_lines() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("docs/tour.sh");
    let text = std::fs::read_to_string(&script).unwrap();
    assert!(text.lines().count() < 30, "{} lines", text.lines().count());

    let folder = tempfile::tempdir().unwrap();
    let mut path = program().parent().unwrap().as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let output = Command::new("sh")
        .arg(&script)
        .env("PATH", path)
        .env("TMPDIR", folder.path())
        .env_remove("KEYWRIGHT_HOME")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}\n{errors}");
    assert!(told.contains("Revoked, proved dead"), "{told}\n{errors}");
    assert!(told.contains("The log is whole"), "{told}\n{errors}");

    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("README.md");
    if let Ok(readme) = std::fs::read_to_string(readme) {
        assert!(readme.contains(text.trim_end()), "README.md does not show docs/tour.sh as it is");
    }
}
