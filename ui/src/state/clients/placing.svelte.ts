import type {
  Call,
  ClientId,
  ClientRow,
  Failure,
  FormChoice,
  KeyDetail,
  KeyId,
  PlacementId,
  PlaceKey,
  PlacePreview,
  PlaceReport,
  PlacementRow,
} from "../../ipc";
import { isWhole, missing, toTarget, wanted, type Target } from "./target";

export type PlacingStep = "key" | "where" | "preview" | "doing" | "done";

/** What a placing begins with. */
export interface PlacingAsk {
  key: KeyId | null;
  client: ClientId | null;
  form: FormChoice | null;
  /** The place that is written again. */
  again: PlacementRow | null;
}

/** One placing: which key, where, what changes, done. */
export class PlacingFlow {
  step: PlacingStep = $state("where");
  key: KeyDetail | null = $state.raw(null);
  clients: ClientRow[] | null = $state.raw(null);
  /** The project's folder, for files that are a project's. */
  project = $state("");
  targets: Target[] = $state([]);
  preview: PlacePreview | null = $state.raw(null);
  report: PlaceReport | null = $state.raw(null);
  failure: Failure | null = $state.raw(null);
  reading = $state(false);
  /** Whether what is missing is shown. */
  strict = $state(false);
  /** The changes whose warnings a person has read. */
  seen: number[] = $state.raw([]);
  undone: PlacementId[] = $state.raw([]);
  #ask: PlacingAsk = { key: null, client: null, form: null, again: null };
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  async start(ask: PlacingAsk) {
    this.#ask = ask;
    const { key, again } = ask;
    if (again && isWhole(again.project)) this.project = again.project;
    if (key === null) {
      this.step = "key";
      await this.loadClients();
    } else await this.choose(key);
  }

  /** Takes the key that is to be placed. */
  async choose(key: KeyId) {
    const [detail] = await Promise.all([this.#call("key_detail", key), this.loadClients()]);
    if (!detail.ok) {
      this.failure = detail.failure;
      return;
    }
    this.key = detail.value;
    this.step = "where";
    const { client, form, again } = this.#ask;
    if (client !== null && this.targets.length === 0) this.toggle(client, form, again);
  }

  /** Reads the clients, with the files of the project that was told. */
  async loadClients() {
    const answer = await this.#call("list_clients", { project: this.project.trim() });
    if (answer.ok) this.clients = answer.value;
    this.failure = answer.ok ? null : answer.failure;
  }

  find(id: ClientId): ClientRow | undefined {
    return this.clients?.find((client) => client.id === id);
  }

  target(id: ClientId): Target | undefined {
    return this.targets.find(({ client }) => client === id);
  }

  toggle(id: ClientId, form: FormChoice | null = null, again: PlacementRow | null = null) {
    const client = this.find(id);
    if (this.target(id)) this.targets = this.targets.filter((one) => one.client !== id);
    else if (client && client.slots.length > 0)
      this.targets.push(toTarget(client, this.key, form, again));
  }

  /** What is not told yet of a target, by the parameters' names. */
  missing(target: Target): string[] {
    const client = this.find(target.client);
    return client ? missing(client, target, this.project) : [];
  }

  get complete(): boolean {
    return this.targets.length > 0 && this.targets.every((one) => this.missing(one).length === 0);
  }

  request(insist: boolean): PlaceKey | null {
    if (!this.key) return null;
    const targets = this.targets.map((one) => wanted(one, this.find(one.client), this.project));
    return { key: this.key.row.id, targets, insist };
  }

  /** Asks what would change. */
  async look() {
    this.strict = true;
    const request = this.request(false);
    if (!request || !this.complete || this.reading) return;
    this.reading = true;
    this.seen = [];
    const answer = await this.#call("preview_place", request);
    this.reading = false;
    this.failure = answer.ok ? null : answer.failure;
    if (!answer.ok) return;
    this.preview = answer.value;
    this.step = "preview";
  }

  /** The changes with a warning that stops until it is read. */
  get stopping(): number[] {
    return (this.preview?.changes ?? []).flatMap(({ warnings }, index) =>
      warnings.some(({ stops }) => stops) ? [index] : [],
    );
  }

  get refused(): number {
    return (this.preview?.changes ?? []).filter(({ refused }) => refused !== "").length;
  }

  /** Whether it may be written: nothing is refused, and what warns was read. */
  get allowed(): boolean {
    const { preview } = this;
    if (!preview || preview.changes.length === 0 || this.refused > 0) return false;
    return this.stopping.every((index) => this.seen.includes(index));
  }

  read(index: number, on: boolean) {
    this.seen = on ? [...this.seen, index] : this.seen.filter((one) => one !== index);
  }

  /** Leaves one target out, and asks again what the others change. */
  async leaveOut(index: number) {
    this.targets = this.targets.filter((_, at) => at !== index);
    this.preview = null;
    if (this.targets.length === 0) this.step = "where";
    else await this.look();
  }

  /** Writes all of it, or nothing. */
  async apply() {
    const request = this.request(this.stopping.length > 0);
    if (!request || !this.allowed || this.step !== "preview") return;
    this.step = "doing";
    const answer = await this.#call("place_key", request);
    this.failure = answer.ok ? null : answer.failure;
    this.step = answer.ok ? "done" : "preview";
    if (answer.ok) this.report = answer.value;
  }

  async undo(placement: PlacementId): Promise<Failure | null> {
    const answer = await this.#call("undo_placing", placement);
    if (answer.ok) this.undone = [...this.undone, placement];
    return answer.ok ? null : answer.failure;
  }
}
