import { describe, expect, it } from "vitest";
import type { BulkPlan, LeakedKey, OperationLine, OverviewItem } from "../../ipc";
import { run } from "../../test-runs";
import { gathered } from "../rotation/actions";
import { BulkAsking } from "../rotation/bulk.svelte";
import { BulkRun, counted } from "../rotation/bulkrun.svelte";
import { DraftEdit } from "../rotation/draft.svelte";
import { LeakFlow } from "../rotation/leak.svelte";
import { Marks } from "../rotation/marks.svelte";
import { Queue } from "../rotation/queue.svelte";
import { core, failure, requests } from "./core";

const leaked = (key: string, changes: Partial<LeakedKey> = {}): LeakedKey => ({
  key,
  title: key,
  bitting: null,
  connection_name: "acme",
  platform_name: "agent.ceo",
  status: "active",
  places: [],
  blocked: "",
  sentences: [],
  rotation: null,
  ...changes,
});

describe("a leak", () => {
  it("takes the key that can be replaced, and replaces it once", async () => {
    const keys = [leaked("dead", { blocked: "It is dead already." }), leaked("ci")];
    const call = core({
      look_up_leak: { keys, looks_like: [], advice: "" },
      begin_replacing_leaked: run(),
    });
    const flow = new LeakFlow(call);
    await flow.look();
    expect([flow.step, flow.chosen]).toEqual(["found", "ci"]);
    flow.endFirst = true;
    await Promise.all([flow.confirm(), flow.confirm()]);
    expect(requests(call, "begin_replacing_leaked")).toEqual([
      { key: "ci", revoke_first: true, reason: "" },
    ]);
  });

  it("replaces nothing that is being replaced, and nothing unknown", async () => {
    const call = core({
      look_up_leak: { keys: [leaked("ci", { rotation: "r" })], looks_like: [], advice: "" },
    });
    const flow = new LeakFlow(call);
    await flow.look();
    expect(flow.allowed).toBe(false);
    const unknown = new LeakFlow(core({ look_up_leak: { keys: [], looks_like: [], advice: "a" } }));
    await unknown.look();
    expect([unknown.step, unknown.allowed]).toEqual(["unknown", false]);
    expect(await unknown.confirm()).toBeNull();
  });
});

const draft = (id: string, changes: Partial<OperationLine> = {}): OperationLine => ({
  id,
  connection: "c",
  connection_name: "acme",
  request: { kind: "revoke", key: "k", remote_id: "x", name: "ci", reason: "old" },
  state: { kind: "draft" },
  asked: "2026-11-28T10:00:00Z",
  ...changes,
});

describe("the queue", () => {
  it("holds drafts and what is held, and nothing that was sent", async () => {
    const list = [
      draft("a"),
      draft("b", { state: { kind: "held", why: "w" } }),
      draft("c", { state: { kind: "ambiguous", why: "w" } }),
    ];
    const queue = new Queue(core({ list_operations: list }));
    await queue.load();
    expect(queue.drafts.map(({ id }) => id)).toEqual(["a"]);
    expect(queue.held.map(({ id }) => id)).toEqual(["b"]);
  });

  it("sends one thing at a time", async () => {
    const report = { sent: 1, stopped: 0, left: 0 };
    const call = core({ list_operations: [], settle_operation: null, run_queue: report });
    const queue = new Queue(call);
    await Promise.all([queue.settle("a", "send"), queue.settle("a", "send"), queue.sendAll()]);
    expect(requests(call, "settle_operation")).toHaveLength(1);
    expect(requests(call, "run_queue")).toHaveLength(0);
    await queue.sendAll();
    expect(queue.report).toEqual(report);
  });

  it("changes of a draft only what it has", async () => {
    const call = core({ edit_draft: draft("a") });
    const edit = new DraftEdit(call, draft("a"));
    await edit.start();
    edit.reason = " leaked ";
    expect(await edit.save()).toBe(true);
    expect(requests(call, "edit_draft")).toEqual([
      { operation: "a", name: null, scopes: null, lifetime: null, reason: "leaked" },
    ]);
  });

  it("leaves a new key's scopes alone while its platform's form cannot be read", async () => {
    const request = {
      kind: "create",
      key: "k",
      name: "ci",
      scopes: ["a"],
      lifetime: { kind: "never" },
    } as unknown as OperationLine["request"];
    const edit = new DraftEdit(
      core({ create_form: { fails: failure("not_found") } }),
      draft("a", { request }),
    );
    await edit.start();
    expect([edit.request.scopes, edit.request.name]).toEqual([null, "ci"]);
    expect(edit.failure?.code).toBe("not_found");
  });
});

