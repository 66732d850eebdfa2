// Generated from the Rust types by `cargo xtask bindings`; do not edit.

export type ActOnRotation = { 
/**
 * The run.
 */
rotation: RotationId, 
/**
 * What to do.
 */
action: RotationAction, };

export type AddKey = { 
/**
 * Where it belongs.
 */
connection: ConnectionId, 
/**
 * Its name on the platform.
 */
name: string, 
/**
 * A person's label; may be empty.
 */
label: string, 
/**
 * A note; may be empty.
 */
note: string, 
/**
 * Whose it is; may be empty.
 */
owner: string, 
/**
 * Tags.
 */
tags: Array<string>, 
/**
 * Scopes, where known.
 */
scopes: Array<string>, 
/**
 * When it ends.
 */
expires: Expiry, };

export type AddKeyWith = { 
/**
 * The key.
 */
key: AddKey, 
/**
 * Where the secret is read, in Rust.
 */
source: SecretSource, };

export type AddPlatform = { 
/**
 * The file's name, for messages.
 */
origin: string, 
/**
 * Its text.
 */
text: string, };

export type AppStatus = { 
/**
 * Whether the vault is open.
 */
unlocked: boolean, 
/**
 * Whether remote calls are made, and answered.
 */
network: Network, 
/**
 * Keys not in the bin.
 */
keys: number, 
/**
 * Things that need somebody.
 */
needs_you: number, 
/**
 * The most pressing of them.
 */
worst: Severity | null, 
/**
 * Connections.
 */
connections: number, 
/**
 * Changes that are kept until they can be sent, those that are held among them.
 */
drafts: number, 
/**
 * A whole-file rollback or the like was noticed at opening.
 */
notice: string | null, 
/**
 * The version.
 */
version: string, };

export type AxisKind = "fixed" | "one" | "some" | "any" | "tiers";

export type Bitting = Array<number>;

export type Blast = { 
/**
 * One sentence: "Read the wiki, through any agent, in acme only."
 */
sentence: string, 
/**
 * What is dangerous about it, a sentence each.
 */
dangers: Array<string>, };

export type BringKey = { 
/**
 * The run.
 */
rotation: RotationId, 
/**
 * Where the secret is read, in Rust.
 */
source: SecretSource, 
/**
 * Take it although it does not look like one of the platform's.
 */
insist: boolean, };

export type BulkAct = { "kind": "rotate", 
/**
 * The old key ends first.
 */
revoke_first: boolean, 
/**
 * Seconds of grace before the old key ends.
 */
grace_s: number, 
/**
 * The new keys' life; none for one as long as the old one's.
 */
lifetime: Lifetime | null, } | { "kind": "revoke" } | { "kind": "relabel", 
/**
 * What is replaced.
 */
find: string, 
/**
 * With what.
 */
with: string, } | { "kind": "policy", 
/**
 * Days.
 */
days: number, };

export type BulkAsk = { 
/**
 * Which.
 */
selection: Selection, 
/**
 * What to do with each.
 */
act: BulkAct, 
/**
 * Why, in a person's words.
 */
reason: string, 
/**
 * What was typed to confirm, where the plan asks for it.
 */
typed: string, };

export type BulkBegun = { 
/**
 * Its id.
 */
bulk: BulkId, 
/**
 * Keys that are being changed.
 */
keys: number, 
/**
 * Keys that were left, and why.
 */
left: Array<BulkLine>, };

export type BulkId = string;

export type BulkLine = { 
/**
 * The key.
 */
key: KeyId, 
/**
 * Its title.
 */
title: string, 
/**
 * The connection's name.
 */
connection_name: string, 
/**
 * What will be done, in words.
 */
words: string, 
/**
 * Why it cannot be; empty when it can.
 */
blocked: string, };

export type BulkPlan = { 
/**
 * One for each key that was chosen.
 */
lines: Array<BulkLine>, 
/**
 * Keys that will be changed.
 */
ready: number, 
/**
 * Keys that cannot be.
 */
left: number, 
/**
 * Runs at the same time at the most.
 */
at_once: number, 
/**
 * In words.
 */
sentences: Array<string>, 
/**
 * What has to be typed to confirm; none where a click is enough.
 */
type_to_confirm: string | null, };

export type BulkProgress = { 
/**
 * Its id.
 */
bulk: BulkId, 
/**
 * Keys in all.
 */
total: number, 
/**
 * Those that are through.
 */
done: number, 
/**
 * Those that wait for somebody or something.
 */
waiting: number, 
/**
 * Those that have not begun.
 */
queued: number, 
/**
 * Those that were closed or taken back.
 */
ended: number, };

export type ClientFile = { 
/**
 * Its id within the client.
 */
id: string, 
/**
 * What people call it.
 */
name: string, 
/**
 * Whose it is: `user`, `project`, `local`, `system`, `managed`.
 */
scope: string, 
/**
 * Its path.
 */
path: string, 
/**
 * Its path as people read it.
 */
short: string, 
/**
 * Whether it is there.
 */
exists: boolean, 
/**
 * Why Keywright does not write it; empty where it does.
 */
read_only: string, };

export type ClientForm = { 
/**
 * What stands in the file.
 */
kind: FormChoice, 
/**
 * How it looks there, with the parameters in braces.
 */
looks: string, };

export type ClientId = string;

export type ClientParam = { 
/**
 * Its name.
 */
name: string, 
/**
 * What people are asked.
 */
label: string, 
/**
 * What is taken where nothing is told.
 */
default: string, 
/**
 * It is only needed for what is not there yet.
 */
only_new: boolean, };

export type ClientRow = { 
/**
 * Its id.
 */
id: ClientId, 
/**
 * Its name for people.
 */
name: string, 
/**
 * One sentence on it.
 */
about: string, 
/**
 * An agent or editor, rather than a place that many programs read.
 */
agent: boolean, 
/**
 * It was found on this machine.
 */
installed: boolean, 
/**
 * Its processes that run now: `codex (4711)`.
 */
running: Array<string>, 
/**
 * Keys that are known to be in its files.
 */
placements: number, 
/**
 * Its files on this machine.
 */
files: Array<ClientFile>, 
/**
 * Where in them a key may stand.
 */
slots: Array<ClientSlot>, 
/**
 * How a change is picked up.
 */
pickup: string, 
/**
 * What it does to its own files; empty for nothing.
 */
rewrites: string, 
/**
 * What to do by hand, for what no file holds.
 */
guide: Array<ClientStep>, 
/**
 * The platform in whose secret store its keys are; none for files.
 */
store: PlatformId | null, 
/**
 * What that store asks for, beside `name`.
 */
store_params: Array<ClientParam>, 
/**
 * The page that documents it; empty where there is none.
 */
docs: string, 
/**
 * How its facts were found: "run, 22 November 2026".
 */
checked: string, };

export type ClientSlot = { 
/**
 * Its id within the client.
 */
id: string, 
/**
 * What people call it.
 */
name: string, 
/**
 * The files that may hold it.
 */
files: Array<string>, 
/**
 * What must be told.
 */
params: Array<ClientParam>, 
/**
 * What can stand there.
 */
forms: Array<ClientForm>, 
/**
 * Platforms whose keys stand here by their nature; empty for any.
 */
platforms: Array<PlatformId>, };

export type ClientStep = { 
/**
 * What to do.
 */
say: string, 
/**
 * The client's own command; empty for none.
 */
run: string, };

export type Coming = { 
/**
 * The key.
 */
key: KeyId, 
/**
 * Its title.
 */
title: string, 
/**
 * When.
 */
at: string, 
/**
 * Whether the key ends then; otherwise its rotation is due.
 */
expires: boolean, };

export type ConfirmRecovery = { 
/**
 * What was typed.
 */
groups: [string, string], };

export type Connect = { 
/**
 * The platform.
 */
platform: PlatformId, 
/**
 * A name for it; unique.
 */
name: string, 
/**
 * Another place for its API; none takes the profile's.
 */
base_url: string | null, 
/**
 * Variables.
 */
variables: Array<Variable>, 
/**
 * When the management credential ends, where that is known.
 */
credential_expires: Expiry, };

export type ConnectWith = { 
/**
 * The connection.
 */
connect: Connect, 
/**
 * Where the credential is read, in Rust.
 */
source: SecretSource, };

export type ConnectionId = string;

