import type {
  ConnectionRow,
  Lifetime,
  OperationLine,
  OverviewItem,
  Request,
  SettleAction,
} from "../ipc/bindings";
import { sentence } from "./errors";
import { placeFinding } from "./placing";
import { runTask } from "./rotating";
import { ago, day, daysUntil, deadline, plural } from "./time";

export interface Task {
  /** What it is about. */
  title: string;
  /** What happened, and what to do, in a sentence. */
  sentence: string;
  /** The one next action's name. */
  action: string;
}

export const VERBS: Record<Request["kind"], string> = {
  create: "Create",
  revoke: "Revoke",
  relabel: "Rename",
  disable: "Disable",
  enable: "Enable",
  store: "Put into the platform's store",
  unstore: "Take out of the platform's store",
  rotate: "Replace",
};

/** What people call the key that a request is about. */
export const requestTitle = (request: Request): string =>
  request.kind === "create" && request.label !== "" ? request.label : request.name;

export function operationTask(operation: OperationLine, now: number): Task {
  const { request, state } = operation;
  const title = requestTitle(request);
  const verb = VERBS[request.kind];
  switch (state.kind) {
    case "draft":
      return {
        title,
        sentence: `${verb} was asked for while offline, ${ago(operation.asked, now)}. Nothing was sent yet.`,
        action: "Send now…",
      };
    case "held":
      return {
        title,
        sentence: `${verb} was not sent: ${sentence(state.why)} Change it, send it all the same, or give it up.`,
        action: "Open the queue",
      };
    case "orphaned":
      return {
        title,
        sentence: `${operation.connection_name} made ${plural(state.remote_ids.length, "key")} whose secret never arrived. Nobody can use ${state.remote_ids.length === 1 ? "it" : "them"}: revoke ${state.remote_ids.length === 1 ? "it" : "them"}.`,
        action: "Revoke orphan…",
      };
    case "ambiguous":
      return {
        title,
        sentence: `${verb} was sent and its outcome is not known. The platform’s list will tell.`,
        action: "Read the list",
      };
    case "intended":
      return {
        title,
        sentence: `${verb} was cut short before an answer came. The platform’s list will tell.`,
        action: "Read the list",
      };
    case "done":
    case "refused":
    case "closed":
      return { title, sentence: `${verb} is settled.`, action: "Open" };
  }
}

/** A connection whose management credential comes to its end. */
export function credentialTask(connection: ConnectionRow, now: number): Task {
  const end = connection.credential_expires;
  const ends = end.kind === "at" ? credentialEnd(end.at, now) : "comes to its end";
  return {
    title: connection.name,
    sentence: `The management credential of ${connection.name} ${ends}. Without one, keys cannot be listed, made or revoked from here.`,
    action: "Replace…",
  };
}

/** `ends in 9 days`, `has ended`: when a management credential ends. */
export function credentialEnd(at: string, now: number): string {
  const days = daysUntil(at, now);
  if (days === 0) return `ended ${day(at, now)}`;
  return days > 90 ? `ends ${day(at, now)}` : `ends in ${plural(days, "day")}`;
}

/** An overview item as one sentence and one action. */
export function task(item: OverviewItem, now: number): Task {
  if (item.rotation) return runTask(item.rotation, now);
  if (item.operation) return operationTask(item.operation, now);
  if (item.connection && item.next === "replace_credential")
    return credentialTask(item.connection, now);
  if (item.connection) {
    return {
      title: item.connection.name,
      sentence: sentence(item.connection.trouble),
      action: "Try again",
    };
  }
  const title = item.row?.title ?? "";
  const finding = item.finding;
  if (!finding) return { title, sentence: "Look at this key.", action: "Open" };
  const { kind } = finding;
  const action = {
    replace: "Replace…",
    watch_revocation: "Watch",
    look_at_place: "Look",
  } as Record<string, string>;
  const name = action[item.next] ?? "Open";
  switch (kind.kind) {
    case "near_expiry":
      return {
        title,
        sentence: `Expires in ${plural(kind.days, "day")}. Replace it before ${deadline(finding.due, now)}.`,
        action: name,
      };
    case "expired":
      return {
        title,
        sentence:
          kind.days === 0
            ? "Expired today. What still uses it is refused."
            : `Expired ${plural(kind.days, "day")} ago. What still uses it is refused.`,
        action: name,
      };
    case "rotation_due":
      return {
        title,
        sentence:
          kind.days === 0
            ? "Its rotation is due today."
            : `Its rotation was due ${day(finding.due, now)}, ${plural(kind.days, "day")} ago.`,
        action: name,
      };
    case "revoke_overdue":
      return {
        title,
        sentence: "Revoked, but still works after the platform’s promise.",
        action: name,
      };
    case "revoke_unproved":
      return {
        title,
        sentence: "Its revocation was asked for; waiting for the proof.",
        action: name,
      };
    case "gone":
      return {
        title,
        sentence: `No longer in the platform’s list since ${day(finding.due, now)}. Check whether it still works.`,
        action: name,
      };
    case "shared":
      return {
        title,
        sentence: `${plural(kind.clients, "client")} use it; a leak of one ends it for all.`,
        action: name,
      };
    case "misplaced":
    case "dead_but_placed":
    case "tracked_file":
    case "loose_file": {
      const { title: found, more } = placeFinding(kind);
      return { title, sentence: `${found} ${more}`, action: name };
    }
  }
}

/** What settling does, for the question before it. */
export const SETTLE: Record<SettleAction, { title: string; does: string; button: string }> = {
  send: {
    title: "Send this now?",
    does: "It is checked again, then sent to the platform once.",
    button: "Send now",
  },
  revoke_orphans: {
    title: "Revoke the orphan?",
    does: "The platform made this key, but its secret never reached the vault. It is revoked there.",
    button: "Revoke orphan",
  },
  close: {
    title: "Give this up?",
    does: "Nothing is sent. What the platform may hold is left as it is.",
    button: "Give up",
  },
};

/** What is said of a change that could not be sent. */
export const DRAFTED: [string, string] = [
  "Kept as a draft",
  "There is no network, so nothing was sent. Send it from Overview when you are online.",
];

export function lifetimeWords(lifetime: Lifetime): string {
  if (lifetime.kind === "never") return "Never ends";
  if (lifetime.kind === "until") return `Until ${day(lifetime.value, Date.parse(lifetime.value))}`;
  return lifetime.value % 365 === 0
    ? plural(lifetime.value / 365, "year")
    : plural(lifetime.value, "day");
}
