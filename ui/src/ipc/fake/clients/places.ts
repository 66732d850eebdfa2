import type {
  Finding,
  PlacementForm,
  PlacementRow,
  PlacementState,
  WritingRow,
} from "../../bindings";
import { DAY, iso, options, type FakeKey, type FakeVault } from "../vault";
import { ENTRIES, PROJECT } from "./definitions";

const WORDS: Record<PlacementState, string> = {
  in_sync: "The key is there",
  drifted: "Something else is there now",
  stale: "Another key of this vault is there",
  missing: "It is no longer there",
  unreadable: "The file cannot be read as what it should be",
  unknown: "Noted by a person; Keywright cannot look there",
};

let next = 1;

export function placement(
  key: FakeKey,
  client: string | null,
  short: string,
  node: string,
  more: Partial<PlacementRow> = {},
): PlacementRow {
  const state = more.state ?? "in_sync";
  const form: PlacementForm = more.form ?? { kind: "literal" };
  return {
    id: `pl-${next++}`,
    key: key.row.id,
    key_title: key.row.title,
    bitting: key.row.bitting,
    client,
    client_name: ENTRIES.find(({ row }) => row.id === client)?.row.name ?? "",
    file: short.replace(/^~/, "/home/maya"),
    short,
    node,
    stored: false,
    machine: "maya-laptop",
    here: true,
    project: "",
    note: "",
    by: "written",
    noted: iso(Date.now() - 20 * DAY),
    checked: iso(Date.now() - 240_000),
    loose: false,
    tracked: false,
    undo: null,
    ...more,
    form,
    state,
    state_words:
      state === "in_sync" && form.kind !== "literal" ? "The reference is there" : WORDS[state],
  };
}

function finding(
  { id, state, tracked, loose }: PlacementRow,
  key: FakeKey | undefined,
): Pick<Finding, "kind" | "severity"> | null {
  if (key?.row.status === "expired")
    return { kind: { kind: "dead_but_placed", placement: id }, severity: "warning" };
  if (state === "drifted")
    return { kind: { kind: "misplaced", placement: id, state }, severity: "warning" };
  if (tracked) return { kind: { kind: "tracked_file", placement: id }, severity: "critical" };
  if (loose) return { kind: { kind: "loose_file", placement: id }, severity: "info" };
  return null;
}

/** The placements and the writes of the made-up vault. */
export class FakePlaces {
  rows: PlacementRow[] = [];
  writings: WritingRow[] = [];

  constructor(vault: FakeVault) {
    if (["first", "clear"].includes(options.get("scene") ?? "")) return;
    const key = (name: string) => vault.keys.find(({ row }) => row.name === name);
    const [erp, dead, claude, pay] = [
      "erp-read-only",
      "ci-deploy",
      "claude-code",
      "payments-webhook",
    ].map(key);
    if (!erp || !dead || !claude || !pay) return;
    const header = "mcp_servers.ceo.http_headers.Authorization";
    const env = `${PROJECT.replace("/home/maya", "~")}/.env`;
    this.rows = [
      placement(erp, "codex", "~/.codex/config.toml", header, {
        undo: "w-1",
        note: "Asked for by **Finance**.",
      }),
      placement(erp, "dotenv", env, "CEO_API_KEY", { by: "found", project: "erp", tracked: true }),
      placement(erp, "cursor", "~/.cursor/mcp.json", "mcpServers.ceo.headers.Authorization", {
        state: "drifted",
      }),
      placement(erp, null, "", "", {
        client_name: "GitHub Actions secret CEO_API_KEY",
        machine: "github.com/acme/erp",
        here: false,
        by: "told",
        state: "unknown",
        checked: null,
        file: "",
      }),
      placement(
        dead,
        "gemini-cli",
        "~/.gemini/settings.json",
        "mcpServers.ci.headers.Authorization",
      ),
      placement(claude, "claude-code", "~/.claude.json", "mcpServers.wiki.headers.Authorization", {
        form: { kind: "variable", name: "CEO_API_KEY" },
        undo: "w-2",
      }),
      placement(claude, "shell", "~/.profile", "CEO_API_KEY", { by: "found", loose: true }),
      placement(pay, "codex", "~/.codex/config.toml", "mcp_servers.pay.env.PAY_API_KEY"),
    ];
    this.#notice(vault);
    this.writings = this.rows
      .filter(({ undo }) => undo !== null)
      .map((row, index) => this.writing(row, iso(Date.now() - (index + 1) * 3 * DAY)));
    const first = this.writings[0];
    if (first)
      this.writings.push({
        ...first,
        id: "w-0",
        client_name: "Windsurf",
        short: "~/.codeium/windsurf/mcp_config.json",
        state: { kind: "undone" },
        asked: iso(Date.now() - 9 * DAY),
        can_undo: false,
      });
  }

  writing(row: PlacementRow, asked: string): WritingRow {
    return {
      id: row.undo ?? "",
      run: `r-${row.id}`,
      key_title: row.key_title,
      client_name: row.client_name,
      short: row.short,
      state: { kind: "done" },
      asked,
      can_undo: true,
    };
  }

  /** Adds a fresh one in the place of what stood in the same place. */
  put(row: PlacementRow) {
    this.rows = this.rows.filter(
      (other) => other.file !== row.file || other.node !== row.node || row.file === "",
    );
    this.rows.push(row);
    if (row.undo !== null) this.writings.unshift(this.writing(row, row.noted));
  }

  undo(writing: string) {
    this.rows = this.rows.filter(({ undo }) => undo !== writing);
    this.writings = this.writings.map((one) =>
      one.id === writing ? { ...one, state: { kind: "undone" }, can_undo: false } : one,
    );
  }

  #notice(vault: FakeVault) {
    for (const row of this.rows) {
      const kind = finding(row, vault.find(row.key));
      if (kind) vault.misplaced.push({ key: row.key, ...kind, due: row.checked ?? row.noted });
      vault.find(row.key)?.uses.push({
        client: row.client_name,
        place: row.short,
        noted: row.noted,
        placement: row.id,
      });
    }
    for (const { row, uses } of vault.keys) {
      row.uses = uses.length;
    }
  }
}
