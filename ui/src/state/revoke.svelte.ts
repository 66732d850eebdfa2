import type { Call, Failure, KeyDetail, KeyId, RevokePreview, RevokeProgress } from "../ipc";

export type RevokeStep = "reading" | "asking" | "sending" | "watching" | "failed";

/** One revocation, from what will happen to the proof. */
export class RevokeFlow {
  step: RevokeStep = $state("reading");
  preview: RevokePreview | null = $state.raw(null);
  detail: KeyDetail | null = $state.raw(null);
  progress: RevokeProgress | null = $state.raw(null);
  failure: Failure | null = $state.raw(null);
  reason = $state("");
  typed = $state("");
  /** The steps in the dashboard that the person ticked, for their eyes only. */
  ticked: number[] = $state.raw([]);
  /** When the last word on it arrived, to count on from there. */
  heard = $state(0);
  readonly key: KeyId;
  readonly #call: Call;

  constructor(call: Call, key: KeyId) {
    this.#call = call;
    this.key = key;
  }

  async start(known: RevokeProgress | null) {
    const detail = await this.#call("key_detail", this.key);
    if (!detail.ok) return this.#fail(detail.failure);
    this.detail = detail.value;
    if (detail.value.row.status === "revoking" || detail.value.row.status === "revoked") {
      this.step = "watching";
      this.hear(known ?? asKept(detail.value));
      return;
    }
    const preview = await this.#call("revoke_preview", this.key);
    if (!preview.ok) return this.#fail(preview.failure);
    this.preview = preview.value;
    this.step = "asking";
  }

  /** Whether the words that stand against it were typed. */
  get allowed(): boolean {
    if (!this.preview || this.preview.blocked !== null) return false;
    const word = this.preview.type_to_override;
    return word === null || this.typed.trim() === word;
  }

  /** Whether the key is revoked in a dashboard, so that a person may have been wrong. */
  get guided(): boolean {
    return (this.preview?.guide ?? null) !== null || (this.detail?.can.withdraw ?? false);
  }

  /** Whether the end of the key can be proved at all. */
  get provable(): boolean {
    return this.preview?.provable ?? this.progress?.stage.kind !== "told";
  }

  tick = (step: number) => {
    this.ticked = this.ticked.includes(step)
      ? this.ticked.filter((other) => other !== step)
      : [...this.ticked, step];
  };

  /** Opens the page in the user's browser. Which page it is, the core knows. */
  async open(): Promise<Failure | null> {
    const connection = this.detail?.connection ?? "";
    const answer = await this.#call("open_guide", { connection, act: "revoke" });
    return answer.ok ? null : answer.failure;
  }

  /** Takes back that it was revoked in the dashboard. */
  async withdraw(): Promise<Failure | null> {
    const answer = await this.#call("withdraw_revocation", this.key);
    return answer.ok ? null : answer.failure;
  }

  async confirm() {
    if (!this.allowed || this.step !== "asking") return;
    this.step = "sending";
    const { key, reason, typed } = this;
    const request = { key, reason: reason.trim(), typed: typed.trim() };
    const answer = this.preview?.guide
      ? await this.#call("revoke_in_dashboard", request)
      : await this.#call("revoke_key", request);
    if (!answer.ok) return this.#fail(answer.failure);
    // Progress may have overtaken the answer.
    if (!this.progress) this.hear(answer.value);
    this.step = "watching";
  }

  /** Takes a word on its progress, whether an answer or an event. */
  hear(progress: RevokeProgress) {
    if (progress.key !== this.key) return;
    this.progress = progress;
    this.heard = Date.now();
    if (this.step === "sending") this.step = "watching";
  }

  #fail(failure: Failure) {
    this.failure = failure;
    this.step = "failed";
  }
}

/** What the vault itself knows of a revocation that began before this window. */
function asKept(detail: KeyDetail): RevokeProgress {
  const { revocation, row } = detail;
  const since = revocation ? Date.parse(revocation.requested) : Date.now();
  const stage: RevokeProgress["stage"] = revocation?.overdue
    ? { kind: "overdue" }
    : row.status === "revoked"
      ? revocation?.proof === "told"
        ? { kind: "told" }
        : { kind: "proved", window_ms: revocation?.window_ms ?? null }
      : { kind: "proving" };
  return {
    key: row.id,
    stage,
    elapsed_ms: stage.kind === "proved" ? (stage.window_ms ?? 0) : Date.now() - since,
    promise_ms: 0,
    probes: 0,
    last: null,
    refusals: 0,
    refusals_needed: 0,
  };
}
