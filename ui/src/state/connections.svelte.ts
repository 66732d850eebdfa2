import type {
  Call,
  ConnectionId,
  ConnectionRow,
  Failure,
  PlatformRow,
  RefreshReport,
  Result,
} from "../ipc";

/** Connections, and the platforms there are. */
export class Connections {
  list: ConnectionRow[] | null = $state.raw(null);
  platforms: PlatformRow[] = $state.raw([]);
  failure: Failure | null = $state.raw(null);
  /** Those whose list is being read. */
  refreshing: ConnectionId[] = $state.raw([]);
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  get creatable(): ConnectionRow[] {
    return (this.list ?? []).filter((connection) => connection.can_create);
  }

  find(id: ConnectionId): ConnectionRow | undefined {
    return this.list?.find((connection) => connection.id === id);
  }

  async load() {
    const answer = await this.#call("list_connections", null);
    if (answer.ok) this.list = answer.value;
    this.failure = answer.ok ? null : answer.failure;
  }

  async loadPlatforms() {
    const answer = await this.#call("list_platforms", null);
    if (answer.ok) this.platforms = answer.value;
  }

  /** Reads the list of one connection, or of all. */
  async refresh(connection: ConnectionId | null): Promise<Result<RefreshReport[]>> {
    const ids = connection === null ? (this.list ?? []).map(({ id }) => id) : [connection];
    this.refreshing = [...this.refreshing, ...ids];
    const answer = await this.#call("refresh", { connection });
    this.refreshing = this.refreshing.filter((id) => !ids.includes(id));
    await this.load();
    return answer;
  }

  async remove(connection: ConnectionId): Promise<Failure | null> {
    const answer = await this.#call("disconnect", connection);
    if (answer.ok) await this.load();
    return answer.ok ? null : answer.failure;
  }

  async startDemo(): Promise<Result<ConnectionRow>> {
    const answer = await this.#call("start_demo", null);
    if (answer.ok) await this.load();
    return answer;
  }
}
