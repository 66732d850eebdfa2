import type {
  Call,
  ConnectionId,
  ConnectionRow,
  Failure,
  PlatformId,
  PlatformRow,
  Progress,
  RefreshReport,
  Result,
} from "../ipc";

/** A refresh of several connections. */
export interface Round {
  done: number;
  total: number;
  /** Who asks for a pause, and for how long. */
  pause: { name: string; seconds: number } | null;
  stopping: boolean;
}
const START: Round = { done: 0, total: 0, pause: null, stopping: false };

/** Connections, and the platforms there are. */
export class Connections {
  list: ConnectionRow[] | null = $state.raw(null);
  platforms: PlatformRow[] = $state.raw([]);
  failure: Failure | null = $state.raw(null);
  /** Those whose list is being read. */
  refreshing: ConnectionId[] = $state.raw([]);
  /** How far a refresh of several is; none while there is none. */
  round: Round | null = $state.raw(null);
  #stopped = false;
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /** Where keys can be made: by API, or step by step in a dashboard. */
  get creatable(): ConnectionRow[] {
    return (this.list ?? []).filter(({ can_create, guided }) => can_create || guided);
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

  /** Reads the list of one connection, or of all that have a credential. */
  async refresh(connection: ConnectionId | null): Promise<Result<RefreshReport[]>> {
    const able = (this.list ?? []).filter(({ has_credential }) => has_credential);
    const ids = connection === null ? able.map(({ id }) => id) : [connection];
    if (connection === null && ids.length > 1) this.round = { ...START, total: ids.length };
    this.refreshing = [...this.refreshing, ...ids];
    const answer = await this.#call("refresh", { connection });
    this.refreshing = this.refreshing.filter((id) => !ids.includes(id));
    if (connection === null) this.round = null;
    await this.load();
    return answer;
  }

  /** Reads all lists, and tells whether somebody stopped it on the way. */
  async refreshAll(): Promise<{ answer: Result<RefreshReport[]>; stopped: boolean }> {
    this.#stopped = false;
    const answer = await this.refresh(null);
    return { answer, stopped: this.#stopped };
  }

  /** Takes a word on a refresh: one more read, or a platform that asks for a pause. */
  hear(progress: Extract<Progress, { kind: "refresh" | "paused" }>) {
    const name = this.find(progress.connection)?.name ?? "";
    const { round } = this;
    if (progress.kind === "paused")
      this.round = round && { ...round, pause: { name, seconds: progress.seconds } };
    else if (progress.total > 1 && (round || progress.done < progress.total)) {
      const { done, total } = progress;
      const over = done === total && this.refreshing.length === 0;
      this.round = over ? null : { ...(round ?? START), done, total, pause: null };
    }
  }

  /** Ends a refresh of several. The lists that were read are kept. */
  async stop(): Promise<Failure | null> {
    if (!this.round || this.round.stopping) return null;
    this.round = { ...this.round, stopping: true };
    const answer = await this.#call("stop_refresh", null);
    this.#stopped = answer.ok;
    if (!answer.ok && this.round) this.round = { ...this.round, stopping: false };
    return answer.ok ? null : answer.failure;
  }

  async remove(connection: ConnectionId): Promise<Failure | null> {
    const answer = await this.#call("disconnect", connection);
    if (answer.ok) await this.load();
    return answer.ok ? null : answer.failure;
  }

  /** Takes an added platform away again. */
  async removePlatform(platform: PlatformId): Promise<Failure | null> {
    const answer = await this.#call("remove_platform", platform);
    if (answer.ok) await this.loadPlatforms();
    return answer.ok ? null : answer.failure;
  }

  async startDemo(): Promise<Result<ConnectionRow>> {
    const answer = await this.#call("start_demo", null);
    if (answer.ok) await this.load();
    return answer;
  }
}