const planOf = (changes: Partial<BulkPlan> = {}): BulkPlan => ({
  lines: [],
  ready: 2,
  left: 0,
  at_once: 4,
  sentences: [],
  type_to_confirm: null,
  ...changes,
});

describe("many keys", () => {
  it("are asked about only once it is told which and what", () => {
    const left = new BulkAsking(core({}), { kind: "owner", name: "" }, "rotate");
    expect(left.asked).toBeNull();
    left.name = " maya ";
    expect(left.asked?.selection).toEqual({ kind: "owner", name: "maya" });
    left.act = "relabel";
    expect(left.missing).toBe("find");
    left.act = "policy";
    left.days = 1.5;
    expect(left.missing).toBe("days");
  });

  it("of a lost machine end first", () => {
    const lost = new BulkAsking(core({}), { kind: "machine", name: "build-2" }, "rotate");
    lost.grace = 3600;
    expect(lost.asked?.act).toMatchObject({ kind: "rotate", revoke_first: true, grace_s: 0 });
  });

  it("begin once, with the word that the plan asks for", async () => {
    const call = core({
      plan_bulk: planOf({ type_to_confirm: "end 2 keys" }),
      begin_bulk: { bulk: "b", keys: 2, left: [] },
    });
    const flow = new BulkAsking(call, { kind: "keys", keys: ["a", "b"] }, "revoke");
    await flow.think(flow.asked);
    expect(flow.allowed).toBe(false);
    flow.typed = "end 2 keys";
    await Promise.all([flow.begin(), flow.begin()]);
    expect(requests(call, "begin_bulk")).toHaveLength(1);
    expect(flow.begun?.bulk).toBe("b");
  });

  it("cannot begin where none is ready", async () => {
    const flow = new BulkAsking(
      core({ plan_bulk: planOf({ ready: 0, left: 2 }) }),
      { kind: "query", query: "" },
      "rotate",
    );
    await flow.think(flow.asked);
    expect(flow.allowed).toBe(false);
  });

  it("are counted as they stand, and can be taken up where nothing goes on", async () => {
    const rows = [
      run({ id: "1", bulk: "b", state: { kind: "done" } }),
      run({ id: "2", bulk: "b", state: { kind: "queued" } }),
      run({ id: "3", bulk: "b", state: { kind: "closed", why: "" } }),
    ];
    expect(counted("b", rows)).toMatchObject({ total: 3, done: 1, queued: 1, ended: 1 });
    const all = new BulkRun(core({ list_rotations: rows }), "b");
    await all.load();
    expect([all.stoppable, all.resumable]).toEqual([true, true]);
    all.hear(run({ id: "2", bulk: "b" }));
    expect([all.stoppable, all.resumable]).toEqual([false, false]);
  });

  it("stand behind one line on Overview, but for those that need somebody", () => {
    const item = (id: string, bulk: string | null, person = false) =>
      ({
        rotation: run({
          id,
          bulk,
          state: person
            ? { kind: "waiting", wait: { kind: "person" }, why: "", advice: "" }
            : { kind: "running" },
        }),
      }) as OverviewItem;
    const list = gathered([
      item("1", "b"),
      item("2", "b"),
      item("3", "b", true),
      item("4", null),
      item("5", null),
    ]);
    expect(list.map(({ item: one, more }) => [one.rotation?.id, more])).toEqual([
      ["1", 1],
      ["3", 0],
      ["4", 0],
      ["5", 0],
    ]);
  });
});

describe("the chosen keys", () => {
  it("are toggled, reached for, and all that match", () => {
    const marks = new Marks();
    marks.toggle("b");
    marks.reach("d", ["a", "b", "c", "d"]);
    expect(marks.selection).toEqual({ kind: "keys", keys: ["b", "c", "d"] });
    marks.toggle("c");
    expect([marks.count, marks.has("c")]).toEqual([2, false]);
    marks.all("tag:ci", 40);
    expect([marks.count, marks.has("zzz")]).toEqual([40, true]);
    expect(marks.selection).toEqual({ kind: "query", query: "tag:ci" });
    marks.clear();
    expect(marks.count).toBe(0);
  });
});
