//! Writes the TypeScript twins of everything that crosses to a window, and notices
//! when the file in the front end is stale.
//!
//! `cargo xtask bindings` runs this with `KEYWRIGHT_BINDINGS=write`.

use std::{
    any::TypeId,
    collections::{BTreeMap, HashSet},
    path::Path,
};

use keywright_service::wire::{Failure, Progress};
use ts_rs::{Config, TS, TypeVisitor};

use crate::commands;

const FILE: &str = "ui/src/ipc/bindings.ts";
const HEAD: &str = "// Generated from the Rust types by `cargo xtask bindings`; do not edit.\n";

/// Is shown every command of the table.
pub(crate) trait Collect {
    /// A command of the main window.
    fn main<Q: TS + 'static, A: TS + 'static>(&mut self, name: &str);
    /// A command of the throw-away window.
    fn door<Q: TS + 'static, A: TS + 'static>(&mut self, name: &str);
}

#[derive(Default)]
struct Bindings {
    config: Config,
    seen: HashSet<TypeId>,
    /// By name: the order in which a type tells what it is made of changes with each build.
    types: BTreeMap<String, String>,
    main: String,
    door: String,
}

impl Bindings {
    fn line<Q: TS + 'static, A: TS + 'static>(&mut self, name: &str) -> String {
        self.visit::<Q>();
        self.visit::<A>();
        format!("  {name}: [{}, {}],\n", Q::name(&self.config), A::name(&self.config))
    }

    fn file(mut self) -> String {
        self.visit::<Progress>();
        self.visit::<Failure>();
        commands::collect(&mut self);
        let append = |all: String, decl: &String| all + "\nexport " + decl + "\n";
        let types = self.types.values().fold(String::new(), append);
        format!(
            "{HEAD}{}\nexport type Commands = {{\n{}}};\n\nexport type DoorCommands = {{\n{}}};\n",
            types, self.main, self.door
        )
    }
}

impl Collect for Bindings {
    fn main<Q: TS + 'static, A: TS + 'static>(&mut self, name: &str) {
        let line = self.line::<Q, A>(name);
        self.main.push_str(&line);
    }

    fn door<Q: TS + 'static, A: TS + 'static>(&mut self, name: &str) {
        let line = self.line::<Q, A>(name);
        self.door.push_str(&line);
    }
}

impl TypeVisitor for Bindings {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
        // Types of our own have a file; numbers, lists and options have none.
        if T::output_path().is_some() {
            self.types.insert(T::name(&self.config), T::decl(&self.config));
        }
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "asked for by `cargo xtask bindings`")]
fn the_bindings_in_the_front_end_are_what_the_types_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let fresh = Bindings::default().file();
    if std::env::var("KEYWRIGHT_BINDINGS").is_ok_and(|set| set == "write") {
        std::fs::write(&path, &fresh).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    // Compared line by line, so that a failure shows the first line that differs.
    for (number, (there, fresh)) in there.lines().zip(fresh.lines()).enumerate() {
        assert_eq!(there, fresh, "{FILE}:{}: run `cargo xtask bindings`", number + 1);
    }
    assert_eq!(there.len(), fresh.len(), "{FILE} is stale: run `cargo xtask bindings`");
}

#[test]
fn no_type_of_the_bindings_can_hold_a_secret_on_its_way_out() {
    let bindings = Bindings::default().file();
    assert!(bindings.contains("export type Commands"));
    assert!(!bindings.contains("type Secret ="), "a secret type has a twin in TypeScript");
}
