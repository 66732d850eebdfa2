import type { Call, Failure, Overview } from "../ipc";

/** The first screen's facts. */
export class OverviewFacts {
  value: Overview | null = $state.raw(null);
  failure: Failure | null = $state.raw(null);
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
