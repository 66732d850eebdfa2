//! Reading a whole profile, strictly: an unknown key, a misspelt variable, a bad
//! pointer or a capability without its operation is an error with its place.

use std::time::Duration;

use keywright_model::PlatformId;
use toml::de::{DeTable, DeValue};
use url::Url;

use crate::{
    ProfileError,
    profile::{
        Capability, CredentialForm, Facts, GuidedAct, OwnerRequired, Profile, SecretMadeBy,
        SecretShown,
        auth::{self, Auth},
        fields, guide, identity, lifetime,
        node::{Node, Source, Table, tick},
        operation::{self, OperationKind, Side},
        paging::PageKind,
        scope::AxisRule,
        scope_parse, secret_store, shape,
        template::Known,
        variables::{self, VariableForm},
    },
};

/// The largest profile that is read.
const LARGEST: usize = 256 * 1_024;

/// Reads a profile.
pub(crate) fn profile(origin: &str, text: &str) -> Result<Profile, ProfileError> {
    let source = Source { origin, text };
    if text.len() > LARGEST {
        return Err(source.error(0, "a very large file", "a profile of at most 256 KiB"));
    }
    let parsed = DeTable::parse(text).map_err(|error| source.syntax(&error))?;
    let span = parsed.span();
    let root = toml::Spanned::new(span, DeValue::Table(parsed.into_inner()));
    let table =
        Table::root(source, &root).ok_or_else(|| source.error(0, "something else", "a table"))?;
    read(table)
}

fn read(mut table: Table<'_>) -> Result<Profile, ProfileError> {
    let version = table.need("profile", "`1`, the version of the language")?;
    version.integer::<u8>(1..=1)?;
    let variables = variables::parse(&mut table, "variables")?;
    let credential = table.sub("credential")?.map(credential).transpose()?;
    let mut known = told(&variables, credential.as_ref());
    let scopes = scope_parse::parse(table.sub("scopes")?, &known)?;
    learn(&mut known, scopes.iter().flat_map(|scopes| &scopes.axes));
    let expiry = lifetime::parse(table.sub("expiry")?)?;
    known.never = Some(expiry.never);
    let new_secret = table.sub("new_secret")?.map(new_secret).transpose()?;
    known.new_secret = new_secret.is_some();
    let auth = auth::parse(table.sub("auth")?, &known)?;
    let operations = operation::parse(table.sub("operations")?, &known)?;
    let secret_store = secret_store::parse(table.sub("secret_store")?, &known)?;
    let errors = fields::errors(table.sub("errors")?)?;
    let guide = guide::parse(table.sub("guide")?, &known)?;
    let revoke = revoke(table.sub("revoke")?)?;
    let shape = shape::parse(&mut table)?;
    let name_rules = name_rules(table.sub("names")?)?;
    let owner_default = table
        .get("owner_default")
        .map(|node| super::template::account_text(&node, &known))
        .transpose()?;
    let profile = Profile {
        id: id(&mut table)?,
        name: table.need_words("name", "the platform's name for people")?,
        about: table.need_words("about", "one sentence on the platform")?,
        kind: identity::kind(&mut table)?,
        docs: table.words_or_empty("docs")?,
        verified: table.sub("verified")?.map(identity::verified).transpose()?,
        base_url: base_url(&mut table)?,
        variables,
        credential,
        capabilities: capabilities(&mut table)?,
        facts: facts(table.sub("facts")?, known.new_secret)?,
        env_name: env_name(&mut table)?,
        use_header: table.words_or_empty("use_header")?,
        name_help: name_rules.0,
        advice: table.texts("advice")?,
        revoke_latency_s: revoke.latency_s,
        revoke_margin_s: revoke.margin_s,
        refusals_needed: revoke.refusals_needed,
        poll: revoke.poll,
        owner_default,
        name_max: name_rules.1,
        new_secret,
        shape,
        scopes,
        expiry,
        auth,
        operations,
        errors,
        guide,
        secret_store,
    };
    agree(&mut table, &profile)?;
    table.end()?;
    Ok(profile)
}

/// The axes and the scopes that they list, to be named in operations.
fn learn<'a>(known: &mut Known, rules: impl Iterator<Item = &'a AxisRule>) {
    for AxisRule { axis, .. } in rules {
        known.axes.push(axis.id.clone());
        let listed = axis.choices.iter().chain(&axis.wildcard);
        known.choices.extend(listed.map(|choice| choice.value.clone()));
    }
}

/// What a person tells when they connect.
fn told(variables: &[VariableForm], credential: Option<&CredentialForm>) -> Known {
    let name = |form: &VariableForm| form.name.clone();
    Known {
        account: variables.iter().map(name).collect(),
        paths: variables.iter().filter(|form| form.path).map(name).collect(),
        parts: credential.map(|form| form.parts.clone()).unwrap_or_default(),
        ..Known::default()
    }
}

