//! What a profile would do, told before it is trusted: every call, where it
//! goes and what it carries. And what is asked for each time.

use std::collections::BTreeSet;

use crate::{
    Profile,
    profile::{
        auth::{Auth, Token},
        operation::{Call, Operation, Side},
        secret_store::{Calls, SecretStore, StorePlace},
    },
    template::{Piece, Text, Tree, Var},
};

/// How the two secrets are told.
const CREDENTIAL: &str = "{credential}";
const KEY_ITSELF: &str = "{the key itself}";

/// What the calls of a secret store are for.
const READS_SEALING_KEY: &str = "read the sealing key";
const LOOKS_AT_STORED: &str = "look at the stored secret";
const STORES: &str = "store a secret";
const REMOVES_STORED: &str = "remove a stored secret";

/// One call that a profile can make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlinedCall {
    /// What it is for: `list`, `create`…; `log in` for a log-in.
    pub operation: &'static str,
    /// Its method.
    pub method: String,
    /// Its path below the connection's address, with `{account.…}` for settings.
    pub path: String,
    /// What it carries, in words: "header authorization: the credential".
    pub carries: Vec<String>,
}

impl Profile {
    /// Every call that the profile can make, in a fixed order.
    pub fn outline(&self) -> Vec<OutlinedCall> {
        let logs_in =
            [&self.auth.manage, &self.auth.using].into_iter().find_map(|auth| match auth {
                Auth::Login(login) => Some(Self::call("log in", &login.call, None)),
                _ => None,
            });
        let operations = self.operations.iter().map(|(kind, operation)| {
            let mut call = Self::call(kind.word(), &operation.call, self.auth_of(operation));
            if operation.side == Side::Using {
                // There the key takes the credential's place.
                let told =
                    |carried: &mut String| *carried = carried.replace(CREDENTIAL, KEY_ITSELF);
                call.carries.iter_mut().for_each(told);
            }
            call
        });
        logs_in.into_iter().chain(operations).chain(self.store_outline()).collect()
    }

    /// The calls of the secret store, on each of its shelves.
    fn store_outline(&self) -> Vec<OutlinedCall> {
        let all = self.secret_store().into_iter().flat_map(SecretStore::all_calls);
        all.flat_map(|calls| {
            [
                (READS_SEALING_KEY, &calls.public_key),
                (LOOKS_AT_STORED, &calls.stat),
                (STORES, &calls.put),
                (REMOVES_STORED, &calls.delete),
            ]
        })
        .map(|(word, operation)| Self::call(word, &operation.call, self.auth_of(operation)))
        .collect()
    }

    /// What putting a secret in a place sends, in its order: paths with their values, bodies in
    /// words. Makes no call.
    pub fn store_calls(&self, place: &StorePlace) -> Vec<OutlinedCall> {
        let calls = self.secret_store().and_then(|store| store.calls(place));
        let told = |(word, operation): (&'static str, &Operation)| {
            let mut call = Self::call(word, &operation.call, self.auth_of(operation));
            if let Ok(path) = operation.call.path.fill_path(&place.values()) {
                call.path = path;
            }
            call
        };
        let in_order = |calls: &Calls| {
            [
                (LOOKS_AT_STORED, &calls.stat),
                (READS_SEALING_KEY, &calls.public_key),
                (STORES, &calls.put),
            ]
            .map(told)
        };
        calls.map(in_order).into_iter().flatten().collect()
    }

    /// Origins of pages that the profile may open besides the connection's own.
    pub fn page_origins(&self) -> Vec<String> {
        self.guide.as_ref().map(|guide| guide.origins().to_vec()).unwrap_or_default()
    }

    /// What making, renaming or ending a key asks for each time (`ask.…`), by the operation's word.
    pub fn asks(&self, operation: &str) -> Vec<String> {
        let mut names = BTreeSet::new();
        let found = self.operations.iter().find(|(kind, _)| kind.word() == operation);
        if let Some((_, operation)) = found {
            collect(&operation.call, &mut names);
            if let Some(Auth::Login(login)) = self.auth_of(operation) {
                collect(&login.call, &mut names);
            }
        }
        names.into_iter().collect()
    }

    const fn auth_of(&self, operation: &Operation) -> Option<&Auth> {
        match operation.side {
            Side::Manage => Some(&self.auth.manage),
            Side::Using => Some(&self.auth.using),
            Side::None => None,
        }
    }

    fn call(operation: &'static str, call: &Call, auth: Option<&Auth>) -> OutlinedCall {
        let mut carries = auth.map(identifies).unwrap_or_default();
        carries.extend(call.headers.iter().map(|(name, text)| header(name.as_str(), text)));
        carries
            .extend(call.query.iter().map(|(name, text)| format!("query {name}={}", shown(text))));
        let mut body = Vec::new();
        if let Some(tree) = &call.body {
            told(tree, "", &mut body);
        }
        if !body.is_empty() {
            carries.push(format!("body {}", body.join(", ")));
        }
        OutlinedCall {
            operation,
            method: call.method.to_string(),
            path: shown(&call.path),
            carries,
        }
    }
}