export type ConnectionRow = { 
/**
 * Its id.
 */
id: ConnectionId, 
/**
 * A person's name for it.
 */
name: string, 
/**
 * The platform.
 */
platform: PlatformId, 
/**
 * The platform's name for people.
 */
platform_name: string, 
/**
 * Where it talks to; no path, no query.
 */
origin: string, 
/**
 * The profile's variables.
 */
variables: Array<Variable>, 
/**
 * Production or sandbox.
 */
environment: Environment, 
/**
 * The built-in demo.
 */
demo: boolean, 
/**
 * Keys of it that are not in the bin.
 */
keys: number, 
/**
 * The last refresh that was answered.
 */
refreshed: string | null, 
/**
 * The last trouble, in words; empty when it went well.
 */
trouble: string, 
/**
 * Whether it can make keys.
 */
can_create: boolean, 
/**
 * Whether keys are made in the platform's dashboard, step by step.
 */
guided: boolean, 
/**
 * Whether it has a management credential.
 */
has_credential: boolean, 
/**
 * When that ends, where it is known.
 */
credential_expires: Expiry, 
/**
 * Measured revocation windows: the median of the last 20, in milliseconds.
 */
revoke_window_ms: number | null, 
/**
 * Measured revocation windows that the median is taken over.
 */
revoke_windows: number, };

export type Copied = { 
/**
 * Seconds until the clipboard is cleared.
 */
clears_in_s: number, 
/**
 * What to mind when it is handed over; none when there is nothing.
 */
advice: string | null, };

export type CopyForm = "value" | "assignment";

export type CopySecret = { 
/**
 * The key.
 */
key: KeyId, 
/**
 * How.
 */
form: CopyForm, };

export type Course = "forward" | "back";

export type CreateForm = { 
/**
 * The connection.
 */
connection: ConnectionId, 
/**
 * The connection's name.
 */
connection_name: string, 
/**
 * The platform's name.
 */
platform_name: string, 
/**
 * One picker an axis; empty when the platform has no scopes.
 */
axes: Array<ScopeAxis>, 
/**
 * The choices of life, the recommended one first.
 */
lifetimes: Array<Lifetime>, 
/**
 * Names in use, for the warning on duplicates.
 */
names: Array<string>, 
/**
 * What the platform says of names.
 */
name_help: string, 
/**
 * What the platform wants told each time, and nothing keeps: `password`, `otp`.
 */
asks: Array<string>, 
/**
 * Whether keys act as a user, so that a program's key should have a user of its own.
 */
personal_owner_warned: boolean, 
/**
 * The environment variable that the platform recommends.
 */
env_name: string, 
/**
 * How its keys begin, where that is known.
 */
prefixes: Array<string>, 
/**
 * What to do in the dashboard; none where the platform's API makes the key.
 */
guide: Guide | null, };

export type CreateKey = { 
/**
 * Where.
 */
connection: ConnectionId, 
/**
 * Its name on the platform.
 */
name: string, 
/**
 * Its scopes.
 */
scopes: Array<string>, 
/**
 * Its life.
 */
lifetime: Lifetime, 
/**
 * A person's label; may be empty.
 */
label: string, 
/**
 * A note; may be empty.
 */
note: string, 
/**
 * Whose it is to be; may be empty.
 */
owner: string, 
/**
 * What stands behind the owner's name.
 */
owner_kind: OwnerKind, 
/**
 * Tags.
 */
tags: Array<string>, };

export type CreatePreview = { 
/**
 * What it would reach.
 */
blast: Blast, 
/**
 * Why it cannot be sent, by field: `name`, `scopes.<axis>`, `lifetime`.
 */
problems: Array<FieldProblem>, 
/**
 * What is unwise about it.
 */
warnings: Array<string>, 
/**
 * When it would end.
 */
expires: Expiry, };

export type CredentialForm = { 
/**
 * What people call it.
 */
label: string, 
/**
 * Where to get it and what it must be allowed to do.
 */
help: string, 
/**
 * Its known beginnings: `ace_live_`.
 */
prefixes: Array<string>, 
/**
 * The names of its lines, where it has several; empty for one text.
 */
parts: Array<string>, 
/**
 * A connection works without it.
 */
optional: boolean, };

export type CredentialWith = { 
/**
 * The connection.
 */
connection: ConnectionId, 
/**
 * Where the credential is read, in Rust.
 */
source: SecretSource, 
/**
 * When it ends, where that is known.
 */
expires: Expiry, };

export type Detected = { 
/**
 * The platform.
 */
platform: PlatformId, 
/**
 * Its name.
 */
name: string, 
/**
 * Production or sandbox.
 */
environment: Environment, 
/**
 * Why, as a sentence.
 */
why: string, };

export type DiffLine = { 
/**
 * What becomes of it.
 */
fate: LineFate, 
/**
 * Its number, counted from 1.
 */
number: number, 
/**
 * Its text, masked.
 */
text: string, };

export type DoorMode = "create" | "unlock";

export type DoorState = { 
/**
 * What it is for.
 */
mode: DoorMode, 
/**
 * Why unlocking cannot work right now; none when it can.
 */
notice: string | null, };

export type EditDraft = { 
/**
 * The draft.
 */
operation: OperationId, 
/**
 * A create's or a relabelling's name; none leaves it.
 */
name: string | null, 
/**
 * A create's scopes; none leaves them.
 */
scopes: Array<string> | null, 
/**
 * A create's life; none leaves it.
 */
lifetime: Lifetime | null, 
/**
 * A revocation's reason; none leaves it.
 */
reason: string | null, };

export type EditKey = { 
/**
 * The key.
 */
key: KeyId, 
/**
 * Label.
 */
label: string | null, 
/**
 * Note.
 */
note: string | null, 
/**
 * Tags.
 */
tags: Array<string> | null, 
/**
 * Owner.
 */
owner: Owner | null, 
/**
 * Days between rotations; 0 takes the vault's default again.
 */
rotation_days: number | null, 
/**
 * Noted uses: client and place.
 */
uses: Array<UseNote> | null, };

export type EditPlace = { 
/**
 * The place.
 */
placement: PlacementId, 
/**
 * The note.
 */
note: string | null, 
/**
 * The machine.
 */
machine: string | null, 
/**
 * The project.
 */
project: string | null, 
/**
 * The place in words.
 */
words: string | null, };

export type Environment = "live" | "test" | "unknown";

export type ErrorCode = "no_vault" | "locked" | "wrong_passphrase" | "in_use" | "damaged" | "disk" | "not_found" | "invalid" | "refused" | "offline" | "outcome_unknown" | "failed";

export type EventKind = { "kind": "vault_created" } | { "kind": "unlocked", 
/**
 * `passphrase` or `recovery code`.
 */
by: string, } | { "kind": "locked" } | { "kind": "connected" } | { "kind": "disconnected" } | { "kind": "credential_replaced" } | { "kind": "platform_added" } | { "kind": "platform_removed" } | { "kind": "refreshed", 
/**
 * Keys seen for the first time.
 */
new: number, 
/**
 * Keys that changed.
 */
changed: number, 
/**
 * Keys that the list no longer has.
 */
gone: number, } | { "kind": "key_created" } | { "kind": "key_added" } | { "kind": "key_edited", 
/**
 * The fields' names.
 */
fields: Array<string>, } | { "kind": "secret_copied" } | { "kind": "secret_revealed" } | { "kind": "probed", 
/**
 * The answer.
 */
verdict: Verdict, } | { "kind": "revoke_requested", 
/**
 * Why, in a person's words.
 */
reason: string, } | { "kind": "revoke_told" } | { "kind": "revoke_withdrawn" } | { "kind": "relabelled", 
/**
 * Its name before.
 */
from: string, 
/**
 * Its name now.
 */
to: string, } | { "kind": "disabled" } | { "kind": "enabled" } | { "kind": "revoke_proved", 
/**
 * Milliseconds from the request to the first refusal.
 */
window_ms: number, 
/**
 * Probes made.
 */
probes: number, } | { "kind": "revoke_overdue", 
/**
 * Seconds since the request.
 */
after_s: number, } | { "kind": "refused", 
/**
 * Its words.
 */
why: string, } | { "kind": "outcome_unknown", 
/**
 * What went wrong.
 */
why: string, } | { "kind": "orphan_found" } | { "kind": "operation_closed", 
/**
 * Why.
 */
why: string, } | { "kind": "key_deleted" } | { "kind": "key_restored" } | { "kind": "settings_changed" } | { "kind": "key_placed", 
/**
 * The client.
 */
client: string, 
/**
 * The file.
 */
file: string, } | { "kind": "placing_undone", 
/**
 * The client.
 */
client: string, 
/**
 * The file.
 */
file: string, } | { "kind": "placing_rolled_back", 
/**
 * Files that were taken back.
 */
files: number, } | { "kind": "place_noted", 
/**
 * Where.
 */
place: string, } | { "kind": "place_forgotten", 
/**
 * Where.
 */
place: string, } | { "kind": "key_taken_in", 
/**
 * The file in which it was found.
 */
file: string, } | { "kind": "scanned", 
/**
 * Files that were read.
 */
files: number, 
/**
 * Keys that were found.
 */
found: number, } | { "kind": "rotation_started", 
/**
 * Why, in a person's words.
 */
reason: string, } | { "kind": "rotation_overridden", 
/**
 * What was overridden.
 */
what: string, 
/**
 * Why, in their words.
 */
reason: string, } | { "kind": "rotation_done" } | { "kind": "rotation_taken_back" } | { "kind": "rotation_closed", 
/**
 * What was left.
 */
why: string, } | { "kind": "secret_replaced" } | { "kind": "secret_given", 
/**
 * The program.
 */
program: string, };

