//! The clients of this machine.

use std::{collections::HashMap, path::Path};

use keywright_clients::{
    Definition, Machine,
    definition::{FileRule, FormKind, Kind, Rewrites, Scope, Slot},
    process,
};
use keywright_model::{ClientId, PlatformId};

use crate::{
    Error, Service,
    wire::{
        ClientFile, ClientForm, ClientParam, ClientRow, ClientSlot, ClientStep, FormChoice,
        ListClients,
    },
};

impl Service {
    /// All clients, those of this machine first, each with its files.
    pub fn list_clients(&self, request: ListClients) -> Result<Vec<ClientRow>, Error> {
        let machine = self.machine()?;
        let project = (!request.project.is_empty()).then(|| Path::new(&request.project));
        let mut counts: HashMap<ClientId, u32> = HashMap::new();
        self.read(|vault| {
            for placement in vault.index().placements() {
                if let Some(client) = &placement.client {
                    *counts.entry(client.clone()).or_default() += 1;
                }
            }
            Ok(())
        })?;
        let mut rows: Vec<ClientRow> = self
            .inner
            .clients
            .all()
            .map(|client| {
                let count = counts.get(&client.id).copied().unwrap_or_default();
                let store = (!client.store.is_empty()).then(|| PlatformId::new(&client.store));
                let store_params = store.as_ref().map(|id| self.store_params(id));
                ClientRow {
                    store_params: store_params.unwrap_or_default(),
                    store,
                    ..row(client, machine, project, count)
                }
            })
            .collect();
        rows.sort_by_key(|row| {
            (row.placements == 0, !row.installed, !row.agent, row.name.to_lowercase())
        });
        Ok(rows)
    }

    /// What a platform's secret store asks for, beside the secret's name.
    fn store_params(&self, platform: &PlatformId) -> Vec<ClientParam> {
        let profile = self.profile(platform).ok();
        let store = profile.as_ref().and_then(|profile| profile.secret_store());
        let params = store.into_iter().flat_map(|store| &store.params);
        params
            .map(|param| ClientParam {
                name: param.name.clone(),
                label: param.label.clone(),
                default: param.default.clone(),
                only_new: false,
            })
            .collect()
    }
}

fn row(client: &Definition, machine: &Machine, project: Option<&Path>, count: u32) -> ClientRow {
    let running = process::running(&client.processes).unwrap_or_default();
    ClientRow {
        id: client.id.clone(),
        name: client.name.clone(),
        about: client.about.clone(),
        agent: client.kind == Kind::Agent,
        installed: client.installed(machine),
        running: running.iter().map(|one| format!("{} ({})", one.name, one.pid)).collect(),
        placements: count,
        files: client.files.iter().flat_map(|rule| files(rule, machine, project)).collect(),
        slots: client.slots.iter().map(slot).collect(),
        pickup: client.pickup.clone(),
        rewrites: match &client.rewrites {
            Rewrites::Never => String::new(),
            Rewrites::Sometimes(words) | Rewrites::Owns(words) => words.clone(),
        },
        guide: client
            .guide
            .iter()
            .map(|step| ClientStep { say: step.say.clone(), run: step.run.join(" ") })
            .collect(),
        store: None,
        store_params: Vec::new(),
        docs: client.docs.clone(),
        checked: format!("{}, {}", client.checked.by.word(), client.checked.on),
    }
}

fn files(rule: &FileRule, machine: &Machine, project: Option<&Path>) -> Vec<ClientFile> {
    let all = rule.locate(machine, project);
    let found = all.iter().find(|file| file.exists).or_else(|| all.first());
    found
        .map(|file| ClientFile {
            id: rule.id.clone(),
            name: rule.name.clone(),
            scope: scope(rule.scope).to_owned(),
            path: file.path.display().to_string(),
            short: machine.short(&file.path),
            exists: file.exists,
            read_only: rule.read_only.clone().unwrap_or_default(),
        })
        .into_iter()
        .collect()
}

const fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::User => "user",
        Scope::Project => "project",
        Scope::Local => "local",
        Scope::System => "system",
        Scope::Managed => "managed",
    }
}

fn slot(slot: &Slot) -> ClientSlot {
    ClientSlot {
        id: slot.id.clone(),
        name: slot.name.clone(),
        files: slot.files.clone(),
        params: slot
            .params
            .iter()
            .map(|param| ClientParam {
                name: param.name.clone(),
                label: param.label.clone(),
                default: param.default.clone(),
                only_new: param.only_new,
            })
            .collect(),
        forms: slot
            .forms
            .iter()
            .filter(|form| form.write)
            .filter_map(|form| {
                Some(ClientForm { kind: form_choice(form.kind)?, looks: form.value.to_string() })
            })
            .collect(),
        platforms: slot.platforms.iter().map(PlatformId::new).collect(),
    }
}

/// None for what Keywright does not write.
const fn form_choice(kind: FormKind) -> Option<FormChoice> {
    match kind {
        FormKind::Literal => Some(FormChoice::Literal),
        FormKind::Variable => Some(FormChoice::Variable),
        FormKind::File => Some(FormChoice::File),
        FormKind::Secret => Some(FormChoice::Secret),
        FormKind::Asked => None,
    }
}
