//! A person's home with the files of ten clients, and one key that goes into all of them.

use std::{
    collections::BTreeMap,
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use keywright_clients::{Machine, Os};
use keywright_model::{ClientId, Expiry, KeyId, PlatformId, Secret};
use keywright_service::{
    Access, Clock, Error, Home, Kdf, Service, Setup, VaultState,
    wire::{AddKey, Connect, FormChoice, PlaceKey, PlaceTarget},
};
use keywright_vault::KdfParams;

use crate::desk::PASSPHRASE;

/// The key's name.
pub const NAME: &str = "erp";
/// What stands in the files before.
pub const OLD: &str = "old-not-a-real-key-0000";
/// The key that is placed.
pub const NEW: &str = "ace_live_not-a-real-key-0001";

/// Client, file below the home, content.
const FILES: [(&str, &str, &str); 10] = [
    (
        "claude-code",
        ".claude.json",
        "{\n  \"numStartups\": 7,\n  \"mcpServers\": {\"erp\": {\"type\": \"http\", \"url\": \
         \"https://erp.example/mcp\", \"headers\": {\"Authorization\": \"Bearer OLD\"}}}\n}\n",
    ),
    (
        "cursor",
        ".cursor/mcp.json",
        "{\"mcpServers\":{\"erp\":{\"url\":\"https://erp.example/mcp\",\"headers\":\
         {\"Authorization\":\"Bearer OLD\"}}}}",
    ),
    (
        "vscode",
        ".config/Code/User/mcp.json",
        "{\r\n\t// mine\r\n\t\"servers\": {\r\n\t\t\"erp\": {\r\n\t\t\t\"type\": \"http\",\r\n\
         \t\t\t\"url\": \"https://erp.example/mcp\",\r\n\t\t\t\"headers\": {\r\n\t\t\t\t\
         \"Authorization\": \"Bearer OLD\"\r\n\t\t\t}\r\n\t\t},\r\n\t},\r\n}\r\n",
    ),
    (
        "windsurf",
        ".codeium/windsurf/mcp_config.json",
        "{\n    \"mcpServers\": {\n        \"erp\": {\n            \"serverUrl\": \
         \"https://erp.example/mcp\",\n            \"headers\": { \"Authorization\": \"Bearer \
         OLD\" }\n        }\n    }\n}\n",
    ),
    (
        "zed",
        ".config/zed/settings.json",
        "// Zed\n{\n  \"theme\": \"One\",\n  \"context_servers\": {\n    \"erp\": {\n      \
         \"url\": \"https://erp.example/mcp\",\n      \"headers\": { \"Authorization\": \"Bearer \
         OLD\" },\n    },\n  },\n}\n",
    ),
    (
        "codex",
        ".codex/config.toml",
        "# mine\nmodel = \"gpt\"\n\n[mcp_servers.erp] # erp\nurl = \"https://erp.example/mcp\"\n\
         http_headers = { \"Authorization\" = \"Bearer OLD\" }\n",
    ),
    (
        "gemini-cli",
        ".gemini/settings.json",
        "{\n  \"mcpServers\": {\n    \"erp\": {\n      \"httpUrl\": \
         \"https://erp.example/mcp\",\n      \"headers\": {\n        \"Authorization\": \"Bearer \
         OLD\"\n      }\n    }\n  }\n}",
    ),
    (
        "opencode",
        ".config/opencode/opencode.json",
        "{\n  \"$schema\": \"https://opencode.ai/config.json\",\n  \"mcp\": {\n    \"erp\": {\n      \
         \"type\": \"remote\",\n      \"url\": \"https://erp.example/mcp\",\n      \"headers\": { \
         \"Authorization\": \"Bearer OLD\" }\n    }\n  }\n}\n",
    ),
    (
        "goose",
        ".config/goose/config.yaml",
        "# goose\nextensions:\n  erp:\n    type: streamable_http\n    uri: \
         https://erp.example/mcp\n    headers:\n      Authorization: Bearer OLD # mine\n    \
         enabled: true\n",
    ),
    (
        "qwen-code",
        ".qwen/settings.json",
        "{\n  \"mcpServers\": {\n    \"erp\": {\n      \"httpUrl\": \
         \"https://erp.example/mcp\",\n      \"headers\": {\"Authorization\": \"Bearer \
         OLD\"}\n    }\n  }\n}\n",
    ),
];

/// The person's machine.
pub fn machine(user: &Path) -> Machine {
    Machine {
        os: Os::Linux,
        home: user.to_owned(),
        environment: BTreeMap::new(),
        name: "testbox".into(),
    }
}

/// The service over the vault in `folder/vault`, with the home `folder/user`.
pub fn open(folder: &Path) -> Result<Service, Error> {
    open_by(folder, Clock::system())
}

/// The same by another clock.
pub fn open_by(folder: &Path, clock: Clock) -> Result<Service, Error> {
    let kdf = Kdf::Fixed(KdfParams::for_tests());
    let setup = Setup { access: Access::Write, kdf };
    let home = Home::at(folder.join("vault")).on(machine(&folder.join("user")));
    let service = Service::new(home, clock, setup)?;
    let passphrase = Secret::copy_of(PASSPHRASE);
    match service.vault_state() {
        VaultState::Missing => drop(service.make_vault(&passphrase)?),
        _ => service.unlock(&passphrase)?,
    }
    Ok(service)
}

/// Writes the ten files.
pub fn write_files(user: &Path) -> io::Result<()> {
    for (path, text) in files(user, OLD) {
        fs::create_dir_all(path.parent().unwrap_or(user))?;
        write(&path, &text)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640))?;
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the files of other programs, made for a test")]
fn write(path: &Path, text: &str) -> io::Result<()> {
    fs::write(path, text)
}

/// The ten files as they are with this key in them.
pub fn files(user: &Path, key: &str) -> Vec<(PathBuf, String)> {
    FILES.iter().map(|(_, path, text)| (user.join(path), text.replace("OLD", key))).collect()
}

/// A vault with the one key that is to be placed.
pub async fn key(service: &Service) -> Result<KeyId, Error> {
    let connection = service
        .connect(
            Connect {
                platform: PlatformId::new("bivariant"),
                name: "acme".into(),
                base_url: None,
                variables: Vec::new(),
                credential_expires: Expiry::Unknown,
            },
            None,
        )
        .await?;
    let new = AddKey {
        connection: connection.id,
        name: NAME.into(),
        label: String::new(),
        note: String::new(),
        owner: String::new(),
        tags: Vec::new(),
        scopes: Vec::new(),
        expires: Expiry::Unknown,
    };
    Ok(service.add_key(new, Some(Secret::copy_of(NEW)))?.row.id)
}

/// Into all ten.
pub fn request(key: KeyId) -> PlaceKey {
    let target = |client: &str| PlaceTarget {
        client: ClientId::new(client),
        slot: "mcp-header".into(),
        file: String::new(),
        project: String::new(),
        form: FormChoice::Literal,
        params: BTreeMap::from([("server".to_owned(), "erp".to_owned())]),
    };
    PlaceKey { key, targets: FILES.iter().map(|(id, ..)| target(id)).collect(), insist: false }
}
