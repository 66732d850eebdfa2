import type { Failure } from "../../ipc";
import { call, clock, connections, keyPlaces, place, toasts } from "../../state";
import { sayChanged } from "../../state/actions";
import type { Dialog } from "../../state/place.svelte";
import { operationTask, plural, SETTLE } from "../../text";

export type Confirmable = Extract<
  Dialog,
  { kind: "bin" | "disable" | "disconnect" | "forget" | "settle" | "unplatform" | "unstore" }
>;

/** Something to do after a question in plain words. */
export interface Plan {
  title: string;
  sentences: string[];
  button: string;
  danger: boolean;
  /** The dialog to go back to, whatever is answered. */
  back?: Dialog;
  run: () => Promise<Failure | null>;
}

export function plan(ask: Confirmable): Plan {
  switch (ask.kind) {
    case "bin":
      return bin(ask.key, ask.title);
    case "disable":
      return disable(ask.key, ask.title);
    case "unplatform":
      return unplatform(ask.platform, ask.name);
    case "disconnect":
      return disconnect(ask.connection);
    case "forget":
      return forget(ask);
    case "unstore":
      return unstore(ask);
    case "settle":
      return settle(ask);
  }
}

function bin(key: string, title: string): Plan {
  return {
    title: `Move ${title} to the bin?`,
    sentences: [
      "It leaves every list here and stays in the bin for 30 days. On the platform nothing changes: a key that works there goes on working.",
    ],
    button: "Move to the bin",
    danger: true,
    async run() {
      const answer = await call("delete_key", key);
      if (!answer.ok) return answer.failure;
      place.key = null;
      const undo = () => void call("restore_key", key);
      toasts.say("Moved to the bin", `${title} stays there for 30 days.`, "calm", {
        label: "Undo",
        run: undo,
      });
      return null;
    },
  };
}

function disable(key: string, title: string): Plan {
  return {
    title: `Disable ${title}?`,
    sentences: [
      "The platform refuses the key from then on, wherever it is used. Nothing is lost: it can be enabled again at any time.",
    ],
    button: "Disable",
    danger: false,
    async run() {
      const answer = await call("disable_key", key);
      if (!answer.ok) return answer.failure;
      sayChanged(answer.value, "Disabled", `The platform refuses ${title} until it is enabled.`);
      return null;
    },
  };
}

function unplatform(id: string, name: string): Plan {
  return {
    title: `Remove ${name}?`,
    sentences: [
      `${name} is no longer offered when you connect a platform. Keys and the log stay as they are.`,
      "To have it again, add its file again.",
    ],
    button: "Remove platform",
    danger: true,
    back: { kind: "connect", platform: null },
    async run() {
      const failure = await connections.removePlatform(id);
      if (!failure) toasts.say("Platform removed", `${name} is not offered any more.`);
      return failure;
    },
  };
}

function disconnect(id: string): Plan {
  const connection = connections.find(id);
  const name = connection?.name ?? "";
  return {
    title: `Remove ${name}?`,
    sentences: [
      `Its management credential is wiped here. Its ${plural(connection?.keys ?? 0, "key")} and their secrets stay readable, and nothing changes on the platform.`,
      "To manage them again, connect it anew.",
    ],
    button: "Remove connection",
    danger: true,
    run: () => connections.remove(id),
  };
}

function forget({ row }: Extract<Confirmable, { kind: "forget" }>): Plan {
  const where = row.short === "" ? row.client_name : `${row.client_name}, ${row.short}`;
  return {
    title: "Forget this place?",
    sentences: [
      `${where} is no longer watched, and no longer on the list when ${row.key_title} is replaced.`,
      row.here
        ? "No file is changed: the key stays where it is, and a scan finds it again."
        : "Only this note is removed.",
    ],
    button: "Forget it",
    danger: false,
    async run() {
      const failure = await keyPlaces.forget(row.id);
      if (!failure) toasts.say("Forgotten", "No file was changed.", "calm");
      return failure;
    },
  };
}

function unstore({ row }: Extract<Confirmable, { kind: "unstore" }>): Plan {
  return {
    title: `Remove it from ${row.client_name}?`,
    sentences: [
      `The platform is asked to remove ${row.short}. What was there before the key cannot be brought back, and what reads it finds nothing.`,
    ],
    button: "Remove it there",
    danger: true,
    async run() {
      const answer = await call("remove_stored", row.id);
      if (!answer.ok) return answer.failure;
      toasts.say("Removed", `${row.short} is no longer there.`);
      return null;
    },
  };
}

function settle({ operation, action }: Extract<Confirmable, { kind: "settle" }>): Plan {
  const words = SETTLE[action];
  const task = operationTask(operation, clock.now);
  return {
    title: words.title,
    sentences: [`${task.title} on ${operation.connection_name}. ${task.sentence}`, words.does],
    button: words.button,
    danger: action === "revoke_orphans",
    async run() {
      const answer = await call("settle_operation", { operation: operation.id, action });
      if (!answer.ok) return answer.failure;
      toasts.say("Settled", `${task.title} needs nobody any more.`);
      return null;
    },
  };
}
