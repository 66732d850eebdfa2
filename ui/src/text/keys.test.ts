import { describe, expect, it } from "vitest";
import type { Finding } from "../ipc/bindings";
import { row } from "../test-rows";
import { hint, masked, status } from "./keys";
import { hasTerm, toggleTerm } from "./queries";

const now = Date.parse("2026-11-23T10:00:00Z");
const finding = (kind: Finding["kind"], severity: Finding["severity"]): Finding => ({
  key: "k",
  kind,
  severity,
  due: "2026-11-20T10:00:00Z",
});

describe("a key's status in words", () => {
  it("tells severity by shape and word, never by colour alone", () => {
    const cases: [Finding, string, string][] = [
      [finding({ kind: "expired", days: 12 }, "critical"), "square", "Expired 12 d"],
      [finding({ kind: "rotation_due", days: 3 }, "warning"), "square", "Overdue 3 d"],
      [finding({ kind: "near_expiry", days: 6 }, "warning"), "triangle", "6 days"],
      [finding({ kind: "near_expiry", days: 25 }, "info"), "outline", "25 days"],
      [finding({ kind: "revoke_overdue" }, "critical"), "square", "Still works"],
      [finding({ kind: "gone" }, "warning"), "triangle", "Not listed"],
      [finding({ kind: "shared", clients: 3 }, "info"), "outline", "Shared"],
    ];
    for (const [found, mark, short] of cases)
      expect(status(row({ finding: found }), now)).toMatchObject({ mark, short });
  });

  it("says revoked only of what is proved", () => {
    expect(status(row({ status: "revoked" }), now).short).toBe("Revoked");
    const since = new Date(now - 12_000).toISOString();
    const words = status(row({ status: "revoking", revoking_since: since }), now);
    expect(words).toMatchObject({ mark: "ring", short: "Revoking · 12 s" });
  });

  it("counts down quietly when nothing is to be done", () => {
    const expires = { kind: "at" as const, at: "2026-12-03T10:00:00Z" };
    expect(status(row({ expires }), now)).toMatchObject({
      tone: "fine",
      mark: "check",
      short: "10 days",
    });
    expect(status(row({ expires: { kind: "never" } }), now).short).toBe("Never expires");
    expect(status(row({ expires: { kind: "unknown" } }), now).short).toBe("Expiry unknown");
  });

  it("shows the ends that the platform shows, and no more", () => {
    expect(hint(row({ hint: { prefix: "ace_live_aB" } }))).toBe("ace_live_aB…");
    expect(hint(row({ hint: {} }))).toBe("");
    expect(masked(row({ hint: { prefix: "sk_", suffix: "9c1" } }))).toBe("sk_••••••••••••9c1");
  });
});

describe("filters written into the query", () => {
  it("are added once and taken away again", () => {
    expect(toggleTerm("", "is:due")).toBe("is:due");
    expect(toggleTerm("erp  tag:ci", "is:due")).toBe("erp tag:ci is:due");
    expect(toggleTerm("erp is:due tag:ci", "is:due")).toBe("erp tag:ci");
    expect(hasTerm("is:dues", "is:due")).toBe(false);
  });
});
