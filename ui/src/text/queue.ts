import type { OperationLine, QueueReport, Request } from "../ipc/bindings";
import { lifetimeWords, requestTitle, VERBS } from "./operations";
import { sentence } from "./errors";
import { ago, plural } from "./time";

/** A change that waits to be sent, in words. */
export interface Waits {
  title: string;
  /** What was asked for, and since when it waits. */
  asked: string;
  /** Why it is held; empty for a plain draft. */
  held: string;
}

export function waits(operation: OperationLine, now: number): Waits {
  const { request, state } = operation;
  return {
    title: `${VERBS[request.kind]} ${requestTitle(request)}`,
    asked: `Asked for ${ago(operation.asked, now)}: ${what(request)}.`,
    held: state.kind === "held" ? sentence(state.why) : "",
  };
}

/** What was asked for. */
function what(request: Request): string {
  switch (request.kind) {
    case "create": {
      const { scopes, lifetime } = request;
      const rights = scopes.length === 0 ? "" : `, ${plural(scopes.length, "scope")}`;
      return `a new key, ${lifetimeWords(lifetime).toLowerCase()}${rights}`;
    }
    case "revoke":
      return request.reason === "" ? "the end of this key" : `its end, “${request.reason}”`;
    case "relabel":
      return `the new name “${request.to}”`;
    case "disable":
      return "that the platform holds it back";
    case "enable":
      return "that it works again";
    case "rotate":
      return "a new secret for this key";
    case "store":
      return `that it is put into ${request.place}`;
    case "unstore":
      return `that it is taken out of ${request.place}`;
  }
}

/** Whether anything of it can be changed before it is sent. */
export const editable = ({ request }: OperationLine): boolean =>
  request.kind === "create" || request.kind === "relabel" || request.kind === "revoke";

/** What sending all came to. */
export function queueWords({ sent, stopped, left }: QueueReport): {
  tone: "fine" | "warning" | "calm";
  title: string;
  more: string;
} {
  const parts = [
    stopped > 0 && `${plural(stopped, "change")} stopped: the list says why.`,
    left > 0 && `${plural(left, "change")} could not be sent yet; the platform did not answer.`,
  ].filter((part) => part !== false);
  const title =
    sent === 0 ? "Nothing was sent." : `${plural(sent, "change was", "changes were")} sent.`;
  return {
    tone: stopped > 0 ? "warning" : sent > 0 ? "fine" : "calm",
    title,
    more: parts.join(" "),
  };
}
