//! Making a key: journalled, sent once, sealed before anything about it is answered.

use chrono::{DateTime, Utc};
use keywright_model::{
    Connection, EventKind, Expiry, Key, KeyId, Operation, OperationId, OperationState, Request,
    Secret, Status,
    expiry::Lifetime,
    key::{Origin, Owner, OwnerKind},
};
use keywright_platforms::{
    CallError, Connector, Created, Effect, GuidedAct, NewKey, OwnerRequired, Profile, RevokeAnswer,
};

use crate::{
    Error, Service,
    edit::tidy_tags,
    session::InFlight,
    wire::{
        AxisKind, Blast, CreateForm, CreateKey, CreatePreview, FieldProblem, FreeScope, KeyCreated,
        ScopeAxis, ScopeChoice,
    },
};

impl Service {
    /// The form for a new key on a connection.
    pub fn create_form(&self, id: keywright_model::ConnectionId) -> Result<CreateForm, Error> {
        let connection = self.connection(id)?;
        let profile = self.profile(&connection.platform)?;
        let variables = profile.resolve_variables(&connection.variables)?;
        let axes = profile.axes(&variables).into_iter().map(shown_axis).collect();
        Ok(CreateForm {
            connection: id,
            connection_name: connection.name.clone(),
            platform_name: profile.name.clone(),
            axes,
            lifetimes: profile.lifetimes(),
            names: self.names_in(&connection)?,
            name_help: profile.name_help.clone(),
            asks: profile.asks("create"),
            personal_owner_warned: profile.facts.owner_required == OwnerRequired::User,
            env_name: profile.env_name.clone(),
            prefixes: profile.prefixes().map(str::to_owned).collect(),
            guide: self.guide(&connection, GuidedAct::Create)?,
        })
    }

    /// What a key would reach, why it cannot be sent, and what is unwise about it.
    pub fn preview_create(&self, request: CreateKey) -> Result<CreatePreview, Error> {
        let connection = self.connection(request.connection)?;
        let profile = self.profile(&connection.platform)?;
        let variables = profile.resolve_variables(&connection.variables)?;
        let expires = profile.expiry_of(request.lifetime, self.now());
        let words = profile.describe(&variables, &request.scopes, expires);
        Ok(CreatePreview {
            blast: Blast { sentence: words.sentence, dangers: words.dangers },
            problems: self.problems(&request, &connection, &profile)?,
            warnings: self.warnings(&request, &connection, &profile)?,
            expires,
        })
    }

    /// Makes a key. Answers only after its secret is sealed, or with a draft when there is no network.
    pub async fn create_key(&self, request: CreateKey) -> Result<KeyCreated, Error> {
        self.create_key_with(request, Vec::new()).await
    }

    /// The same with what the platform wants told each time ([`CreateForm::asks`]): a password,
    /// a one-time code. None of it is kept.
    pub async fn create_key_with(
        &self,
        request: CreateKey,
        answers: Vec<(String, Secret)>,
    ) -> Result<KeyCreated, Error> {
        let connection = self.connection(request.connection)?;
        let profile = self.profile(&connection.platform)?;
        let problems = self.problems(&request, &connection, &profile)?;
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        self.carry_out_create(
            self.new_operation(&connection, as_request(request, KeyId::make())),
            answers,
        )
        .await
    }

    /// Sends a create that is journalled as intended first. Used for drafts too.
    pub(crate) async fn carry_out_create(
        &self,
        mut operation: Operation,
        answers: Vec<(String, Secret)>,
    ) -> Result<KeyCreated, Error> {
        let connection = self.connection(operation.connection)?;
        let connector = match self.connector(&connection) {
            Err(Error::WorkOffline) => return self.keep_draft(operation),
            other => other?,
        };
        let connector = answered(connector, answers);
        let credential = self.credential(&connection)?;
        self.advance(&mut operation, OperationState::Intended)?;
        let _in_flight = InFlight::begin(self);
        let new = new_key(&operation.request)?;
        match self.noting(connector.create(&credential, &new, self.now()).await) {
            Ok(created) => self.seal_created(operation, &connection, created, &credential).await,
            Err(error) => self.create_failed(operation, &connection, error).await,
        }
    }

