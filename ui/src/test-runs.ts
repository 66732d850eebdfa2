import type { RotationReport, RotationRow } from "./ipc/bindings";

/** A run for tests; what is not told is ordinary. */
export function run(changes: Partial<RotationRow> = {}): RotationRow {
  return {
    id: "r",
    broken: [],
    bulk: null,
    old: "k",
    new: null,
    title: "ci",
    old_bitting: [1, 2, 3, 4],
    new_bitting: null,
    platform: "agent.ceo",
    connection_name: "acme",
    plan: "create_then_revoke",
    course: "forward",
    step: "check",
    state: { kind: "running" },
    words: "Ask the platform…",
    done: 0,
    total: 6,
    placed: 0,
    places: 2,
    actions: [],
    asked: "2026-11-28T10:00:00Z",
    changed: "2026-11-28T10:00:30Z",
    ...changes,
  };
}

const alive = {
  status: "active",
  requested: null,
  proved: null,
  proof: "none",
  window_ms: null,
  overdue: false,
} as const;

/** Everything of a run for tests. */
export function report(
  row: Partial<RotationRow> = {},
  changes: Partial<RotationReport> = {},
): RotationReport {
  return {
    row: run(row),
    reason: "",
    name: "ci",
    scopes: [],
    lifetime: { kind: "days", value: 90 },
    revoke_first: false,
    stops: [],
    steps: [],
    lines: [],
    overrides: [],
    verified: null,
    verified_by: "",
    grace_until: null,
    old_end: alive,
    new_end: alive,
    guide: null,
    type_to_override: null,
    unverified: [],
    ...changes,
  };
}
