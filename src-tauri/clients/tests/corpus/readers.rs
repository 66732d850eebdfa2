//! Other readers: bash, dash, fish, Python, Node and npm, where this machine has them, read what
//! this crate reads and what it wrote. They run with an empty environment and a home of
//! their own.

use std::{
    fs,
    process::{Command, Stdio},
};

use keywright_clients::{Format, NodePath, Step, edit};
use tempfile::TempDir;

use crate::{
    check::{apply, wanted},
    odd,
    render::files,
    shapes::SHAPES,
};

/// Values that make a careless writer stumble. Those that a format refuses are passed over.
const VALUES: [&str; 15] = [
    "sk-test-not-a-real-key-0002",
    "a/b+c==",
    "it's",
    "a b  c",
    " outer ",
    "$HOME ${HOME} $(id) `id`",
    "say \"hi\"",
    "back\\slash\\\\ \\n",
    "#hash #x",
    "semi;colon ; x",
    "=x",
    "~/x:~/y",
    "%self !! *?[a]{b,c}",
    "größe ключ 鍵",
    "-n",
];

/// A program in a home of its own.
fn program(name: &str, home: &TempDir) -> Command {
    let mut command = Command::new(name);
    command
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("HOME", home.path())
        .env("LANG", "C.UTF-8")
        .current_dir(home.path())
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Whether a program runs here; the reason is printed where it does not.
fn has(name: &str, probe: &[&str], home: &TempDir) -> bool {
    let runs = program(name, home).args(probe).output().is_ok_and(|done| done.status.success());
    if !runs {
        println!("readers: {name} is not here or too old: skipped");
    }
    runs
}

#[expect(clippy::disallowed_methods, reason = "a test's own file in its own folder")]
fn save(home: &TempDir, name: &str, bytes: &[u8]) -> String {
    let path = home.path().join(name);
    fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

/// Real-shape and odd files of a format, with line feeds and no mark.
fn samples(format: Format) -> Vec<Vec<u8>> {
    let shapes = SHAPES.iter().filter(|shape| shape.format == format);
    let made = shapes.flat_map(|shape| files(shape).into_iter().map(|file| file.bytes));
    let plain = |bytes: &Vec<u8>| {
        !bytes.contains(&b'\r') && !bytes.contains(&0) && !bytes.starts_with(b"\xef\xbb\xbf")
    };
    let odd = odd::files().into_iter().filter(|(own, ..)| *own == format);
    let odd = odd.map(|(.., bytes)| bytes);
    made.filter(plain).step_by(3).chain(odd.filter(plain)).collect()
}

/// The texts of a file that stand there once, with their steps.
fn texts(format: Format, bytes: &[u8]) -> Vec<(Vec<String>, String)> {
    let Ok(tree) = edit::read(format, bytes) else { return Vec::new() };
    let name = |step: &Step| match step {
        Step::Key(name) => name.clone(),
        Step::Index(at) => at.to_string(),
    };
    let once = |path: &NodePath| matches!(tree.at(path.steps()), Ok(Some(_)));
    tree.texts()
        .into_iter()
        .filter(|(path, ..)| once(path))
        .map(|(path, value, _)| (path.steps().iter().map(name).collect(), value.text().to_owned()))
        .collect()
}

/// Each value in a file with each style, and new in it; those that are refused are left out.
fn written(format: Format, styles: &[(&str, &str, &str)]) -> Vec<(Vec<u8>, String, String)> {
    let mut made = Vec::new();
    for (text, path, fresh) in styles {
        for value in VALUES {
            for path in [path, fresh] {
                if let Ok(bytes) = apply(format, text.as_bytes(), &wanted(path, value, &[])) {
                    made.push((bytes, (*path).to_owned(), value.to_owned()));
                }
            }
        }
    }
    assert!(made.len() >= styles.len() * 2, "{format:?}: hardly anything was written");
    made
}

/// What a variable is after a shell has read a file.
fn sourced(shell: &str, home: &TempDir, file: &str, name: &str) -> String {
    let script = match shell {
        "fish" => {
            "source $argv[2] >/dev/null 2>&1; printf '\\1%s' (eval echo -n \\\"\\$$argv[1]\\\")"
        }
        _ => "trap 'eval \"printf \\\"\\\\001%s\\\" \\\"\\$$1\\\"\"' EXIT; . \"$2\"",
    };
    let mut command = program(shell, home);
    command.args(match shell {
        "fish" => vec!["-N", "-c", script],
        // Profiles ask whether a person is there.
        "bash" => vec!["--norc", "-i", "-c", script, "_"],
        _ => vec!["-c", script, "_"],
    });
    let done = command.args([name, file]).env("PS1", "x").output().unwrap();
    let out = String::from_utf8(done.stdout).unwrap();
    out.rsplit('\u{1}').next().unwrap_or_default().to_owned()
}

#[test]
fn shells_read_what_was_written() {
    let home = TempDir::new().unwrap();
    let styles = [
        ("export A=x\n", "A", "NEW"),
        ("export A='x'", "A", "NEW"),
        ("A=\"x\" # y\n", "A", "NEW"),
        ("# >>> keywright >>>\nexport A=\n# <<< keywright <<<\n", "A", "NEW"),
    ];
    for shell in ["bash", "dash", "zsh"] {
        if !has(shell, &["-c", "true"], &home) {
            continue;
        }
        let made = written(Format::Shell, &styles);
        for (bytes, name, value) in &made {
            let file = save(&home, "profile", bytes);
            assert_eq!(sourced(shell, &home, &file, name), *value, "{shell}: {value}");
        }
        println!("readers: {shell}: {} values written and read back", made.len());
    }
    if has("fish", &["-c", "true"], &home) {
        let styles = [("set -gx A x\n", "A", "NEW"), ("set -gx A 'x'", "A", "NEW")];
        let made = written(Format::Fish, &styles);
        for (bytes, name, value) in &made {
            let file = save(&home, "config.fish", bytes);
            assert_eq!(sourced("fish", &home, &file, name), *value, "fish: {value}");
        }
        println!("readers: fish: {} values written and read back", made.len());
    }
}

#[test]
fn bash_reads_every_profile_as_this_crate_does() {
    let home = TempDir::new().unwrap();
    if !has("bash", &["-c", "true"], &home) {
        return;
    }
    let mut compared = 0;
    for bytes in samples(Format::Shell) {
        let file = save(&home, "profile", &bytes);
        for (path, value) in texts(Format::Shell, &bytes) {
            let name = path.first().unwrap();
            let shown = String::from_utf8_lossy(&bytes);
            assert_eq!(sourced("bash", &home, &file, name), value, "{name} in {shown}");
            compared += 1;
        }
    }
    println!("readers: bash: {compared} values of profiles read the same");
    assert!(compared >= 40, "{compared}");
}

/// What a script prints of each file: `file NUL steps… NUL value NUL`, `\u{1}` between steps.
fn others(mut command: Command, home: &TempDir, files: &[Vec<u8>]) -> Vec<(usize, String, String)> {
    for (at, bytes) in files.iter().enumerate() {
        command.arg(save(home, &format!("f{at}"), bytes));
    }
    let done = command.output().unwrap();
    let out = String::from_utf8(done.stdout).unwrap();
    let mut fields = out.split('\0');
    let mut found = Vec::new();
    while let (Some(at), Some(path), Some(value)) = (fields.next(), fields.next(), fields.next()) {
        found.push((at.parse().unwrap(), path.to_owned(), value.to_owned()));
    }
    found
}

/// Holds every text that this crate finds against what another reader finds.
fn compare(name: &str, format: Format, files: &[Vec<u8>], other: &[(usize, String, String)]) {
    let mut compared = 0;
    for (at, bytes) in files.iter().enumerate() {
        // A file that the other one refuses has no values there.
        if !other.iter().any(|(own, ..)| *own == at) {
            continue;
        }
        for (path, value) in texts(format, bytes) {
            let path = path.join("\u{1}");
            let theirs = other.iter().find(|(own, theirs, _)| *own == at && *theirs == path);
            // Node takes blanks before `export` and tabs for a part of the name.
            if theirs.is_none() && name == "Node" {
                continue;
            }
            let shown = String::from_utf8_lossy(bytes);
            assert_eq!(theirs.map(|(.., v)| v), Some(&value), "{name}: {path} in {shown}");
            compared += 1;
        }
    }
    println!("readers: {name}: {compared} values of {} files read the same", files.len());
    assert!(compared >= 60, "{name}: {compared}");
}

/// Holds every value that was written against what another reader finds.
fn compare_written(
    name: &str,
    made: &[(Vec<u8>, String, String)],
    other: &[(usize, String, String)],
) {
    for (at, (bytes, path, value)) in made.iter().enumerate() {
        let steps = NodePath::parse(path).unwrap();
        let path = steps.steps().iter().map(|step| match step {
            Step::Key(name) => name.as_str(),
            Step::Index(_) => "",
        });
        let path = path.collect::<Vec<_>>().join("\u{1}");
        let theirs = other.iter().find(|(own, theirs, _)| *own == at && *theirs == path);
        let shown = String::from_utf8_lossy(bytes);
        assert_eq!(theirs.map(|(.., v)| v), Some(value), "{name}: {path} in {shown}");
    }
    println!("readers: {name}: {} values written and read back", made.len());
}

const NODE: &str = r"
const fs = require('fs'), util = require('util');
process.argv.slice(1).forEach((file, at) => {
    for (const [name, value] of Object.entries(util.parseEnv(fs.readFileSync(file, 'utf8'))))
        process.stdout.write(`${at}\0${name}\0${value}\0`);
});
";

#[test]
fn node_reads_env_files_as_this_crate_does() {
    let home = TempDir::new().unwrap();
    if !has("node", &["-e", "require('util').parseEnv('')"], &home) {
        return;
    }
    let node = || {
        let mut command = program("node", &home);
        command.args(["-e", NODE, "--"]);
        command
    };
    let files = samples(Format::Dotenv);
    compare("Node", Format::Dotenv, &files, &others(node(), &home, &files));

    let styles = [
        ("A=x\n", "A", "NEW"),
        ("export A='x'", "A", "NEW"),
        ("A=\"x\" # y\n", "A", "NEW"),
        ("A=\"a\\\"b$c\"\n", "A", "NEW"),
        ("A=", "A", "NEW"),
    ];
    let made = written(Format::Dotenv, &styles);
    let files: Vec<_> = made.iter().map(|(bytes, ..)| bytes.clone()).collect();
    compare_written("Node", &made, &others(node(), &home, &files));
    for shell in ["bash", "dash"] {
        if has(shell, &["-c", "true"], &home) {
            for (bytes, name, value) in &made {
                let file = save(&home, ".env", bytes);
                assert_eq!(sourced(shell, &home, &file, name), *value, "{shell}: {value}");
            }
            println!("readers: {shell}: {} values of .env files read back", made.len());
        }
    }
    for (bytes, name, value) in made.iter().step_by(5) {
        let file = save(&home, ".env", bytes);
        let mut command = program("node", &home);
        command.args([&format!("--env-file={file}"), "-p", &format!("process.env.{name}")]);
        let done = command.output().unwrap();
        assert_eq!(String::from_utf8(done.stdout).unwrap(), format!("{value}\n"));
    }
}

/// npm's own reader, from the npm that comes with Node.
const NPM: &str = r"
const fs = require('fs'), path = require('path');
const root = path.join(path.dirname(process.execPath), '..', 'lib', 'node_modules', 'npm');
const ini = require(path.join(root, 'node_modules', 'ini'));
process.argv.slice(1).forEach((file, at) => {
    const show = (node, names) => Object.entries(node).forEach(([name, value]) => {
        if (value && typeof value === 'object') return show(value, [...names, name]);
        process.stdout.write(`${at}\0${[...names, name].join('\u0001')}\0${value}\0`);
    });
    // The only way to see a name with dots as one.
    show(ini.parse(fs.readFileSync(file, 'utf8')), []);
});
";

#[test]
fn npm_reads_what_was_written() {
    let home = TempDir::new().unwrap();
    if !has("node", &["-e", NPM, "--"], &home) {
        return;
    }
    let npm = || {
        let mut command = program("node", &home);
        command.args(["-e", NPM, "--"]);
        command
    };
    let path = "\"//registry.example/:_authToken\"";
    let fresh = "\"//other.example/:_authToken\"";
    let styles = [
        ("//registry.example/:_authToken=x\n", path, fresh),
        ("; a\n//registry.example/:_authToken = \"x\"", path, fresh),
        ("fund=false\n//registry.example/:_authToken=\n", path, fresh),
    ];
    let made = written(Format::Npmrc, &styles);
    let files: Vec<_> = made.iter().map(|(bytes, ..)| bytes.clone()).collect();
    compare_written("npm", &made, &others(npm(), &home, &files));
    let files = samples(Format::Npmrc);
    compare("npm", Format::Npmrc, &files, &others(npm(), &home, &files));
}

const INI: &str = r"
import configparser, sys
for at, file in enumerate(sys.argv[1:]):
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True, default_section='\2')
    parser.optionxform = str
    try:
        parser.read(file, encoding='utf-8')
    except configparser.Error:
        continue
    for section in parser.sections():
        for name, value in parser.items(section):
            if value is not None:
                sys.stdout.write(f'{at}\0{section}\1{name}\0{value}\0')
";

const NETRC: &str = r"
import netrc, sys
for at, file in enumerate(sys.argv[1:]):
    try:
        hosts = netrc.netrc(file).hosts
    except netrc.NetrcParseError:
        continue
    for host, (login, account, password) in hosts.items():
        for name, value in (('login', login), ('account', account), ('password', password)):
            if value:
                sys.stdout.write(f'{at}\0{host}\1{name}\0{value}\0')
";

fn python(script: &str, home: &TempDir) -> Command {
    let mut command = program("python3", home);
    command.args(["-I", "-X", "utf8", "-c", script]);
    command
}

#[test]
fn python_reads_ini_files_as_this_crate_does() {
    let home = TempDir::new().unwrap();
    if !has("python3", &["-c", "import configparser"], &home) {
        return;
    }
    // Quotes are part of the value for Python, and names before a section are an error.
    let files: Vec<_> =
        samples(Format::Ini).into_iter().filter(|bytes| !bytes.contains(&b'"')).collect();
    compare("configparser", Format::Ini, &files, &others(python(INI, &home), &home, &files));
    let styles = [
        ("[s]\na = x\n", "s.a", "s.b"),
        ("[s]\na=x", "s.a", "t.b"),
        ("[s]\nlist =\n  1\n  2\na: x\n\n[t]\n", "s.a", "t.b"),
    ];
    let made = written(Format::Ini, &styles);
    let files: Vec<_> = made.iter().map(|(bytes, ..)| bytes.clone()).collect();
    compare_written("configparser", &made, &others(python(INI, &home), &home, &files));
}

#[test]
fn python_reads_netrc_files_as_this_crate_does() {
    let home = TempDir::new().unwrap();
    if !has("python3", &["-c", "import netrc"], &home) {
        return;
    }
    let files = samples(Format::Netrc);
    compare("netrc", Format::Netrc, &files, &others(python(NETRC, &home), &home, &files));
    let styles = [
        ("machine h login u password x\n", "h.password", "i.password"),
        ("machine h\n  login u\n  password \"x\"", "h.password", "h.account"),
        ("machine h login u password x\ndefault login a password b\n", "h.password", "i.password"),
    ];
    let made = written(Format::Netrc, &styles);
    let files: Vec<_> = made.iter().map(|(bytes, ..)| bytes.clone()).collect();
    compare_written("netrc", &made, &others(python(NETRC, &home), &home, &files));
}