    /// A fresh operation, not written yet.
    pub(crate) fn new_operation(&self, connection: &Connection, request: Request) -> Operation {
        let now = self.now();
        Operation {
            id: OperationId::make(),
            connection: connection.id,
            request,
            state: OperationState::Intended,
            asked: now,
            changed: now,
        }
    }

    /// Writes an operation's next state.
    pub(crate) fn advance(
        &self,
        operation: &mut Operation,
        state: OperationState,
    ) -> Result<(), Error> {
        operation.state = state;
        operation.changed = self.now();
        self.write(|change| change.put_operation(operation))
    }

    fn keep_draft(&self, mut operation: Operation) -> Result<KeyCreated, Error> {
        self.advance(&mut operation, OperationState::Draft)?;
        Ok(KeyCreated { key: None, operation: operation.id })
    }

    async fn seal_created(
        &self,
        mut operation: Operation,
        connection: &Connection,
        created: Created,
        credential: &Secret,
    ) -> Result<KeyCreated, Error> {
        let mut key = self.key_of(&operation.request, connection, &created)?;
        let double = self.listed_meanwhile(&key, operation.asked)?;
        // An id that another key has names the wrong one: the list tells the right one.
        if double.is_none() && self.id_is_taken(&key)? {
            key.remote_id = None;
        }
        let event = self.key_event(&key, EventKind::KeyCreated);
        operation.state = OperationState::Done;
        operation.changed = self.now();
        let sealed = self.write(|change| {
            double.map_or(Ok(()), |id| change.remove_key(id))?;
            change.put_key(&key)?;
            change.seal_key_secret(key.id, &created.secret)?;
            change.put_operation(&operation)?;
            change.log(&event)
        });
        match sealed {
            Ok(()) => Ok(KeyCreated { key: Some(key.id), operation: operation.id }),
            Err(Error::Vault(error)) => {
                Err(self.take_back(connection, &created, credential, error).await)
            }
            Err(error) => Err(error),
        }
    }

    /// The record that a refresh made of the new key while its answer was on the way.
    fn listed_meanwhile(&self, made: &Key, asked: DateTime<Utc>) -> Result<Option<KeyId>, Error> {
        let session = self.session();
        let mut keys = session.vault_in_flight()?.index().keys();
        let is_it = |key: &&Key| {
            same_remote(key, made)
                && key.origin == Origin::Found
                && key.added >= asked
                && key.name == made.name
                && !key.has_secret()
        };
        Ok(keys.find(is_it).map(|key| key.id))
    }

    /// Whether a key that may still work has the new key's id. Platforms use ids of dead keys
    /// again; one that a living key has was not given to another.
    fn id_is_taken(&self, made: &Key) -> Result<bool, Error> {
        let now = self.now();
        let session = self.session();
        let mut keys = session.vault_in_flight()?.index().keys();
        Ok(keys.any(|key| {
            same_remote(key, made) && key.gone_since.is_none() && crate::rows::may_work(key, now)
        }))
    }

    /// The disk refused the new secret: nobody can ever use that key, so it is revoked at once.
    /// Should that fail too, the journal still says "intended", and the next start reports it.
    async fn take_back(
        &self,
        connection: &Connection,
        created: &Created,
        credential: &Secret,
        error: keywright_vault::Error,
    ) -> Error {
        let why = error.to_string();
        let revoked = match self.connector(connection) {
            Ok(connector) => connector.revoke(credential, &created.remote.remote_id).await.ok(),
            Err(_) => None,
        };
        match revoked {
            Some(RevokeAnswer::Accepted | RevokeAnswer::AlreadyGone) => Error::NotSealed(error),
            None => Error::OutcomeUnknown { why, orphan: true },
        }
    }

