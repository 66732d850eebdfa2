import type {
  Call,
  EditPlace,
  Failure,
  KeyId,
  NotePlace,
  PlacementId,
  PlacementRow,
} from "../../ipc";
import { sorted } from "./clients.svelte";

/** Where the key in the pane is. */
export class KeyPlaces {
  list: PlacementRow[] | null = $state.raw(null);
  failure: Failure | null = $state.raw(null);
  /** Somebody wants to see the places, not only the key. */
  wanted = $state(false);
  #key: KeyId | null = null;
  #round = 0;
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  async open(key: KeyId) {
    if (key !== this.#key) this.list = null;
    this.#key = key;
    await this.load();
  }

  async load() {
    const round = ++this.#round;
    if (this.#key === null) return;
    const answer = await this.#call("list_placements", {
      key: this.#key,
      client: null,
      check: false,
    });
    if (round !== this.#round) return;
    if (answer.ok) this.list = sorted(answer.value);
    this.failure = answer.ok ? null : answer.failure;
  }

  async note(place: NotePlace): Promise<Failure | null> {
    const answer = await this.#call("note_place", place);
    if (answer.ok) await this.load();
    return answer.ok ? null : answer.failure;
  }

  /** Changes what is noted of a place. What is not named stays. */
  async edit(
    placement: PlacementId,
    changes: Partial<Omit<EditPlace, "placement">>,
  ): Promise<Failure | null> {
    const nothing = { note: null, machine: null, project: null, words: null };
    const answer = await this.#call("edit_place", { ...nothing, ...changes, placement });
    if (answer.ok) await this.load();
    return answer.ok ? null : answer.failure;
  }

  async forget(placement: PlacementId): Promise<Failure | null> {
    const answer = await this.#call("forget_place", placement);
    if (answer.ok) await this.load();
    return answer.ok ? null : answer.failure;
  }
}