export type EventLine = { 
/**
 * Its place in the log.
 */
seq: number, 
/**
 * When.
 */
at: string, 
/**
 * What.
 */
event: EventKind, 
/**
 * The key.
 */
key: KeyId | null, 
/**
 * The name at that time.
 */
subject: string, };

export type EventPage = { 
/**
 * The lines.
 */
lines: Array<EventLine>, 
/**
 * Whether there are older ones.
 */
more: boolean, 
/**
 * Whether the chain of hashes holds from the first line to the last.
 */
intact: boolean, };

export type Expiry = { "kind": "never" } | { "kind": "at", "at": string } | { "kind": "unknown" };

export type ExportReport = { 
/**
 * The run.
 */
rotation: RotationId, 
/**
 * How it is written.
 */
format: ReportFormat, };

export type Failure = { 
/**
 * What front ends branch on.
 */
code: ErrorCode, 
/**
 * What happened.
 */
what: string, 
/**
 * What was not changed, or what was kept.
 */
kept: string, 
/**
 * What to do.
 */
advice: string, };

export type FieldProblem = { 
/**
 * The field.
 */
field: string, 
/**
 * What is wrong and what is expected.
 */
message: string, };

export type Finding = { 
/**
 * The key it is about.
 */
key: KeyId, 
/**
 * What was found.
 */
kind: FindingKind, 
/**
 * How pressing it is.
 */
severity: Severity, 
/**
 * The instant it hangs on: the expiry, the due date, the request.
 */
due: string, };

export type FindingKind = { "kind": "near_expiry", 
/**
 * Whole days left, rounded up; 0 never occurs.
 */
days: number, } | { "kind": "expired", 
/**
 * Whole days since, rounded down.
 */
days: number, } | { "kind": "rotation_due", 
/**
 * Whole days over the interval.
 */
days: number, } | { "kind": "revoke_overdue" } | { "kind": "revoke_unproved" } | { "kind": "gone" } | { "kind": "shared", 
/**
 * How many.
 */
clients: number, } | { "kind": "misplaced", 
/**
 * The place.
 */
placement: PlacementId, 
/**
 * How the place is.
 */
state: PlacementState, } | { "kind": "dead_but_placed", 
/**
 * The place.
 */
placement: PlacementId, } | { "kind": "tracked_file", 
/**
 * The place.
 */
placement: PlacementId, } | { "kind": "loose_file", 
/**
 * The place.
 */
placement: PlacementId, };

export type FormChoice = "literal" | "variable" | "file" | "secret";

export type FreeScope = { 
/**
 * What the typed text is put behind: `agent:`.
 */
prefix: string, 
/**
 * An example.
 */
placeholder: string, };

export type Guide = { 
/**
 * The steps, in the platform's own words.
 */
steps: Array<string>, 
/**
 * The page to open; none where its address is not known.
 */
page: string | null, 
/**
 * The page's origin, to be shown before it is opened.
 */
origin: string | null, };

export type GuidePage = { 
/**
 * The connection.
 */
connection: ConnectionId, 
/**
 * Which guide.
 */
act: GuidedStep, };

export type GuidedKey = { 
/**
 * The key; its secret is sealed.
 */
key: KeyId, 
/**
 * What is odd about the secret; empty when nothing is.
 */
warning: string, 
/**
 * What the platform says of it; none where it cannot be tried.
 */
verdict: Verdict | null, };

export type GuidedStep = "create" | "revoke";

export type GuidedWith = { 
/**
 * The key.
 */
key: CreateKey, 
/**
 * Where the secret is read, in Rust.
 */
source: SecretSource, 
/**
 * Take it although it does not look like one of the platform's.
 */
insist: boolean, };

export type Hint = { 
/**
 * The first characters, such as `ace_live_aB`; empty when not known.
 */
prefix?: string, 
/**
 * The last characters; empty when not known.
 */
suffix?: string, };

export type KeyActions = { 
/**
 * Copy and reveal.
 */
copy: boolean, 
/**
 * Probe.
 */
probe: boolean, 
/**
 * Revoke through the platform's API.
 */
revoke: boolean, 
/**
 * Why not, when it cannot be revoked here; empty otherwise.
 */
why_no_revoke: string, 
/**
 * Revoke in the platform's dashboard, step by step.
 */
revoke_in_dashboard: boolean, 
/**
 * Take back that it was revoked in the dashboard.
 */
withdraw: boolean, 
/**
 * Give it another name on the platform.
 */
relabel: boolean, 
/**
 * Have the platform hold it back.
 */
disable: boolean, 
/**
 * Let it work again.
 */
enable: boolean, 
/**
 * Replace it.
 */
rotate: boolean, 
/**
 * Why not, when it cannot be replaced here; empty otherwise.
 */
why_no_rotate: string, };

export type KeyCreated = { 
/**
 * The key, when it was made and sealed; none when it was kept as a draft.
 */
key: KeyId | null, 
/**
 * The operation.
 */
operation: OperationId, };

export type KeyDetail = { 
/**
 * The row's facts.
 */
row: KeyRow, 
/**
 * Its connection.
 */
connection: ConnectionId, 
/**
 * Its id on the platform.
 */
remote_id: string | null, 
/**
 * A person's label; empty when none.
 */
label: string, 
/**
 * A person's note, Markdown.
 */
note: string, 
/**
 * Scopes in the platform's words.
 */
scopes: Array<string>, 
/**
 * What it reaches, in plain words.
 */
blast: Blast, 
/**
 * Whose it is.
 */
owner: Owner, 
/**
 * Last use, where the platform tells.
 */
last_used: string | null, 
/**
 * Noted uses.
 */
uses: Array<NotedUse>, 
/**
 * Days between rotations set on this key.
 */
rotation_days: number | null, 
/**
 * The interval that applies.
 */
effective_rotation_days: number, 
/**
 * How it came here.
 */
origin: Origin, 
/**
 * When it came into the vault.
 */
added: string, 
/**
 * Since when the platform's list lacks it.
 */
gone_since: string | null, 
/**
 * Its revocation.
 */
revocation: Revocation | null, 
/**
 * When it went to the bin.
 */
deleted: string | null, 
/**
 * Whether the vault holds its secret.
 */
has_secret: boolean, 
/**
 * The last replacement of it, or by it, whether it goes on or has ended.
 */
rotation: RotationRow | null, 
/**
 * All findings on it.
 */
findings: Array<Finding>, 
/**
 * Its newest events, newest first, 20 at the most.
 */
events: Array<EventLine>, 
/**
 * The environment variable name that its platform recommends; none when it names none.
 */
env_name: string | null, 
/**
 * What can be done with it here.
 */
can: KeyActions, };

export type KeyEnd = { 
/**
 * Its status.
 */
status: Status, 
/**
 * When its revocation was asked for.
 */
requested: string | null, 
/**
 * When it was proved.
 */
proved: string | null, 
/**
 * What it rests on.
 */
proof: Proof, 
/**
 * Milliseconds from the request to the first refusal.
 */
window_ms: number | null, 
/**
 * It works on after the platform's promise.
 */
overdue: boolean, };

export type KeyId = string;

export type KeyPage = { 
/**
 * Rows that match.
 */
total: number, 
/**
 * How many of them need somebody (they come first).
 */
needs_you: number, 
/**
 * The page.
 */
rows: Array<KeyRow>, 
/**
 * What is wrong with the query; the page is then empty.
 */
problem: QueryProblem | null, };

