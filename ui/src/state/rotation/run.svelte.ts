import type {
  Call,
  Failure,
  KeyId,
  ReportFormat,
  RevokeProgress,
  RotationAction,
  RotationId,
  RotationReport,
  RotationRow,
  SecretSource,
} from "../../ipc";
import { isChangeOfMind, type Asked } from "../../text";

/** What is being asked about before it is done. */
export interface Asking {
  kind: Asked;
  /** The place, where one is left out. */
  stop: number;
  what: string;
}

/** One run: its report, kept up to date, and what a person does with it. */
export class RotationRun {
  report: RotationReport | null = $state.raw(null);
  /** Why the run cannot be shown. */
  failure: Failure | null = $state.raw(null);
  /** Why the last action was not done. */
  trouble: Failure | null = $state.raw(null);
  /** The action under way; for a place with its number. */
  busy: string | null = $state(null);
  proof: RevokeProgress | null = $state.raw(null);
  /** When the last word on the proof arrived. */
  heard = $state(0);
  asking: Asking | null = $state.raw(null);
  reason = $state("");
  typed = $state("");
  /** The steps in the dashboard that the person ticked, for their eyes only. */
  ticked: number[] = $state.raw([]);
  /** Where the last secret was read, to take it all the same. */
  source: SecretSource = $state("clipboard");
  readonly id: RotationId;
  #connection: string | null = null;
  #reading = false;
  #stale = false;
  readonly #call: Call;

  constructor(call: Call, id: RotationId) {
    this.#call = call;
    this.id = id;
  }

  /** Reads how it stands. While it is being read, one more reading is kept for later. */
  async load() {
    if (this.#reading) {
      this.#stale = true;
      return;
    }
    this.#reading = true;
    do {
      this.#stale = false;
      const answer = await this.#call("rotation_report", this.id);
      if (answer.ok) this.#take(answer.value);
      this.failure = answer.ok || this.report ? null : answer.failure;
    } while (this.#stale);
    this.#reading = false;
  }

  #take(report: RotationReport) {
    const guide = this.report?.guide;
    // Other steps, other ticks.
    if (guide?.steps.join() !== report.guide?.steps.join()) this.ticked = [];
    this.report = report;
    if (this.asking && !report.row.actions.includes(this.asking.kind)) this.ask(null);
  }

  /** Takes a word on its progress. */
  hear(row: RotationRow) {
    if (row.id !== this.id) return;
    if (this.report) this.report = { ...this.report, row };
    void this.load();
  }

  /** The key whose end is being proved, where one is. */
  get proving(): KeyId | null {
    const row = this.report?.row;
    if (row?.state.kind !== "running") return null;
    if (row.step === "prove") return row.old;
    return row.step === "prove_new" ? row.new : null;
  }

  /** Takes a word on the proof. */
  hearProof(proof: RevokeProgress) {
    this.proof = proof;
    this.heard = Date.now();
  }

  /** Asks about an action; none takes the question away. */
  ask(asking: Asking | null) {
    this.asking = asking;
    this.reason = "";
    this.typed = "";
    this.trouble = null;
  }

  /** Whether what is asked about may be done: its word is typed, its reason is told. */
  get allowed(): boolean {
    if (this.asking?.kind === "override")
      return this.typed.trim() === this.report?.type_to_override && this.reason.trim() !== "";
    return this.asking?.kind !== "leave_out" || this.reason.trim() !== "";
  }

  /** Does what was asked about. */
  async confirm() {
    if (!this.asking || !this.allowed) return;
    const { kind, stop } = this.asking;
    const reason = this.reason.trim();
    const actions: Record<Asked, RotationAction> = {
      take_back: { kind: "take_back" },
      leave_out: { kind: "leave_out", stop, reason },
      override: { kind: "override", typed: this.typed.trim(), reason },
      close: { kind: "close", reason },
    };
    if (await this.act(actions[kind])) this.ask(null);
  }

  /** Does one thing with the run. Tells whether it was done. */
  async act(action: RotationAction): Promise<boolean> {
    if (this.busy !== null) return false;
    this.busy = action.kind === "confirm" ? `confirm ${action.stop}` : action.kind;
    this.trouble = null;
    const answer = await this.#call("carry_on_rotation", { rotation: this.id, action });
    this.busy = null;
    if (!answer.ok) this.trouble = answer.failure;
    await this.load();
    return answer.ok;
  }

  /** Has the new key's secret read, sealed and tried in Rust. */
  async bring(source: SecretSource, insist = false) {
    if (this.busy !== null) return;
    this.busy = source;
    this.source = source;
    this.trouble = null;
    const answer = await this.#call("bring_new_key", { rotation: this.id, source, insist });
    this.busy = null;
    if (!answer.ok && !isChangeOfMind(answer.failure)) this.trouble = answer.failure;
    if (answer.ok) await this.load();
  }

  tick = (step: number) => {
    this.ticked = this.ticked.includes(step)
      ? this.ticked.filter((other) => other !== step)
      : [...this.ticked, step];
  };

  /** Opens the dashboard's page in the user's browser. Which page it is, the core knows. */
  async openGuide(): Promise<Failure | null> {
    if (!this.report) return null;
    const { row } = this.report;
    if (this.#connection === null) {
      const detail = await this.#call("key_detail", row.old);
      if (!detail.ok) return detail.failure;
      this.#connection = detail.value.connection;
    }
    const act = row.actions[0] === "bring_secret" ? "create" : "revoke";
    const answer = await this.#call("open_guide", { connection: this.#connection, act });
    return answer.ok ? null : answer.failure;
  }

  /** Saves the report where a person chooses; answers with the place, or none where they left it. */
  async save(format: ReportFormat): Promise<string | Failure | null> {
    const answer = await this.#call("save_report", { rotation: this.id, format });
    if (answer.ok) return answer.value;
    return isChangeOfMind(answer.failure) ? null : answer.failure;
  }
}
