import { describe, expect, it, vi } from "vitest";
import type { Commands, Failure, RevokeProgress } from "../../ipc";
import { row } from "../../test-rows";
import { endOfDay } from "../add.svelte";
import { CreateFlow, nextName } from "../create.svelte";
import { RevokeFlow } from "../revoke.svelte";
import { core, failure } from "./core";

type Answers = { [C in keyof Commands]?: Commands[C][1] | { fails: Failure } };

const form = {
  connection: "c",
  connection_name: "acme",
  platform_name: "agent.ceo",
  axes: [],
  lifetimes: [{ kind: "days", value: 90 }, { kind: "never" }],
  names: ["ci"],
  name_help: "",
  asks: [],
  personal_owner_warned: false,
  env_name: "",
  prefixes: [],
  guide: null,
};
const clear = {
  blast: { sentence: "Nothing.", dangers: [] },
  problems: [],
  warnings: [],
  expires: { kind: "never" },
};

async function ready(answers: Answers | Record<string, unknown>) {
  const call = core({ create_form: form, preview_create: clear, ...answers });
  const flow = new CreateFlow(call);
  await flow.choose("c");
  flow.name = " ci-deploy ";
  return { flow, call };
}

describe("making a key", () => {
  it("takes the recommended life and sends what was typed, trimmed", async () => {
    const { flow } = await ready({});
    expect(flow.request).toMatchObject({
      name: "ci-deploy",
      lifetime: { kind: "days", value: 90 },
    });
  });

  it("does not go on while the core finds a problem, and tells of it only then", async () => {
    const problems = [{ field: "name", message: "Say what it is for." }];
    const { flow } = await ready({ preview_create: { ...clear, problems } });
    await flow.think(flow.request!);
    expect(flow.problem("name")).toBeNull();
    await flow.review();
    expect(flow.step).toBe("what");
    expect(flow.problem("name")).toBe("Say what it is for.");
  });

  it("sends once, whatever is pressed", async () => {
    const { flow, call } = await ready({ create_key: { key: null, operation: "o" } });
    await Promise.all([flow.submit(), flow.submit()]);
    expect(vi.mocked(call).mock.calls.filter(([command]) => command === "create_key")).toHaveLength(
      1,
    );
  });

  it("tells made, drafted, unknown and refused apart", async () => {
    const made = { key_detail: { row: row() }, create_key: { key: "k", operation: "o" } };
    const cases: [Record<string, unknown>, string][] = [
      [made, "done"],
      [{ create_key: { key: null, operation: "o" } }, "drafted"],
      [{ create_key: { fails: failure("offline") } }, "drafted"],
      [{ create_key: { fails: failure("outcome_unknown") } }, "unknown"],
      [{ create_key: { fails: failure("refused") } }, "failed"],
    ];
    for (const [answers, step] of cases) {
      const { flow } = await ready(answers);
      await flow.submit();
      expect(flow.step).toBe(step);
    }
  });

  it("names a successor after its forebear", () => {
    expect(nextName("ci-deploy", ["ci-deploy"])).toBe("ci-deploy-2");
    expect(nextName("ci-deploy-2", ["ci-deploy", "ci-deploy-2", "ci-deploy-3"])).toBe(
      "ci-deploy-4",
    );
  });
});

const progress = (stage: RevokeProgress["stage"]): RevokeProgress => ({
  key: "k",
  stage,
  elapsed_ms: 10,
  promise_ms: 60_000,
  probes: 1,
  last: null,
  refusals: 0,
  refusals_needed: 3,
});
const asked = (word: string | null, blocked: string | null = null) => ({
  key: "k",
  title: "ci",
  sentences: [],
  uses: [],
  promise_s: 60,
  type_to_override: word,
  blocked,
});
const detail = { row: row(), revocation: null };

describe("revoking a key", () => {
  it("waits for the words that stand against it", async () => {
    const call = core({
      key_detail: detail,
      revoke_preview: asked("ci"),
      revoke_key: progress({ kind: "proving" }),
    });
    const flow = new RevokeFlow(call, "k");
    await flow.start(null);
    flow.typed = "c";
    await flow.confirm();
    expect(flow.step).toBe("asking");
    flow.typed = " ci ";
    await flow.confirm();
    expect(flow.step).toBe("watching");
    expect(flow.progress?.stage.kind).toBe("proving");
  });

  it("cannot be confirmed when it is blocked", async () => {
    const flow = new RevokeFlow(
      core({ key_detail: detail, revoke_preview: asked(null, "no API") }),
      "k",
    );
    await flow.start(null);
    expect(flow.allowed).toBe(false);
  });

  it("keeps progress that overtook the answer, and ignores other keys", async () => {
    const call = core({
      key_detail: detail,
      revoke_preview: asked(null),
      revoke_key: progress({ kind: "asked" }),
    });
    const flow = new RevokeFlow(call, "k");
    await flow.start(null);
    const sent = flow.confirm();
    flow.hear({ ...progress({ kind: "overdue" }), key: "other" });
    flow.hear(progress({ kind: "proved", window_ms: 41 }));
    await sent;
    expect(flow.progress?.stage.kind).toBe("proved");
  });

  it("watches one that began before this window", async () => {
    const revocation = {
      requested: new Date(Date.now() - 5_000).toISOString(),
      proof: "none",
      overdue: true,
    };
    const call = core({ key_detail: { row: row({ status: "revoking" }), revocation } });
    const flow = new RevokeFlow(call, "k");
    await flow.start(null);
    expect(flow.step).toBe("watching");
    expect(flow.progress?.stage.kind).toBe("overdue");
    expect(flow.progress?.elapsed_ms).toBeGreaterThanOrEqual(5_000);
  });
});

describe("a day as typed", () => {
  it("ends with its last second, or is none", () => {
    expect(endOfDay(" 2026-12-31 ")).toBe("2026-12-31T23:59:59.000Z");
    for (const wrong of ["", "31.12.2026", "2026-13-01", "soon"])
      expect(endOfDay(wrong)).toBeNull();
  });
});