export type KeyRow = { 
/**
 * The key.
 */
id: KeyId, 
/**
 * Label, or else name.
 */
title: string, 
/**
 * Its name on the platform.
 */
name: string, 
/**
 * The platform.
 */
platform: PlatformId, 
/**
 * The platform's name for people.
 */
platform_name: string, 
/**
 * The connection's name.
 */
connection_name: string, 
/**
 * Production or sandbox.
 */
environment: Environment, 
/**
 * Visible ends of the secret.
 */
hint: Hint, 
/**
 * Where it is in its life, at the time of the answer.
 */
status: Status, 
/**
 * When it was made.
 */
created: string | null, 
/**
 * When it ends.
 */
expires: Expiry, 
/**
 * When it is due for rotation.
 */
rotation_due: string | null, 
/**
 * The most pressing finding.
 */
finding: Finding | null, 
/**
 * Tags.
 */
tags: Array<string>, 
/**
 * How many uses are noted.
 */
uses: number, 
/**
 * How it is drawn; none without a secret.
 */
bitting: Bitting | null, 
/**
 * It is the connection's own management credential.
 */
manages_connection: boolean, 
/**
 * When the revocation was asked for, while it is not proved.
 */
revoking_since: string | null, };

export type Known = "written" | "found" | "told";

export type LeakReport = { 
/**
 * The keys of this vault that it holds; usually one.
 */
keys: Array<LeakedKey>, 
/**
 * Platforms whose keys look like it, where it is none of this vault.
 */
looks_like: Array<string>, 
/**
 * What to do where it is none of this vault.
 */
advice: string, };

export type LeakedKey = { 
/**
 * The key.
 */
key: KeyId, 
/**
 * Its title.
 */
title: string, 
/**
 * How it is drawn.
 */
bitting: Bitting | null, 
/**
 * The connection's name.
 */
connection_name: string, 
/**
 * The platform's name for people.
 */
platform_name: string, 
/**
 * Where in the life it is.
 */
status: Status, 
/**
 * Where it is placed, as people read it.
 */
places: Array<string>, 
/**
 * Why it cannot be replaced from here; empty when it can.
 */
blocked: string, 
/**
 * What will happen, a sentence each: replaced first.
 */
sentences: Array<string>, 
/**
 * A run that replaces it already.
 */
rotation: RotationId | null, };

export type Lifetime = { "kind": "never" } | { "kind": "days", "value": number } | { "kind": "until", "value": string };

export type LineFate = "stays" | "goes" | "comes";

export type ListClients = { 
/**
 * The project's folder, whose files are shown as well; empty for none.
 */
project: string, };

export type ListEvents = { 
/**
 * Only lines before this place; none starts at the newest.
 */
before: number | null, 
/**
 * Only this key's.
 */
key: KeyId | null, 
/**
 * Lines at the most; 500 is the ceiling.
 */
limit: number, };

export type ListKeys = { 
/**
 * The query's text; empty lists all.
 */
query: string, 
/**
 * Rows to skip.
 */
offset: number, 
/**
 * Rows at the most; 500 is the ceiling.
 */
limit: number, };

export type ListPlacements = { 
/**
 * Those of one key.
 */
key: KeyId | null, 
/**
 * Those of one client.
 */
client: ClientId | null, 
/**
 * Look at each file again first.
 */
check: boolean, };

export type ListRotations = { 
/**
 * Those that ended as well.
 */
ended: boolean, 
/**
 * Those of one key only.
 */
key: KeyId | null, 
/**
 * Those of one selection only.
 */
bulk: BulkId | null, };

export type Network = "online" | "offline" | "work_offline" | "untried";

export type NextAction = "replace" | "watch_revocation" | "open" | "revoke_orphan" | "send_draft" | "refresh" | "replace_credential" | "look_at_place" | "open_rotation";

export type NotePlace = { 
/**
 * The key.
 */
key: KeyId, 
/**
 * The client, where it is a known one.
 */
client: ClientId | null, 
/**
 * The place in words.
 */
words: string, 
/**
 * The machine.
 */
machine: string, 
/**
 * The project.
 */
project: string, 
/**
 * A note, Markdown.
 */
note: string, };

export type NotedUse = { 
/**
 * The client: `Codex`, `ERP importer`…
 */
client: string, 
/**
 * Where exactly: a file, a machine, a project; free text, may be empty.
 */
place?: string, 
/**
 * When it was noted.
 */
noted: string, 
/**
 * The placement that this line tells of; none where a person wrote it. Placements are noted
 * here too, because the key's own record is what is searched.
 */
placement?: PlacementId | null, };

export type OperationId = string;

export type OperationLine = { 
/**
 * Its id.
 */
id: OperationId, 
/**
 * Its connection.
 */
connection: ConnectionId, 
/**
 * The connection's name.
 */
connection_name: string, 
/**
 * What was asked.
 */
request: Request, 
/**
 * How far it got.
 */
state: OperationState, 
/**
 * When it was asked.
 */
asked: string, };

export type OperationState = { "kind": "draft" } | { "kind": "held", 
/**
 * What changed.
 */
why: string, } | { "kind": "intended" } | { "kind": "ambiguous", 
/**
 * What went wrong.
 */
why: string, } | { "kind": "orphaned", 
/**
 * The platform's ids that fit; usually one.
 */
remote_ids: Array<string>, } | { "kind": "done" } | { "kind": "refused", 
/**
 * Its words.
 */
why: string, } | { "kind": "closed", 
/**
 * Why.
 */
why: string, };

export type Origin = "created" | "added" | "found";

export type Outcome = "began" | "done" | "failed" | "waits" | "decided";

export type Override = { 
/**
 * When.
 */
at: string, 
/**
 * What was overridden: places and checks, in words.
 */
what: string, 
/**
 * Why, in their words.
 */
reason: string, };

export type Overview = { 
/**
 * What needs somebody, in order of urgency, 200 at the most.
 */
items: Array<OverviewItem>, 
/**
 * How many there are in all.
 */
needs_you: number, 
/**
 * Keys that may work.
 */
keys: number, 
/**
 * Keys with nothing to act on.
 */
fine: number, 
/**
 * Connections.
 */
connections: number, 
/**
 * The next expiries and due rotations, soonest first, 8 at the most.
 */
coming: Array<Coming>, };

export type OverviewItem = { 
/**
 * How pressing it is.
 */
severity: Severity, 
/**
 * What it is about: the key's row, where there is a key.
 */
row: KeyRow | null, 
/**
 * The finding on the key.
 */
finding: Finding | null, 
/**
 * The open operation.
 */
operation: OperationLine | null, 
/**
 * The replacement that goes on or waits.
 */
rotation: RotationRow | null, 
/**
 * The connection in trouble.
 */
connection: ConnectionRow | null, 
/**
 * What to do next.
 */
next: NextAction, };

export type Owner = { 
/**
 * The name, as the platform or a person wrote it; empty when not known.
 */
name: string, 
/**
 * What stands behind the name.
 */
kind: OwnerKind, };

export type OwnerKind = "person" | "service_account" | "unknown";

export type Passphrase = { 
/**
 * What was typed.
 */
passphrase: string, };

export type PlaceChange = { 
/**
 * The client's name.
 */
client_name: string, 
/**
 * The file.
 */
file: string, 
/**
 * The file as people read it.
 */
short: string, 
/**
 * Where in the file.
 */
node: string, 
/**
 * The file is not there yet.
 */
makes_file: boolean, 
/**
 * The key is there already; nothing changes.
 */
unchanged: boolean, 
/**
 * The title of the key that stands there now; empty where none of this vault does.
 */
replaces: string, 
/**
 * The lines that change, and some around them; values are masked.
 */
lines: Array<DiffLine>, 
/**
 * What to know.
 */
warnings: Array<PlaceWarning>, 
/**
 * Why it cannot be done; empty when it can.
 */
refused: string, 
/**
 * What to do about that.
 */
advice: string, 
/**
 * How the client picks the change up.
 */
pickup: string, };

export type PlaceKey = { 
/**
 * The key.
 */
key: KeyId, 
/**
 * Where.
 */
targets: Array<PlaceTarget>, 
/**
 * Warnings that stop a placing were read and are taken.
 */
insist: boolean, };

export type PlacePreview = { 
/**
 * One for each target, in their order.
 */
changes: Array<PlaceChange>, 
/**
 * Whether all of it can be done now.
 */
ready: boolean, };

export type PlaceReport = { 
/**
 * Its run.
 */
run: RunId, 
/**
 * The placements that it made.
 */
placements: Array<PlacementRow>, };

