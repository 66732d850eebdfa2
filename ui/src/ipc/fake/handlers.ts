import { fail, ok, type Table } from "./answer";
import type { KeyRow, OverviewItem, Progress, RotationRow } from "../bindings";
import { clients } from "./clients/handlers";
import { createForm, guide, preview } from "./forms";
import { guided } from "./guided";
import { PLATFORMS } from "./catalogue";
import { platforms } from "./platforms";
import { parse } from "./query";
import { bulk } from "./rotation/bulk";
import { rotation } from "./rotation/handlers";
import { FakeRuns } from "./rotation/runs";
import { changes } from "./changes";
import { CONNECTIONS, DAY, iso, type FakeKey, type FakeVault } from "./vault";

const missing = fail(
  "not_found",
  "There is no such key.",
  "Nothing was changed.",
  "Choose one from the list.",
);

/** The last answer to a query, until something changes: sorting is the core's work, not the window's. */
const answered = { query: "", version: -1, hits: [] as FakeKey[] };

const until = (at: string) => (Date.parse(at) - Date.now()) / DAY;

const open = ({ row }: { row: RotationRow }) =>
  ["queued", "running", "waiting"].includes(row.state.kind);
const replaced = ({ rotation }: FakeKey) => rotation !== null && open({ row: rotation });

const RANK = { critical: 0, warning: 1, info: 2 } as const;
const urgency = ({ finding }: KeyRow) => (finding ? RANK[finding.severity] : 9);

function sorted(keys: FakeKey[]): FakeKey[] {
  return keys.sort(
    (a, b) =>
      urgency(a.row) - urgency(b.row) ||
      (a.row.finding?.due ?? "").localeCompare(b.row.finding?.due ?? "") ||
      a.row.title.localeCompare(b.row.title),
  );
}

function items(vault: FakeVault, runs: FakeRuns): OverviewItem[] {
  const none = { row: null, finding: null, operation: null, connection: null, rotation: null };
  const rows = sorted(
    vault.keys.filter((key) => key.row.finding && !key.deleted && !replaced(key)),
  ).map((key): OverviewItem => {
    const finding = key.row.finding;
    const watch = key.row.status === "revoking";
    return {
      ...none,
      severity: finding?.severity ?? "info",
      row: key.row,
      finding,
      next: watch ? "watch_revocation" : finding?.kind.kind === "gone" ? "open" : "replace",
    };
  });
  const placed = vault.misplaced.map((finding): OverviewItem => ({
    ...none,
    severity: finding.severity,
    row: vault.find(finding.key)?.row ?? null,
    finding,
    next: "look_at_place",
  }));
  const operations = vault.operations.map((operation): OverviewItem => ({
    ...none,
    severity: operation.state.kind === "draft" ? "info" : "critical",
    operation,
    next:
      operation.state.kind === "draft" || operation.state.kind === "held"
        ? "send_draft"
        : operation.state.kind === "orphaned"
          ? "revoke_orphan"
          : "refresh",
  }));
  const troubled = vault.connections
    .filter(({ trouble }) => trouble !== "")
    .map((connection): OverviewItem => ({
      ...none,
      severity: "warning",
      connection,
      next: "refresh",
    }));
  const ending = vault.connections
    .filter(({ credential_expires: end }) => end.kind === "at" && until(end.at) < 30)
    .map((connection): OverviewItem => ({
      ...none,
      severity: "warning",
      connection,
      next: "replace_credential",
    }));
  const going = runs.list.filter(open).map(({ row }): OverviewItem => ({
    ...none,
    severity: row.state.kind === "waiting" ? "critical" : "warning",
    rotation: row,
    next: "open_rotation",
  }));
  return [...going, ...rows, ...placed, ...operations, ...troubled, ...ending].sort(
    (a, b) => RANK[a.severity] - RANK[b.severity],
  );
}