    async fn create_failed(
        &self,
        mut operation: Operation,
        connection: &Connection,
        error: CallError,
    ) -> Result<KeyCreated, Error> {
        // Without an id the list has to tell which key it is.
        if let CallError::SecretLost { remote_id: Some(remote_id) } = &error {
            let remote_ids = vec![remote_id.clone()];
            self.advance(&mut operation, OperationState::Orphaned { remote_ids })?;
            // The list brings the orphan's record; a later refresh would too.
            drop(self.refresh_one(connection.id).await);
            return Err(Error::OutcomeUnknown { why: error.to_string(), orphan: true });
        }
        match error.effect() {
            Effect::None if error.is_network() => self.keep_draft(operation),
            Effect::None => {
                let why = error.to_string();
                let mut event =
                    self.connection_event(connection, EventKind::Refused { why: why.clone() });
                operation.request.name().clone_into(&mut event.subject);
                self.advance(&mut operation, OperationState::Refused { why })?;
                self.write(|change| change.log(&event))?;
                Err(error.into())
            }
            Effect::Unknown => self.create_unknown(operation, connection, &error).await,
        }
    }

    /// The answer was lost. Never sent again: the platform's list tells what became of it.
    async fn create_unknown(
        &self,
        mut operation: Operation,
        connection: &Connection,
        error: &CallError,
    ) -> Result<KeyCreated, Error> {
        let why = error.to_string();
        let mut event =
            self.connection_event(connection, EventKind::OutcomeUnknown { why: why.clone() });
        operation.request.name().clone_into(&mut event.subject);
        self.advance(&mut operation, OperationState::Ambiguous { why: why.clone() })?;
        self.write(|change| change.log(&event))?;
        // Best effort: the next refresh settles what this one cannot.
        drop(self.refresh_one(connection.id).await);
        let orphan = self.read(|vault| {
            let now = vault.index().operation(operation.id).map(|op| op.state.clone());
            Ok(matches!(now, Some(OperationState::Orphaned { .. })))
        })?;
        Err(Error::OutcomeUnknown { why, orphan })
    }

    /// The new key's record: what was asked, completed by what the platform said.
    fn key_of(
        &self,
        request: &Request,
        connection: &Connection,
        created: &Created,
    ) -> Result<Key, Error> {
        let Request::Create { key, name, scopes, lifetime, label, note, owner, owner_kind, tags } =
            request
        else {
            return Err(Error::NotFound { what: "operation" });
        };
        let now = self.now();
        let profile = self.profile(&connection.platform)?;
        let remote = &created.remote;
        let mut made = Key::blank(connection.id, connection.platform.clone(), name.clone(), now);
        made.id = *key;
        made.remote_id = Some(remote.remote_id.clone()).filter(|id| !id.is_empty());
        made.label.clone_from(label);
        made.note.clone_from(note);
        made.tags.clone_from(tags);
        made.scopes.clone_from(if remote.scopes.is_empty() { scopes } else { &remote.scopes });
        made.hint = if remote.hint.prefix.is_empty() && remote.hint.suffix.is_empty() {
            profile.hint_of(&created.secret)
        } else {
            remote.hint.clone()
        };
        made.owner = if owner.is_empty() {
            remote.owner.clone()
        } else {
            Owner { name: owner.clone(), kind: *owner_kind }
        };
        made.environment = profile.environment_of(&created.secret);
        made.status = Status::Active;
        made.created = remote.created.or(Some(now));
        made.expires = match remote.expires {
            Expiry::Unknown => profile.expiry_of(*lifetime, now),
            told => told,
        };
        made.origin = Origin::Created;
        made.bitting = Some(self.session().vault_in_flight()?.bitting(&created.secret));
        Ok(made)
    }

    pub(crate) fn problems(
        &self,
        request: &CreateKey,
        connection: &Connection,
        profile: &Profile,
    ) -> Result<Vec<FieldProblem>, Error> {
        let mut problems = Vec::new();
        let mut problem =
            |field: String, message: String| problems.push(FieldProblem { field, message });
        let name = request.name.trim();
        if let Some(wrong) = profile.check_name(name) {
            problem("name".into(), wrong);
        } else if profile.facts.name_unique && self.names_in(connection)?.iter().any(|n| n == name)
        {
            problem("name".into(), format!("{} refuses the same name twice", profile.name));
        }
        let variables = profile.resolve_variables(&connection.variables)?;
        for wrong in profile.check_scopes(&variables, &request.scopes) {
            problem(format!("scopes.{}", wrong.axis), wrong.message);
        }
        if let Some(wrong) = profile.check_lifetime(request.lifetime, self.now()) {
            problem("lifetime".into(), wrong);
        }
        Ok(problems)
    }