export type PlaceTarget = { 
/**
 * The client.
 */
client: ClientId, 
/**
 * The kind of place; empty for the client's first one that fits the key.
 */
slot: string, 
/**
 * The file's path, or the id of one of the client's files; empty for the first one.
 */
file: string, 
/**
 * The project's folder, for files that are a project's.
 */
project: string, 
/**
 * What is to stand there.
 */
form: FormChoice, 
/**
 * What was told: the server's name, the variable's.
 */
params: { [key in string]: string }, };

export type PlaceWarning = { 
/**
 * In words.
 */
words: string, 
/**
 * It stops the placing until a person insists.
 */
stops: boolean, };

export type PlacementForm = { "kind": "literal" } | { "kind": "variable", 
/**
 * The variable.
 */
name: string, } | { "kind": "file", 
/**
 * The path.
 */
path: string, } | { "kind": "secret", 
/**
 * The name.
 */
name: string, };

export type PlacementId = string;

export type PlacementRow = { 
/**
 * Its id.
 */
id: PlacementId, 
/**
 * The key.
 */
key: KeyId, 
/**
 * The key's title.
 */
key_title: string, 
/**
 * How the key is drawn.
 */
bitting: Bitting | null, 
/**
 * The client; none where a person noted a place in their own words.
 */
client: ClientId | null, 
/**
 * The client's name, or the person's words.
 */
client_name: string, 
/**
 * The file; empty where there is none.
 */
file: string, 
/**
 * The file as people read it; where there is none, the place in words.
 */
short: string, 
/**
 * Where in the file.
 */
node: string, 
/**
 * It is a secret in a platform's store: written there, and never read.
 */
stored: boolean, 
/**
 * What stands there.
 */
form: PlacementForm, 
/**
 * The machine's name.
 */
machine: string, 
/**
 * It is this machine.
 */
here: boolean, 
/**
 * The project.
 */
project: string, 
/**
 * A person's note, Markdown.
 */
note: string, 
/**
 * How it came to be known.
 */
by: Known, 
/**
 * When it was noted.
 */
noted: string, 
/**
 * How it is.
 */
state: PlacementState, 
/**
 * How it is, in words.
 */
state_words: string, 
/**
 * When it was last looked at.
 */
checked: string | null, 
/**
 * Others on this machine can read the file.
 */
loose: boolean, 
/**
 * The key stands in a file that git tracks.
 */
tracked: boolean, 
/**
 * The last write of it that can be taken back.
 */
undo: WritingId | null, };

export type PlacementState = "in_sync" | "drifted" | "stale" | "missing" | "unreadable" | "unknown";

export type PlanKind = "create_then_revoke" | "in_place" | "overlap" | "guided";

export type PlannedStep = { 
/**
 * The step.
 */
step: Step, 
/**
 * In words.
 */
words: string, 
/**
 * A person does it.
 */
by_hand: boolean, };

export type PlannedStop = { 
/**
 * The placement; none where the use was noted in words.
 */
placement: PlacementId | null, 
/**
 * What people call it.
 */
what: string, 
/**
 * What is to be done.
 */
todo: Todo, 
/**
 * What would change in the file, with the values masked; none where no file is written.
 */
change: PlaceChange | null, };

export type PlatformCall = { 
/**
 * What it is for.
 */
operation: string, 
/**
 * Its method.
 */
method: string, 
/**
 * Its path below the connection's address.
 */
path: string, 
/**
 * What it carries.
 */
carries: Array<string>, };

export type PlatformId = string;

export type PlatformPreview = { 
/**
 * The platform.
 */
platform: PlatformRow, 
/**
 * The one origin it talks to by default; empty where every user tells their own.
 */
origin: string, 
/**
 * Other origins whose pages it may open in a browser.
 */
page_origins: Array<string>, 
/**
 * Every call that it can make.
 */
calls: Array<PlatformCall>, 
/**
 * The platform of the same id that is known already.
 */
replaces: string | null, 
/**
 * Whether that one comes with Keywright, so that this one cannot be added.
 */
builtin: boolean, };

export type PlatformRow = { 
/**
 * Its id.
 */
id: PlatformId, 
/**
 * Its name.
 */
name: string, 
/**
 * One sentence on it.
 */
about: string, 
/**
 * Where its API is by default.
 */
base_url: string, 
/**
 * What must be told to connect.
 */
variables: Array<VariableForm>, 
/**
 * What the management credential is called and looks like; none when there is no management API.
 */
credential: CredentialForm | null, 
/**
 * What it can do, a few words each: "create", "revoke"…
 */
capabilities: Array<string>, 
/**
 * The shelf on which people look for it: "Models".
 */
shelf: string, 
/**
 * Where its documents are; empty when not known.
 */
docs: string, 
/**
 * Advice on its keys, a sentence each.
 */
advice: Array<string>, 
/**
 * Whether its keys are made in its dashboard, step by step.
 */
guided: boolean, 
/**
 * Whether a person added it.
 */
added: boolean, 
/**
 * What its profile was last held against; none for an added one.
 */
verified: string | null, };

export type ProbeReport = { 
/**
 * The answer.
 */
verdict: Verdict, 
/**
 * Milliseconds it took.
 */
took_ms: number, };

export type Progress = { "kind": "changed" } | { "kind": "revoke" } & RevokeProgress | { "kind": "refresh", 
/**
 * The connection being read.
 */
connection: ConnectionId, 
/**
 * Connections done.
 */
done: number, 
/**
 * Connections in all.
 */
total: number, } | { "kind": "paused", 
/**
 * The connection that waits.
 */
connection: ConnectionId, 
/**
 * For how long.
 */
seconds: number, } | { "kind": "rotation" } & RotationRow | { "kind": "bulk" } & BulkProgress | { "kind": "scan", 
/**
 * Files read.
 */
files: number, 
/**
 * Keys found.
 */
found: number, 
/**
 * The folder being read, as people read it.
 */
folder: string, } | { "kind": "locked" };

export type Proof = "none" | "refused" | "unlisted" | "told";

export type QueryProblem = { 
/**
 * Byte offset of the wrong word.
 */
at: number, 
/**
 * Its length in bytes.
 */
len: number, 
/**
 * What was expected.
 */
message: string, };

export type QueueReport = { 
/**
 * Drafts that were sent and done.
 */
sent: number, 
/**
 * Drafts that stopped, because the world changed or the platform refused.
 */
stopped: number, 
/**
 * Drafts that are still there, because the platform could not be reached.
 */
left: number, };

export type RecoveryEntry = { 
/**
 * What was typed.
 */
code: string, };

export type RecoveryGroups = { 
/**
 * The groups, in order.
 */
groups: Array<string>, 
/**
 * Which two are asked back, counted from 0.
 */
ask: [number, number], };

export type Refresh = { 
/**
 * One connection, or all.
 */
connection: ConnectionId | null, };

export type RefreshReport = { 
/**
 * The connection.
 */
connection: ConnectionId, 
/**
 * Keys in the platform's list.
 */
listed: number, 
/**
 * Seen for the first time.
 */
new: number, 
/**
 * Changed there.
 */
changed: number, 
/**
 * No longer listed.
 */
gone: number, 
/**
 * Open operations settled by the list.
 */
settled: number, 
/**
 * Keys made by us whose secret was lost.
 */
orphans: number, };

export type RelabelKey = { 
/**
 * The key.
 */
key: KeyId, 
/**
 * The new name.
 */
name: string, };

export type RemoteChange = { 
/**
 * The operation.
 */
operation: OperationId, 
/**
 * Whether it is done; otherwise it is kept as a draft.
 */
done: boolean, };

export type ReplaceLeaked = { 
/**
 * The key.
 */
key: KeyId, 
/**
 * The old key ends first; what uses it stops until the new one is placed.
 */
revoke_first: boolean, 
/**
 * How it leaked, in a person's words.
 */
reason: string, };

export type ReportFormat = "markdown" | "json";

export type ReportText = { 
/**
 * A name for the file.
 */
name: string, 
/**
 * The text.
 */
text: string, };

