import type { Call, Failure, OperationId, OperationLine, QueueReport } from "../../ipc";

/** What was asked for and is not sent yet. */
export class Queue {
  list: OperationLine[] | null = $state.raw(null);
  failure: Failure | null = $state.raw(null);
  /** The one that is being sent or given up. */
  busy: OperationId | null = $state(null);
  sending = $state(false);
  /** What the last sending of all came to. */
  report: QueueReport | null = $state.raw(null);
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  get held(): OperationLine[] {
    return this.list?.filter(({ state }) => state.kind === "held") ?? [];
  }

  get drafts(): OperationLine[] {
    return this.list?.filter(({ state }) => state.kind === "draft") ?? [];
  }

  async load() {
    const answer = await this.#call("list_operations", null);
    this.failure = answer.ok ? null : answer.failure;
    if (!answer.ok) return;
    const waits = ({ state }: OperationLine) => state.kind === "draft" || state.kind === "held";
    this.list = answer.value.filter(waits);
  }

  /** Sends one now, or gives it up. */
  async settle(operation: OperationId, action: "send" | "close"): Promise<Failure | null> {
    if (this.busy !== null || this.sending) return null;
    this.busy = operation;
    const answer = await this.#call("settle_operation", { operation, action });
    this.busy = null;
    await this.load();
    return answer.ok ? null : answer.failure;
  }

  /** Sends all that can be sent, one after another. */
  async sendAll(): Promise<Failure | null> {
    if (this.sending || this.busy !== null) return null;
    this.sending = true;
    this.report = null;
    const answer = await this.#call("run_queue", null);
    this.sending = false;
    if (answer.ok) this.report = answer.value;
    await this.load();
    return answer.ok ? null : answer.failure;
  }
}
