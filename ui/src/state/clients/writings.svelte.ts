import type { Call, Failure, WritingId, WritingRow } from "../../ipc";

/** Every write of a client's file, newest first. */
export class Writings {
  list: WritingRow[] | null = $state.raw(null);
  failure: Failure | null = $state.raw(null);
  busy: WritingId | null = $state(null);
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  async load() {
    const answer = await this.#call("list_writings", null);
    if (answer.ok) this.list = answer.value;
    this.failure = answer.ok ? null : answer.failure;
  }

  async undo(writing: WritingId): Promise<Failure | null> {
    if (this.busy !== null) return null;
    this.busy = writing;
    const answer = await this.#call("undo_writing", writing);
    this.busy = null;
    if (answer.ok) await this.load();
    return answer.ok ? null : answer.failure;
  }
}
