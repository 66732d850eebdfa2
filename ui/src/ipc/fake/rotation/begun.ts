import type { KeyEnd, RotateKey, RotationPlan, RotationReport } from "../../bindings";
import { iso, type FakeKey } from "../vault";
import { order, WORDS } from "./plan";

/** A key that works. */
export const LIVING: KeyEnd = {
  status: "active",
  requested: null,
  proved: null,
  proof: "none",
  window_ms: null,
  overdue: false,
};

/** A run that has just begun. */
export function begun(
  id: string,
  key: FakeKey,
  request: RotateKey,
  planned: RotationPlan,
  bulk: string | null,
): RotationReport {
  const steps = order(planned.plan, request.grace_s > 0, request.revoke_first);
  const now = iso(Date.now());
  return {
    row: {
      id: id,
      bulk,
      old: key.row.id,
      new: null,
      title: key.row.title,
      old_bitting: key.row.bitting,
      new_bitting: null,
      platform: key.row.platform,
      connection_name: key.row.connection_name,
      plan: planned.plan,
      course: "forward",
      step: steps[0]!,
      state: { kind: bulk ? "queued" : "running" },
      broken: [],
      words: bulk ? "It has not begun." : `${WORDS.check}…`,
      done: 0,
      total: steps.length,
      placed: 0,
      places: planned.places.length,
      actions: [],
      asked: now,
      changed: now,
    },
    reason: request.reason,
    name: planned.name,
    scopes: planned.scopes,
    lifetime: planned.lifetime,
    revoke_first: request.revoke_first,
    stops: planned.places.map(({ placement, what, todo }, n) => ({
      n,
      placement,
      what,
      todo,
      state: { kind: "open" },
      words: "",
    })),
    steps: planned.steps.map(({ step, words }) => ({
      step,
      words,
      fate: "ahead",
      last: "",
      at: null,
    })),
    lines: [],
    overrides: [],
    verified: null,
    verified_by: "",
    grace_until: null,
    old_end: LIVING,
    new_end: LIVING,
    guide: null,
    type_to_override: null,
    unverified: [],
  };
}
