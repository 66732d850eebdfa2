import type { KeyRow } from "./ipc/bindings";

/** A row for tests; what is not told is ordinary. */
export function row(changes: Partial<KeyRow> = {}): KeyRow {
  return {
    id: "k",
    title: "ci",
    name: "ci",
    platform: "agent.ceo",
    platform_name: "agent.ceo",
    connection_name: "acme",
    environment: "live",
    hint: {},
    status: "active",
    created: "2026-10-01T00:00:00Z",
    expires: { kind: "never" },
    rotation_due: null,
    finding: null,
    tags: [],
    uses: 0,
    bitting: null,
    manages_connection: false,
    revoking_since: null,
    ...changes,
  };
}
