import type { Progress } from "../bindings";
import { fail, ok, type Table } from "./answer";
import { fresh } from "./fresh";
import { prove, wait } from "./prove";
import { CONNECTIONS, iso, options, type FakeVault } from "./vault";

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
      const key = fresh(vault, request.name, request.connection);
      key.scopes = request.scopes;
      key.label = request.label;
      key.row.title = request.label || request.name;
      key.row.tags = request.tags;
      key.note = request.note;
      key.owner = { name: request.owner, kind: request.owner_kind };
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
        key.uses = [
          ...edit.uses.map((use) => ({ ...use, noted: iso(Date.now()) })),
          ...key.uses.filter(({ placement }) => placement),
        ];
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
      const homes = vault.connections.filter(
        ({ id, has_credential }) => has_credential && (connection === null || id === connection),
      );
      if (vault.settings.work_offline) {
        await wait(300);
        return fail(
          "offline",
          "Keywright works offline, so nothing was sent.",
          "Nothing was changed.",
          "Switch “Work offline” off and try again.",
        );
      }
      const total = connection === null ? Number(options.get("refresh") ?? homes.length) : 1;
      vault.stopped = false;
      for (let done = 1; done <= total; done += 1) {
        const home = homes[(done - 1) % homes.length];
        await wait(total > 1 ? 500 : 1200);
        if (home && options.has("pause") && done === Math.min(13, total)) {
          tell({ kind: "paused", connection: home.id, seconds: 30 });
          await wait(30_000);
        }
        if (vault.stopped) break;
        if (home) tell({ kind: "refresh", connection: home.id, done, total });
      }
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
      return ok({ clears_in_s: 25, advice: null });
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
        credential_expires: connect.credential_expires,
      };
      vault.connections.push(home);
      changed();
      return ok(home);
    },
    add_key: async ({ key: given }) => {
      await wait(500);
      const key = fresh(vault, given.name, given.connection);
      key.origin = "added";
      vault.keys.push(key);
      vault.log({ kind: "key_added" }, key);
      changed();
      return ok(key);
    },
  };
}
