import type { Call, ClientId, Failure, WhichReport } from "../../ipc";

/** Which key a client really uses, started in a folder. */
export class Which {
  folder = $state("");
  report: WhichReport | null = $state.raw(null);
  /** The folder that the answer is about. */
  about = $state("");
  failure: Failure | null = $state.raw(null);
  busy = $state(false);
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  async ask(client: ClientId) {
    if (this.busy) return;
    this.busy = true;
    const folder = this.folder.trim();
    const answer = await this.#call("which_key", { client, folder });
    this.busy = false;
    this.about = folder;
    this.report = answer.ok ? answer.value : null;
    this.failure = answer.ok ? null : answer.failure;
  }
}