    fn warnings(
        &self,
        request: &CreateKey,
        connection: &Connection,
        profile: &Profile,
    ) -> Result<Vec<String>, Error> {
        let mut warnings = Vec::new();
        let name = request.name.trim();
        if !name.is_empty() && self.names_in(connection)?.iter().any(|n| n == name) {
            warnings.push(format!(
                "There is a key named “{name}” on {} already. Two keys of one name are hard to tell apart.",
                connection.name
            ));
        }
        if request.owner_kind == OwnerKind::Person
            && profile.facts.owner_required == OwnerRequired::User
        {
            warnings.push(
                "It acts as a person, with all that person may do, and goes when they go. \
                 Prefer an account of its own for a program."
                    .into(),
            );
        }
        if let Some(most) = profile.facts.max_keys {
            let there = u32::try_from(self.names_in(connection)?.len()).unwrap_or(u32::MAX);
            if there >= most {
                warnings
                    .push(format!("{} allows {most} keys, and that many are here.", profile.name));
            }
        }
        if request.lifetime == Lifetime::Never && profile.expires() {
            warnings.push(
                "It never ends by itself. Prefer an expiry: a forgotten key then dies alone."
                    .into(),
            );
        }
        Ok(warnings)
    }

    /// Names of the connection's keys that may still work.
    pub(crate) fn names_in(&self, connection: &Connection) -> Result<Vec<String>, Error> {
        let now = self.now();
        self.read(|vault| {
            let keys = vault.index().keys();
            let here =
                keys.filter(|k| k.connection == connection.id && crate::rows::may_work(k, now));
            Ok(here.map(|key| key.name.clone()).collect())
        })
    }
}

/// A connector that can answer what the platform asks for each time.
pub(crate) fn answered(connector: Connector, answers: Vec<(String, Secret)>) -> Connector {
    answers
        .into_iter()
        .fold(connector, |connector, (name, secret)| connector.with_answer(&name, secret))
}

fn same_remote(one: &Key, other: &Key) -> bool {
    one.id != other.id
        && one.connection == other.connection
        && one.remote_id.is_some()
        && one.remote_id == other.remote_id
}

pub(crate) fn as_request(request: CreateKey, key: KeyId) -> Request {
    Request::Create {
        key,
        name: request.name.trim().to_owned(),
        scopes: request.scopes,
        lifetime: request.lifetime,
        label: request.label.trim().to_owned(),
        note: request.note,
        owner: request.owner.trim().to_owned(),
        owner_kind: request.owner_kind,
        tags: tidy_tags(request.tags),
    }
}

fn new_key(request: &Request) -> Result<NewKey, Error> {
    match request {
        Request::Create { name, scopes, lifetime, .. } => {
            Ok(NewKey { name: name.clone(), scopes: scopes.clone(), lifetime: *lifetime })
        }
        _ => Err(Error::NotFound { what: "operation" }),
    }
}

pub(crate) fn shown_axis(axis: keywright_platforms::Axis) -> ScopeAxis {
    use keywright_platforms::AxisKind as Kind;
    ScopeAxis {
        id: axis.id,
        label: axis.label,
        help: axis.help,
        kind: match axis.kind {
            Kind::Fixed => AxisKind::Fixed,
            Kind::One => AxisKind::One,
            Kind::Some => AxisKind::Some,
            Kind::Any => AxisKind::Any,
            Kind::Tiers => AxisKind::Tiers,
        },
        choices: axis.choices.into_iter().map(shown_choice).collect(),
        wildcard: axis.wildcard.map(shown_choice),
        free: axis
            .free
            .map(|free| FreeScope { prefix: free.prefix, placeholder: free.placeholder }),
    }
}

fn shown_choice(choice: keywright_platforms::Choice) -> ScopeChoice {
    ScopeChoice {
        value: choice.value,
        label: choice.label,
        help: choice.help,
        row: choice.row,
        tier: choice.tier,
        dangerous: !choice.dangers.is_empty(),
    }
}