export type Request = { "kind": "create", 
/**
 * The local id reserved for it.
 */
key: KeyId, 
/**
 * Its name.
 */
name: string, 
/**
 * Its scopes.
 */
scopes: Array<string>, 
/**
 * Its life.
 */
lifetime: Lifetime, 
/**
 * A person's label for it.
 */
label: string, 
/**
 * A person's note, kept with the draft.
 */
note: string, 
/**
 * Whose it is to be.
 */
owner: string, 
/**
 * What stands behind the owner's name.
 */
owner_kind: OwnerKind, 
/**
 * A person's tags.
 */
tags: Array<string>, } | { "kind": "revoke", 
/**
 * The key.
 */
key: KeyId, 
/**
 * The platform's id of it.
 */
remote_id: string, 
/**
 * Its name, to tell of it after it is gone.
 */
name: string, 
/**
 * Why, in a person's words; may be empty.
 */
reason: string, } | { "kind": "relabel", 
/**
 * The key.
 */
key: KeyId, 
/**
 * The platform's id of it.
 */
remote_id: string, 
/**
 * Its name before.
 */
name: string, 
/**
 * Its new name.
 */
to: string, } | { "kind": "disable", 
/**
 * The key.
 */
key: KeyId, 
/**
 * The platform's id of it.
 */
remote_id: string, 
/**
 * Its name.
 */
name: string, } | { "kind": "enable", 
/**
 * The key.
 */
key: KeyId, 
/**
 * The platform's id of it.
 */
remote_id: string, 
/**
 * Its name.
 */
name: string, } | { "kind": "rotate", 
/**
 * The local id reserved for the new secret's key.
 */
key: KeyId, 
/**
 * The key whose secret it replaces.
 */
old: KeyId, 
/**
 * The platform's id of it.
 */
remote_id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its scopes.
 */
scopes: Array<string>, 
/**
 * The new secret's life.
 */
lifetime: Lifetime, } | { "kind": "store", 
/**
 * The key.
 */
key: KeyId, 
/**
 * Its name.
 */
name: string, 
/**
 * The place in words.
 */
place: string, 
/**
 * The placement that is noted when it is there.
 */
placement: PlacementId, 
/**
 * Whose place it is.
 */
client: ClientId, 
/**
 * What tells the place: its parameters, and the secret's name.
 */
params: { [key in string]: string }, 
/**
 * When the platform said, before, that the secret there was written; none for no secret.
 */
before: string | null, } | { "kind": "unstore", 
/**
 * The key.
 */
key: KeyId, 
/**
 * Its name.
 */
name: string, 
/**
 * The place in words.
 */
place: string, 
/**
 * The placement that goes with it.
 */
placement: PlacementId, };

export type Revocation = { 
/**
 * When the platform accepted it.
 */
requested: string, 
/**
 * When the proof was complete; none while it is not.
 */
proved?: string | null, 
/**
 * How it was proved, or why it could not be.
 */
proof: Proof, 
/**
 * Milliseconds from the request to the first refusal of the final row.
 */
window_ms?: number | null, 
/**
 * Still alive after the platform's promise.
 */
overdue: boolean, };

export type RevokeKey = { 
/**
 * The key.
 */
key: KeyId, 
/**
 * Why; may be empty.
 */
reason: string, 
/**
 * What was typed to override.
 */
typed: string, };

export type RevokePreview = { 
/**
 * The key.
 */
key: KeyId, 
/**
 * Its title.
 */
title: string, 
/**
 * Sentences, in order.
 */
sentences: Array<string>, 
/**
 * Where it is noted to be used.
 */
uses: Array<NotedUse>, 
/**
 * Seconds within which the platform promises it dead; 0 is at once.
 */
promise_s: number, 
/**
 * What must be typed to override a warning; none when nothing stands against it.
 */
type_to_override: string | null, 
/**
 * Why it cannot be done; none when it can.
 */
blocked: string | null, 
/**
 * Whether the key can be tried, so that its end can be proved.
 */
provable: boolean, 
/**
 * What to do in the dashboard; none where the platform's API revokes it.
 */
guide: Guide | null, };

export type RevokeProgress = { 
/**
 * The key.
 */
key: KeyId, 
/**
 * Where it stands.
 */
stage: RevokeStage, 
/**
 * Milliseconds since the platform accepted it.
 */
elapsed_ms: number, 
/**
 * The promise, in milliseconds.
 */
promise_ms: number, 
/**
 * Probes made.
 */
probes: number, 
/**
 * The last probe's answer.
 */
last: Verdict | null, 
/**
 * Refusals in a row, and how many are asked for.
 */
refusals: number, 
/**
 * How many in a row prove it.
 */
refusals_needed: number, };

export type RevokeStage = { "kind": "drafted" } | { "kind": "asked" } | { "kind": "proving" } | { "kind": "proved", 
/**
 * Milliseconds from request to the first refusal; none when proved by the list.
 */
window_ms: number | null, } | { "kind": "told" } | { "kind": "overdue" } | { "kind": "unproved", 
/**
 * Why.
 */
why: string, } | { "kind": "refused", 
/**
 * Its words.
 */
why: string, };

export type RotateKey = { 
/**
 * The key that goes.
 */
key: KeyId, 
/**
 * How; none for what fits best.
 */
plan: PlanKind | null, 
/**
 * The new key's name; empty for the old one's, or one like it where names must differ.
 */
name: string, 
/**
 * The new key's scopes; none for the old one's.
 */
scopes: Array<string> | null, 
/**
 * The new key's life; none for one as long as the old one's.
 */
lifetime: Lifetime | null, 
/**
 * Why, in a person's words.
 */
reason: string, 
/**
 * Seconds between the verification and the revocation of the old key.
 */
grace_s: number, 
/**
 * The old key is held back meanwhile, where the platform can.
 */
hold_back: boolean, 
/**
 * The old key ends first, because it leaked.
 */
revoke_first: boolean, 
/**
 * Warnings that stop a placing were read and are taken.
 */
insist: boolean, 
/**
 * What was typed to confirm; needed where the plan asks for it.
 */
typed: string, };

export type RotationAction = { "kind": "resume" } | { "kind": "take_back" } | { "kind": "confirm", 
/**
 * The place's number.
 */
stop: number, } | { "kind": "leave_out", 
/**
 * The place's number.
 */
stop: number, 
/**
 * Why.
 */
reason: string, } | { "kind": "override", 
/**
 * The old key's title, typed.
 */
typed: string, 
/**
 * Why.
 */
reason: string, } | { "kind": "end_grace" } | { "kind": "revoked" } | { "kind": "close", 
/**
 * Why.
 */
reason: string, };

export type RotationActionKind = "resume" | "bring_secret" | "revoked" | "confirm" | "leave_out" | "override" | "end_grace" | "take_back" | "close";

export type RotationId = string;

export type RotationPlan = { 
/**
 * The key that goes.
 */
key: KeyId, 
/**
 * Its title.
 */
title: string, 
/**
 * How it is drawn.
 */
bitting: Bitting | null, 
/**
 * The connection.
 */
connection: ConnectionId, 
/**
 * The connection's name.
 */
connection_name: string, 
/**
 * The platform's name for people.
 */
platform_name: string, 
/**
 * How it goes.
 */
plan: PlanKind, 
/**
 * The ways that this platform has, the best first.
 */
plans: Array<PlanKind>, 
/**
 * What will happen, a sentence each, in order.
 */
sentences: Array<string>, 
/**
 * The steps, in order.
 */
steps: Array<PlannedStep>, 
/**
 * The new key's name.
 */
name: string, 
/**
 * Its scopes.
 */
scopes: Array<string>, 
/**
 * The old key's scopes.
 */
old_scopes: Array<string>, 
/**
 * What the scopes reach, in words.
 */
blast: Blast, 
/**
 * The axes of the scopes, to choose narrower ones.
 */
axes: Array<ScopeAxis>, 
/**
 * Where the old key may do much: what narrower scopes would give up.
 */
broad: Array<string>, 
/**
 * Its life.
 */
lifetime: Lifetime, 
/**
 * The lives to offer.
 */
lifetimes: Array<Lifetime>, 
/**
 * The old key's places and what becomes of them.
 */
places: Array<PlannedStop>, 
/**
 * What is wrong with what was asked.
 */
problems: Array<FieldProblem>, 
/**
 * Why it cannot begin; empty when it can.
 */
blocked: Array<string>, 
/**
 * What to know before.
 */
warnings: Array<string>, 
/**
 * What has to be typed to confirm; none where a click is enough.
 */
type_to_confirm: string | null, 
/**
 * The platform can hold the old key back.
 */
can_hold_back: boolean, 
/**
 * The new key can be tried.
 */
provable: boolean, 
/**
 * What to do in the dashboard to make the new key; none where the API does it.
 */
guide: Guide | null, 
/**
 * Whether it can begin as asked.
 */
ready: boolean, };

