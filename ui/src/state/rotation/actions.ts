import type { BulkId, KeyId, OverviewItem, RotationId, Selection } from "../../ipc";
import { detail, keys, marks, place } from "..";
import type { Action } from "../actions";
import type { ActKind } from "../../text";
import { ACTS, hasEnded, plural } from "../../text";

const KINDS = ["rotate", "revoke", "relabel", "policy"] as const;
const ICONS = { rotate: "refresh", revoke: "cross", relabel: "edit", policy: "settings" } as const;

/** What can be done about replacing keys from anywhere. */
export function rotationActions(): Action[] {
  const value = place.view === "keys" ? detail.value : null;
  const list: Action[] = [];
  if (value?.can.rotate)
    list.push({
      id: "rotate",
      label: `Rotate ${value.row.title}…`,
      icon: "refresh",
      keys: "R",
      words: "replace new secret",
      run: () => rotate(value.row.id),
    });
  if (value?.rotation) {
    const run = value.rotation;
    list.push({
      id: "rotation",
      label: `Show how ${value.row.title} ${hasEnded(run.state) ? "was" : "is being"} replaced`,
      icon: "pulse",
      words: "report rotation rotate run progress",
      run: () => openRun(run.id),
    });
  }
  list.push(
    {
      id: "leak",
      label: "This key leaked…",
      icon: "info",
      keys: "Alt L",
      words: "panic compromised stolen exposed pasted",
      run: () => place.show({ kind: "leak" }),
    },
    {
      id: "queue",
      label: "Show the queue",
      icon: "clipboard",
      keys: "Alt Q",
      words: "drafts offline held send waiting",
      run: () => place.go("queue"),
    },
    {
      id: "bulk-owner",
      label: "A team member left…",
      icon: "refresh",
      words: "offboard owner rotate all keys of person",
      run: () => changeMany({ kind: "owner", name: "" }, "rotate"),
    },
    {
      id: "bulk-machine",
      label: "This machine is lost…",
      icon: "refresh",
      words: "stolen laptop rotate all keys on",
      run: () => changeMany({ kind: "machine", name: "" }, "rotate"),
    },
  );
  return place.view === "keys" ? [...list, ...ofList()] : list;
}

/** Changes of the keys that are chosen, or else of all that the list shows. */
function ofList(): Action[] {
  const count = marks.count > 0 ? marks.count : keys.total;
  if (count === 0) return [];
  return KINDS.map((kind) => ({
    id: `bulk-${kind}`,
    label: `${ACTS[kind].label} ${marks.count > 0 ? "the chosen" : "all"} ${plural(count, "key")}…`,
    icon: ICONS[kind],
    words: "bulk many",
    run: () => changeMany(chosen(), kind),
  }));
}

/** The chosen keys, or else all that match the query. */
export const chosen = (): Selection =>
  marks.count > 0 ? marks.selection : { kind: "query", query: keys.query };

/** Opens the plan for a key, or the run that replaces it already. */
export function rotate(key: KeyId) {
  const run = detail.value?.row.id === key ? detail.value.rotation : null;
  if (run && !hasEnded(run.state)) openRun(run.id);
  else place.show({ kind: "rotate", key });
}
export const openRun = (id: RotationId) => place.show({ kind: "rotation", id });
export const openBulk = (id: BulkId) => place.show({ kind: "bulk_run", id });
export const changeMany = (selection: Selection, act: ActKind) =>
  place.show({ kind: "bulk", selection, act });

/** Overview's items, with the runs of one change of many behind one of them. */
export function gathered(items: OverviewItem[]): { item: OverviewItem; more: number }[] {
  const first = new Map<BulkId, { item: OverviewItem; more: number }>();
  const list: { item: OverviewItem; more: number }[] = [];
  for (const item of items) {
    const bulk = needsSomebody(item) ? null : (item.rotation?.bulk ?? null);
    const known = bulk === null ? undefined : first.get(bulk);
    if (known) known.more += 1;
    else {
      const entry = { item, more: 0 };
      if (bulk !== null) first.set(bulk, entry);
      list.push(entry);
    }
  }
  return list;
}

const needsSomebody = ({ rotation }: OverviewItem): boolean =>
  rotation?.state.kind === "waiting" && rotation.state.wait.kind === "person";