fn id(table: &mut Table<'_>) -> Result<PlatformId, ProfileError> {
    let expected = "a short name of small letters, digits, `.` and `-`";
    let node = table.need("id", expected)?;
    let text = node.words(expected)?;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
    if text.len() > 40
        || !text.chars().all(fits)
        || !text.starts_with(|c: char| c.is_alphanumeric())
    {
        return Err(node.wrong(expected));
    }
    Ok(PlatformId::new(text))
}

fn base_url(table: &mut Table<'_>) -> Result<String, ProfileError> {
    let Some(node) = table.get("base_url") else { return Ok(String::new()) };
    let expected = "an address that begins with `https://` and has no query";
    let text = node.words(expected)?;
    let fits = Url::parse(&text).is_ok_and(|url| crate::http::is_base(&url));
    if fits { Ok(text) } else { Err(node.wrong(expected)) }
}

fn env_name(table: &mut Table<'_>) -> Result<String, ProfileError> {
    let expected = "a name such as `ACME_API_KEY`";
    let node = table.need("env_name", expected)?;
    let text = node.words(expected)?;
    let fits = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if text.chars().all(fits) && text.starts_with(|c: char| c.is_ascii_uppercase()) {
        Ok(text)
    } else {
        Err(node.wrong(expected))
    }
}

fn credential(mut table: Table<'_>) -> Result<CredentialForm, ProfileError> {
    let form = CredentialForm {
        label: table.need_words("label", "what people call it")?,
        help: table.need_words("help", "where to get it and what it must be allowed to do")?,
        prefixes: table.texts("prefixes")?,
        parts: table.texts("parts")?,
        optional: table.flag("optional")?,
    };
    table.end()?;
    Ok(form)
}

/// How a secret of our own begins; the rest is random.
fn new_secret(mut table: Table<'_>) -> Result<String, ProfileError> {
    let expected = "how such a secret begins, letters that a header can carry";
    let Some(node) = table.get("prefix") else {
        table.end()?;
        return Ok(String::new());
    };
    let prefix = node.text(expected)?;
    if prefix.len() > 40 || !prefix.chars().all(|c| c.is_ascii_graphic()) {
        return Err(node.wrong(expected));
    }
    table.end()?;
    Ok(prefix.to_owned())
}

fn capabilities(table: &mut Table<'_>) -> Result<Vec<Capability>, ProfileError> {
    let node = table.need("capabilities", "a list of what the platform can do")?;
    let mut out = Vec::new();
    for item in node.list("a list of what the platform can do")? {
        let capability = item.one_of(&Capability::ALL)?;
        if out.contains(&capability) {
            return Err(item.wrong("each capability once"));
        }
        out.push(capability);
    }
    Ok(out)
}

fn facts(table: Option<Table<'_>>, makes_secrets: bool) -> Result<Facts, ProfileError> {
    let mut facts = Facts {
        secret_shown: SecretShown::Once,
        secret_made_by: SecretMadeBy::Server,
        name_unique: false,
        max_keys: None,
        owner_required: OwnerRequired::None,
        overlap_s: 0,
    };
    let Some(mut table) = table else { return Ok(facts) };
    if let Some(node) = table.get("secret_shown") {
        facts.secret_shown = node.one_of(&[
            ("once", SecretShown::Once),
            ("always", SecretShown::Always),
            ("on_request", SecretShown::OnRequest),
        ])?;
    }
    if let Some(node) = table.get("secret_made_by") {
        facts.secret_made_by = node.one_of(&[
            ("server", SecretMadeBy::Server),
            ("client", SecretMadeBy::Client),
            ("either", SecretMadeBy::Either),
        ])?;
        if facts.secret_made_by == SecretMadeBy::Client && !makes_secrets {
            return Err(node.wrong("`[new_secret]` beside it: how such a secret begins"));
        }
    }
    facts.name_unique = table.flag("name_unique")?;
    if let Some(node) = table.get("overlap_s") {
        facts.overlap_s = node.integer(1..=2_592_000)?;
    }
    facts.max_keys = table.get("max_keys").map(|node| node.integer(1..=1_000_000)).transpose()?;
    if let Some(node) = table.get("owner_required") {
        facts.owner_required = node.one_of(&[
            ("none", OwnerRequired::None),
            ("user", OwnerRequired::User),
            ("service_account", OwnerRequired::ServiceAccount),
            ("project", OwnerRequired::Project),
            ("cluster", OwnerRequired::Cluster),
        ])?;
    }
    table.end()?;
    Ok(facts)
}

fn name_rules(table: Option<Table<'_>>) -> Result<(String, Option<usize>), ProfileError> {
    let Some(mut table) = table else { return Ok((String::new(), None)) };
    let help = table.words_or_empty("help")?;
    let max = table.get("max").map(|node| node.integer(1..=1_000)).transpose()?;
    table.end()?;
    Ok((help, max))
}

/// What a profile says of revocation.
struct Revoke {
    latency_s: u64,
    margin_s: u64,
    refusals_needed: u32,
    poll: Vec<Duration>,
}

