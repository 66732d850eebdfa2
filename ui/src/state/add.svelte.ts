import type { Call, ConnectionId, Expiry, Failure, KeyDetail, SecretSource } from "../ipc";

/** A key made elsewhere, to be kept here. Its secret is read in Rust. */
export class AddFlow {
  connection: ConnectionId = $state("");
  name = $state("");
  label = $state("");
  owner = $state("");
  note = $state("");
  tags: string[] = $state.raw([]);
  /** A date as typed, `2026-12-31`; empty when not known. */
  expires = $state("");
  never = $state(false);
  busy: SecretSource | null = $state(null);
  failure: Failure | null = $state.raw(null);
  strict = $state(false);
  readonly #call: Call;

  constructor(call: Call, connection: ConnectionId) {
    this.#call = call;
    this.connection = connection;
  }

  get expiry(): Expiry {
    if (this.never) return { kind: "never" };
    const at = Date.parse(`${this.expires}T23:59:59Z`);
    return Number.isNaN(at) ? { kind: "unknown" } : { kind: "at", at: new Date(at).toISOString() };
  }

  get nameMissing(): boolean {
    return this.name.trim() === "";
  }

  async submit(source: SecretSource): Promise<KeyDetail | null> {
    this.strict = true;
    if (this.nameMissing || this.connection === "" || this.busy) return null;
    this.busy = source;
    const key = {
      connection: this.connection,
      name: this.name.trim(),
      label: this.label.trim(),
      note: this.note,
      owner: this.owner.trim(),
      tags: this.tags,
      scopes: [],
      expires: this.expiry,
    };
    const answer = await this.#call("add_key", { key, source });
    this.busy = null;
    this.failure = answer.ok ? null : answer.failure;
    return answer.ok ? answer.value : null;
  }
}
