import { describe, expect, it } from "vitest";
import { row } from "../../test-rows";
import { CreateFlow } from "../create.svelte";
import { RevokeFlow } from "../revoke.svelte";
import { core, failure, requests } from "./core";

const guide = { steps: ["Open it.", "Make it."], page: null, origin: null };
const form = {
  connection: "c",
  connection_name: "voice",
  platform_name: "ServoAgent",
  axes: [],
  lifetimes: [{ kind: "days", value: 90 }],
  names: [],
  name_help: "",
  asks: [],
  personal_owner_warned: true,
  env_name: "",
  prefixes: [],
  guide,
};
const clear = {
  blast: { sentence: "", dangers: [] },
  problems: [],
  warnings: [],
  expires: { kind: "never" },
};

async function atTheDashboard(answers: Record<string, unknown>, more = {}) {
  const detail = { row: row() };
  const call = core({
    create_form: { ...form, ...more },
    preview_create: clear,
    key_detail: detail,
    ...answers,
  });
  const flow = new CreateFlow(call);
  await flow.choose("c");
  flow.name = "voice-agent";
  await flow.review();
  return { flow, call };
}

describe("a key that is made in a dashboard", () => {
  it("goes through the steps there instead of the review", async () => {
    const { flow } = await atTheDashboard({});
    expect(flow.step).toBe("dashboard");
  });

  it("is done when its secret is sealed, whatever the try of it says", async () => {
    const made = { key: "k", warning: "", verdict: { kind: "dead" } };
    const { flow, call } = await atTheDashboard({ finish_guided_create: made });
    flow.ownerKind = "service_account";
    await flow.bring("clipboard");
    expect(flow.step).toBe("done");
    expect(flow.guided.made?.verdict).toEqual({ kind: "dead" });
    expect(requests(call, "finish_guided_create")).toMatchObject([
      {
        key: { name: "voice-agent", owner_kind: "service_account" },
        source: "clipboard",
        insist: false,
      },
    ]);
    expect(requests(call, "create_key")).toEqual([]);
  });

  it("stays at the steps when what was brought is odd, and takes it when told so", async () => {
    const odd = failure("invalid", "Keys of ServoAgent begin with sk_live_.");
    const { flow, call } = await atTheDashboard({ finish_guided_create: { fails: odd } });
    await flow.bring("file");
    expect(flow.step).toBe("dashboard");
    expect(flow.guided.failure).toEqual(odd);
    await flow.bring(flow.guided.source, true);
    expect(requests(call, "finish_guided_create")).toMatchObject([
      { source: "file", insist: false },
      { source: "file", insist: true },
    ]);
  });

  it("says nothing when somebody only closed the file dialog", async () => {
    const none = failure("invalid", "No file was chosen.");
    const { flow } = await atTheDashboard({ finish_guided_create: { fails: none } });
    await flow.bring("file");
    expect(flow.guided.failure).toBeNull();
    expect(flow.guided.busy).toBeNull();
  });

  it("takes one secret at a time", async () => {
    const made = { key: "k", warning: "", verdict: null };
    const { flow, call } = await atTheDashboard({ finish_guided_create: made });
    await Promise.all([flow.bring("clipboard"), flow.bring("clipboard")]);
    expect(requests(call, "finish_guided_create")).toHaveLength(1);
  });

  it("keeps the ticks of the person to itself", async () => {
    const { flow, call } = await atTheDashboard({});
    const before = requests(call, "finish_guided_create").length;
    flow.guided.tick(1);
    flow.guided.tick(0);
    flow.guided.tick(1);
    expect(flow.guided.ticked).toEqual([0]);
    expect(requests(call, "finish_guided_create")).toHaveLength(before);
  });
});

describe("a key for which the platform asks each time", () => {
  it("is not sent from this window", async () => {
    const { flow, call } = await atTheDashboard({}, { guide: null, asks: ["password"] });
    expect(flow.step).toBe("review");
    await flow.submit();
    expect(flow.step).toBe("review");
    expect(requests(call, "create_key")).toEqual([]);
  });
});

const asked = (provable: boolean) => ({
  key: "k",
  title: "voice-agent",
  sentences: [],
  uses: [],
  promise_s: 60,
  type_to_override: null,
  blocked: null,
  provable,
  guide,
});
const detail = { row: row(), connection: "c", revocation: null, can: { withdraw: false } };
const progress = (kind: "asked" | "told") => ({
  key: "k",
  stage: { kind },
  elapsed_ms: 0,
  promise_ms: 0,
  probes: 0,
  last: null,
  refusals: 0,
  refusals_needed: 0,
});

describe("a key that is revoked in a dashboard", () => {
  it("is told, not asked of the platform, and waits for the proof", async () => {
    const call = core({
      key_detail: detail,
      revoke_preview: asked(true),
      revoke_in_dashboard: progress("asked"),
    });
    const flow = new RevokeFlow(call, "k");
    await flow.start(null);
    expect(flow.guided).toBe(true);
    await flow.confirm();
    expect(flow.step).toBe("watching");
    expect(flow.progress?.stage.kind).toBe("asked");
    expect(requests(call, "revoke_key")).toEqual([]);
  });

  it("is noted only, where nothing can prove it", async () => {
    const call = core({
      key_detail: detail,
      revoke_preview: asked(false),
      revoke_in_dashboard: progress("told"),
    });
    const flow = new RevokeFlow(call, "k");
    await flow.start(null);
    expect(flow.provable).toBe(false);
    await flow.confirm();
    expect(flow.progress?.stage.kind).toBe("told");
  });

  it("is noted still when it is looked at again, and can be taken back", async () => {
    const revocation = { requested: new Date().toISOString(), proof: "told", overdue: false };
    const call = core({
      key_detail: {
        ...detail,
        row: row({ status: "revoked" }),
        revocation,
        can: { withdraw: true },
      },
      withdraw_revocation: null,
    });
    const flow = new RevokeFlow(call, "k");
    await flow.start(null);
    expect(flow.progress?.stage.kind).toBe("told");
    expect(flow.guided).toBe(true);
    expect(await flow.withdraw()).toBeNull();
    expect(requests(call, "withdraw_revocation")).toEqual(["k"]);
  });
});
