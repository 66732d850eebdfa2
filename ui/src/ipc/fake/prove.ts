import type { Progress, RevokeProgress } from "../bindings";
import { OVER } from "./specials";
import { iso, options, type FakeKey, type FakeVault } from "./vault";

export const wait = (ms: number) => new Promise((after) => setTimeout(after, ms));

/** Plays a proof: alive three times, then refused three times. */
export async function prove(key: FakeKey, vault: FakeVault, tell: (progress: Progress) => void) {
  const started = Date.now();
  const base: Omit<RevokeProgress, "stage" | "elapsed_ms"> = {
    key: key.row.id,
    promise_ms: 60_000,
    probes: 0,
    last: null,
    refusals: 0,
    refusals_needed: 3,
  };
  const say = (stage: RevokeProgress["stage"]) =>
    tell({ kind: "revoke", ...base, stage, elapsed_ms: Date.now() - started });
  for (let step = 0; step < 7; step += 1) {
    await wait(Number(options.get("probe") ?? 1400));
    base.probes += 1;
    base.last = step < 3 ? { kind: "alive" } : { kind: "dead" };
    base.refusals = Math.max(0, step - 2);
    if (key.row.status !== "revoking") return;
    if (base.refusals >= 3) break;
    say({ kind: "proving" });
  }
  key.row.status = "revoked";
  key.row.finding = null;
  key.findings = [];
  key.can = { ...key.can, ...OVER };
  key.revocation = {
    requested: iso(started),
    proved: iso(Date.now()),
    proof: "refused",
    window_ms: 5600,
    overdue: false,
  };
  vault.log({ kind: "revoke_proved", window_ms: 5600, probes: base.probes }, key);
  say({ kind: "proved", window_ms: 5600 });
  vault.version += 1;
  tell({ kind: "changed" });
}
