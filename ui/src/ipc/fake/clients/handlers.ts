import type { PlaceChange, PlacementForm, PlaceTarget, Progress } from "../../bindings";
import { fail, ok, type Table } from "../answer";
import { fresh } from "../fresh";
import { wait } from "../prove";
import { iso, options, type FakeVault } from "../vault";
import { ENTRIES, filesFor } from "./definitions";
import { diff, nodeOf } from "./diff";
import { FakePlaces, placement } from "./places";
import { scan } from "./scan";
import { stores } from "./stores";
import { which } from "./which";

type Clients = Pick<
  Table,
  | "list_clients"
  | "list_placements"
  | "preview_place"
  | "place_key"
  | "undo_placing"
  | "undo_writing"
  | "list_writings"
  | "note_place"
  | "edit_place"
  | "forget_place"
  | "scan"
  | "stop_scan"
  | "take_in"
  | "which_key"
  | "preview_store"
  | "store_secret"
  | "remove_stored"
>;
const nothing = fail(
  "not_found",
  "There is no such place.",
  "Nothing was changed.",
  "Choose one from the list.",
);
let writes = 10;

/** Clients and places over the made-up vault. */
export function clients(vault: FakeVault, tell: (progress: Progress) => void): Clients {
  const places = new FakePlaces(vault);
  let stopped = false;
  let found: Awaited<ReturnType<typeof scan>>["found"] = [];
  const changed = () => {
    vault.version += 1;
    tell({ kind: "changed" });
  };
  const entry = (id: string) => ENTRIES.find(({ row }) => row.id === id);

  function change(target: PlaceTarget): PlaceChange {
    const one = entry(target.client);
    const row = one?.row;
    const file = row && filesFor(row, target.project).find(({ id }) => id === target.file);
    const base: PlaceChange = {
      client_name: row?.name ?? "",
      file: file?.path ?? "",
      short: file?.short ?? target.file,
      node: one ? nodeOf(one.look, target) : "",
      makes_file: false,
      unchanged: false,
      replaces: "",
      lines: [],
      warnings: [],
      refused: "",
      advice: "",
      pickup: row?.pickup ?? "",
    };
    if (!row || !one) return base;
    if (row.id === "claude-desktop")
      return {
        ...base,
        refused: `${row.name} is running, and it would lose the change: ${row.rewrites}`,
        advice: "Quit Claude Desktop wholly, from its tray icon too, and try again.",
      };
    if (target.form === "literal" && file?.scope === "project")
      base.warnings.push({
        stops: true,
        words:
          "Git tracks this file: the key would be committed with it, and stay in the history. A reference to an environment variable would not.",
      });
    if (row.rewrites !== "" && row.running[0])
      base.warnings.push({ stops: false, words: `${row.name} is running (4711): ${row.rewrites}` });
    const makes = file?.exists === false;
    const lines = diff(row, one.look, target)
      .filter(({ fate }) => !makes || fate === "comes")
      .map((line, index) => (makes ? { ...line, number: index + 1 } : line));
    const replaces = lines.some(({ fate }) => fate === "goes") ? "ci-deploy" : "";
    return { ...base, lines, replaces, makes_file: makes };
  }

  const form = ({ form: kind, params }: PlaceTarget): PlacementForm =>
    kind === "variable" ? { kind, name: params["variable"] ?? "" } : { kind: "literal" };

  return {
    ...stores(vault, places, tell),
    list_clients: ({ project }) =>
      ok(
        ENTRIES.map(({ row }) => ({
          ...row,
          files: filesFor(row, project),
          placements: places.rows.filter(({ client }) => client === row.id).length,
        })),
      ),
    list_placements: async ({ key, client, check }) => {
      if (check) await wait(600);
      const rows = places.rows.filter(
        (row) => (key === null || row.key === key) && (client === null || row.client === client),
      );
      return ok(check ? rows.map((row) => ({ ...row, checked: iso(Date.now()) })) : rows);
    },
    preview_place: async ({ targets }) => {
      await wait(120);
      const changes = targets.map(change);
      const stops = ({ refused, warnings }: PlaceChange) =>
        refused !== "" || warnings.some((warning) => warning.stops);
      return ok({ changes, ready: !changes.some(stops) });
    },
    place_key: async ({ key: id, targets }) => {
      await wait(700);
      const key = vault.find(id);
      if (!key) return nothing;
      if (options.get("place") === "fails")
        return fail(
          "failed",
          "~/.cursor/mcp.json changed while it was being written.",
          "Every file is as it was before.",
          "Look at what would change, and apply it again.",
        );
      const rows = targets.map((target) => {
        const { short, node } = change(target);
        const row = placement(key, target.client, short, node, {
          form: form(target),
          undo: `w-${writes++}`,
          noted: iso(Date.now()),
        });
        places.put(row);
        vault.log({ kind: "key_placed", client: row.client_name, file: row.short }, key);
        return row;
      });
      changed();
      return ok({ run: "r-1", placements: rows });
    },
    undo_placing: async (id) => {
      await wait(250);
      const row = places.rows.find((one) => one.id === id);
      if (!row?.undo) return nothing;
      places.undo(row.undo);
      vault.log(
        { kind: "placing_undone", client: row.client_name, file: row.short },
        vault.find(row.key) ?? null,
      );
      changed();
      return ok(null);
    },
    undo_writing: async (id) => {
      await wait(250);
      places.undo(id);
      changed();
      return ok(null);
    },
    list_writings: () => ok(places.writings),
    note_place: ({ key: id, client, words, machine, project, note }) => {
      const key = vault.find(id);
      if (!key) return nothing;
      const row = placement(key, client, "", "", {
        client_name: words,
        machine,
        project,
        note,
        here: false,
        by: "told",
        state: "unknown",
        noted: iso(Date.now()),
        checked: null,
      });
      places.put(row);
      vault.log({ kind: "place_noted", place: words }, key);
      changed();
      return ok(row);
    },
    edit_place: ({ placement: id, ...edit }) => {
      const row = places.rows.find((one) => one.id === id);
      if (!row) return nothing;
      Object.assign(row, {
        note: edit.note ?? row.note,
        machine: edit.machine ?? row.machine,
        project: edit.project ?? row.project,
        client_name: (row.client === null ? edit.words : null) ?? row.client_name,
      });
      changed();
      return ok(row);
    },
    forget_place: (id) => {
      places.rows = places.rows.filter((row) => row.id !== id);
      changed();
      return ok(null);
    },
    scan: async () => {
      stopped = false;
      const report = await scan(vault, tell, () => stopped);
      found = report.found;
      return ok(report);
    },
    stop_scan: () => {
      stopped = true;
      return ok(null);
    },
    take_in: async ({ finds, connection, name }) => {
      await wait(300);
      const keys: string[] = [];
      for (const find of found.filter(({ id }) => finds.includes(id))) {
        let key = find.key === null ? undefined : vault.find(find.key);
        if (!key) {
          key = fresh(vault, name || find.title, connection ?? "c-acme");
          key.row.bitting = find.bitting;
          vault.keys.push(key);
          keys.push(key.row.id);
        }
        places.put(placement(key, find.client, find.short, find.node, { by: "found" }));
      }
      changed();
      return ok({ keys, placements: finds.length });
    },
    which_key: async ({ client }) => {
      await wait(200);
      return ok(which(entry(client)?.row.name ?? "", places.rows, client));
    },
  };
}