/** Every command over the made-up vault. */
export function handlers(vault: FakeVault, tell: (progress: Progress) => void): Table {
  const runs = new FakeRuns(vault, tell);
  return {
    status: () => {
      const all = items(vault, runs);
      const off = vault.settings.work_offline;
      return ok({
        unlocked: true,
        network: off ? "work_offline" : "online",
        keys: vault.keys.filter((key) => !key.deleted).length,
        needs_you: all.length,
        worst: all[0]?.severity ?? null,
        connections: vault.connections.length,
        drafts: vault.operations.filter(({ state }) => state.kind === "draft").length,
        notice: null,
        version: "0.1.0",
      });
    },
    overview: () => {
      const all = items(vault, runs);
      const coming = vault.keys
        .filter(
          (key) =>
            key.row.status === "active" &&
            key.row.rotation_due !== null &&
            key.row.rotation_due > iso(Date.now()),
        )
        .sort((a, b) => (a.row.rotation_due ?? "").localeCompare(b.row.rotation_due ?? ""))
        .slice(0, 8)
        .map((key, index) => ({
          key: key.row.id,
          title: key.row.title,
          at: key.row.rotation_due ?? "",
          expires: index % 3 === 1,
        }));
      return ok({
        items: all,
        needs_you: all.length,
        keys: vault.keys.length,
        fine: vault.keys.length - all.length,
        connections: vault.connections.length,
        coming,
      });
    },
    list_keys: ({ query, offset, limit }) => {
      const test = parse(query);
      if (typeof test !== "function")
        return ok({ total: 0, needs_you: 0, rows: [], problem: test });
      if (answered.query !== query || answered.version !== vault.version) {
        Object.assign(answered, {
          query,
          version: vault.version,
          hits: sorted(vault.keys.filter(test)),
        });
      }
      const { hits } = answered;
      return ok({
        total: hits.length,
        needs_you: hits.filter((key) => key.row.finding).length,
        rows: hits.slice(offset, offset + limit).map((key) => key.row),
        problem: null,
      });
    },
    key_detail: (id) => {
      const key = vault.find(id);
      return key ? ok({ ...key, events: key.events.slice(0, 20) }) : missing;
    },
    list_connections: () => ok(vault.connections),
    list_platforms: () => ok([...PLATFORMS, ...vault.added]),
    list_operations: () => ok(vault.operations),
    create_form: (connection) => ok(createForm(vault, connection)),
    preview_create: (request) =>
      ok(
        preview(
          request,
          vault.keys.map((key) => key.row.name),
        ),
      ),
    revoke_preview: (id) => {
      const key = vault.find(id);
      if (!key) return missing;
      const home = vault.connections.find((one) => one.id === key.connection);
      const steps = guide(home, "revoke");
      const provable = key.has_secret;
      return ok({
        key: id,
        title: key.row.title,
        provable,
        guide: steps,
        sentences: steps
          ? [
              `${key.row.platform_name} revokes keys in its dashboard only. This cannot be taken back.`,
              provable
                ? "Keywright probes until it is refused 3 times in a row, and only then says “revoked”."
                : "There is no secret here to try: Keywright notes what you say, and cannot prove it.",
            ]
          : [
              `${key.row.platform_name} is asked to revoke ${key.row.title}. This cannot be taken back.`,
              "Within 60 seconds it is refused everywhere; calls during that time may still work.",
              "Keywright probes until it is refused 3 times in a row, and only then says “revoked”.",
            ],
        uses: key.uses,
        promise_s: 60,
        type_to_override: key.uses.length > 0 ? key.row.title : null,
        blocked: null,
      });
    },
    list_events: ({ before, key, limit }) => {
      const all = vault.events.filter(
        (line) => (key === null || line.key === key) && (before === null || line.seq < before),
      );
      return ok({ lines: all.slice(0, limit), more: all.length > limit, intact: true });
    },
    settings: () => ok(vault.settings),
    set_settings: (settings) => {
      vault.settings = settings;
      tell({ kind: "changed" });
      return ok(settings);
    },
    start_demo: () => {
      const home = {
        ...structuredClone(CONNECTIONS[0]!),
        id: "c-demo",
        name: "Demo",
        demo: true,
        keys: 0,
        origin: "http://127.0.0.1:41873",
      };
      vault.connections.push(home);
      tell({ kind: "changed" });
      return ok(home);
    },
    lock: () => {
      location.href = "door.html";
      return ok(null);
    },
    ...changes(vault, tell),
    ...guided(vault, tell),
    ...platforms(vault, tell),
    ...clients(vault, tell),
    ...rotation(vault, runs, tell),
    ...bulk(vault, runs, tell),
  };
}
