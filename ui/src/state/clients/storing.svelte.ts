import type {
  Call,
  ClientId,
  ClientRow,
  ConnectionId,
  ConnectionRow,
  Failure,
  KeyDetail,
  KeyId,
  StorePreview,
  StoreReport,
  StoreSecret,
} from "../../ipc";

export type StoringStep = "ask" | "preview" | "doing" | "done";

/** Putting one key into a platform's secret store: where, what is sent, done. */
export class StoringFlow {
  step: StoringStep = $state("ask");
  key: KeyDetail | null = $state.raw(null);
  client: ClientRow | null = $state.raw(null);
  connection: ConnectionId = $state("");
  params: Record<string, string> = $state({});
  preview: StorePreview | null = $state.raw(null);
  report: StoreReport | null = $state.raw(null);
  failure: Failure | null = $state.raw(null);
  reading = $state(false);
  /** The warnings that stop it were read. */
  seen = $state(false);
  readonly #call: Call;
  readonly #connections: readonly ConnectionRow[];

  constructor(call: Call, connections: readonly ConnectionRow[]) {
    this.#call = call;
    this.#connections = connections;
  }

  async start(key: KeyId, client: ClientId) {
    const [detail, clients] = await Promise.all([
      this.#call("key_detail", key),
      this.#call("list_clients", { project: "" }),
    ]);
    if (!detail.ok || !clients.ok) {
      this.failure = detail.ok ? (clients.ok ? null : clients.failure) : detail.failure;
      return;
    }
    this.key = detail.value;
    this.client = clients.value.find(({ id }) => id === client) ?? null;
    const asked = this.client?.store_params ?? [];
    const told = asked.map((param) => [param.name, param.default] as const);
    this.params = { ...Object.fromEntries(told), name: detail.value.env_name ?? "" };
    this.connection = this.able[0]?.id ?? "";
  }

  /** The connections through which it can be written. */
  get able(): ConnectionRow[] {
    const platform = this.client?.store;
    return this.#connections.filter((row) => row.platform === platform && row.has_credential);
  }

  get complete(): boolean {
    return this.connection !== "" && (this.params["name"] ?? "").trim() !== "";
  }

  get request(): StoreSecret | null {
    if (!this.key || !this.client) return null;
    const told = Object.entries(this.params).map(([name, value]) => [name, value.trim()] as const);
    return {
      key: this.key.row.id,
      client: this.client.id,
      connection: this.connection,
      params: Object.fromEntries(told.filter(([, value]) => value !== "")),
      insist: this.seen,
    };
  }

  /** Asks what would be sent, and whether something is there already. */
  async look() {
    const { request } = this;
    if (!request || !this.complete || this.reading) return;
    this.reading = true;
    this.seen = false;
    const answer = await this.#call("preview_store", { ...request, insist: false });
    this.reading = false;
    this.failure = answer.ok ? null : answer.failure;
    if (!answer.ok) return;
    this.preview = answer.value;
    this.step = "preview";
  }

  get stops(): boolean {
    return this.preview?.warnings.some(({ stops }) => stops) ?? false;
  }

  get allowed(): boolean {
    return this.preview?.refused === "" && (!this.stops || this.seen);
  }

  /** Seals the key and sends it. */
  async send() {
    const { request } = this;
    if (!request || !this.allowed || this.step !== "preview") return;
    this.step = "doing";
    const answer = await this.#call("store_secret", request);
    this.failure = answer.ok ? null : answer.failure;
    this.step = answer.ok ? "done" : "preview";
    if (answer.ok) this.report = answer.value;
  }
}
