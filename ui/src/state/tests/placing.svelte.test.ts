import { describe, expect, it } from "vitest";
import type { KeyDetail, PlaceChange } from "../../ipc";
import { row } from "../../test-rows";
import { PlacingFlow } from "../clients/placing.svelte";
import { fileOf, readNode, toTarget, wanted } from "../clients/target";
import { core, failure, requests } from "./core";
import { client, file, placed } from "./places";

const key = { row: row({ platform: "agent.ceo" }), env_name: "CEO_API_KEY" } as KeyDetail;
const change = (changes: Partial<PlaceChange> = {}): PlaceChange => ({
  client_name: "",
  file: "",
  short: "",
  node: "",
  makes_file: false,
  unchanged: false,
  replaces: "",
  lines: [],
  warnings: [],
  refused: "",
  advice: "",
  pickup: "",
  ...changes,
});

describe("a target", () => {
  it("takes names after the key, and the form that was asked for where there is one", () => {
    const target = toTarget(client("c"), key, "variable");
    expect(target).toMatchObject({ slot: "mcp-header", form: "variable" });
    expect(target.params).toMatchObject({ server: "agent-ceo", variable: "CEO_API_KEY" });
    expect(toTarget(client("c"), key, "secret").form).toBe("literal");
  });

  it("prefers the slot made for the key’s platform", () => {
    const own = { ...client("c").slots[0]!, id: "login", platforms: ["agent.ceo"] };
    const codex = client("c", { slots: [...client("c").slots, own] });
    expect(toTarget(codex, key, null).slot).toBe("login");
  });

  it("takes the project’s file once one is told, and sends only what was told", () => {
    const one = client("c", {
      files: [file("user", "user", "/home/m/.c"), file("project", "project", "/p/.c", false)],
    });
    const target = toTarget(one, key, null);
    expect(fileOf(one, target)?.id).toBe("project");
    expect(fileOf(client("c"), target)?.id).toBe("user");
    expect(wanted(target, one, " /p ")).toEqual({
      client: "c",
      slot: "mcp-header",
      file: "project",
      project: "/p",
      form: "literal",
      params: { server: "agent-ceo" },
    });
  });

  it("finds again where a place was", () => {
    const before = placed("x", {
      file: "/p/other.json",
      node: 'mcpServers."my ceo".env.TOKEN',
      form: { kind: "literal" },
    });
    const target = toTarget(client("c"), key, null, before);
    expect(target).toMatchObject({ slot: "mcp-env", file: "/p/other.json" });
    expect(target.params).toMatchObject({ server: "my ceo", name: "TOKEN" });
    expect(fileOf(client("c"), target)?.path).toBe("/p/other.json");
    expect(readNode("mcp_servers.ceo.http_headers.Authorization")).toEqual({ server: "ceo" });
    expect(readNode("CEO_API_KEY")).toEqual({ name: "CEO_API_KEY" });
    expect(readNode("models[0].apiKey")).toEqual({});
  });
});

describe("placing a key", () => {
  const stops = { words: "git", stops: true };
  async function chosen(changes: PlaceChange[], more: Record<string, unknown> = {}) {
    const call = core({
      key_detail: key,
      list_clients: [client("codex"), client("zed"), client("hand", { slots: [] })],
      preview_place: { changes, ready: false },
      place_key: { run: "r", placements: [placed("p")] },
      undo_placing: null,
      ...more,
    });
    const flow = new PlacingFlow(call);
    await flow.start({ key: "k", client: "codex", form: null, again: null });
    return { flow, call };
  }

  it("begins with the key where none was named", async () => {
    const flow = new PlacingFlow(core({ list_clients: [client("codex")], key_detail: key }));
    await flow.start({ key: null, client: "codex", form: null, again: null });
    expect(flow.step).toBe("key");
    await flow.choose("k");
    expect(flow.step).toBe("where");
    expect(flow.targets).toHaveLength(1);
  });

  it("does not ask while something is not told", async () => {
    const { flow, call } = await chosen([change()]);
    flow.targets[0]!.params["server"] = " ";
    await flow.look();
    expect(flow.step).toBe("where");
    expect(flow.missing(flow.targets[0]!)).toEqual(["server"]);
    expect(requests(call, "preview_place")).toEqual([]);
  });

  it("chooses no client whose files hold no key", async () => {
    const { flow } = await chosen([change()]);
    flow.toggle("hand");
    expect(flow.targets.map((one) => one.client)).toEqual(["codex"]);
  });

  it("writes only after what stops was read, and then insists", async () => {
    const { flow, call } = await chosen([change({ warnings: [stops] })]);
    await flow.look();
    expect(flow.allowed).toBe(false);
    await flow.apply();
    expect(requests(call, "place_key")).toEqual([]);
    flow.read(0, true);
    await Promise.all([flow.apply(), flow.apply()]);
    expect(requests(call, "place_key")).toMatchObject([{ key: "k", insist: true }]);
    expect(flow.step).toBe("done");
  });

  it("does not insist where nothing stops", async () => {
    const { flow, call } = await chosen([change()]);
    await flow.look();
    await flow.apply();
    expect(requests(call, "place_key")).toMatchObject([{ insist: false }]);
  });

  it("leaves out what is refused, and looks again", async () => {
    const { flow, call } = await chosen([change(), change({ refused: "running" })]);
    flow.toggle("zed");
    await flow.look();
    expect([flow.refused, flow.allowed]).toEqual([1, false]);
    await flow.leaveOut(1);
    expect(requests(call, "preview_place")).toHaveLength(2);
    await flow.leaveOut(0);
    expect(flow.step).toBe("where");
  });

  it("goes back to the preview when nothing was written, and undoes one by one", async () => {
    const { flow } = await chosen([change()], { place_key: { fails: failure("failed") } });
    await flow.look();
    await flow.apply();
    expect([flow.step, flow.failure?.code]).toEqual(["preview", "failed"]);
    expect(await flow.undo("p")).toBeNull();
    expect(flow.undone).toEqual(["p"]);
  });
});
