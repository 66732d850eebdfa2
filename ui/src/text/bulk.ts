import type { BulkAct, BulkProgress, Selection } from "../ipc/bindings";
import { plural } from "./time";

export type ActKind = BulkAct["kind"];

export const ACTS: Record<ActKind, { label: string; title: string; button: string }> = {
  rotate: { label: "Rotate", title: "Rotate", button: "Rotate" },
  revoke: { label: "Revoke", title: "Revoke", button: "Revoke" },
  relabel: { label: "Rename", title: "Rename", button: "Rename" },
  policy: { label: "Set interval", title: "Set the interval of", button: "Set the interval of" },
};

/** `Rotate 3 keys`, `Revoke all keys of maya`: the title of a change of many. */
export function bulkTitle(act: ActKind, selection: Selection): string {
  const verb = ACTS[act].title;
  switch (selection.kind) {
    case "keys":
      return `${verb} ${plural(selection.keys.length, "key")}`;
    case "query":
      return selection.query.trim() === ""
        ? `${verb} all keys`
        : `${verb} all keys that match “${selection.query.trim()}”`;
    case "owner":
      return "A team member left";
    case "machine":
      return "This machine is lost";
  }
}

/** What a ready-made selection asks for, and what it means. */
export const ASKS: Record<
  "owner" | "machine",
  { label: string; help: string; what: string; placeholder: string; reason: string }
> = {
  owner: {
    label: "Who left",
    help: "All keys whose owner has this name.",
    what: "What to do with their keys",
    placeholder: "maya",
    reason: "left the team",
  },
  machine: {
    label: "Which machine",
    help: "All keys that were placed on this machine.",
    what: "What to do with its keys",
    placeholder: "build-2",
    reason: "the machine is lost",
  },
};

/** The parts of a bar that shows how far a change of many is. */
export function bulkParts(progress: BulkProgress): {
  name: "done" | "waiting" | "running" | "ended" | "queued";
  count: number;
  words: string;
}[] {
  const { total, done, waiting, queued, ended } = progress;
  const running = Math.max(0, total - done - waiting - queued - ended);
  return [
    { name: "done" as const, count: done, words: `${done} replaced` },
    { name: "running" as const, count: running, words: `${running} going on` },
    { name: "waiting" as const, count: waiting, words: `${waiting} waiting` },
    { name: "queued" as const, count: queued, words: `${queued} not begun` },
    { name: "ended" as const, count: ended, words: `${ended} stopped` },
  ].filter(({ count }) => count > 0);
}

/** A change of many in one sentence. */
export function bulkWords(progress: BulkProgress): string {
  const { total, done, waiting, queued, ended } = progress;
  if (done === total) return `All ${plural(total, "key")} are replaced.`;
  const left = total - done - ended;
  if (left === 0) return `${done} of ${plural(total, "key")} replaced, ${ended} stopped.`;
  if (waiting === left) return `${done} of ${plural(total, "key")} replaced; ${waiting} need you.`;
  if (queued === left)
    return `${done} of ${plural(total, "key")} replaced; ${queued} have not begun.`;
  return `${done} of ${plural(total, "key")} replaced.`;
}

/** What became of a change of many that the queue sends, or that was made at once. */
export function begunWords(act: ActKind, keys: number): { title: string; more: string } {
  const count = plural(keys, "key");
  if (act === "policy")
    return { title: `${count} changed.`, more: "Nothing was sent to any platform." };
  return {
    title: `${count} in the queue.`,
    more: "Each is checked again and sent once, one after another. What stops, and why, stands in the queue.",
  };
}
