import type {
  Call,
  ConnectionId,
  CreateForm,
  CreateKey,
  CreatePreview,
  Failure,
  KeyDetail,
  KeyId,
  Lifetime,
  OwnerKind,
  ScopeAxis,
  SecretSource,
} from "../ipc";
import { GuidedMake } from "./guided.svelte";
import { ScopePick } from "./scopes.svelte";

export type CreateStep =
  "where" | "what" | "review" | "dashboard" | "doing" | "done" | "drafted" | "unknown" | "failed";
const THINKING_MS = 120;

/** One new key, from its connection to the seal. */
export class CreateFlow {
  step: CreateStep = $state("where");
  form: CreateForm | null = $state.raw(null);
  name = $state("");
  label = $state("");
  note = $state("");
  owner = $state("");
  ownerKind: OwnerKind = $state("unknown");
  tags: string[] = $state.raw([]);
  lifetime: Lifetime = $state.raw({ kind: "days", value: 90 });
  scopes = $state.raw(new ScopePick([]));
  preview: CreatePreview | null = $state.raw(null);
  failure: Failure | null = $state.raw(null);
  key: KeyId | null = $state(null);
  made: KeyDetail | null = $state.raw(null);
  /** The key that this one follows. */
  forebear: KeyDetail | null = $state.raw(null);
  /** Whether what is missing is shown: not before somebody tried to go on. */
  strict = $state(false);
  /** The way through the platform's dashboard, where its keys are made there. */
  readonly guided: GuidedMake;
  #round = 0;
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
    this.guided = new GuidedMake(call);
  }

  async choose(connection: ConnectionId) {
    const answer = await this.#call("create_form", connection);
    if (!answer.ok) {
      this.failure = answer.failure;
      return;
    }
    this.failure = null;
    this.form = answer.value;
    this.lifetime = answer.value.lifetimes[0] ?? this.lifetime;
    this.scopes = new ScopePick(answer.value.axes);
    this.step = "what";
  }

  /** Takes scopes, owner, tags and a name from the key to be followed. */
  async follow(key: KeyId) {
    const answer = await this.#call("key_detail", key);
    if (!answer.ok) {
      this.failure = answer.failure;
      return;
    }
    const old = answer.value;
    this.forebear = old;
    await this.choose(old.connection);
    if (!this.form) return;
    this.name = nextName(old.row.name, this.form.names);
    this.label = old.label;
    this.owner = old.owner.name;
    this.ownerKind = old.owner.kind;
    this.tags = old.row.tags;
    this.note = old.note;
    this.scopes.take(old.scopes);
  }

  get request(): CreateKey | null {
    if (!this.form) return null;
    const { name, label, note, owner, ownerKind, tags, lifetime } = this;
    const { connection } = this.form;
    return {
      connection,
      name: name.trim(),
      scopes: this.scopes.list,
      lifetime,
      label: label.trim(),
      note,
      owner: owner.trim(),
      owner_kind: ownerKind,
      tags,
    };
  }

  /** Words on what would happen; asked again while the form changes. */
  async think(request: CreateKey) {
    const round = ++this.#round;
    await new Promise((after) => setTimeout(after, this.preview ? THINKING_MS : 0));
    if (round !== this.#round) return;
    const answer = await this.#call("preview_create", request);
    if (round === this.#round && answer.ok) this.preview = answer.value;
  }

  problem(field: string): string | null {
    if (!this.strict) return null;
    return this.preview?.problems.find((problem) => problem.field === field)?.message ?? null;
  }

  axisProblem = (axis: ScopeAxis): string | null => this.problem(`scopes.${axis.id}`);

  async review() {
    const request = this.request;
    if (!request) return;
    this.strict = true;
    const answer = await this.#call("preview_create", request);
    if (!answer.ok) {
      this.failure = answer.failure;
      return;
    }
    this.preview = answer.value;
    this.failure = null;
    if (answer.value.problems.length === 0) this.step = this.form?.guide ? "dashboard" : "review";
  }

  /** Whether the platform wants something told that this window does not take. */
  get barred(): boolean {
    return (this.form?.asks.length ?? 0) > 0;
  }

  async submit() {
    const request = this.request;
    if (!request || this.barred || this.step === "doing") return;
    this.step = "doing";
    const answer = await this.#call("create_key", request);
    if (!answer.ok) {
      this.failure = answer.failure;
      this.step = after(answer.failure);
      return;
    }
    this.failure = null;
    this.key = answer.value.key;
    if (this.key === null) {
      this.step = "drafted";
      return;
    }
    await this.#finish(this.key);
  }

  /** Takes in the secret of the key that was made in the dashboard. */
  async bring(source: SecretSource, insist = false) {
    const request = this.request;
    if (!request || this.step !== "dashboard") return;
    const made = await this.guided.bring(request, source, insist);
    if (!made) return;
    this.key = made.key;
    await this.#finish(made.key);
  }

  async #finish(key: KeyId) {
    const detail = await this.#call("key_detail", key);
    if (detail.ok) this.made = detail.value;
    this.step = "done";
  }
}

function after({ code }: Failure): CreateStep {
  if (code === "outcome_unknown") return "unknown";
  return code === "offline" ? "drafted" : "failed";
}

/** `ci-deploy-2` after `ci-deploy`: the first that is free. */
export function nextName(name: string, taken: string[]): string {
  const stem = name.replace(/-\d+$/, "");
  let count = 2;
  while (taken.includes(`${stem}-${count}`)) count += 1;
  return `${stem}-${count}`;
}