fn revoke(table: Option<Table<'_>>) -> Result<Revoke, ProfileError> {
    let poll = [1, 2, 4, 8, 10].map(Duration::from_secs).to_vec();
    let mut revoke = Revoke { latency_s: 0, margin_s: 5, refusals_needed: 3, poll };
    let Some(mut table) = table else { return Ok(revoke) };
    if let Some(node) = table.get("latency_s") {
        revoke.latency_s = node.integer(0..=86_400)?;
    }
    if let Some(node) = table.get("margin_s") {
        revoke.margin_s = node.integer(0..=3_600)?;
    }
    if let Some(node) = table.get("refusals_needed") {
        revoke.refusals_needed = node.integer(1..=10)?;
    }
    if let Some(node) = table.get("poll_s") {
        let waits = node.list("waits in seconds")?;
        revoke.poll = waits
            .iter()
            .map(|wait| wait.integer(1..=3_600).map(Duration::from_secs))
            .collect::<Result<_, _>>()?;
        if revoke.poll.is_empty() {
            return Err(node.error("an empty list", "waits in seconds"));
        }
    }
    table.end()?;
    Ok(revoke)
}

/// What each capability stands on.
fn agree(table: &mut Table<'_>, profile: &Profile) -> Result<(), ProfileError> {
    let Some(node) = table.get("capabilities") else { return Ok(()) };
    for item in node.list("a list")? {
        let capability = item.one_of(&Capability::ALL)?;
        let missing = match (capability, OperationKind::of(capability)) {
            (_, Some(kind)) if !profile.operations.contains_key(&kind) => {
                Some(format!("[operations.{}]", kind.word()))
            }
            (Capability::RotateOverlap, _) if profile.facts.overlap_s == 0 => {
                Some("overlap_s".into())
            }
            (Capability::SecretStore, _) if profile.secret_store.is_none() => {
                Some("[secret_store]".into())
            }
            (Capability::ScopeCatalogue, _) if profile.scopes.is_none() => Some("[scopes]".into()),
            (Capability::ManualCreate, _) if !has_guide(profile, GuidedAct::Create) => {
                Some("[guide.create]".into())
            }
            (Capability::ManualRevoke, _) if !has_guide(profile, GuidedAct::Revoke) => {
                Some("[guide.revoke]".into())
            }
            _ => None,
        };
        if let Some(missing) = missing {
            return Err(item.wrong(format!("`{missing}` beside it, on which it stands")));
        }
    }
    optional_is_tried(&node, profile)?;
    store_is_said(&node, profile)?;
    for (kind, operation) in &profile.operations {
        let said = profile.capabilities.iter().any(|can| OperationKind::of(*can) == Some(*kind));
        if !said {
            let found = format!("[operations.{}] and no such capability", kind.word());
            return Err(node.error(found, format!("{} in the list", tick(kind.word()))));
        }
        let needs = match operation.side {
            Side::Manage => (&profile.auth.manage, "[auth.manage]"),
            Side::Using => (&profile.auth.using, "[auth.use]"),
            Side::None => continue,
        };
        if matches!(needs.0, Auth::None) {
            let found = format!("[operations.{}] without `{}`", kind.word(), needs.1);
            return Err(node.error(found, format!("`{}`, or `auth = \"none\"`", needs.1)));
        }
        if operation.side == Side::Manage && profile.credential.is_none() {
            let found = format!("[operations.{}] without `[credential]`", kind.word());
            return Err(node.error(found, "`[credential]`: what a person has to bring"));
        }
    }
    ids_have_get(table, profile)
}

/// A credential that may be left out is a key of the platform itself: the probe tells of it.
fn optional_is_tried(node: &Node<'_>, profile: &Profile) -> Result<(), ProfileError> {
    let optional = profile.credential.as_ref().is_some_and(|form| form.optional);
    if !optional || profile.operations.contains_key(&OperationKind::Probe) {
        return Ok(());
    }
    let expected = "`[operations.probe]` beside it, by which the credential is tried";
    Err(node.error("`optional` in `[credential]`", expected))
}

fn store_is_said(node: &Node<'_>, profile: &Profile) -> Result<(), ProfileError> {
    if profile.secret_store.is_none() {
        return Ok(());
    }
    if !profile.can(Capability::SecretStore) {
        let found = "[secret_store] and no such capability";
        return Err(node.error(found, "`secret_store` in the list"));
    }
    if profile.credential.is_none() || matches!(profile.auth.manage, Auth::None) {
        let expected = "`[credential]` and `[auth.manage]`: who may write there";
        return Err(node.error("[secret_store] without a credential", expected));
    }
    Ok(())
}

fn has_guide(profile: &Profile, act: GuidedAct) -> bool {
    profile.guide.as_ref().is_some_and(|guide| guide.has(act))
}

fn ids_have_get(table: &Table<'_>, profile: &Profile) -> Result<(), ProfileError> {
    let ids_only = profile
        .operations
        .get(&OperationKind::List)
        .is_some_and(|list| matches!(list.page.kind, PageKind::IdsThenGet));
    if ids_only && !profile.operations.contains_key(&OperationKind::Get) {
        let expected = "`[operations.get]`, as the list has ids only (`ids_then_get`)";
        return Err(table.node().error("no `[operations.get]`", expected));
    }
    Ok(())
}
