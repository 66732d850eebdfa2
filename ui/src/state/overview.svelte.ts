import type { Call, Failure, Overview, PlacementId } from "../ipc";

/** The first screen's facts. */
export class OverviewFacts {
  value: Overview | null = $state.raw(null);
  failure: Failure | null = $state.raw(null);
  /** Places in which a dead key still stands. */
  deadPlaces: Set<PlacementId> = $derived(
    new Set(
      (this.value?.items ?? []).flatMap(({ finding }) =>
        finding?.kind.kind === "dead_but_placed" ? [finding.kind.placement] : [],
      ),
    ),
  );
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  async load() {
    const answer = await this.#call("overview", null);
    if (answer.ok) this.value = answer.value;
    this.failure = answer.ok ? null : answer.failure;
  }
}
