import type { Failure, GuidedKey, KeyId, Progress, RevokeProgress, Verdict } from "../bindings";
import { fail, ok, type Answer, type Table } from "./answer";
import { fresh } from "./fresh";
import { prove, wait } from "./prove";
import { abilities, CONNECTIONS, iso, options, type FakeKey, type FakeVault } from "./vault";

type Guided = Pick<
  Table,
  | "finish_guided_create"
  | "open_guide"
  | "revoke_in_dashboard"
  | "withdraw_revocation"
  | "relabel_key"
  | "disable_key"
  | "enable_key"
  | "replace_credential"
  | "stop_refresh"
>;

const odd = (what: string): { failure: Failure } =>
  fail("invalid", what, "Nothing was changed.", "Correct what is named and try again.");
const missing = fail("not_found", "There is no such key.", "Nothing was changed.", "Choose one.");

/** What `?bring=` says of the secret that is brought. */
function brought(insist: boolean): Answer<GuidedKey> | null {
  switch (options.get("bring") ?? "") {
    case "odd":
      return insist ? null : odd("Keys of ServoAgent begin with sk_live_ or sk_test_.");
    case "sealed":
      return odd(
        "This is the secret of “erp-read-only”, which is sealed here already; copy the new one.",
      );
    case "empty":
      return odd("There is no text on the clipboard.");
    case "nofile":
      return odd("No file was chosen.");
    default:
      return null;
  }
}

const VERDICTS: Record<string, Verdict | null> = {
  alive: { kind: "alive" },
  limited: { kind: "limited", missing: "agents:read" },
  dead: { kind: "dead" },
  unknown: { kind: "unknown", why: "offline" },
  none: null,
};

/** The commands for what a person does in a dashboard, and for changes on a platform. */
export function guided(vault: FakeVault, tell: (progress: Progress) => void): Guided {
  const changed = () => {
    vault.version += 1;
    tell({ kind: "changed" });
  };
  async function change(id: KeyId, apply: (key: FakeKey) => void) {
    await wait(600);
    const key = vault.find(id);
    if (!key) return missing;
    const done = !vault.settings.work_offline;
    if (done) apply(key);
    changed();
    return ok({ operation: "o-12", done });
  }
  const home = (key: FakeKey) =>
    vault.connections.find(({ id }) => id === key.connection) ?? CONNECTIONS[0]!;
  const stage = (key: KeyId, kind: "asked" | "told"): RevokeProgress => ({
    key,
    stage: { kind },
    elapsed_ms: 0,
    promise_ms: kind === "told" ? 0 : 60_000,
    probes: 0,
    last: null,
    refusals: 0,
    refusals_needed: kind === "told" ? 0 : 3,
  });

  return {
    finish_guided_create: async ({ key: request, insist }) => {
      await wait(800);
      const wrong = brought(insist);
      if (wrong) return wrong;
      const key = fresh(vault, request.name, request.connection);
      Object.assign(key, { origin: "added", scopes: request.scopes, label: request.label });
      key.row.title = request.label || request.name;
      key.owner = { name: request.owner, kind: request.owner_kind };
      vault.keys.push(key);
      vault.log({ kind: "key_added" }, key);
      changed();
      const verdict = VERDICTS[options.get("verdict") ?? "alive"] ?? null;
      const warning = insist ? "Keys of ServoAgent begin with sk_live_ or sk_test_" : "";
      return ok({ key: key.row.id, warning, verdict });
    },
    open_guide: () => ok(null),
    revoke_in_dashboard: async ({ key: id, reason }) => {
      await wait(400);
      const key = vault.find(id);
      if (!key) return missing;
      const provable = key.has_secret;
      const now = iso(Date.now());
      key.row.status = provable ? "revoking" : "revoked";
      key.row.revoking_since = provable ? now : null;
      key.revocation = {
        requested: now,
        proof: provable ? "none" : "told",
        overdue: false,
        window_ms: null,
      };
      key.can = { ...key.can, revoke_in_dashboard: false, withdraw: true };
      vault.log({ kind: "revoke_requested", reason }, key);
      if (provable) void prove(key, vault, tell);
      else vault.log({ kind: "revoke_told" }, key);
      changed();
      return ok(stage(id, provable ? "asked" : "told"));
    },
    withdraw_revocation: (id) => {
      const key = vault.find(id);
      if (!key) return missing;
      key.row.status = "active";
      key.row.revoking_since = null;
      key.revocation = null;
      key.can = { ...abilities(home(key)), copy: key.has_secret, probe: key.has_secret };
      vault.log({ kind: "revoke_withdrawn" }, key);
      changed();
      return ok(null);
    },
    relabel_key: ({ key: id, name }) => {
      if (vault.keys.some((key) => key.row.name === name && key.row.id !== id))
        return odd("Anthropic refuses the same name twice.");
      return change(id, (key) => {
        vault.log({ kind: "relabelled", from: key.row.name, to: name }, key);
        key.row.name = name;
        key.row.title = key.label || name;
      });
    },
    disable_key: (id) =>
      change(id, (key) => {
        key.row.status = "disabled";
        key.can = { ...key.can, disable: false, enable: true };
        vault.log({ kind: "disabled" }, key);
      }),
    enable_key: (id) =>
      change(id, (key) => {
        key.row.status = "active";
        key.can = { ...key.can, disable: true, enable: false };
        vault.log({ kind: "enabled" }, key);
      }),
    replace_credential: async ({ connection, expires }) => {
      await wait(900);
      if (options.get("bring") === "refused")
        return fail(
          "refused",
          "The platform refused the credential: it may not list keys.",
          "Nothing was changed here.",
          "The connection’s credential was refused: bring a new one under Connections.",
        );
      const row = vault.connections.find(({ id }) => id === connection);
      if (!row) return missing;
      row.credential_expires = expires;
      row.trouble = "";
      vault.log({ kind: "credential_replaced" }, null, row.name);
      changed();
      return ok(row);
    },
    stop_refresh: () => {
      vault.stopped = true;
      return ok(null);
    },
  };
}
