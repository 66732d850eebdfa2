import type { Call, Failure, KeyId, KeyRow, QueryProblem } from "../ipc";

export const PAGE = 100;
const TYPING_MS = 60;

/** The list of keys: one query, its pages fetched as they come into view. */
export class KeyList {
  query = $state("");
  total = $state(0);
  needsYou = $state(0);
  problem: QueryProblem | null = $state.raw(null);
  failure: Failure | null = $state.raw(null);
  /** Whether the first page of the query on screen has arrived. */
  settled = $state(false);
  /** Counts the answers to queries that a person asked, so that the list can begin anew. */
  asked = $state(0);
  #pages: Map<number, KeyRow[]> = $state.raw(new Map<number, KeyRow[]>());
  #wanted = new Set<number>();
  #round = 0;
  #typing: ReturnType<typeof setTimeout> | undefined;
  #seen: [number, number] = [0, 0];
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /** The row, when its page is here. */
  row(index: number): KeyRow | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Where a key stands, as far as the pages here tell. */
  indexOf(key: KeyId): number {
    for (const [page, rows] of this.#pages) {
      const at = rows.findIndex((row) => row.id === key);
      if (at >= 0) return page * PAGE + at;
    }
    return -1;
  }

  /** Whether a row here is being revoked, so that seconds count. */
  get revoking(): boolean {
    return [...this.#pages.values()].some((rows) =>
      rows.some((row) => row.revoking_since !== null),
    );
  }

  /** Takes a query that is being typed. */
  type(query: string) {
    this.query = query;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => void this.reload(true), TYPING_MS);
  }

  /** Takes a whole query at once. */
  async ask(query: string) {
    clearTimeout(this.#typing);
    this.query = query;
    await this.reload(true);
  }

  /** Lists all again, without beginning anew: somebody wants to see one certain key. */
  async widen() {
    clearTimeout(this.#typing);
    if (this.query === "") return;
    this.query = "";
    await this.reload();
  }

  /** Reads again what is on screen; the old rows stay until the new are here. */
  async reload(fromTop = false) {
    const round = ++this.#round;
    if (fromTop) this.#seen = [0, 0];
    const pages = this.#pagesOf(...this.#seen);
    this.#wanted = new Set(pages);
    const fresh = new Map<number, KeyRow[]>();
    for (const page of pages) {
      const rows = await this.#fetch(page, round);
      if (!rows) return;
      fresh.set(page, rows);
    }
    this.#pages = fresh;
    this.settled = true;
    if (fromTop) this.asked += 1;
  }

  /** Rows that came into view. */
  see(first: number, last: number) {
    this.#seen = [first, last];
    for (const page of this.#pagesOf(first, last)) {
      if (!this.#wanted.has(page)) void this.#add(page);
    }
  }

  #pagesOf(first: number, last: number): number[] {
    const [from, to] = [Math.floor(first / PAGE), Math.floor(last / PAGE)];
    return Array.from({ length: to - from + 1 }, (_, step) => from + step);
  }

  async #add(page: number) {
    this.#wanted.add(page);
    const rows = await this.#fetch(page, this.#round);
    if (rows) this.#pages = new Map(this.#pages).set(page, rows);
    else this.#wanted.delete(page);
  }

  /** A page's rows; none when they are no longer asked for or could not be had. */
  async #fetch(page: number, round: number): Promise<KeyRow[] | null> {
    const request = { query: this.query, offset: page * PAGE, limit: PAGE };
    const answer = await this.#call("list_keys", request);
    if (round !== this.#round) return null;
    this.failure = answer.ok ? null : answer.failure;
    if (!answer.ok) return null;
    this.problem = answer.value.problem;
    // While a query is not finished, what it found before stays.
    if (answer.value.problem) return null;
    this.total = answer.value.total;
    this.needsYou = answer.value.needs_you;
    return answer.value.rows;
  }
}
