import type { Call, Failure, KeyId, LeakedKey, LeakReport, RotationRow } from "../../ipc";

export type LeakStep = "ask" | "found" | "unknown";

/** "This key leaked": which one it is, and its replacement with one confirmation. */
export class LeakFlow {
  report: LeakReport | null = $state.raw(null);
  failure: Failure | null = $state.raw(null);
  busy = $state(false);
  chosen: KeyId | null = $state(null);
  endFirst = $state(false);
  reason = $state("");
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  get step(): LeakStep {
    if (!this.report) return "ask";
    return this.report.keys.length > 0 ? "found" : "unknown";
  }

  get key(): LeakedKey | null {
    return this.report?.keys.find(({ key }) => key === this.chosen) ?? null;
  }

  get allowed(): boolean {
    return this.key !== null && this.key.blocked === "" && this.key.rotation === null;
  }

  /** Has the clipboard's text compared with all keys, in Rust. */
  async look() {
    if (this.busy) return;
    this.busy = true;
    const answer = await this.#call("look_up_leak", null);
    this.busy = false;
    this.failure = answer.ok ? null : answer.failure;
    if (!answer.ok) return;
    this.report = answer.value;
    const can = answer.value.keys.find(({ blocked }) => blocked === "");
    this.chosen = (can ?? answer.value.keys[0])?.key ?? null;
  }

  again() {
    this.report = null;
    this.failure = null;
  }

  async confirm(): Promise<RotationRow | null> {
    const { key } = this;
    if (!key || !this.allowed || this.busy) return null;
    this.busy = true;
    const reason = this.reason.trim();
    const request = { key: key.key, revoke_first: this.endFirst, reason };
    const answer = await this.#call("begin_replacing_leaked", request);
    this.busy = false;
    this.failure = answer.ok ? null : answer.failure;
    return answer.ok ? answer.value : null;
  }
}
