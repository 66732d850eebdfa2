import type { Call, CreateForm, EditDraft, Failure, Lifetime, OperationLine } from "../../ipc";
import { ScopePick } from "../scopes.svelte";

/** One draft being changed before it is sent. */
export class DraftEdit {
  name = $state("");
  reason = $state("");
  lifetime: Lifetime | null = $state.raw(null);
  form: CreateForm | null = $state.raw(null);
  scopes = $state.raw(new ScopePick([]));
  failure: Failure | null = $state.raw(null);
  ready = $state(false);
  saving = $state(false);
  readonly operation: OperationLine;
  readonly #call: Call;

  constructor(call: Call, operation: OperationLine) {
    this.#call = call;
    this.operation = operation;
    const { request } = operation;
    if (request.kind === "create") {
      this.name = request.name;
      this.lifetime = request.lifetime;
    } else if (request.kind === "relabel") this.name = request.to;
    else if (request.kind === "revoke") this.reason = request.reason;
  }

  /** A new key's scopes are chosen on its platform's axes. */
  async start() {
    const { request, connection } = this.operation;
    if (request.kind === "create") {
      const answer = await this.#call("create_form", connection);
      this.failure = answer.ok ? null : answer.failure;
      if (answer.ok) {
        this.form = answer.value;
        this.scopes = new ScopePick(answer.value.axes);
        this.scopes.take(request.scopes);
      }
    }
    this.ready = true;
  }

  get request(): EditDraft {
    const { kind } = this.operation.request;
    const named = kind === "create" || kind === "relabel";
    return {
      operation: this.operation.id,
      name: named ? this.name.trim() : null,
      // Without the platform's form nothing is known of its axes: they stay as they are.
      scopes: kind === "create" && this.form ? this.scopes.list : null,
      lifetime: kind === "create" ? this.lifetime : null,
      reason: kind === "revoke" ? this.reason.trim() : null,
    };
  }

  /** Tells whether it was kept. */
  async save(): Promise<boolean> {
    if (this.saving) return false;
    this.saving = true;
    const answer = await this.#call("edit_draft", this.request);
    this.saving = false;
    this.failure = answer.ok ? null : answer.failure;
    return answer.ok;
  }
}
