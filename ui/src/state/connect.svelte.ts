import type { Call, ConnectionRow, Failure, PlatformRow, SecretSource } from "../ipc";

/** One connection to make. The credential itself is read in Rust. */
export class ConnectFlow {
  platform: PlatformRow | null = $state.raw(null);
  name = $state("");
  baseUrl = $state("");
  variables: Record<string, string> = $state({});
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
    this.baseUrl = "";
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

  async submit(source: SecretSource): Promise<ConnectionRow | null> {
    this.strict = true;
    if (!this.platform || this.busy || this.missing.length > 0) return null;
    this.busy = source;
    const variables = Object.entries(this.variables)
      .map(([name, value]) => ({ name, value: value.trim() }))
      .filter(({ value }) => value !== "");
    const base_url = this.baseUrl.trim() === "" ? null : this.baseUrl.trim();
    const connect = { platform: this.platform.id, name: this.name.trim(), base_url, variables };
    const answer = await this.#call("connect", { connect, source });
    this.busy = null;
    this.failure = answer.ok ? null : answer.failure;
    return answer.ok ? answer.value : null;
  }
}

/** The name, numbered when it is taken. */
function freeName(name: string, taken: string[]): string {
  if (!taken.includes(name)) return name;
  let count = 2;
  while (taken.includes(`${name} ${count}`)) count += 1;
  return `${name} ${count}`;
}
