import type {
  Outcome,
  Progress,
  RotateKey,
  RotationReport,
  RotationState,
  Step,
} from "../../bindings";
import { guide } from "../forms";
import { fresh } from "../fresh";
import { wait } from "../prove";
import { OVER } from "../specials";
import { iso, options, type FakeKey, type FakeVault } from "../vault";
import { begun, LIVING } from "./begun";
import { plan, WORDS } from "./plan";

const PACE = Number(options.get("pace") ?? 700);

/** Runs of the made-up vault: they go on by themselves, and wait where the real ones would. */
export class FakeRuns {
  list: RotationReport[] = [];
  readonly #vault: FakeVault;
  readonly #tell: (progress: Progress) => void;

  constructor(vault: FakeVault, tell: (progress: Progress) => void) {
    this.#vault = vault;
    this.#tell = tell;
  }

  find(id: string): RotationReport | undefined {
    return this.list.find(({ row }) => row.id === id);
  }

  of(key: string): RotationReport | undefined {
    return this.list.findLast(({ row }) => row.old === key || row.new === key);
  }

  make(key: FakeKey, request: RotateKey, bulk: string | null = null): RotationReport {
    const planned = plan(this.#vault, key, request);
    const report = begun(`r-${this.list.length + 1}`, key, request, planned, bulk);
    this.list.push(report);
    key.rotation = report.row;
    this.#vault.log({ kind: "rotation_started", reason: request.reason }, key);
    return report;
  }

  say(run: RotationReport, step: Step, outcome: Outcome, words: string) {
    run.lines.push({ step, outcome, words, at: iso(Date.now()) });
    const own = run.steps.find((one) => one.step === step);
    if (own && outcome !== "began") {
      own.last = words;
      own.at = iso(Date.now());
    }
  }

  move(run: RotationReport, state: RotationState) {
    const { row } = run;
    row.state = state;
    row.changed = iso(Date.now());
    const has = ({ state: { kind } }: RotationReport["stops"][number]) =>
      kind === "placed" || kind === "confirmed";
    row.placed = run.stops.filter(has).length;
    const at = run.steps.findIndex(({ step }) => step === row.step);
    row.done = state.kind === "done" ? row.total : Math.max(0, at);
    run.steps.forEach((step, index) => {
      step.fate =
        index < at || state.kind === "done"
          ? "done"
          : index > at
            ? "ahead"
            : state.kind === "waiting"
              ? "waits"
              : "running";
    });
    row.words =
      state.kind === "waiting"
        ? state.why
        : state.kind === "done"
          ? "The old key is at its end, and every place has the new one."
          : state.kind === "running"
            ? `${WORDS[row.step]}…`
            : row.words;
    row.actions =
      state.kind === "waiting"
        ? row.actions
        : state.kind === "queued"
          ? ["take_back", "close"]
          : [];
    for (const id of [row.old, row.new])
      Object.assign(this.#vault.find(id ?? "") ?? {}, { rotation: row });
    this.#tell({ kind: "rotation", ...structuredClone(row) });
  }

  pause(
    run: RotationReport,
    why: string,
    advice: string,
    actions: RotationReport["row"]["actions"],
  ) {
    run.row.actions = actions;
    this.say(run, run.row.step, "waits", why);
    const open = run.stops.filter(
      ({ state, todo }) => state.kind === "open" && todo.kind !== "leave",
    );
    run.unverified = open.map(({ what }) => what);
    run.type_to_override = actions.includes("override") ? run.row.title : null;
    const kind = options.get("waits") === "network" ? "network" : "person";
    this.move(run, { kind: "waiting", wait: { kind }, why, advice });
  }

  /** Goes on to the end, or to where somebody is needed. */
  async go(run: RotationReport) {
    const key = this.#vault.find(run.row.old)!;
    const steps = run.steps.map(({ step }) => step);
    for (let at = steps.indexOf(run.row.step); at < steps.length; at += 1) {
      const step = steps[at]!;
      run.row.step = step;
      run.guide = null;
      this.move(run, { kind: "running" });
      await wait(PACE);
      if (!(await this.#step(run, key, step))) return;
    }
    this.#vault.log({ kind: "rotation_done" }, key);
    this.move(run, { kind: "done" });
    this.#tell({ kind: "changed" });
  }

  async #step(run: RotationReport, key: FakeKey, step: Step): Promise<boolean> {
    const refused =
      options.get("refuse") === step && !run.lines.some(({ outcome }) => outcome === "decided");
    if (refused) {
      this.pause(
        run,
        "The platform asks for a pause: 429.",
        "It is tried again by itself; or try now.",
        ["resume", "take_back", "close"],
      );
      return false;
    }
    if (step === "check") this.say(run, step, "done", "The old key works, and the name is free.");
    if (this.#byHand(run, key, step)) return false;
    if (step === "create") {
      const made = fresh(this.#vault, run.name, key.connection);
      made.row.bitting = [5, 2, 7, 1, 3, 6, 0, 4];
      made.scopes = run.scopes;
      this.#vault.keys.push(made);
      run.row.new = made.row.id;
      run.row.new_bitting = made.row.bitting;
      this.say(run, step, "done", "Made and sealed.");
    }
    if (step === "place") {
      for (const stop of run.stops) {
        if (stop.todo.kind !== "write" && stop.todo.kind !== "follow") continue;
        stop.state = { kind: "placed" };
        stop.words = stop.todo.kind === "follow" ? "The reference stays" : "It has the new key";
      }
      this.say(run, step, "done", "2 files written, 1 reference stays.");
      this.move(run, { kind: "running" });
    }
    const open = run.stops.some(
      ({ state, todo }) => state.kind === "open" && todo.kind === "confirm",
    );
    if (step === "verify" && open) {
      this.pause(
        run,
        "A place is changed by hand: ERP importer, build-2.",
        "Change it there, then confirm it here.",
        ["confirm", "resume", "leave_out", "override", "take_back", "close"],
      );
      return false;
    }
    if (step === "verify") {
      run.verified = iso(Date.now());
      run.verified_by = "The platform accepted it, and every place was read again.";
      this.say(run, step, "done", run.verified_by);
    }
    if (step === "revoke") {
      run.old_end = { ...LIVING, status: "revoking", requested: iso(Date.now()) };
      key.row.status = "revoking";
      this.say(run, step, "done", "agent.ceo accepted it.");
    }
    if (step === "prove") await this.#prove(run, key);
    return true;
  }

  /** What a person does in a dashboard waits for them, once. */
  #byHand(run: RotationReport, key: FakeKey, step: Step): boolean {
    const told = run.lines.some((line) => line.step === step && line.outcome === "decided");
    if (run.row.plan !== "guided" || told || (step !== "create" && step !== "revoke")) return false;
    const home = this.#vault.connections.find(({ id }) => id === key.connection);
    run.guide = guide(home, step);
    const made = step === "create";
    this.pause(
      run,
      made ? "The new key is made in the dashboard." : "The old key is revoked in the dashboard.",
      made
        ? "Follow the steps, then bring its secret here."
        : "Follow the steps, then say so here.",
      [made ? "bring_secret" : "revoked", "take_back", "close"],
    );
    return true;
  }

  async #prove(run: RotationReport, key: FakeKey) {
    const started = Date.now();
    for (let probe = 1; probe <= 5; probe += 1) {
      const refusals = Math.max(0, probe - 2);
      this.move(run, { kind: "running" });
      this.#tell({
        kind: "revoke",
        key: key.row.id,
        stage: { kind: "proving" },
        elapsed_ms: Date.now() - started,
        promise_ms: 60_000,
        probes: probe,
        last: probe < 3 ? { kind: "alive" } : { kind: "dead" },
        refusals,
        refusals_needed: 3,
      });
      await wait(PACE * 1.5);
    }
    run.old_end = {
      status: "revoked",
      requested: iso(started),
      proved: iso(Date.now()),
      proof: "refused",
      window_ms: 2_140,
      overdue: false,
    };
    key.row.status = "revoked";
    key.row.finding = null;
    key.findings = [];
    key.can = { ...key.can, ...OVER, rotate: false, why_no_rotate: "It is at its end already." };
    this.say(run, "prove", "done", "Refused 3 times in a row, 2.1 s after the request.");
  }
}
