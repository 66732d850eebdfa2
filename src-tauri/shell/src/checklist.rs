//! The security checklist of a Tauri application, row by row, read from the files that
//! decide: tauri.conf.json, the capabilities, Cargo.toml. Every row is also shown a
//! planted violation, which it must notice.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::commands;

/// What decides, as read from the repository.
#[derive(Clone)]
struct Setting {
    config: Value,
    capabilities: Vec<Value>,
    manifest: toml::Table,
    windows: String,
    build: String,
    html: Vec<(String, String)>,
}

impl Setting {
    fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let text = |path: &str| fs::read_to_string(root.join(path)).expect(path);
        let parsed = |path: &str| serde_json::from_str::<Value>(&text(path)).expect(path);
        let folder = root.join("src-tauri/shell/capabilities");
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        let capability = |name: &std::ffi::OsString| {
            parsed(&format!("src-tauri/shell/capabilities/{}", name.to_str().unwrap()))
        };
        Self {
            config: parsed("tauri.conf.json"),
            capabilities: names.iter().map(capability).collect(),
            manifest: text("Cargo.toml").parse().unwrap(),
            windows: text("src-tauri/shell/src/windows.rs"),
            build: text("src-tauri/shell/build.rs"),
            html: ["ui/index.html", "ui/door.html", "src-tauri/shell/src/reveal.html"]
                .map(|path| (path.to_owned(), text(path)))
                .into(),
        }
    }

    fn security(&self) -> &Value {
        &self.config["app"]["security"]
    }

    fn permissions(&self) -> impl Iterator<Item = &str> {
        self.capabilities
            .iter()
            .flat_map(|capability| capability["permissions"].as_array().unwrap())
            // An object is a permission with a scope of its own; we have none.
            .map(|permission| permission.as_str().unwrap_or("an object"))
    }

    fn tauri_features(&self) -> Vec<String> {
        let listed = |table: &toml::Table| {
            let tauri = table.get("dependencies")?.get("tauri")?;
            let features = tauri.get("features").and_then(|f| f.as_array()).cloned();
            let default = tauri.get("default-features").and_then(toml::Value::as_bool);
            let mut names: Vec<String> = features
                .unwrap_or_default()
                .iter()
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect();
            if default != Some(false) {
                names.push("default".into());
            }
            Some(names)
        };
        listed(&self.manifest).unwrap()
    }
}

/// One row: what it asks for, whether it holds, and how to break it.
struct Row {
    number: u8,
    asks: &'static str,
    holds: fn(&Setting) -> bool,
    breaks: fn(&mut Setting),
}

