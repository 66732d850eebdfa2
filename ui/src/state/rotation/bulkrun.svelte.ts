import type { BulkId, BulkProgress, Call, Failure, RotationRow } from "../../ipc";

/** Many replacements that go on: how far all are, and how each stands. */
export class BulkRun {
  rows: RotationRow[] | null = $state.raw(null);
  progress: BulkProgress | null = $state.raw(null);
  failure: Failure | null = $state.raw(null);
  busy: "stop" | "resume" | null = $state(null);
  readonly id: BulkId;
  readonly #call: Call;

  constructor(call: Call, id: BulkId) {
    this.#call = call;
    this.id = id;
  }

  async load() {
    const answer = await this.#call("list_rotations", { ended: true, key: null, bulk: this.id });
    this.failure = answer.ok ? null : answer.failure;
    if (!answer.ok) return;
    this.rows = answer.value;
    this.progress = counted(this.id, answer.value);
  }

  /** Takes a word on one of its runs. */
  hear(row: RotationRow) {
    if (row.bulk !== this.id || !this.rows) return;
    this.rows = this.rows.map((other) => (other.id === row.id ? row : other));
    this.progress = counted(this.id, this.rows);
  }

  /** Whether any has not begun, so that it can be stopped. */
  get stoppable(): boolean {
    return (this.progress?.queued ?? 0) > 0;
  }

  /** Whether something waits that can be taken up again. */
  get resumable(): boolean {
    const waits = ({ state }: RotationRow) =>
      state.kind === "queued" || (state.kind === "waiting" && state.wait.kind !== "person");
    const goes = this.rows?.some(({ state }) => state.kind === "running") ?? false;
    return !goes && (this.rows?.some(waits) ?? false);
  }

  async stop(): Promise<Failure | null> {
    return this.#do("stop", "cancel_bulk");
  }

  async resume(): Promise<Failure | null> {
    return this.#do("resume", "resume_bulk");
  }

  async #do(busy: "stop" | "resume", command: "cancel_bulk" | "resume_bulk") {
    if (this.busy) return null;
    this.busy = busy;
    const answer = await this.#call(command, this.id);
    this.busy = null;
    await this.load();
    return answer.ok ? null : answer.failure;
  }
}

/** How far many runs are. */
export function counted(bulk: BulkId, rows: RotationRow[]): BulkProgress {
  const count = (...kinds: RotationRow["state"]["kind"][]) =>
    rows.filter(({ state }) => kinds.includes(state.kind)).length;
  return {
    bulk,
    total: rows.length,
    done: count("done"),
    waiting: count("waiting"),
    queued: count("queued"),
    ended: count("taken_back", "closed"),
  };
}
