import type {
  Call,
  Failure,
  KeyId,
  Lifetime,
  PlanKind,
  RotateKey,
  RotationPlan,
  RotationRow,
  ScopeAxis,
} from "../../ipc";
import { ScopePick } from "../scopes.svelte";

const THINKING_MS = 120;

/** A replacement before it begins: what would happen, and what a person wants of it. */
export class RotatePlan {
  plan: RotationPlan | null = $state.raw(null);
  failure: Failure | null = $state.raw(null);
  beginning = $state(false);
  way: PlanKind | null = $state(null);
  name = $state("");
  lifetime: Lifetime | null = $state.raw(null);
  grace = $state(0);
  holdBack = $state(false);
  insist = $state(false);
  reason = $state("");
  typed = $state("");
  /** The new key's scopes, once a person narrows them. */
  scopes: ScopePick | null = $state.raw(null);
  /** Whether the choices are shown. */
  open = $state(false);
  readonly key: KeyId;
  #round = 0;
  readonly #call: Call;

  constructor(call: Call, key: KeyId) {
    this.#call = call;
    this.key = key;
  }

  /** What is asked of the core, but for what is only written down. */
  get asked(): RotateKey {
    return {
      key: this.key,
      plan: this.way,
      name: this.name.trim(),
      scopes: this.scopes?.list ?? null,
      lifetime: this.lifetime,
      reason: "",
      grace_s: this.grace,
      hold_back: this.grace > 0 && this.holdBack,
      revoke_first: false,
      insist: this.insist,
      typed: "",
    };
  }

  /** Reads what would happen; again while the choices change. */
  async think(asked: RotateKey) {
    const round = ++this.#round;
    if (this.plan) await new Promise((after) => setTimeout(after, THINKING_MS));
    if (round !== this.#round) return;
    const answer = await this.#call("plan_rotation", asked);
    if (round !== this.#round) return;
    if (answer.ok) this.plan = answer.value;
    this.failure = answer.ok ? null : answer.failure;
  }

  /** Begins with the old key's scopes, so that a person takes some away. */
  narrow() {
    if (!this.plan) return;
    const pick = new ScopePick(this.plan.axes);
    pick.take(this.plan.old_scopes);
    this.scopes = pick;
  }

  problem(field: string): string | null {
    return this.plan?.problems.find((problem) => problem.field === field)?.message ?? null;
  }

  axisProblem = (axis: ScopeAxis): string | null => this.problem(`scopes.${axis.id}`);

  /** Whether a file's warning has to be read before it is written. */
  get stopping(): boolean {
    const changes = this.plan?.places.map(({ change }) => change) ?? [];
    return changes.some((change) => change?.warnings.some(({ stops }) => stops) ?? false);
  }

  get #typedRight(): boolean {
    const word = this.plan?.type_to_confirm ?? null;
    return word === null || this.typed.trim() === word;
  }

  get allowed(): boolean {
    return (this.plan?.ready ?? false) && this.#typedRight;
  }

  /** What keeps it from beginning that a person can do on this page; none when nothing does. */
  get missing(): "choices" | "warnings" | "word" | null {
    if (!this.plan || this.plan.blocked.length > 0) return null;
    if (this.plan.problems.length > 0) return "choices";
    if (this.stopping && !this.insist) return "warnings";
    return this.#typedRight ? null : "word";
  }

  /** Begins it. Once, whatever is pressed. */
  async begin(): Promise<RotationRow | null> {
    if (!this.allowed || this.beginning) return null;
    this.beginning = true;
    const { asked, reason, typed } = this;
    const request = { ...asked, reason: reason.trim(), typed: typed.trim() };
    const answer = await this.#call("begin_rotation", request);
    this.beginning = false;
    this.failure = answer.ok ? null : answer.failure;
    return answer.ok ? answer.value : null;
  }
}
