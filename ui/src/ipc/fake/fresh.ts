import type { KeyDetail } from "../bindings";
import { cuts, seeded } from "./random";
import { abilities, CONNECTIONS, iso, type FakeKey, type FakeVault } from "./vault";

/** A key that was made just now. */
export function fresh(vault: FakeVault, name: string, connection: string): FakeKey {
  const home = vault.connections.find(({ id }) => id === connection) ?? CONNECTIONS[0]!;
  const base = vault.keys[3] ? structuredClone(vault.keys[3]) : ({} as KeyDetail);
  const now = Date.now();
  const row = {
    id: `k-${vault.keys.length + 1000}`,
    title: name,
    name,
    platform: home.platform,
    platform_name: home.platform_name,
    connection_name: home.name,
    environment: home.environment,
    hint: { prefix: "ace_live_Kw" },
    status: "active" as const,
    created: iso(now),
    expires: { kind: "at" as const, at: iso(now + 90 * 86_400_000) },
    rotation_due: iso(now + 90 * 86_400_000),
    finding: null,
    tags: [],
    uses: 0,
    bitting: cuts(seeded(now)),
    manages_connection: false,
    revoking_since: null,
  };
  return {
    ...base,
    row,
    connection: home.id,
    label: "",
    note: "",
    findings: [],
    events: [],
    uses: [],
    revocation: null,
    rotation: null,
    deleted: null,
    gone_since: null,
    rotation_days: null,
    effective_rotation_days: 90,
    remote_id: "key_new",
    origin: "created",
    has_secret: true,
    last_used: null,
    added: iso(now),
    owner: { name: "", kind: "unknown" },
    scopes: [],
    blast: { sentence: "Read the wiki, through cto, in acme only.", dangers: [] },
    env_name: "CEO_API_KEY",
    can: abilities(home),
  };
}