fn identifies(auth: &Auth) -> Vec<String> {
    match auth {
        Auth::None => Vec::new(),
        Auth::Headers(headers) => {
            headers.iter().map(|(name, text)| header(name.as_str(), text)).collect()
        }
        Auth::Basic { user, password } => {
            vec![format!("header authorization: Basic {}:{}", shown(user), shown(password))]
        }
        Auth::Login(login) => {
            let from = match &login.token {
                Token::Pointer(_) => "the log-in's token",
                Token::Cookie(_) => "the log-in's cookie",
            };
            let name =
                |(name, _): &(reqwest::header::HeaderName, Text)| format!("header {name}: {from}");
            login.headers.iter().map(name).collect()
        }
    }
}

fn header(name: &str, text: &Text) -> String {
    format!("header {name}: {}", shown(text))
}

/// The leaves of a body that carry something: `name`, `scopes as permissions`.
fn told(tree: &Tree, at: &str, out: &mut Vec<String>) {
    match tree {
        Tree::Literal(value) if !at.is_empty() => out.push(format!("{at}={value}")),
        Tree::Literal(_) => {}
        Tree::Var(var, _) => out.push(format!("{at}={}", word(var))),
        Tree::Has(scope) => out.push(format!("{at}={{whether {scope} is chosen}}")),
        Tree::List(items) => items.iter().for_each(|item| told(item, at, out)),
        Tree::Object(members) => {
            for (name, member) in members {
                let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                told(member, &path, out);
            }
        }
    }
}

fn shown(text: &Text) -> String {
    text.0
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Var(var) => word(var),
        })
        .collect()
}

/// A variable in the words of the reference.
fn word(var: &Var) -> String {
    match var {
        Var::Account(name) | Var::AccountPath(name) => format!("{{account.{name}}}"),
        Var::Credential => CREDENTIAL.into(),
        Var::CredentialPart(at) => format!("{{line {} of the credential}}", at + 1),
        Var::LoginToken => "{login.token}".into(),
        Var::Name => "{name}".into(),
        Var::Scopes => "{scopes}".into(),
        Var::Axis(id) => format!("{{scopes.{id}}}"),
        Var::Expires(_) => "{expires}".into(),
        Var::KeyId => "{key.id}".into(),
        Var::KeySecret => KEY_ITSELF.into(),
        Var::NewSecret => "{a secret made here}".into(),
        Var::Page(_) => "{page}".into(),
        Var::Place(name) | Var::PlacePath(name) => format!("{{place.{name}}}"),
        Var::SealKeyId => "{the sealing key's id}".into(),
        Var::Sealed => "{the key itself, sealed for the platform}".into(),
        Var::Ask(name) => format!("{{asked each time: {name}}}"),
    }
}

fn collect(call: &Call, names: &mut BTreeSet<String>) {
    let mut note = |var: &Var| {
        if let Var::Ask(name) = var {
            names.insert(name.clone());
        }
    };
    let texts = [&call.path].into_iter().chain(call.headers.iter().map(|(_, text)| text));
    for piece in texts.flat_map(|text| &text.0) {
        if let Piece::Var(var) = piece {
            note(var);
        }
    }
    if let Some(body) = &call.body {
        leaves(body, &mut note);
    }
}

fn leaves(tree: &Tree, note: &mut impl FnMut(&Var)) {
    match tree {
        Tree::Literal(_) | Tree::Has(_) => {}
        Tree::Var(var, _) => note(var),
        Tree::List(items) => items.iter().for_each(|item| leaves(item, note)),
        Tree::Object(members) => members.iter().for_each(|(_, member)| leaves(member, note)),
    }
}

#[cfg(test)]
mod tests {
    use keywright_model::PlatformId;

    use crate::{Profile, Registry};

    #[test]
    fn an_outline_names_every_call_and_what_it_carries() {
        let profile = Registry::builtin().get(&PlatformId::new("agent.ceo")).unwrap();
        let outline = profile.outline();
        let words: Vec<_> = outline.iter().map(|call| call.operation).collect();
        assert_eq!(words, ["list", "create", "revoke", "probe"]);
        let create = &outline[1];
        assert_eq!((create.method.as_str(), create.path.as_str()), ("POST", "/api/v1/keys/mint"));
        assert_eq!(create.carries[0], "header authorization: Bearer {credential}");
        let body = create.carries[1].strip_prefix("body ").unwrap();
        let parts: Vec<&str> = body.split(", ").collect();
        for part in ["orgId={account.org_id}", "name={name}", "scopes={scopes}"] {
            assert!(parts.contains(&part), "{body}");
        }
        assert_eq!(outline[3].carries[0], "header authorization: Bearer {the key itself}");
        assert!(profile.asks("create").is_empty());
    }

    #[test]
    fn what_is_asked_each_time_is_known_before_the_call() {
        let text = r#"
            profile = 1
            id = "asking"
            name = "Asking"
            about = "Asks."
            env_name = "KEY"
            capabilities = ["create"]
            [credential]
            label = "Token"
            help = "A token."
            [auth.manage]
            kind = "header"
            name = "Authorization"
            value = "Bearer {credential}"
            [operations.create]
            method = "POST"
            path = "/tokens"
            headers = { "npm-otp" = "{ask.otp}" }
            body = { password = { "$var" = "ask.password" } }
            extract = { id = "/key", secret = "/token" }
        "#;
        let profile = Profile::parse("asking.toml", text).unwrap();
        assert_eq!(profile.asks("create"), ["otp", "password"]);
        assert!(profile.asks("list").is_empty());
        let carried = profile.outline().remove(0).carries;
        assert!(carried.contains(&"body password={asked each time: password}".to_owned()));
    }
}
