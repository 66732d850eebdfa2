import type {
  ConnectionRow,
  EventLine,
  Expiry,
  Finding,
  KeyActions,
  KeyDetail,
  OperationLine,
  PlatformRow,
  Settings,
} from "../bindings";
import { operations } from "./operations";
import { cuts, pick, seeded } from "./random";
import { SPECIALS } from "./specials";

export const DAY = 86_400_000;
export const options = new URLSearchParams(location.search);
export const iso = (ms: number): string => new Date(ms).toISOString();

/** A key as the fake vault keeps it. */
export type FakeKey = KeyDetail;

const NAMES =
  "nightly-export crm-sync agent-inbox docs-bot ci-staging wiki-reader board-report invoice-run support-triage data-lake release-notes onboarding-bot standup-digest metrics-push backup-verify slack-bridge calendar-sync lead-router churn-watch legal-review";
const OWNERS = [
  { name: "erp-bot", kind: "service_account" },
  { name: "maya", kind: "person" },
  { name: "ci", kind: "service_account" },
  { name: "", kind: "unknown" },
  { name: "jonas", kind: "person" },
] as const;
const CLIENTS = ["Codex", "Cursor", "Claude Code", "ERP importer", "GitHub Actions"];
const TAGS = ["ci", "nightly", "finance", "prod", "temp"];

function connection(
  id: string,
  platform: string,
  name: string,
  more: Partial<ConnectionRow>,
): ConnectionRow {
  return {
    id,
    name,
    platform: platform.toLowerCase(),
    platform_name: platform,
    origin: `https://${platform.toLowerCase()}`,
    variables: [],
    environment: "live",
    demo: false,
    keys: 0,
    refreshed: iso(Date.now() - 26 * 60_000),
    trouble: "",
    can_create: true,
    guided: false,
    has_credential: true,
    credential_expires: { kind: "unknown" },
    revoke_window_ms: null,
    revoke_windows: 0,
    ...more,
  };
}

export const CONNECTIONS: ConnectionRow[] = [
  connection("c-acme", "agent.ceo", "acme", {
    variables: [
      { name: "org_id", value: "acme" },
      { name: "org_slug", value: "acme" },
    ],
    revoke_window_ms: 41_200,
    revoke_windows: 20,
    credential_expires: { kind: "at", at: iso(Date.now() + 8.6 * DAY) },
  }),
  connection("c-lab", "agent.ceo", "lab", {
    origin: "https://agent.ceo",
    environment: "test",
    variables: [{ name: "org_id", value: "acme-lab" }],
    trouble: options.has("trouble") ? "The credential was refused: it is no longer valid." : "",
  }),
  connection("c-servo", "ServoAgent", "ServoAgent", {
    origin: "https://api.servoagent.com",
    can_create: false,
    guided: true,
    has_credential: false,
    refreshed: null,
  }),
  connection("c-npm", "npm", "npm", {
    origin: "https://packages.example.com",
    credential_expires: { kind: "at", at: iso(Date.now() + 190 * DAY) },
  }),
  connection("c-anthropic", "Anthropic", "Anthropic", {
    origin: "https://api.anthropic.com",
    can_create: false,
    guided: true,
  }),
];

/** What can be done with a living key of a connection. */
export function abilities(home: ConnectionRow): KeyActions {
  const by_api = home.has_credential;
  return {
    copy: true,
    probe: true,
    revoke: by_api,
    why_no_revoke: by_api ? "" : "Its platform has no API for it: revoke it in the dashboard.",
    revoke_in_dashboard: !by_api,
    withdraw: false,
    relabel: by_api,
    disable: by_api,
    enable: false,
    rotate: true,
    why_no_rotate: "",
  };
}

