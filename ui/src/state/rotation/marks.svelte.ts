import type { KeyId, Selection } from "../../ipc";

/** The keys that are chosen in the list, for changes of many. */
export class Marks {
  #keys: ReadonlySet<KeyId> = $state.raw(new Set<KeyId>());
  /** The query whose keys are all chosen, also those that are not on screen. */
  #query: string | null = $state(null);
  #total = $state(0);
  /** Where the last one was chosen, for a range from there. */
  #anchor: KeyId | null = null;

  get count(): number {
    return this.#query === null ? this.#keys.size : this.#total;
  }

  /** Whether all that match a query are chosen. */
  get whole(): boolean {
    return this.#query !== null;
  }

  get selection(): Selection {
    if (this.#query !== null) return { kind: "query", query: this.#query };
    return { kind: "keys", keys: [...this.#keys] };
  }

  has(key: KeyId): boolean {
    return this.#query !== null || this.#keys.has(key);
  }

  toggle(key: KeyId) {
    const keys = new Set(this.#query === null ? this.#keys : []);
    if (!keys.delete(key)) keys.add(key);
    this.#query = null;
    this.#keys = keys;
    this.#anchor = key;
  }

  /** Chooses all from the last one to this one, in the order of the list. */
  reach(key: KeyId, order: (KeyId | undefined)[]) {
    const [from, to] = [order.indexOf(this.#anchor ?? key), order.indexOf(key)];
    if (from < 0 || to < 0) return this.toggle(key);
    const between = order.slice(Math.min(from, to), Math.max(from, to) + 1);
    this.#query = null;
    this.#keys = new Set([...this.#keys, ...between.filter((one) => one !== undefined)]);
  }

  all(query: string, total: number) {
    this.#query = query;
    this.#total = total;
    this.#keys = new Set();
  }

  clear() {
    this.#query = null;
    this.#keys = new Set();
    this.#anchor = null;
  }
}
