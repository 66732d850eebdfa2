import type { Call } from "../ipc";
import { SAVED } from "../text";

/** How many keys each saved query finds. */
export class SavedCounts {
  counts: Record<string, number> = $state({});
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  async load() {
    for (const { id, query } of SAVED) {
      const answer = await this.#call("list_keys", { query, offset: 0, limit: 1 });
      if (answer.ok) this.counts[id] = answer.value.total;
    }
  }
}
