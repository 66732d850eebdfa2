import type {
  Call,
  ConnectionId,
  Detected,
  Expiry,
  Failure,
  KeyDetail,
  SecretSource,
} from "../ipc";
import { isChangeOfMind } from "../text";

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
  /** What the clipboard's text may be a key of, likeliest first; none while nobody asked. */
  detected: Detected[] | null = $state.raw(null);
  detecting = $state(false);
  /** Why the clipboard could not be looked at. */
  undetected: Failure | null = $state.raw(null);
  readonly #call: Call;

  constructor(call: Call, connection: ConnectionId) {
    this.#call = call;
    this.connection = connection;
  }

  get expiry(): Expiry {
    if (this.never) return { kind: "never" };
    const at = endOfDay(this.expires);
    return at === null ? { kind: "unknown" } : { kind: "at", at };
  }

  get dateWrong(): boolean {
    return (
      this.strict && !this.never && this.expires.trim() !== "" && endOfDay(this.expires) === null
    );
  }

  get nameMissing(): boolean {
    return this.name.trim() === "";
  }

  async submit(source: SecretSource): Promise<KeyDetail | null> {
    this.strict = true;
    if (this.nameMissing || this.dateWrong || this.connection === "" || this.busy) return null;
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
    this.failure = answer.ok || isChangeOfMind(answer.failure) ? null : answer.failure;
    return answer.ok ? answer.value : null;
  }

  /** Has the clipboard's text looked at in Rust; it stays there and goes nowhere. */
  async detect() {
    if (this.detecting) return;
    this.detecting = true;
    const answer = await this.#call("detect_clipboard", null);
    this.detecting = false;
    this.detected = answer.ok ? answer.value : null;
    this.undetected = answer.ok ? null : answer.failure;
  }
}

/** The last second of a day as typed, `2026-12-31`; none when it is no day. */
export function endOfDay(day: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day.trim())) return null;
  const at = Date.parse(`${day.trim()}T23:59:59Z`);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
