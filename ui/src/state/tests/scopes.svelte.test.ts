import { describe, expect, it } from "vitest";
import type { AxisKind, ScopeAxis, ScopeChoice } from "../../ipc";
import { ScopePick, rowsOf } from "../scopes.svelte";

const choice = (value: string, row = "", tier = ""): ScopeChoice => ({
  value,
  label: value,
  help: "",
  row,
  tier,
  dangerous: false,
});
const axis = (
  id: string,
  kind: AxisKind,
  choices: ScopeChoice[],
  more: Partial<ScopeAxis> = {},
): ScopeAxis => ({
  id,
  label: id,
  help: "",
  kind,
  choices,
  wildcard: null,
  free: null,
  ...more,
});

const org = axis("org", "fixed", [choice("org:acme")]);
const agents = axis("agent", "some", [choice("agent:cto"), choice("agent:ceo")], {
  wildcard: choice("agent:*"),
  free: { prefix: "agent:", placeholder: "" },
});
const services = axis("svc", "tiers", [
  choice("svc:wiki:read", "wiki", "read"),
  choice("svc:wiki:write", "wiki", "write"),
  choice("svc:kb:read", "kb", "read"),
]);
const pick = () => new ScopePick([org, agents, services]);

describe("the scopes of a new key", () => {
  it("hold what is given and cannot lose it", () => {
    const scopes = pick();
    scopes.toggle(org, "org:acme");
    expect(scopes.list).toEqual(["org:acme"]);
  });

  it("take the wildcard alone", () => {
    const scopes = pick();
    scopes.toggle(agents, "agent:cto");
    scopes.toggle(agents, "agent:ceo");
    scopes.toggle(agents, "agent:*");
    expect(scopes.of(agents)).toEqual(["agent:*"]);
    scopes.toggle(agents, "agent:cto");
    expect(scopes.of(agents)).toEqual(["agent:cto"]);
  });

  it("hold one tier in a row", () => {
    const scopes = pick();
    scopes.setTier(services, "wiki", "read");
    scopes.setTier(services, "kb", "read");
    scopes.setTier(services, "wiki", "write");
    expect(scopes.of(services)).toEqual(["svc:kb:read", "svc:wiki:write"]);
    scopes.setTier(services, "wiki", "");
    expect(scopes.tier(services, "wiki")).toBe("");
    expect(rowsOf(services)).toEqual(["wiki", "kb"]);
  });

  it("take typed ones behind their prefix, once", () => {
    const scopes = pick();
    scopes.type(agents, " builder ");
    scopes.type(agents, "agent:builder");
    scopes.type(agents, "  ");
    expect(scopes.of(agents)).toEqual(["agent:builder"]);
    expect(scopes.typed(agents)).toEqual(["agent:builder"]);
  });

  it("are taken over from another key, axis by axis", () => {
    const scopes = pick();
    scopes.take(["org:other", "agent:builder", "agent:cto", "svc:wiki:read", "svc:gone:read"]);
    expect(scopes.list).toEqual(["org:acme", "agent:builder", "agent:cto", "svc:wiki:read"]);
  });
});