export type RotationReport = { 
/**
 * The run.
 */
row: RotationRow, 
/**
 * Why, in a person's words.
 */
reason: string, 
/**
 * The new key's name.
 */
name: string, 
/**
 * Its scopes.
 */
scopes: Array<string>, 
/**
 * Its life.
 */
lifetime: Lifetime, 
/**
 * The old key ended first.
 */
revoke_first: boolean, 
/**
 * The old key's places.
 */
stops: Array<RotationStop>, 
/**
 * The steps, in order, each with how far it is.
 */
steps: Array<RotationStep>, 
/**
 * Everything that happened, oldest first.
 */
lines: Array<StepLine>, 
/**
 * What a person overrode.
 */
overrides: Array<Override>, 
/**
 * When the new key was verified.
 */
verified: string | null, 
/**
 * What the verification rests on.
 */
verified_by: string, 
/**
 * When the old key ends at the earliest.
 */
grace_until: string | null, 
/**
 * The old key's end.
 */
old_end: KeyEnd, 
/**
 * The new key's end, where the run was taken back.
 */
new_end: KeyEnd, 
/**
 * What to do in the dashboard now; none where nothing is.
 */
guide: Guide | null, 
/**
 * What has to be typed to override; none where nothing can be.
 */
type_to_override: string | null, 
/**
 * What would be overridden.
 */
unverified: Array<string>, };

export type RotationRow = { 
/**
 * Its id.
 */
id: RotationId, 
/**
 * The selection that it belongs to.
 */
bulk: BulkId | null, 
/**
 * The key that goes.
 */
old: KeyId, 
/**
 * The key that comes; none while it is not made.
 */
new: KeyId | null, 
/**
 * The old key's title.
 */
title: string, 
/**
 * How the old key is drawn.
 */
old_bitting: Bitting | null, 
/**
 * How the new key is drawn.
 */
new_bitting: Bitting | null, 
/**
 * The platform.
 */
platform: PlatformId, 
/**
 * The connection's name.
 */
connection_name: string, 
/**
 * How it goes.
 */
plan: PlanKind, 
/**
 * Which way.
 */
course: Course, 
/**
 * The step that it is at.
 */
step: Step, 
/**
 * How it stands.
 */
state: RotationState, 
/**
 * How it stands, as a sentence.
 */
words: string, 
/**
 * Rules that must hold at every moment of an open run and do not, in words.
 */
broken: Array<string>, 
/**
 * Steps that are done.
 */
done: number, 
/**
 * Steps in all.
 */
total: number, 
/**
 * Places that have the new key.
 */
placed: number, 
/**
 * Places in all.
 */
places: number, 
/**
 * What a person can do now, the best first.
 */
actions: Array<RotationActionKind>, 
/**
 * When it was asked for.
 */
asked: string, 
/**
 * When it last changed.
 */
changed: string, };

export type RotationState = { "kind": "queued" } | { "kind": "running" } | { "kind": "waiting", 
/**
 * What it waits for.
 */
wait: Wait, 
/**
 * Why, as a sentence.
 */
why: string, 
/**
 * What to do, as a sentence.
 */
advice: string, } | { "kind": "done" } | { "kind": "taken_back" } | { "kind": "closed", 
/**
 * What was left.
 */
why: string, };

export type RotationStep = { 
/**
 * The step.
 */
step: Step, 
/**
 * In words.
 */
words: string, 
/**
 * How far it is.
 */
fate: StepFate, 
/**
 * What it said last.
 */
last: string, 
/**
 * When it was done or last tried.
 */
at: string | null, };

export type RotationStop = { 
/**
 * Its number within the run.
 */
n: number, 
/**
 * The placement.
 */
placement: PlacementId | null, 
/**
 * What people call it.
 */
what: string, 
/**
 * What is to be done.
 */
todo: Todo, 
/**
 * How far it is.
 */
state: StopState, 
/**
 * In words.
 */
words: string, };

export type RunId = string;

export type ScanFind = { 
/**
 * Its number within this scan.
 */
id: number, 
/**
 * What it is.
 */
what: ScanWhat, 
/**
 * The key of this vault that it is.
 */
key: KeyId | null, 
/**
 * That key's title, or what it looks like.
 */
title: string, 
/**
 * The key drawn; the same secret looks the same everywhere.
 */
bitting: Bitting | null, 
/**
 * The platform that its look tells of.
 */
platform: PlatformId | null, 
/**
 * Its visible ends.
 */
hint: string, 
/**
 * The file.
 */
file: string, 
/**
 * The file as people read it.
 */
short: string, 
/**
 * The line, counted from 1.
 */
line: number, 
/**
 * Where in the file; empty where its format is not known.
 */
node: string, 
/**
 * The client whose file it is.
 */
client: ClientId | null, 
/**
 * The client's name.
 */
client_name: string, 
/**
 * The same secret was found in so many places.
 */
places: number, 
/**
 * Its place is noted already.
 */
noted: boolean, 
/**
 * Git tracks the file.
 */
tracked: boolean, 
/**
 * Others on this machine can read the file.
 */
loose: boolean, };

export type ScanReport = { 
/**
 * The finds, those that need somebody first.
 */
found: Array<ScanFind>, 
/**
 * Files that were read.
 */
files: number, 
/**
 * Folders and files that were left out, in words.
 */
left_out: Array<string>, 
/**
 * It was stopped before it was through.
 */
stopped: boolean, 
/**
 * Milliseconds that it took.
 */
took_ms: number, };

export type ScanRequest = { 
/**
 * Folders to search besides the clients' own files; none searches those alone.
 */
folders: Array<string>, };

export type ScanWhat = "dead" | "unknown" | "known";

export type ScopeAxis = { 
/**
 * Its id: `org`.
 */
id: string, 
/**
 * What people call it.
 */
label: string, 
/**
 * What it decides.
 */
help: string, 
/**
 * How it is drawn and counted.
 */
kind: AxisKind, 
/**
 * What can be chosen.
 */
choices: Array<ScopeChoice>, 
/**
 * A choice that stands alone: `agent:*`.
 */
wildcard: ScopeChoice | null, 
/**
 * How to write one that is not listed; none when that is not allowed.
 */
free: FreeScope | null, };

export type ScopeChoice = { 
/**
 * What is sent: `svc:wiki:read`.
 */
value: string, 
/**
 * What people read.
 */
label: string, 
/**
 * What it allows.
 */
help: string, 
/**
 * For a grid: the row (`wiki`) and the tier (`read`); empty otherwise.
 */
row: string, 
/**
 * The tier.
 */
tier: string, 
/**
 * Whether it deserves a warning.
 */
dangerous: boolean, };

export type SecretSource = "clipboard" | "file" | "none";

export type Selection = { "kind": "keys", 
/**
 * The keys.
 */
keys: Array<KeyId>, } | { "kind": "query", 
/**
 * The query.
 */
query: string, } | { "kind": "owner", 
/**
 * Their name.
 */
name: string, } | { "kind": "machine", 
/**
 * Its name.
 */
name: string, };

export type Settings = { 
/**
 * Days between rotations where a key sets none.
 */
rotation_days: number, 
/**
 * `system`, `light` or `dark`.
 */
theme: Theme, 
/**
 * Remote calls are not made.
 */
work_offline: boolean, };

export type SettleAction = "revoke_orphans" | "send" | "close";

export type SettleOperation = { 
/**
 * The operation.
 */
operation: OperationId, 
/**
 * What to do.
 */
action: SettleAction, };

export type Severity = "info" | "warning" | "critical";

export type Status = "active" | "disabled" | "expired" | "revoking" | "revoked" | "unknown";

export type Step = "check" | "settle" | "create" | "place" | "verify" | "grace" | "revoke" | "prove" | "enable" | "put_back" | "revoke_new" | "prove_new" | "close";

export type StepFate = "ahead" | "running" | "waits" | "done" | "skipped";

export type StepLine = { 
/**
 * The step.
 */
step: Step, 
/**
 * What became of it.
 */
outcome: Outcome, 
/**
 * In words; never a secret.
 */
words: string, 
/**
 * When.
 */
at: string, };

export type StopState = { "kind": "open" } | { "kind": "placed" } | { "kind": "confirmed", 
/**
 * When they said so.
 */
at: string, } | { "kind": "left_out", 
/**
 * Why.
 */
why: string, };

export type StorePreview = { 
/**
 * The client's name.
 */
client_name: string, 
/**
 * The place in words.
 */
place: string, 
/**
 * The connection's name.
 */
connection_name: string, 
/**
 * The address below which the calls go.
 */
address: string, 
/**
 * The calls in their order, and what each carries; never a secret.
 */
calls: Array<string>, 
/**
 * What to know.
 */
warnings: Array<PlaceWarning>, 
/**
 * Why it cannot be done; empty when it can.
 */
refused: string, 
/**
 * What to do about that.
 */
advice: string, 
/**
 * How it is picked up.
 */
pickup: string, };

