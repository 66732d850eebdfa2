import type {
  Call,
  ConnectionId,
  ConnectionRow,
  Expiry,
  Failure,
  PlatformRow,
  SecretSource,
} from "../ipc";
import { isChangeOfMind } from "../text";
import { endOfDay } from "./add.svelte";

/** One connection to make. The credential itself is read in Rust. */
export class ConnectFlow {
  platform: PlatformRow | null = $state.raw(null);
  name = $state("");
  baseUrl = $state("");
  variables: Record<string, string> = $state({});
  /** The day on which the credential ends, as typed; empty when not known. */
  expires = $state("");
  busy: SecretSource | null = $state(null);
  failure: Failure | null = $state.raw(null);
  /** Whether what is missing is shown. */
  strict = $state(false);
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  choose(platform: PlatformRow, taken: string[]) {
    this.platform = platform;
    this.variables = Object.fromEntries(platform.variables.map(({ name }) => [name, ""]));
    this.name = freeName(platform.name, taken);
    this.baseUrl = this.expires = "";
    this.failure = null;
    this.strict = false;
  }

  /** What is missing, by field. */
  get missing(): string[] {
    const variables = this.platform?.variables ?? [];
    const empty = variables.filter(
      ({ name, required, defaults_to }) =>
        required && defaults_to === null && (this.variables[name] ?? "").trim() === "",
    );
    return [...(this.name.trim() === "" ? ["name"] : []), ...empty.map(({ name }) => name)];
  }

  get dateWrong(): boolean {
    return this.strict && isNoDay(this.expires);
  }

  async submit(source: SecretSource): Promise<ConnectionRow | null> {
    this.strict = true;
    if (!this.platform || this.busy || this.missing.length > 0 || this.dateWrong) return null;
    this.busy = source;
    const variables = Object.entries(this.variables)
      .map(([name, value]) => ({ name, value: value.trim() }))
      .filter(({ value }) => value !== "");
    const base_url = this.baseUrl.trim() === "" ? null : this.baseUrl.trim();
    const credential_expires = expiryOn(this.expires);
    const { id: platform } = this.platform;
    const connect = { platform, name: this.name.trim(), base_url, variables, credential_expires };
    const answer = await this.#call("connect", { connect, source });
    this.busy = null;
    this.failure = answer.ok || isChangeOfMind(answer.failure) ? null : answer.failure;
    return answer.ok ? answer.value : null;
  }
}

/** Another management credential for a connection. It is read in Rust. */
export class ReplaceFlow {
  expires = $state("");
  busy: SecretSource | null = $state(null);
  failure: Failure | null = $state.raw(null);
  strict = $state(false);
  readonly connection: ConnectionId;
  readonly #call: Call;

  constructor(call: Call, connection: ConnectionId) {
    this.#call = call;
    this.connection = connection;
  }

  get dateWrong(): boolean {
    return this.strict && isNoDay(this.expires);
  }

  async submit(source: SecretSource): Promise<ConnectionRow | null> {
    this.strict = true;
    if (this.busy || this.dateWrong) return null;
    this.busy = source;
    const { connection } = this;
    const expires = expiryOn(this.expires);
    const answer = await this.#call("replace_credential", { connection, source, expires });
    this.busy = null;
    this.failure = answer.ok || isChangeOfMind(answer.failure) ? null : answer.failure;
    return answer.ok ? answer.value : null;
  }
}

const isNoDay = (typed: string): boolean => typed.trim() !== "" && endOfDay(typed) === null;

function expiryOn(typed: string): Expiry {
  const at = endOfDay(typed);
  return at === null ? { kind: "unknown" } : { kind: "at", at };
}

/** The name, numbered when it is taken. */
function freeName(name: string, taken: string[]): string {
  if (!taken.includes(name)) return name;
  let count = 2;
  while (taken.includes(`${name} ${count}`)) count += 1;
  return `${name} ${count}`;
}
