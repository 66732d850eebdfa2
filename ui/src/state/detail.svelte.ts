import type { Call, EditKey, Failure, KeyDetail, KeyId, Verdict } from "../ipc";

/** The key in the pane. */
export class Detail {
  key: KeyId | null = $state(null);
  value: KeyDetail | null = $state.raw(null);
  failure: Failure | null = $state.raw(null);
  probing = $state(false);
  verdict: Verdict | null = $state.raw(null);
  #round = 0;
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  async open(key: KeyId | null) {
    if (key === this.key) return;
    this.key = key;
    this.verdict = null;
    this.failure = null;
    if (key === null) this.value = null;
    else await this.load();
  }

  async load() {
    const round = ++this.#round;
    if (this.key === null) return;
    const answer = await this.#call("key_detail", this.key);
    if (round !== this.#round) return;
    this.value = answer.ok ? answer.value : null;
    this.failure = answer.ok ? null : answer.failure;
  }

  /** Changes a person's own notes on the key. */
  async edit(changes: Partial<EditKey>): Promise<Failure | null> {
    if (this.key === null) return null;
    const nothing = {
      label: null,
      note: null,
      tags: null,
      owner: null,
      rotation_days: null,
      uses: null,
    };
    const answer = await this.#call("edit_key", { ...nothing, ...changes, key: this.key });
    if (!answer.ok) return answer.failure;
    if (answer.value.row.id === this.key) this.value = answer.value;
    return null;
  }

  async probe(): Promise<Failure | null> {
    const key = this.key;
    if (key === null || this.probing) return null;
    this.probing = true;
    const answer = await this.#call("probe_key", key);
    this.probing = false;
    if (!answer.ok) return answer.failure;
    if (key === this.key) this.verdict = answer.value.verdict;
    return null;
  }
}
