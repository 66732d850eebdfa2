//! What crosses about replacing keys: plans, runs, reports, the queue.

// tidy: table, because every type that crosses stands here once, and nothing else does.

use chrono::{DateTime, Utc};
use keywright_model::{
    Bitting, BulkId, ConnectionId, KeyId, OperationId, PlacementId, PlatformId, RotationId, Status,
    expiry::Lifetime,
    key::Proof,
    rotation::{Course, Override, PlanKind, RotationState, Step, StepLine, StopState, Todo},
};
use serde::{Deserialize, Serialize};

use super::{FieldProblem, Guide, PlaceChange, ScopeAxis};

wire! {
/// Replace a key. What is empty is taken from the old key, or is what fits best.
pub struct RotateKey {
    /// The key that goes.
    key: KeyId,
    /// How; none for what fits best.
    plan: Option<PlanKind>,
    /// The new key's name; empty for the old one's, or one like it where names must differ.
    name: String,
    /// The new key's scopes; none for the old one's.
    scopes: Option<Vec<String>>,
    /// The new key's life; none for one as long as the old one's.
    lifetime: Option<Lifetime>,
    /// Why, in a person's words.
    reason: String,
    /// Seconds between the verification and the revocation of the old key.
    grace_s: u32,
    /// The old key is held back meanwhile, where the platform can.
    hold_back: bool,
    /// The old key ends first, because it leaked.
    revoke_first: bool,
    /// Warnings that stop a placing were read and are taken.
    insist: bool,
    /// What was typed to confirm; needed where the plan asks for it.
    typed: String,
}

/// What replacing a key would do. Nothing is changed by looking.
pub struct RotationPlan {
    /// The key that goes.
    key: KeyId,
    /// Its title.
    title: String,
    /// How it is drawn.
    bitting: Option<Bitting>,
    /// The connection.
    connection: ConnectionId,
    /// The connection's name.
    connection_name: String,
    /// The platform's name for people.
    platform_name: String,
    /// How it goes.
    plan: PlanKind,
    /// The ways that this platform has, the best first.
    plans: Vec<PlanKind>,
    /// What will happen, a sentence each, in order.
    sentences: Vec<String>,
    /// The steps, in order.
    steps: Vec<PlannedStep>,
    /// The new key's name.
    name: String,
    /// Its scopes.
    scopes: Vec<String>,
    /// The old key's scopes.
    old_scopes: Vec<String>,
    /// What the scopes reach, in words.
    blast: super::Blast,
    /// The axes of the scopes, to choose narrower ones.
    axes: Vec<ScopeAxis>,
    /// Where the old key may do much: what narrower scopes would give up.
    broad: Vec<String>,
    /// Its life.
    lifetime: Lifetime,
    /// The lives to offer.
    lifetimes: Vec<Lifetime>,
    /// The old key's places and what becomes of them.
    places: Vec<PlannedStop>,
    /// What is wrong with what was asked.
    problems: Vec<FieldProblem>,
    /// Why it cannot begin; empty when it can.
    blocked: Vec<String>,
    /// What to know before.
    warnings: Vec<String>,
    /// What has to be typed to confirm; none where a click is enough.
    type_to_confirm: Option<String>,
    /// The platform can hold the old key back.
    can_hold_back: bool,
    /// The new key can be tried.
    provable: bool,
    /// What to do in the dashboard to make the new key; none where the API does it.
    guide: Option<Guide>,
    /// Whether it can begin as asked.
    ready: bool,
}

/// One step of a plan.
pub struct PlannedStep {
    /// The step.
    step: Step,
    /// In words.
    words: String,
    /// A person does it.
    by_hand: bool,
}

/// One place in a plan.
pub struct PlannedStop {
    /// The placement; none where the use was noted in words.
    placement: Option<PlacementId>,
    /// What people call it.
    what: String,
    /// What is to be done.
    todo: Todo,
    /// What would change in the file, with the values masked; none where no file is written.
    change: Option<PlaceChange>,
}

/// One run.
pub struct RotationRow {
    /// Its id.
    id: RotationId,
    /// The selection that it belongs to.
    bulk: Option<BulkId>,
    /// The key that goes.
    old: KeyId,
    /// The key that comes; none while it is not made.
    new: Option<KeyId>,
    /// The old key's title.
    title: String,
    /// How the old key is drawn.
    old_bitting: Option<Bitting>,
    /// How the new key is drawn.
    new_bitting: Option<Bitting>,
    /// The platform.
    platform: PlatformId,
    /// The connection's name.
    connection_name: String,
    /// How it goes.
    plan: PlanKind,
    /// Which way.
    course: Course,
    /// The step that it is at.
    step: Step,
    /// How it stands.
    state: RotationState,
    /// How it stands, as a sentence.
    words: String,
    /// Rules that must hold at every moment of an open run and do not, in words.
    broken: Vec<String>,
    /// Steps that are done.
    done: u32,
    /// Steps in all.
    total: u32,
    /// Places that have the new key.
    placed: u32,
    /// Places in all.
    places: u32,
    /// What a person can do now, the best first.
    actions: Vec<RotationActionKind>,
    /// When it was asked for.
    asked: DateTime<Utc>,
    /// When it last changed.
    changed: DateTime<Utc>,
}

/// Which runs to list.
pub struct ListRotations {
    /// Those that ended as well.
    ended: bool,
    /// Those of one key only.
    key: Option<KeyId>,
    /// Those of one selection only.
    bulk: Option<BulkId>,
}

/// A run with everything about it. Holds no secret, so it can be given away.
pub struct RotationReport {
    /// The run.
    row: RotationRow,
    /// Why, in a person's words.
    reason: String,
    /// The new key's name.
    name: String,
    /// Its scopes.
    scopes: Vec<String>,
    /// Its life.
    lifetime: Lifetime,
    /// The old key ended first.
    revoke_first: bool,
    /// The old key's places.
    stops: Vec<RotationStop>,
    /// The steps, in order, each with how far it is.
    steps: Vec<RotationStep>,
    /// Everything that happened, oldest first.
    lines: Vec<StepLine>,
    /// What a person overrode.
    overrides: Vec<Override>,
    /// When the new key was verified.
    verified: Option<DateTime<Utc>>,
    /// What the verification rests on.
    verified_by: String,
    /// When the old key ends at the earliest.
    grace_until: Option<DateTime<Utc>>,
    /// The old key's end.
    old_end: KeyEnd,
    /// The new key's end, where the run was taken back.
    new_end: KeyEnd,
    /// What to do in the dashboard now; none where nothing is.
    guide: Option<Guide>,
    /// What has to be typed to override; none where nothing can be.
    type_to_override: Option<String>,
    /// What would be overridden.
    unverified: Vec<String>,
}

/// How a key's end stands.
pub struct KeyEnd {
    /// Its status.
    status: Status,
    /// When its revocation was asked for.
    requested: Option<DateTime<Utc>>,
    /// When it was proved.
    proved: Option<DateTime<Utc>>,
    /// What it rests on.
    proof: Proof,
    /// Milliseconds from the request to the first refusal.
    #[cfg_attr(feature = "bindings", ts(type = "number | null"))]
    window_ms: Option<u64>,
    /// It works on after the platform's promise.
    overdue: bool,
}

/// One place of a run.
pub struct RotationStop {
    /// Its number within the run.
    n: u32,
    /// The placement.
    placement: Option<PlacementId>,
    /// What people call it.
    what: String,
    /// What is to be done.
    todo: Todo,
    /// How far it is.
    state: StopState,
    /// In words.
    words: String,
}

/// One step of a run, for a list of steps.
pub struct RotationStep {
    /// The step.
    step: Step,
    /// In words.
    words: String,
    /// How far it is.
    fate: StepFate,
    /// What it said last.
    last: String,
    /// When it was done or last tried.
    at: Option<DateTime<Utc>>,
}

/// Act on a run.
pub struct ActOnRotation {
    /// The run.
    rotation: RotationId,
    /// What to do.
    action: RotationAction,
}

/// A report as a text to give away.
pub struct ExportReport {
    /// The run.
    rotation: RotationId,
    /// How it is written.
    format: ReportFormat,
}

/// A text and the name of a file for it.
pub struct ReportText {
    /// A name for the file.
    name: String,
    /// The text.
    text: String,
}

/// A string that leaked, and what it is.
pub struct LeakReport {
    /// The keys of this vault that it holds; usually one.
    keys: Vec<LeakedKey>,
    /// Platforms whose keys look like it, where it is none of this vault.
    looks_like: Vec<String>,
    /// What to do where it is none of this vault.
    advice: String,
}

/// A key that leaked.
pub struct LeakedKey {
    /// The key.
    key: KeyId,
    /// Its title.
    title: String,
    /// How it is drawn.
    bitting: Option<Bitting>,
    /// The connection's name.
    connection_name: String,
    /// The platform's name for people.
    platform_name: String,
    /// Where in the life it is.
    status: Status,
    /// Where it is placed, as people read it.
    places: Vec<String>,
    /// Why it cannot be replaced from here; empty when it can.
    blocked: String,
    /// What will happen, a sentence each: replaced first.
    sentences: Vec<String>,
    /// A run that replaces it already.
    rotation: Option<RotationId>,
}

/// Replace a leaked key everywhere, now.
pub struct ReplaceLeaked {
    /// The key.
    key: KeyId,
    /// The old key ends first; what uses it stops until the new one is placed.
    revoke_first: bool,
    /// How it leaked, in a person's words.
    reason: String,
}

/// Keys to change at once.
pub struct BulkAsk {
    /// Which.
    selection: Selection,
    /// What to do with each.
    act: BulkAct,
    /// Why, in a person's words.
    reason: String,
    /// What was typed to confirm, where the plan asks for it.
    typed: String,
}

/// What a change of many keys would do.
pub struct BulkPlan {
    /// One for each key that was chosen.
    lines: Vec<BulkLine>,
    /// Keys that will be changed.
    ready: u32,
    /// Keys that cannot be.
    left: u32,
    /// Runs at the same time at the most.
    at_once: u32,
    /// In words.
    sentences: Vec<String>,
    /// What has to be typed to confirm; none where a click is enough.
    type_to_confirm: Option<String>,
}

/// One key of a plan for many.
pub struct BulkLine {
    /// The key.
    key: KeyId,
    /// Its title.
    title: String,
    /// The connection's name.
    connection_name: String,
    /// What will be done, in words.
    words: String,
    /// Why it cannot be; empty when it can.
    blocked: String,
}

/// A change of many keys that began.
pub struct BulkBegun {
    /// Its id.
    bulk: BulkId,
    /// Keys that are being changed.
    keys: u32,
    /// Keys that were left, and why.
    left: Vec<BulkLine>,
}

/// How a change of many keys stands.
pub struct BulkProgress {
    /// Its id.
    bulk: BulkId,
    /// Keys in all.
    total: u32,
    /// Those that are through.
    done: u32,
    /// Those that wait for somebody or something.
    waiting: u32,
    /// Those that have not begun.
    queued: u32,
    /// Those that were closed or taken back.
    ended: u32,
}

/// Change a draft before it is sent.
pub struct EditDraft {
    /// The draft.
    operation: OperationId,
    /// A create's or a relabelling's name; none leaves it.
    name: Option<String>,
    /// A create's scopes; none leaves them.
    scopes: Option<Vec<String>>,
    /// A create's life; none leaves it.
    lifetime: Option<Lifetime>,
    /// A revocation's reason; none leaves it.
    reason: Option<String>,
}

/// What became of the queue.
pub struct QueueReport {
    /// Drafts that were sent and done.
    sent: u32,
    /// Drafts that stopped, because the world changed or the platform refused.
    stopped: u32,
    /// Drafts that are still there, because the platform could not be reached.
    left: u32,
}
}