export type StoreReport = { 
/**
 * Where it is.
 */
placement: PlacementRow, };

export type StoreSecret = { 
/**
 * The key.
 */
key: KeyId, 
/**
 * Whose place it is: a client whose secrets a platform keeps.
 */
client: ClientId, 
/**
 * The connection by which it is written; none for the only one that can.
 */
connection: ConnectionId | null, 
/**
 * What tells the place, and `name`, the secret's own name.
 */
params: { [key in string]: string }, 
/**
 * Warnings that stop it were read and are taken.
 */
insist: boolean, };

export type Strength = { 
/**
 * zxcvbn's score, 0 to 4.
 */
score: number, 
/**
 * Whether it may be used: 3 or better.
 */
acceptable: boolean, 
/**
 * What would make it better.
 */
advice: string | null, 
/**
 * How long guessing takes on one strong graphics card, in words.
 */
crack_words: string, };

export type TakeIn = { 
/**
 * The finds, by their numbers.
 */
finds: Array<number>, 
/**
 * The connection that new keys belong to; none for the one of their platform.
 */
connection: ConnectionId | null, 
/**
 * The name of a new key; empty for one made of where it was found.
 */
name: string, };

export type TakenIn = { 
/**
 * Keys that are new in the vault.
 */
keys: Array<KeyId>, 
/**
 * Places that were noted.
 */
placements: number, };

export type Theme = "system" | "light" | "dark";

export type Todo = { "kind": "write" } | { "kind": "store" } | { "kind": "follow" } | { "kind": "confirm" } | { "kind": "leave", 
/**
 * Why.
 */
why: string, };

export type UseNote = { 
/**
 * The client.
 */
client: string, 
/**
 * Where; may be empty.
 */
place: string, };

export type Variable = { 
/**
 * Its name in the profile: `org_id`.
 */
name: string, 
/**
 * Its value.
 */
value: string, };

export type VariableForm = { 
/**
 * Its name in the profile.
 */
name: string, 
/**
 * What people call it.
 */
label: string, 
/**
 * A hint.
 */
help: string, 
/**
 * An example.
 */
placeholder: string, 
/**
 * The variable whose value it takes when left empty.
 */
defaults_to: string | null, 
/**
 * Whether it must be filled in.
 */
required: boolean, };

export type Verdict = { "kind": "alive" } | { "kind": "limited", 
/**
 * The scope that the platform said is missing.
 */
missing: string | null, } | { "kind": "dead" } | { "kind": "unknown", 
/**
 * Why: `offline`, `timeout`, `status 503`… Never holds a secret or an address's query.
 */
why: string, };

export type Wait = { "kind": "person" } | { "kind": "network" } | { "kind": "until", "until": string };

export type WhichReport = { 
/**
 * The client's name.
 */
client_name: string, 
/**
 * One for each place that holds a key, or could.
 */
uses: Array<WhichUse>, };

export type WhichRequest = { 
/**
 * The client.
 */
client: ClientId, 
/**
 * The folder that it is started in; empty for the home directory.
 */
folder: string, };

export type WhichSource = { 
/**
 * Where it is from: "environment variable OPENAI_API_KEY", "~/.codex/config.toml".
 */
words: string, 
/**
 * The key of this vault that it is.
 */
key: KeyId | null, 
/**
 * That key's title; empty where it is none of this vault.
 */
title: string, 
/**
 * The key drawn.
 */
bitting: Bitting | null, 
/**
 * Why it does not work; empty when it may.
 */
trouble: string, };

export type WhichUse = { 
/**
 * What it is for: the server's or provider's name.
 */
what: string, 
/**
 * The source that wins; none where nothing is set.
 */
effective: WhichSource | null, 
/**
 * Those behind it, strongest first.
 */
shadowed: Array<WhichSource>, 
/**
 * What cannot be seen from here, such as a keyring that would win.
 */
unseen: Array<string>, };

export type WritingId = string;

export type WritingRow = { 
/**
 * Its id.
 */
id: WritingId, 
/**
 * Its run.
 */
run: RunId, 
/**
 * The key's title.
 */
key_title: string, 
/**
 * The client's name.
 */
client_name: string, 
/**
 * The file as people read it.
 */
short: string, 
/**
 * How far it got.
 */
state: WritingState, 
/**
 * When it was asked for.
 */
asked: string, 
/**
 * It can still be taken back.
 */
can_undo: boolean, };

export type WritingState = { "kind": "intended" } | { "kind": "done" } | { "kind": "rolled_back" } | { "kind": "undoing" } | { "kind": "undone" } | { "kind": "stuck", 
/**
 * What stands in the way.
 */
why: string, };

export type Commands = {
  status: [null, AppStatus],
  overview: [null, Overview],
  list_keys: [ListKeys, KeyPage],
  key_detail: [KeyId, KeyDetail],
  list_connections: [null, Array<ConnectionRow>],
  list_platforms: [null, Array<PlatformRow>],
  list_operations: [null, Array<OperationLine>],
  create_form: [ConnectionId, CreateForm],
  preview_create: [CreateKey, CreatePreview],
  edit_key: [EditKey, KeyDetail],
  revoke_preview: [KeyId, RevokePreview],
  disconnect: [ConnectionId, null],
  revoke_in_dashboard: [RevokeKey, RevokeProgress],
  withdraw_revocation: [KeyId, null],
  preview_platform: [AddPlatform, PlatformPreview],
  add_platform: [AddPlatform, PlatformRow],
  remove_platform: [PlatformId, null],
  stop_refresh: [null, null],
  delete_key: [KeyId, null],
  restore_key: [KeyId, null],
  list_events: [ListEvents, EventPage],
  settings: [null, Settings],
  list_clients: [ListClients, Array<ClientRow>],
  list_placements: [ListPlacements, Array<PlacementRow>],
  preview_place: [PlaceKey, PlacePreview],
  place_key: [PlaceKey, PlaceReport],
  undo_placing: [PlacementId, null],
  undo_writing: [WritingId, null],
  list_writings: [null, Array<WritingRow>],
  note_place: [NotePlace, PlacementRow],
  edit_place: [EditPlace, PlacementRow],
  forget_place: [PlacementId, null],
  scan: [ScanRequest, ScanReport],
  stop_scan: [null, null],
  take_in: [TakeIn, TakenIn],
  which_key: [WhichRequest, WhichReport],
  plan_rotation: [RotateKey, RotationPlan],
  list_rotations: [ListRotations, Array<RotationRow>],
  rotation_report: [RotationId, RotationReport],
  export_report: [ExportReport, ReportText],
  plan_bulk: [BulkAsk, BulkPlan],
  cancel_bulk: [BulkId, BulkProgress],
  edit_draft: [EditDraft, OperationLine],
  create_key: [CreateKey, KeyCreated],
  probe_key: [KeyId, ProbeReport],
  revoke_key: [RevokeKey, RevokeProgress],
  relabel_key: [RelabelKey, RemoteChange],
  disable_key: [KeyId, RemoteChange],
  enable_key: [KeyId, RemoteChange],
  refresh: [Refresh, Array<RefreshReport>],
  settle_operation: [SettleOperation, null],
  begin_rotation: [RotateKey, RotationRow],
  carry_on_rotation: [ActOnRotation, RotationRow],
  begin_replacing_leaked: [ReplaceLeaked, RotationRow],
  begin_bulk: [BulkAsk, BulkBegun],
  resume_bulk: [BulkId, BulkProgress],
  run_queue: [null, QueueReport],
  preview_store: [StoreSecret, StorePreview],
  store_secret: [StoreSecret, StoreReport],
  remove_stored: [PlacementId, null],
  set_settings: [Settings, Settings],
  copy_secret: [CopySecret, Copied],
  reveal_secret: [KeyId, null],
  connect: [ConnectWith, ConnectionRow],
  add_key: [AddKeyWith, KeyDetail],
  finish_guided_create: [GuidedWith, GuidedKey],
  replace_credential: [CredentialWith, ConnectionRow],
  open_guide: [GuidePage, null],
  detect_clipboard: [null, Array<Detected>],
  bring_new_key: [BringKey, GuidedKey],
  look_up_leak: [null, LeakReport],
  save_report: [ExportReport, string],
  start_demo: [null, ConnectionRow],
  lock: [null, null],
};

export type DoorCommands = {
  door_state: [null, DoorState],
  strength: [Passphrase, Strength],
  make_vault: [Passphrase, RecoveryGroups],
  confirm_recovery: [ConfirmRecovery, boolean],
  unlock: [Passphrase, null],
  unlock_with_recovery: [RecoveryEntry, null],
};
