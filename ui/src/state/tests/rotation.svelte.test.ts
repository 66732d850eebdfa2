import { describe, expect, it, vi } from "vitest";
import type { RotationPlan } from "../../ipc";
import { report, run } from "../../test-runs";
import { RotatePlan } from "../rotation/plan.svelte";
import { Rotations } from "../rotation/rotations.svelte";
import { RotationRun } from "../rotation/run.svelte";
import { core, failure, requests } from "./core";

const plan = {
  title: "ci",
  ready: true,
  type_to_confirm: null,
  places: [],
  problems: [],
  blocked: [],
  old_scopes: ["svc:wiki:read"],
  axes: [],
} as unknown as RotationPlan;

async function planned(changes: Partial<RotationPlan> = {}) {
  const call = core({ plan_rotation: { ...plan, ...changes }, begin_rotation: run() });
  const flow = new RotatePlan(call, "k");
  await flow.think(flow.asked);
  return { flow, call };
}

describe("a replacement before it begins", () => {
  it("asks for what the old key has, unless somebody chooses otherwise", async () => {
    const { flow, call } = await planned();
    expect(requests(call, "plan_rotation")[0]).toMatchObject({
      key: "k",
      plan: null,
      scopes: null,
      lifetime: null,
      grace_s: 0,
      revoke_first: false,
    });
    flow.holdBack = true;
    expect(flow.asked.hold_back).toBe(false);
    flow.grace = 3600;
    expect(flow.asked.hold_back).toBe(true);
    flow.narrow();
    expect(flow.asked.scopes).toEqual([]);
  });

  it("begins once, with what was typed, trimmed", async () => {
    const { flow, call } = await planned({ type_to_confirm: "ci" });
    expect(flow.missing).toBe("word");
    await flow.begin();
    expect(requests(call, "begin_rotation")).toEqual([]);
    flow.typed = " ci ";
    flow.reason = " its interval ";
    await Promise.all([flow.begin(), flow.begin()]);
    expect(requests(call, "begin_rotation")).toHaveLength(1);
    expect(requests(call, "begin_rotation")[0]).toMatchObject({
      typed: "ci",
      reason: "its interval",
    });
  });

  it("tells what keeps it, and nothing where no choice of a person does", async () => {
    const change = { warnings: [{ words: "Git tracks it.", stops: true }] };
    const places = [{ change }] as unknown as RotationPlan["places"];
    expect((await planned({ ready: false, places })).flow.missing).toBe("warnings");
    const problems = [{ field: "name", message: "Taken." }];
    const odd = await planned({ ready: false, problems });
    expect(odd.flow.missing).toBe("choices");
    expect(odd.flow.problem("name")).toBe("Taken.");
    expect((await planned({ ready: false, blocked: ["In the bin."] })).flow.missing).toBeNull();
  });

  it("keeps its page when it could not begin", async () => {
    const call = core({ plan_rotation: plan, begin_rotation: { fails: failure("disk") } });
    const flow = new RotatePlan(call, "k");
    await flow.think(flow.asked);
    expect(await flow.begin()).toBeNull();
    expect(flow.failure?.code).toBe("disk");
    expect(flow.beginning).toBe(false);
  });
});

async function shown(value = report(), more: Record<string, unknown> = {}) {
  const call = core({ rotation_report: value, carry_on_rotation: value.row, ...more });
  const flow = new RotationRun(call, "r");
  await flow.load();
  return { flow, call };
}
const waiting = report(
  {
    state: { kind: "waiting", wait: { kind: "person" }, why: "w", advice: "a" },
    actions: ["confirm", "leave_out", "override", "take_back", "close"],
  },
  { type_to_override: "ci", unverified: ["ERP"] },
);

describe("a run", () => {
  it("shows each word at once, and reads the rest behind it", async () => {
    const { flow, call } = await shown();
    flow.hear(run({ step: "place" }));
    expect(flow.report?.row.step).toBe("place");
    flow.hear(run({ id: "other", step: "prove" }));
    expect(flow.report?.row.step).toBe("place");
    await vi.waitFor(() => expect(requests(call, "rotation_report")).toHaveLength(2));
  });

  it("knows whose end is being proved, and when the last word on it came", async () => {
    const { flow } = await shown(report({ step: "prove", state: { kind: "running" } }));
    expect(flow.proving).toBe(flow.report?.row.old);
    flow.hear(run({ step: "close", state: { kind: "done" } }));
    expect(flow.proving).toBeNull();
  });

  it("reads once more, not once for each word that came meanwhile", async () => {
    const { flow, call } = await shown();
    await Promise.all([flow.load(), flow.load(), flow.load(), flow.load()]);
    expect(requests(call, "rotation_report")).toHaveLength(3);
  });

  it("asks before it leaves something undone, and wants to know why", async () => {
    const { flow, call } = await shown(waiting);
    flow.ask({ kind: "leave_out", stop: 3, what: "ERP" });
    expect(flow.allowed).toBe(false);
    await flow.confirm();
    expect(requests(call, "carry_on_rotation")).toEqual([]);
    flow.reason = " switched off ";
    await flow.confirm();
    expect(requests(call, "carry_on_rotation")).toEqual([
      { rotation: "r", action: { kind: "leave_out", stop: 3, reason: "switched off" } },
    ]);
    expect(flow.asking).toBeNull();
  });

  it("goes on without a verification only with the name typed and a reason", async () => {
    const { flow, call } = await shown(waiting);
    flow.ask({ kind: "override", stop: 0, what: "" });
    flow.reason = "it is dead code";
    flow.typed = "c";
    expect(flow.allowed).toBe(false);
    flow.typed = "ci";
    await flow.confirm();
    expect(requests(call, "carry_on_rotation")).toEqual([
      { rotation: "r", action: { kind: "override", typed: "ci", reason: "it is dead code" } },
    ]);
  });

  it("takes a question away that the run has outlived", async () => {
    const { flow } = await shown(waiting);
    flow.ask({ kind: "take_back", stop: 0, what: "" });
    expect(flow.asking).not.toBeNull();
    const gone = new RotationRun(core({ rotation_report: report() }), "r");
    gone.ask({ kind: "take_back", stop: 0, what: "" });
    await gone.load();
    expect(gone.asking).toBeNull();
  });

  it("tells why an action was not done, and keeps the question", async () => {
    const { flow } = await shown(waiting, { carry_on_rotation: { fails: failure("refused") } });
    flow.ask({ kind: "take_back", stop: 0, what: "" });
    await flow.confirm();
    expect(flow.trouble?.code).toBe("refused");
    expect(flow.asking).not.toBeNull();
  });

  it("takes no closed file dialog for a failure", async () => {
    const none = { fails: failure("invalid", "No file was chosen.") };
    const { flow } = await shown(waiting, { bring_new_key: none, save_report: none });
    await flow.bring("file");
    expect(flow.trouble).toBeNull();
    expect(await flow.save("json")).toBeNull();
  });
});

describe("the runs that moved", () => {
  it("say whether what shows them has to be read again", () => {
    const all = new Rotations();
    expect(all.hear(run())).toBe(true);
    expect(all.hear(run({ placed: 1 }))).toBe(false);
    expect(all.hear(run({ step: "place" }))).toBe(true);
    expect(all.hear(run({ step: "place", state: { kind: "done" } }))).toBe(true);
  });
});
