import type { KeyDetail, Progress } from "../bindings";
import { fail, ok, type Table } from "./answer";
import { prove, wait } from "./prove";
import { cuts, seeded } from "./random";
import { CONNECTIONS, iso, options, type FakeKey, type FakeVault } from "./vault";

type Changes = Pick<
  Table,
  | "create_key"
  | "edit_key"
  | "probe_key"
  | "revoke_key"
  | "refresh"
  | "disconnect"
  | "delete_key"
  | "restore_key"
  | "settle_operation"
  | "copy_secret"
  | "reveal_secret"
  | "connect"
  | "add_key"
>;
const nothing = fail(
  "not_found",
  "There is no such key.",
  "Nothing was changed.",
  "Choose one from the list.",
);

/** The commands that change something. */
export function changes(vault: FakeVault, tell: (progress: Progress) => void): Changes {
  const changed = () => {
    vault.version += 1;
    tell({ kind: "changed" });
  };

  function fresh(name: string, connection: string): FakeKey {
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
      can: { copy: true, probe: true, revoke: true, why_no_revoke: "" },
    };
  }

  return {
    create_key: async (request) => {
      await wait(900);
      if (options.get("create") === "refused")
        return fail(
          "refused",
          "agent.ceo refused: this key may not create keys.",
          "Nothing was changed here.",
          "Bring a management key with svc:admin:admin.",
        );
      if (options.get("create") === "unknown")
        return fail(
          "outcome_unknown",
          "The request was sent, and its outcome is not known: no answer within 30 s.",
          "It is written down and is not sent again by itself.",
          "Refresh the connection: the platform’s list tells what became of it.",
        );
      if (vault.settings.work_offline) return ok({ key: null, operation: "o-9" });
      const key = fresh(request.name, request.connection);
      key.scopes = request.scopes;
      key.label = request.label;
      key.row.title = request.label || request.name;
      key.row.tags = request.tags;
      key.note = request.note;
      key.owner = { name: request.owner, kind: "unknown" };
      vault.keys.push(key);
      vault.log({ kind: "key_created" }, key);
      changed();
      return ok({ key: key.row.id, operation: "o-9" });
    },
    edit_key: (edit) => {
      const key = vault.find(edit.key);
      if (!key) return nothing;
      if (edit.note !== null) key.note = edit.note;
      if (edit.label !== null) {
        key.label = edit.label;
        key.row.title = edit.label || key.row.name;
      }
      if (edit.tags !== null) key.row.tags = edit.tags;
      if (edit.owner !== null) key.owner = edit.owner;
      if (edit.rotation_days !== null) {
        key.rotation_days = edit.rotation_days || null;
        key.effective_rotation_days = edit.rotation_days || vault.settings.rotation_days;
      }
      if (edit.uses !== null)
        key.uses = edit.uses.map((use) => ({ ...use, noted: iso(Date.now()) }));
      key.row.uses = key.uses.length;
      vault.log(
        {
          kind: "key_edited",
          fields: Object.keys(edit).filter(
            (name) => name !== "key" && edit[name as "note"] !== null,
          ),
        },
        key,
      );
      changed();
      return ok(key);
    },
    probe_key: async (id) => {
      await wait(700);
      const key = vault.find(id);
      const dead = key?.row.status === "revoked" || key?.row.status === "expired";
      if (key) vault.log({ kind: "probed", verdict: { kind: dead ? "dead" : "alive" } }, key);
      changed();
      return ok({ verdict: { kind: dead ? "dead" : "alive" }, took_ms: 84 });
    },
    revoke_key: async ({ key: id, reason }) => {
      await wait(700);
      const key = vault.find(id);
      if (!key) return nothing;
      key.row.status = "revoking";
      key.row.revoking_since = iso(Date.now());
      key.row.finding = {
        key: id,
        kind: { kind: "revoke_unproved" },
        severity: "info",
        due: iso(Date.now()),
      };
      key.findings = [key.row.finding];
      key.revocation = {
        requested: iso(Date.now()),
        proof: "none",
        overdue: false,
        window_ms: null,
      };
      vault.log({ kind: "revoke_requested", reason }, key);
      changed();
      void prove(key, vault, tell);
      return ok({
        key: id,
        stage: { kind: "proving" },
        elapsed_ms: 40,
        promise_ms: 60_000,
        probes: 0,
        last: null,
        refusals: 0,
        refusals_needed: 3,
      });
    },
    refresh: async ({ connection }) => {
      await wait(1200);
      if (vault.settings.work_offline)
        return fail(
          "offline",
          "Keywright works offline, so nothing was sent.",
          "Nothing was changed.",
          "Switch “Work offline” off and try again.",
        );
      const homes = vault.connections.filter(({ id }) => connection === null || id === connection);
      for (const home of homes) home.refreshed = iso(Date.now());
      changed();
      return ok(
        homes.map(({ id, keys }) => ({
          connection: id,
          listed: keys,
          new: 0,
          changed: 0,
          gone: 0,
          settled: 0,
          orphans: 0,
        })),
      );
    },
    disconnect: (id) => {
      vault.connections = vault.connections.filter((home) => home.id !== id);
      changed();
      return ok(null);
    },
    delete_key: (id) => {
      const key = vault.find(id);
      if (key) key.deleted = iso(Date.now());
      changed();
      return ok(null);
    },
    restore_key: (id) => {
      const key = vault.find(id);
      if (key) key.deleted = null;
      changed();
      return ok(null);
    },
    settle_operation: async ({ operation }) => {
      await wait(500);
      vault.operations = vault.operations.filter(({ id }) => id !== operation);
      changed();
      return ok(null);
    },
    copy_secret: ({ key: id }) => {
      const key = vault.find(id);
      if (key) vault.log({ kind: "secret_copied" }, key);
      return ok({ clears_in_s: 25 });
    },
    reveal_secret: () => ok(null),
    connect: async ({ connect }) => {
      await wait(900);
      const home = {
        ...structuredClone(CONNECTIONS[0]!),
        id: `c-${Date.now()}`,
        name: connect.name,
        keys: 0,
        variables: connect.variables,
      };
      vault.connections.push(home);
      changed();
      return ok(home);
    },
    add_key: async ({ key: given }) => {
      await wait(500);
      const key = fresh(given.name, given.connection);
      key.origin = "added";
      vault.keys.push(key);
      vault.log({ kind: "key_added" }, key);
      changed();
      return ok(key);
    },
  };
}