impl RotateKey {
    /// A request in which everything is as fits best.
    pub const fn of(key: KeyId) -> Self {
        Self {
            key,
            plan: None,
            name: String::new(),
            scopes: None,
            lifetime: None,
            reason: String::new(),
            grace_s: 0,
            hold_back: false,
            revoke_first: false,
            insist: false,
            typed: String::new(),
        }
    }
}

/// What a person does with a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RotationAction {
    /// Go on: try the step again.
    Resume,
    /// Take everything back: the files as they were, the new key revoked.
    TakeBack,
    /// A person did what a place of the checklist asks for.
    Confirm {
        /// The place's number.
        stop: u32,
    },
    /// The place is left out: it keeps the old key until somebody changes it.
    LeaveOut {
        /// The place's number.
        stop: u32,
        /// Why.
        reason: String,
    },
    /// Go on although not all is verified.
    Override {
        /// The old key's title, typed.
        typed: String,
        /// Why.
        reason: String,
    },
    /// The time of grace ends now.
    EndGrace,
    /// The key was revoked in the dashboard.
    Revoked,
    /// Finish by hand: the run ends as it is.
    Close {
        /// Why.
        reason: String,
    },
}

/// What a person can do with a run now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RotationActionKind {
    /// Go on.
    Resume,
    /// Bring the secret of the key that was made in the dashboard.
    BringSecret,
    /// Say that it was revoked in the dashboard.
    Revoked,
    /// Say that a place has the new key.
    Confirm,
    /// Leave a place out.
    LeaveOut,
    /// Go on although not all is verified.
    Override,
    /// End the time of grace.
    EndGrace,
    /// Take everything back.
    TakeBack,
    /// Finish by hand.
    Close,
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum StepFate {
    /// To come.
    Ahead,
    /// At work.
    Running,
    /// It waits.
    Waits,
    /// Done.
    Done,
    /// Not needed, or overridden.
    Skipped,
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ReportFormat {
    /// For people.
    Markdown,
    /// For programs.
    Json,
}

/// Which keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Selection {
    /// These.
    Keys {
        /// The keys.
        keys: Vec<KeyId>,
    },
    /// All that a query finds.
    Query {
        /// The query.
        query: String,
    },
    /// All that belong to somebody: they left the team.
    Owner {
        /// Their name.
        name: String,
    },
    /// All that are placed on a machine: it is lost.
    Machine {
        /// Its name.
        name: String,
    },
}

/// What to do with each of many keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BulkAct {
    /// Replace it.
    Rotate {
        /// The old key ends first.
        revoke_first: bool,
        /// Seconds of grace before the old key ends.
        grace_s: u32,
        /// The new keys' life; none for one as long as the old one's.
        lifetime: Option<Lifetime>,
    },
    /// Revoke it.
    Revoke,
    /// Give it another name on its platform: `find` in the name becomes `with`.
    Relabel {
        /// What is replaced.
        find: String,
        /// With what.
        with: String,
    },
    /// Set the days between rotations; 0 for the vault's default.
    Policy {
        /// Days.
        days: u32,
    },
}