const ROWS: &[Row] = &[
    Row {
        number: 1,
        asks: "every command is listed in the app's manifest, and each window's capability grants \
               exactly that window's commands",
        holds: |s| {
            s.build.contains("AppManifest::new().commands(COMMANDS)")
                && granted(s, "main") == allow(commands::MAIN)
                && granted(s, "door") == allow(commands::DOOR)
        },
        breaks: |s| push(&mut s.capabilities[0]["permissions"], "allow-copy-secret"),
    },
    Row {
        number: 2,
        asks: "single permissions only: no default set, nothing that lets a page emit, open the \
               inspector or read files",
        holds: |s| {
            s.permissions().all(|p| {
                let own = !p.contains(':') && p.starts_with("allow-");
                own || ["core:event:allow-listen", "core:event:allow-unlisten"].contains(&p)
            })
        },
        breaks: |s| push(&mut s.capabilities[1]["permissions"], "core:default"),
    },
    Row {
        number: 3,
        asks: "one capability a window, named after it, listed in the configuration; no patterns, \
               no remote pages",
        holds: |s| {
            let names: Vec<&Value> = s.capabilities.iter().map(|c| &c["identifier"]).collect();
            let mut listed: Vec<&Value> =
                s.security()["capabilities"].as_array().unwrap().iter().collect();
            listed.sort_by_key(|name| name.as_str());
            let own = |c: &Value| {
                c["windows"] == json!([c["identifier"]])
                    && c.get("remote").is_none()
                    && c.get("webviews").is_none()
                    && !c["windows"][0].as_str().unwrap().contains('*')
            };
            names == listed && s.capabilities.iter().all(own)
        },
        breaks: |s| s.capabilities[1]["windows"] = json!(["*"]),
    },
    Row {
        number: 4,
        asks: "the content security policy, word for word",
        holds: |s| s.security()["csp"] == policy(),
        breaks: |s| {
            s.config["app"]["security"]["csp"]["style-src"] = json!("'self' 'unsafe-inline'");
        },
    },
    Row {
        number: 5,
        asks: "Tauri may add its hashes to the policy, and there is no other policy for development",
        holds: |s| {
            s.security().get("dangerousDisableAssetCspModification").is_none()
                && s.security().get("devCsp").is_none()
                && s.config["build"].get("devUrl").is_none()
        },
        breaks: |s| s.config["app"]["security"]["devCsp"] = json!("default-src *"),
    },
    Row {
        number: 6,
        asks: "prototypes are frozen",
        holds: |s| s.security()["freezePrototype"] == json!(true),
        breaks: |s| s.config["app"]["security"]["freezePrototype"] = json!(false),
    },
    Row {
        number: 7,
        asks: "no global Tauri object, no protocol that serves files",
        holds: |s| {
            s.config["app"]["withGlobalTauri"] == json!(false)
                && s.security()["assetProtocol"] == json!({ "enable": false })
                && !s.tauri_features().contains(&"protocol-asset".to_owned())
        },
        breaks: |s| s.config["app"]["withGlobalTauri"] = json!(true),
    },
    Row {
        number: 9,
        asks: "a window goes to its own page and nowhere else, opens no other, downloads nothing",
        holds: |s| {
            let denied = [
                ".on_navigation(move |url| here.allows(url))",
                ".on_new_window(|_, _| NewWindowResponse::Deny)",
                ".on_download(|_, _| false)",
                ".on_permission_request(|_, _| PermissionResponse::Deny)",
            ];
            // All windows are made in one place.
            denied.iter().all(|line| s.windows.contains(line))
                && s.windows.matches("WebviewWindowBuilder::new(").count() == 1
                && s.config["app"]["windows"] == json!([])
        },
        breaks: |s| s.config["app"]["windows"] = json!([{ "label": "main" }]),
    },
    Row {
        number: 10,
        asks: "no inspector in a release, and commands that nobody uses are left out",
        holds: |s| {
            let features = s.tauri_features();
            ["devtools", "default", "dynamic-acl"]
                .iter()
                .all(|name| !features.contains(&(*name).to_owned()))
                && s.config["build"]["removeUnusedCommands"] == json!(true)
        },
        breaks: |s| {
            let tauri = s.manifest["dependencies"]["tauri"].as_table_mut().unwrap();
            tauri["features"].as_array_mut().unwrap().push("devtools".into());
        },
    },
    Row {
        number: 11,
        asks: "no deep links",
        holds: |s| lacks(s, "tauri-plugin-deep-link"),
        breaks: |s| depend(s, "tauri-plugin-deep-link"),
    },
    Row {
        number: 12,
        asks: "no updater before it asks for signed versions",
        holds: |s| lacks(s, "tauri-plugin-updater") && s.config.get("plugins").is_none(),
        breaks: |s| depend(s, "tauri-plugin-updater"),
    },
    Row {
        number: 13,
        asks: "nothing that opens links or runs programs for a page",
        holds: |s| lacks(s, "tauri-plugin-shell") && lacks(s, "tauri-plugin-opener"),
        breaks: |s| depend(s, "tauri-plugin-shell"),
    },
    Row {
        number: 14,
        asks: "web views keep nothing",
        holds: |s| {
            s.windows.contains("builder.incognito(true).data_directory(shell.web_folder()?)")
        },
        breaks: |s| s.windows = s.windows.replace("incognito(true)", "incognito(false)"),
    },
    Row {
        number: 15,
        asks: "no frames, and no script or style inside a page",
        holds: |s| {
            s.html.iter().all(|(path, html)| {
                let inline = html.contains("<script>") || html.contains(" style=");
                let styled = html.contains("<style") && !path.ends_with("reveal.html");
                !html.contains("<iframe") && !inline && !styled
            })
        },
        breaks: |s| s.html[0].1.push_str("<iframe src=\"x\"></iframe>"),
    },
];

#[test]
fn every_row_of_the_checklist_holds() {
    let setting = Setting::read();
    for row in ROWS {
        assert!((row.holds)(&setting), "row {}: {}", row.number, row.asks);
    }
}

#[test]
fn every_row_notices_its_violation() {
    let setting = Setting::read();
    for row in ROWS {
        let mut broken = setting.clone();
        (row.breaks)(&mut broken);
        assert!(!(row.holds)(&broken), "row {} is blind: {}", row.number, row.asks);
    }
}

#[test]
fn no_row_is_forgotten() {
    let numbers: Vec<u8> = ROWS.iter().map(|row| row.number).collect();
    // 8, the isolation pattern, is no boundary by its own advisories; we have none.
    let all: Vec<u8> = (1..=15).filter(|number| *number != 8).collect();
    assert_eq!(numbers, all);
}

fn policy() -> Value {
    json!({
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "ipc: http://ipc.localhost",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
    })
}

/// The app's own commands that a window is granted, sorted.
fn granted(setting: &Setting, window: &str) -> Vec<String> {
    let capability = setting.capabilities.iter().find(|c| c["identifier"] == window).unwrap();
    let all = capability["permissions"].as_array().unwrap().iter().filter_map(Value::as_str);
    sorted(all.filter(|name| !name.contains(':')).map(str::to_owned))
}

fn allow(commands: &[&str]) -> Vec<String> {
    sorted(commands.iter().map(|name| format!("allow-{}", name.replace('_', "-"))))
}

fn sorted(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

fn lacks(setting: &Setting, dependency: &str) -> bool {
    !setting.manifest["dependencies"].as_table().unwrap().contains_key(dependency)
}

fn depend(setting: &mut Setting, dependency: &str) {
    let table = setting.manifest["dependencies"].as_table_mut().unwrap();
    table.insert(dependency.into(), "2".into());
}

fn push(list: &mut Value, entry: &str) {
    list.as_array_mut().unwrap().push(json!(entry));
}
