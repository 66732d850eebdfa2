import type {
  BulkAct,
  BulkAsk,
  BulkBegun,
  BulkLine,
  BulkPlan,
  Call,
  Failure,
  Lifetime,
  Selection,
} from "../../ipc";
import type { ActKind } from "../../text";

const THINKING_MS = 160;

/** A change of many keys before it begins. */
export class BulkAsking {
  act: ActKind = $state("rotate");
  /** Whose keys, or of which machine, where that is asked. */
  name = $state("");
  reason = $state("");
  typed = $state("");
  endFirst = $state(false);
  grace = $state(0);
  lifetime: Lifetime | null = $state.raw(null);
  find = $state("");
  with = $state("");
  days = $state(90);
  plan: BulkPlan | null = $state.raw(null);
  failure: Failure | null = $state.raw(null);
  reading = $state(false);
  beginning = $state(false);
  begun: BulkBegun | null = $state.raw(null);
  readonly #selection: Selection;
  #round = 0;
  readonly #call: Call;

  constructor(call: Call, selection: Selection, act: ActKind) {
    this.#call = call;
    this.#selection = selection;
    this.act = act;
    if (selection.kind === "machine") this.endFirst = true;
    if (selection.kind === "machine" || selection.kind === "owner") this.name = selection.name;
  }

  /** The selection, with the name that was told. */
  get selection(): Selection {
    const { kind } = this.#selection;
    if (kind === "owner" || kind === "machine") return { kind, name: this.name.trim() };
    return this.#selection;
  }

  /** What is still to be told before there is a plan; empty when nothing is. */
  get missing(): "name" | "find" | "days" | null {
    const { selection } = this;
    if ("name" in selection && selection.name === "") return "name";
    if (this.act === "relabel" && this.find === "") return "find";
    if (this.act === "policy" && !(this.days >= 0 && Number.isInteger(this.days))) return "days";
    return null;
  }

  get #what(): BulkAct {
    switch (this.act) {
      case "rotate":
        return {
          kind: "rotate",
          revoke_first: this.endFirst,
          grace_s: this.endFirst ? 0 : this.grace,
          lifetime: this.lifetime,
        };
      case "revoke":
        return { kind: "revoke" };
      case "relabel":
        return { kind: "relabel", find: this.find, with: this.with };
      case "policy":
        return { kind: "policy", days: this.days };
    }
  }

  get asked(): BulkAsk | null {
    if (this.missing !== null) return null;
    return { selection: this.selection, act: this.#what, reason: "", typed: "" };
  }

  /** Reads what would be done with each key; again while the choices change. */
  async think(asked: BulkAsk | null) {
    const round = ++this.#round;
    if (!asked) {
      this.plan = null;
      return;
    }
    this.reading = true;
    if (this.plan) await new Promise((after) => setTimeout(after, THINKING_MS));
    if (round !== this.#round) return;
    const answer = await this.#call("plan_bulk", asked);
    if (round !== this.#round) return;
    this.reading = false;
    this.plan = answer.ok ? answer.value : null;
    this.failure = answer.ok ? null : answer.failure;
  }

  get allowed(): boolean {
    if (!this.plan || this.plan.ready === 0 || this.reading) return false;
    const word = this.plan.type_to_confirm;
    return word === null || this.typed.trim() === word;
  }

  async begin() {
    const { asked } = this;
    if (!asked || !this.allowed || this.beginning) return;
    this.beginning = true;
    const request = { ...asked, reason: this.reason.trim(), typed: this.typed.trim() };
    const answer = await this.#call("begin_bulk", request);
    this.beginning = false;
    this.failure = answer.ok ? null : answer.failure;
    if (answer.ok) this.begun = answer.value;
  }

  /** Whether a key is left of which the plan had said that it would be changed. */
  get leftSince(): boolean {
    const told = this.plan?.lines.filter(({ blocked }) => blocked !== "") ?? [];
    const wasTold = (left: BulkLine) => told.some(({ key }) => key === left.key);
    return this.begun?.left.some((left) => !wasTold(left)) ?? false;
  }
}
