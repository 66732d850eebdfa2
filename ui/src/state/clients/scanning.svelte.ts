import type {
  Call,
  ConnectionId,
  ConnectionRow,
  Failure,
  Progress,
  Result,
  ScanFind,
  ScanReport,
  ScanWhat,
  TakenIn,
} from "../../ipc";
import { folderLines } from "../../text";

/** Finds that a person gave a home. */
export interface TakeChoice {
  finds: number[];
  connection: ConnectionId;
  name: string;
}
type Far = Omit<Extract<Progress, { kind: "scan" }>, "kind">;
const ORDER: ScanWhat[] = ["dead", "unknown", "known"];

/** One look over this machine, which goes on while a person is elsewhere in the window. */
export class Scanning {
  /** The folders as typed, one a line. */
  folders = $state("");
  running = $state(false);
  stopping = $state(false);
  far: Far = $state.raw({ files: 0, found: 0, folder: "" });
  report: ScanReport | null = $state.raw(null);
  failure: Failure | null = $state.raw(null);
  chosen: number[] = $state.raw([]);
  /** Finds that were taken in or noted since. */
  taken: number[] = $state.raw([]);
  busy: number[] = $state.raw([]);
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  async start() {
    if (this.running) return;
    this.running = true;
    this.stopping = false;
    this.report = this.failure = null;
    this.chosen = this.taken = [];
    this.far = { files: 0, found: 0, folder: "" };
    const answer = await this.#call("scan", { folders: folderLines(this.folders) });
    this.running = false;
    if (answer.ok) this.report = answer.value;
    else this.failure = answer.failure;
  }

  hear({ files, found, folder }: Far) {
    if (this.running) this.far = { files, found, folder };
  }

  async stop(): Promise<Failure | null> {
    if (!this.running || this.stopping) return null;
    this.stopping = true;
    const answer = await this.#call("stop_scan", null);
    if (!answer.ok) this.stopping = false;
    return answer.ok ? null : answer.failure;
  }

  /** Back to the choice of folders. */
  again() {
    this.report = this.failure = null;
  }

  get groups(): { what: ScanWhat; finds: ScanFind[] }[] {
    const found = this.report?.found ?? [];
    return ORDER.map((what) => ({
      what,
      finds: found.filter((find) => find.what === what),
    })).filter(({ finds }) => finds.length > 0);
  }

  /** Finds that can be taken in or whose place can be noted. */
  get open(): ScanFind[] {
    return (this.report?.found ?? []).filter((find) => this.isOpen(find));
  }

  isOpen({ id, noted }: ScanFind): boolean {
    return !noted && !this.taken.includes(id);
  }

  toggle(id: number) {
    this.chosen = this.chosen.includes(id)
      ? this.chosen.filter((one) => one !== id)
      : [...this.chosen, id];
  }

  get allChosen(): boolean {
    return this.open.length > 0 && this.open.every(({ id }) => this.chosen.includes(id));
  }

  toggleAll() {
    this.chosen = this.allChosen ? [] : this.open.map(({ id }) => id);
  }

  find(id: number): ScanFind | undefined {
    return this.report?.found.find((find) => find.id === id);
  }

  /** Unknown finds of which nothing tells where they belong. */
  homeless(ids: number[], connections: ConnectionRow[]): ScanFind[] {
    return ids.flatMap((id) => {
      const find = this.find(id);
      if (!find || find.what !== "unknown" || find.key !== null) return [];
      const homes = connections.filter(({ platform }) => platform === find.platform);
      return find.platform === null || homes.length > 1 ? [find] : [];
    });
  }

  /** Takes finds in: those of a choice into its connection, the others where they belong. */
  async take(ids: number[], choices: TakeChoice[] = []): Promise<Result<TakenIn>> {
    this.busy = [...this.busy, ...ids];
    const chosen = choices.flatMap(({ finds }) => finds);
    const rest = ids.filter((id) => !chosen.includes(id));
    let sum: TakenIn = { keys: [], placements: 0 };
    let last: Result<TakenIn> = { ok: true, value: sum };
    const parts = [
      { finds: rest, connection: null, name: "" },
      ...choices.map((choice) => ({ ...choice, name: choice.name.trim() })),
    ].filter(({ finds }) => finds.length > 0);
    for (const part of parts) {
      last = await this.#call("take_in", part);
      if (!last.ok) break;
      const { keys, placements } = last.value;
      sum = { keys: [...sum.keys, ...keys], placements: sum.placements + placements };
      this.#mark(part.finds);
    }
    this.busy = this.busy.filter((id) => !ids.includes(id));
    return last.ok ? { ok: true, value: sum } : last;
  }

  /** Finds that were taken are done; the same secret elsewhere is a known one from now on. */
  #mark(ids: number[]) {
    this.taken = [...this.taken, ...ids];
    this.chosen = this.chosen.filter((id) => !ids.includes(id));
    const { report } = this;
    if (!report) return;
    const cuts = new Set(
      ids.map((id) => this.find(id)?.bitting?.join()).filter((one) => one !== undefined),
    );
    const found = report.found.map((find) =>
      find.what === "unknown" && !ids.includes(find.id) && cuts.has(find.bitting?.join() ?? "")
        ? { ...find, what: "known" as const }
        : find,
    );
    this.report = { ...report, found };
  }
}