function makeKey(index: number, random: () => number, now: number): FakeKey {
  const special = SPECIALS[index];
  const home = CONNECTIONS[index % 7 === 3 ? 2 : index % 5 === 1 ? 1 : 0] as ConnectionRow;
  const made = now - (random() * 82 + 2) * DAY;
  const life = pick(random, [90, 180, 365, 365, null]);
  const expires: Expiry =
    life === null ? { kind: "never" } : { kind: "at", at: iso(made + life * DAY) };
  const name = `${pick(random, NAMES.split(" "))}${index > 20 ? `-${index}` : ""}`;
  const prefix = home.platform === "agent.ceo" ? "ace_live_" : "sk_test_";
  const detail: FakeKey = {
    row: {
      id: `k-${index}`,
      title: name,
      name,
      platform: home.platform,
      platform_name: home.platform_name,
      connection_name: home.name,
      environment: home.environment,
      hint:
        random() < 0.9
          ? {
              prefix:
                prefix +
                cuts(random)
                  .slice(0, 2)
                  .map((n) => "aBkQzXr7"[n])
                  .join(""),
            }
          : {},
      status: "active",
      created: iso(made),
      expires,
      rotation_due: iso(made + 90 * DAY),
      finding: null,
      tags: random() < 0.5 ? [pick(random, TAGS)] : [],
      uses: 0,
      bitting: random() < 0.88 ? cuts(random) : null,
      manages_connection: false,
      revoking_since: null,
    },
    connection: home.id,
    remote_id: `key_${index}f3a`,
    label: "",
    note: "",
    scopes: ["org:acme", "agent:*", "svc:wiki:read"],
    blast: { sentence: "Read the wiki, through any agent, in acme only.", dangers: [] },
    owner: pick(random, OWNERS),
    last_used: random() < 0.7 ? iso(now - random() * 9 * DAY) : null,
    uses: [],
    rotation_days: null,
    effective_rotation_days: 90,
    origin: "created",
    added: iso(made),
    gone_since: null,
    revocation: null,
    deleted: null,
    has_secret: true,
    rotation: null,
    findings: [],
    events: [],
    env_name: home.platform === "agent.ceo" ? "CEO_API_KEY" : "SERVOAGENT_API_KEY",
    can: abilities(home),
  };
  for (let n = Math.floor(random() * 4); n > 0; n -= 1)
    detail.uses.push({
      client: pick(random, CLIENTS),
      place: "~/.config/app.toml",
      noted: iso(made),
    });
  special?.(detail, now);
  detail.row.uses = detail.uses.length;
  detail.row.finding = detail.findings[0] ?? null;
  detail.has_secret = detail.row.bitting !== null;
  detail.can.copy = detail.has_secret;
  detail.can.probe = detail.has_secret;
  return detail;
}

/** The made-up vault of this browser tab. */
export class FakeVault {
  keys: FakeKey[] = [];
  connections: ConnectionRow[] = [];
  operations: OperationLine[] = [];
  events: EventLine[] = [];
  settings: Settings = { rotation_days: 90, theme: "system", work_offline: options.has("offline") };
  /** Platforms that were added in this tab. */
  added: PlatformRow[] = [];
  /** What was found on keys’ places. */
  misplaced: Finding[] = [];
  stopped = false;
  seq = 1;
  /** Grows with every change. */
  version = 0;

  constructor() {
    if (options.get("scene") === "first") return;
    const random = seeded(7);
    const now = Date.now();
    this.connections = structuredClone(CONNECTIONS);
    const count = Number(options.get("keys") ?? 150);
    for (let index = 0; index < count; index += 1) {
      // The clear vault has only keys that need nobody.
      const at = options.get("scene") === "clear" ? index + 30 : index;
      this.keys.push(makeKey(at, random, now));
    }
    if (options.get("scene") !== "clear") this.#past(now);
    this.#count();
  }

  find(id: string): FakeKey | undefined {
    return this.keys.find((key) => key.row.id === id);
  }

  log(event: EventLine["event"], key: FakeKey | null, subject = "", at = Date.now()) {
    const line = {
      seq: this.seq++,
      at: iso(at),
      event,
      key: key?.row.id ?? null,
      subject: key?.row.title ?? subject,
    };
    this.events.unshift(line);
    key?.events.unshift(line);
  }

  #count() {
    for (const home of this.connections)
      home.keys = this.keys.filter((key) => key.connection === home.id && !key.deleted).length;
  }

  #past(now: number) {
    this.log({ kind: "vault_created" }, null, "", now - 40 * DAY);
    for (const home of this.connections)
      this.log({ kind: "connected" }, null, home.name, now - 39 * DAY);
    for (let index = 12; index >= 0; index -= 1) {
      const key = this.keys[index];
      if (!key) continue;
      const at = now - (index * 0.6 + 0.02) * DAY;
      this.log({ kind: "key_created" }, key, "", at - 20 * DAY);
      this.log({ kind: "unlocked", by: "passphrase" }, null, "", at - 3_600_000);
      this.log({ kind: "secret_copied" }, key, "", at - 3_000_000);
      this.log({ kind: "probed", verdict: { kind: "alive" } }, key, "", at - 2_000_000);
      if (index % 3 === 0)
        this.log({ kind: "key_edited", fields: ["note", "tags"] }, key, "", at - 1_000_000);
    }
    this.log({ kind: "refreshed", new: 2, changed: 0, gone: 1 }, null, "acme", now - 1_500_000);
    this.operations.push(...operations(now));
  }
}
