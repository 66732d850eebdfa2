import type { Call, ConnectionId, CreateKey, Failure, GuidedKey, SecretSource } from "../ipc";
import { isChangeOfMind } from "../text";

/** A key that a person makes in a dashboard: the steps ticked, and the secret brought back. */
export class GuidedMake {
  /** The steps that the person ticked. It is for their eyes only. */
  ticked: number[] = $state.raw([]);
  busy: SecretSource | null = $state(null);
  failure: Failure | null = $state.raw(null);
  /** What became of it. */
  made: GuidedKey | null = $state.raw(null);
  /** Where the last secret was read, to take it all the same. */
  source: SecretSource = $state("clipboard");
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  tick = (step: number) => {
    this.ticked = this.ticked.includes(step)
      ? this.ticked.filter((other) => other !== step)
      : [...this.ticked, step];
  };

  /** Opens the page in the user's browser. Which page it is, the core knows. */
  async open(connection: ConnectionId): Promise<Failure | null> {
    const answer = await this.#call("open_guide", { connection, act: "create" });
    return answer.ok ? null : answer.failure;
  }

  /** Has the secret read, sealed and tried in Rust. */
  async bring(key: CreateKey, source: SecretSource, insist: boolean): Promise<GuidedKey | null> {
    if (this.busy) return null;
    this.busy = source;
    this.source = source;
    this.failure = null;
    const answer = await this.#call("finish_guided_create", { key, source, insist });
    this.busy = null;
    if (answer.ok) this.made = answer.value;
    else if (!isChangeOfMind(answer.failure)) this.failure = answer.failure;
    return answer.ok ? answer.value : null;
  }
}
