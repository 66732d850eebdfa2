//! What a platform can do, and the facts that decide how its keys are treated.

/// What a platform can do, or lets a person do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capability {
    /// List keys.
    List,
    /// Read one key.
    Get,
    /// Make a key.
    Create,
    /// Give it another name.
    Relabel,
    /// Give it other scopes.
    Rescope,
    /// Give it another end later.
    SetExpiryLater,
    /// Hold it back for a while.
    Disable,
    /// Let it work again.
    Enable,
    /// End it for good.
    Revoke,
    /// Replace the secret; the old one dies at once.
    RotateInPlace,
    /// Replace the secret; the old one works on for a while.
    RotateOverlap,
    /// A key can replace itself.
    SelfRotate,
    /// Tell whether a secret works.
    Probe,
    /// The probe's answer names the key.
    ProbeReturnsIdentity,
    /// The scopes are known.
    ScopeCatalogue,
    /// A person makes keys in the dashboard.
    ManualCreate,
    /// A person ends keys in the dashboard.
    ManualRevoke,
    /// Keep keys as secrets for its own runs.
    SecretStore,
}

impl Capability {
    /// Every capability and its word in a profile.
    pub const ALL: [(&'static str, Self); 18] = [
        ("list", Self::List),
        ("get", Self::Get),
        ("create", Self::Create),
        ("relabel", Self::Relabel),
        ("rescope", Self::Rescope),
        ("set_expiry_later", Self::SetExpiryLater),
        ("disable", Self::Disable),
        ("enable", Self::Enable),
        ("revoke", Self::Revoke),
        ("rotate_in_place", Self::RotateInPlace),
        ("rotate_overlap", Self::RotateOverlap),
        ("self_rotate", Self::SelfRotate),
        ("probe", Self::Probe),
        ("probe_returns_identity", Self::ProbeReturnsIdentity),
        ("scope_catalogue", Self::ScopeCatalogue),
        ("manual_create", Self::ManualCreate),
        ("manual_revoke", Self::ManualRevoke),
        ("secret_store", Self::SecretStore),
    ];

    /// A few words for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::List => "list keys",
            Self::Get => "read one key",
            Self::Create => "create",
            Self::Relabel => "rename",
            Self::Rescope => "change scopes",
            Self::SetExpiryLater => "change the expiry",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Revoke => "revoke",
            Self::RotateInPlace => "rotate in place",
            Self::RotateOverlap => "rotate with an overlap",
            Self::SelfRotate => "rotate itself",
            Self::Probe => "prove alive or dead",
            Self::ProbeReturnsIdentity => "name the key of a secret",
            Self::ScopeCatalogue => "explain scopes",
            Self::ManualCreate => "create in the dashboard, step by step",
            Self::ManualRevoke => "revoke in the dashboard, step by step",
            Self::SecretStore => "keep keys for its own runs",
        }
    }
}

/// When a platform shows a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretShown {
    /// When the key is made, and never again.
    Once,
    /// Whenever it is asked.
    Always,
    /// When it is asked in a special way.
    OnRequest,
}

/// Who makes a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretMadeBy {
    /// The platform.
    Server,
    /// The caller, by `[new_secret]`.
    Client,
    /// Either.
    Either,
}

/// Who a key must belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnerRequired {
    /// Nobody in particular.
    None,
    /// A user.
    User,
    /// A service account.
    ServiceAccount,
    /// A project.
    Project,
    /// A cluster.
    Cluster,
}

/// Facts about a platform that decide how its keys are treated.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// When it shows a secret.
    pub secret_shown: SecretShown,
    /// Who makes it.
    pub secret_made_by: SecretMadeBy,
    /// Whether two keys may not share a name.
    pub name_unique: bool,
    /// The most keys it allows, where known.
    pub max_keys: Option<u32>,
    /// Who a key must belong to.
    pub owner_required: OwnerRequired,
    /// Seconds that an old secret works on after it was replaced with an overlap.
    pub overlap_s: u64,
}
