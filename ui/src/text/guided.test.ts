import { describe, expect, it } from "vitest";
import type { ConnectionRow, KeyDetail, Verdict } from "../ipc/bindings";
import { row } from "../test-rows";
import { eventWords } from "./events";
import { asked, brought, tried } from "./guided";
import { proof, statusOf } from "./keys";
import { task } from "./operations";
import { platformFacts, takesPlace } from "./platforms";
import { roundWords } from "./reports";
import { outcome } from "./revoking";

const now = Date.parse("2026-11-23T10:00:00Z");
const failure = (what: string) => ({
  code: "invalid" as const,
  what,
  kept: "Nothing was changed.",
  advice: "Try again.",
});

describe("a secret that a person brings", () => {
  it("may be taken all the same only when its looks are odd", () => {
    const odd = (what: string) => brought(failure(what), "ServoAgent")?.odd;
    expect(odd("Keys of ServoAgent begin with sk_live_ or sk_test_.")).toBe(true);
    expect(odd("It has white space or line breaks in it.")).toBe(true);
    expect(
      odd("This is the secret of “erp”, which is sealed here already; copy the new one."),
    ).toBe(false);
    expect(odd("There is no text on the clipboard.")).toBe(false);
    expect(odd("This is longer than any key: 64 KiB is the most that is taken.")).toBe(false);
  });

  it("is told of after its first try by shape and word", () => {
    const cases: [Verdict | null, string, string][] = [
      [{ kind: "alive" }, "check", "It works."],
      [{ kind: "limited", missing: "agents:read" }, "check", "It works, within its scopes."],
      [{ kind: "dead" }, "square", "ServoAgent refuses it."],
      [{ kind: "unknown", why: "offline" }, "dash", "It could not be tried."],
      [null, "dash", "ServoAgent has no way to try a key."],
    ];
    for (const [verdict, mark, title] of cases)
      expect(tried(verdict, "ServoAgent")).toMatchObject({ mark, title });
    expect(tried({ kind: "limited", missing: "agents:read" }, "X").more).toContain("agents:read");
  });

  it("names what a platform wants told each time", () => {
    expect(asked(["password"])).toBe("your password");
    expect(asked(["password", "otp"])).toBe("your password and a one-time code");
    expect(asked(["a", "b", "c"])).toBe("a, b and c");
  });
});

describe("a revocation in a dashboard", () => {
  const progress = {
    key: "k",
    elapsed_ms: 0,
    promise_ms: 0,
    probes: 0,
    last: null,
    refusals: 0,
    refusals_needed: 3,
  };

  it("never says that the platform accepted anything", () => {
    for (const kind of ["asked", "proving", "overdue"] as const)
      expect(outcome({ ...progress, stage: { kind } }, true).title).not.toMatch(/accepted\./i);
    expect(outcome({ ...progress, stage: { kind: "told" } }, true)).toMatchObject({
      tone: "calm",
      mark: "dash",
      title: "Noted as revoked. Nothing here can prove it.",
    });
  });

  it("is not called proved when it rests on somebody's word", () => {
    const told = {
      row: row({ status: "revoked" }),
      revocation: { requested: "2026-11-20T10:00:00Z", proof: "told", overdue: false },
    } as KeyDetail;
    expect(statusOf(told, now).long).toBe("Noted as revoked");
    expect(proof(told, now)?.title).toBe("Noted as revoked. Nothing here can prove it.");
    const proved = { ...told, revocation: { ...told.revocation!, proof: "refused" as const } };
    expect(statusOf(proved, now).long).toBe("Revoked, proved dead");
  });
});

describe("the words of the log and of tasks", () => {
  it("tell what became of a key on its platform", () => {
    expect(eventWords({ kind: "relabelled", from: "ci", to: "ci-2" })).toMatchObject({
      text: "Renamed on the platform",
      more: "from ci to ci-2",
    });
    expect(eventWords({ kind: "revoke_told" }).more).toContain("nothing here can prove it");
  });

  it("tell when a management credential ends", () => {
    const connection = {
      name: "acme",
      credential_expires: { kind: "at", at: "2026-12-01T10:00:00Z" },
    } as ConnectionRow;
    const none = { row: null, finding: null, operation: null, rotation: null };
    const words = task(
      { ...none, severity: "warning", connection, next: "replace_credential" },
      now,
    );
    expect(words.sentence).toContain("The management credential of acme ends in 8 days.");
    expect(words.action).toBe("Replace…");
  });

  it("tell how far a refresh of many is", () => {
    const pause = { name: "GitHub", seconds: 30 };
    expect(roundWords({ done: 12, total: 50, pause })).toEqual({
      far: "12 of 50 read",
      pause: "GitHub asks for a pause of 30 s.",
    });
  });
});

describe("a platform", () => {
  const platform = {
    id: "acme",
    capabilities: ["create", "prove alive or dead"],
    guided: false,
  } as unknown as Parameters<typeof platformFacts>[0];

  it("is told in two facts", () => {
    expect(platformFacts(platform)).toBe("by API · can prove a key dead");
    expect(platformFacts({ ...platform, capabilities: [], guided: true })).toBe(
      "in its dashboard · no proof",
    );
  });

  it("that comes with Keywright is not replaced", () => {
    const preview = { platform, origin: "", page_origins: [], calls: [] };
    expect(takesPlace({ ...preview, replaces: null, builtin: false })).toBeNull();
    expect(takesPlace({ ...preview, replaces: "Acme", builtin: false })?.tone).toBe("warning");
    expect(takesPlace({ ...preview, replaces: "GitHub", builtin: true })?.tone).toBe("critical");
  });
});
