import type { Call, ClientId, ClientRow, Failure, PlacementRow } from "../../ipc";
import { needsYou } from "../../text";

export type Arrangement = "client" | "key";

/** The places of one client, or of one key. */
export interface PlaceGroup {
  id: string;
  title: string;
  rows: PlacementRow[];
}

/** The clients of this machine, and what is configured in them. */
export class Clients {
  list: ClientRow[] | null = $state.raw(null);
  placements: PlacementRow[] | null = $state.raw(null);
  failure: Failure | null = $state.raw(null);
  /** The client in the pane. */
  chosen: ClientId | null = $state(null);
  by: Arrangement = $state("client");
  typed = $state("");
  /** Whether the clients that are not on this machine are shown too. */
  all = $state(false);
  checking = $state(false);
  /** Whether somebody asked for the question which key the chosen client uses. */
  asking = $state(false);
  #round = 0;
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  find(id: ClientId): ClientRow | undefined {
    return this.list?.find((client) => client.id === id);
  }

  /** Whether a client’s files can hold a reference instead of the key. */
  refers(id: ClientId | null): boolean {
    const slots = this.list?.find((client) => client.id === id)?.slots ?? [];
    return slots.some(({ forms }) => forms.some(({ kind }) => kind === "variable"));
  }

  placesOf(id: ClientId): PlacementRow[] {
    return sorted((this.placements ?? []).filter(({ client }) => client === id));
  }

  /** Clients that hold keys, those that need somebody first. */
  get used(): ClientRow[] {
    const urgent = (client: ClientRow) =>
      this.placesOf(client.id).some((row) => needsYou(row)) ? 0 : 1;
    return this.#fitting
      .filter(({ id }) => this.placesOf(id).length > 0)
      .sort((a, b) => urgent(a) - urgent(b) || a.name.localeCompare(b.name));
  }

  /** Clients on this machine that hold no key that is known. */
  get idle(): ClientRow[] {
    return this.#fitting.filter(({ id, installed }) => installed && this.placesOf(id).length === 0);
  }

  /** Clients that Keywright knows and this machine has not. */
  get others(): ClientRow[] {
    return this.#fitting.filter(
      ({ id, installed }) => !installed && this.placesOf(id).length === 0,
    );
  }

  /** Places in people's own words, in no client that is known. */
  get elsewhere(): PlacementRow[] {
    const known = new Set(this.list?.map(({ id }) => id));
    return sorted(
      (this.placements ?? []).filter(
        (row) => (row.client === null || !known.has(row.client)) && this.#fits(words(row)),
      ),
    );
  }

  /** All places by key, those that need somebody first. */
  get keys(): PlaceGroup[] {
    const groups = new Map<string, PlaceGroup>();
    for (const row of this.placements ?? []) {
      if (!this.#fits(words(row))) continue;
      const group = groups.get(row.key) ?? { id: row.key, title: row.key_title, rows: [] };
      groups.set(row.key, { ...group, rows: sorted([...group.rows, row]) });
    }
    const urgent = ({ rows }: PlaceGroup) => (rows.some((row) => needsYou(row)) ? 0 : 1);
    return [...groups.values()].sort(
      (a, b) => urgent(a) - urgent(b) || a.title.localeCompare(b.title),
    );
  }

  async load(check = false) {
    const round = ++this.#round;
    const [list, places] = await Promise.all([
      this.#call("list_clients", { project: "" }),
      this.#call("list_placements", { key: null, client: null, check }),
    ]);
    if (round !== this.#round) return;
    if (list.ok) this.list = list.value;
    if (places.ok) this.placements = places.value;
    this.failure = !list.ok ? list.failure : places.ok ? null : places.failure;
  }

  /** Looks at every file again. */
  async check() {
    if (this.checking) return;
    this.checking = true;
    await this.load(true);
    this.checking = false;
  }

  get #fitting(): ClientRow[] {
    return (this.list ?? []).filter((client) =>
      this.#fits(
        [client.name, client.id, client.about, ...this.placesOf(client.id).map(words)].join(" "),
      ),
    );
  }

  #fits(text: string): boolean {
    const typed = this.typed.toLowerCase().split(/\s+/).filter(Boolean);
    return typed.every((word) => text.toLowerCase().includes(word));
  }
}

const words = (row: PlacementRow) =>
  [row.key_title, row.client_name, row.short, row.node, row.machine, row.project].join(" ");

/** Places that need somebody first, then by file. */
export function sorted(rows: PlacementRow[]): PlacementRow[] {
  const urgent = (row: PlacementRow) => (needsYou(row) ? 0 : 1);
  return [...rows].sort(
    (a, b) =>
      urgent(a) - urgent(b) || a.short.localeCompare(b.short) || a.node.localeCompare(b.node),
  );
}
