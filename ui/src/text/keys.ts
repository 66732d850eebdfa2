import type { Finding, KeyDetail, KeyRow, Origin, Owner, Verdict } from "../ipc/bindings";
import { placeFinding, placeFindingWords } from "./placing";
import { ago, day, daysUntil, deadline, measured, plural, span } from "./time";

/** A status in a shape, a colour and words. */
export interface StatusWords {
  tone: "critical" | "warning" | "fine" | "calm";
  mark: "square" | "triangle" | "outline" | "check" | "ring" | "dash" | null;
  short: string;
  long: string;
}

const TONES = { critical: "critical", warning: "warning", info: "calm" } as const;

/** Where a key stands, for its row and its header. */
export function status(row: KeyRow, now: number): StatusWords {
  if (row.status === "revoked") return calm("Revoked", "Revoked, proved dead");
  if (row.finding) return found(row.finding, now);
  if (row.status === "revoking") return revoking(row.revoking_since, now);
  if (row.status === "disabled") return calm("Disabled", "Disabled on the platform");
  return undisturbed(row, now);
}

/** The same for its header, where it is known what a revocation rests on. */
export function statusOf({ row, revocation }: KeyDetail, now: number): StatusWords {
  if (row.status === "revoked" && revocation?.proof === "told")
    return calm("Revoked", "Noted as revoked");
  return status(row, now);
}

function undisturbed(row: KeyRow, now: number): StatusWords {
  if (row.expires.kind === "never") return calm("Never expires", "Never expires");
  if (row.expires.kind === "unknown") return calm("Expiry unknown", "The platform tells no expiry");
  const days = daysUntil(row.expires.at, now);
  if (days <= 0) return calm("Expired", `Expired ${day(row.expires.at, now)}`);
  return {
    tone: "fine",
    mark: "check",
    short: plural(days, "day"),
    long: `Expires in ${plural(days, "day")}`,
  };
}

function calm(short: string, long: string): StatusWords {
  return { tone: "calm", mark: "dash", short, long };
}

function revoking(since: string | null, now: number): StatusWords {
  const length = since === null ? "" : ` · ${span(now - Date.parse(since))}`;
  const words = `Revoking${length}`;
  return { tone: "calm", mark: "ring", short: words, long: words };
}

function found(finding: Finding, now: number): StatusWords {
  const { kind } = finding;
  const tone = TONES[finding.severity];
  switch (kind.kind) {
    case "near_expiry": {
      const days = plural(kind.days, "day");
      const mark = finding.severity === "info" ? "outline" : "triangle";
      return { tone, mark, short: days, long: `Expires in ${days}` };
    }
    case "expired": {
      const long = kind.days === 0 ? "Expired today" : `Expired ${plural(kind.days, "day")} ago`;
      return {
        tone,
        mark: "square",
        short: kind.days === 0 ? "Expired" : `Expired ${kind.days} d`,
        long,
      };
    }
    case "rotation_due": {
      const short = kind.days === 0 ? "Due today" : `Overdue ${kind.days} d`;
      const long =
        kind.days === 0 ? "Rotation due today" : `Rotation overdue ${plural(kind.days, "day")}`;
      return { tone, mark: "square", short, long };
    }
    case "revoke_overdue":
      return { tone, mark: "square", short: "Still works", long: "Revoked, but still works" };
    case "revoke_unproved":
      return revoking(finding.due, now);
    case "gone":
      return {
        tone,
        mark: "triangle",
        short: "Not listed",
        long: "No longer in the platform’s list",
      };
    case "shared":
      return {
        tone,
        mark: "outline",
        short: "Shared",
        long: `Used by ${plural(kind.clients, "client")}`,
      };
    case "misplaced":
    case "dead_but_placed":
    case "tracked_file":
    case "loose_file":
      return placeFindingWords(kind, tone);
  }
}

/** What to do about a key, as a callout. */
export interface Advice {
  title: string;
  more: string;
}

/** What needs somebody most. That several clients use a key is said beside its places. */
export const pressing = (detail: KeyDetail) =>
  detail.findings.find(({ kind }) => kind.kind !== "shared") ?? null;

/** How many clients use a key, where it is more than one. */
export const sharedBy = (detail: KeyDetail): number =>
  detail.findings.reduce((n, { kind }) => (kind.kind === "shared" ? kind.clients : n), 0);

export function advice(detail: KeyDetail, now: number): Advice | null {
  const finding = pressing(detail);
  if (!finding) return null;
  const places =
    detail.uses.length === 0
      ? "No place is noted."
      : `${plural(detail.uses.length, "place")} to update.`;
  const order = detail.can.rotate
    ? "Nothing is revoked before the new key works everywhere."
    : "Revoke this one only when the new key works everywhere.";
  const successor = detail.can.rotate
    ? "The new key is put into each of them."
    : "Make a successor, then revoke this one.";
  const { kind } = finding;
  switch (kind.kind) {
    case "near_expiry":
      return { title: `Replace before ${deadline(finding.due, now)}.`, more: `${places} ${order}` };
    case "expired":
      return {
        title: `Expired ${day(finding.due, now)}.`,
        more: `The platform refuses it. ${places} ${successor}`,
      };
    case "rotation_due":
      return {
        title: `Rotation was due ${day(finding.due, now)}.`,
        more: `Older than its interval of ${plural(detail.effective_rotation_days, "day")}. ${places} ${order}`,
      };
    case "revoke_overdue":
      if (detail.can.withdraw)
        return {
          title: "Still works although you said that it is revoked.",
          more: "Look in the dashboard whether it was this very key. Treat it as live; probing goes on.",
        };
      return {
        title: "Still works although the platform promised that it would not.",
        more: "Treat it as live. Probing goes on; tell the platform if it stays.",
      };
    case "revoke_unproved":
      if (detail.can.withdraw)
        return {
          title: "Revoked in the dashboard, not yet proved.",
          more: "Keywright probes until the key is refused several times in a row.",
        };
      return {
        title: "Revoked, not yet proved.",
        more: "The platform accepted it. Keywright probes until the key is refused several times in a row.",
      };
    case "gone":
      return {
        title: `Not in the platform’s list since ${day(finding.due, now)}.`,
        more: "Somebody removed it there, or it ended by itself. Check whether it still works.",
      };
    case "shared":
      return {
        title: `${plural(kind.clients, "client")} use this key.`,
        more: "A leak of one ends it for all. A key of its own for each could be ended alone.",
      };
    case "misplaced":
    case "dead_but_placed":
    case "tracked_file":
    case "loose_file":
      return placeFinding(kind);
  }
}

/** How a revocation ended, for the callout of a dead key. */
export function proof(detail: KeyDetail, now: number): Advice | null {
  const { revocation } = detail;
  if (!revocation || detail.row.status !== "revoked") return null;
  if (revocation.proof === "unlisted")
    return {
      title: "Revoked, proved by the platform’s list.",
      more: "There was no secret here to try; the list no longer has this key as live.",
    };
  if (revocation.proof === "told")
    return {
      title: "Noted as revoked. Nothing here can prove it.",
      more: `It rests on the word of whoever revoked it in the dashboard, ${ago(revocation.requested, now)}.`,
    };
  const window = revocation.window_ms ?? null;
  return {
    title:
      window === null
        ? "Revoked and proved dead."
        : `Proved dead ${measured(window)} after the request.`,
    more: "The platform refused the secret several times in a row.",
  };
}

export function verdict(answer: Verdict): {
  tone: "fine" | "calm" | "critical";
  text: string;
  more: string;
} {
  switch (answer.kind) {
    case "alive":
      return {
        tone: "fine",
        text: "It works.",
        more: "The platform accepted the secret just now.",
      };
    case "limited":
      return {
        tone: "fine",
        text: "It works, within its scopes.",
        more: answer.missing === null ? "It may not list keys." : `It lacks ${answer.missing}.`,
      };
    case "dead":
      return {
        tone: "critical",
        text: "The platform refuses it.",
        more: "It is no key of theirs any more.",
      };
    case "unknown":
      return { tone: "calm", text: "No verdict.", more: `Unknown is not dead: ${answer.why}.` };
  }
}

export function ownerWords(owner: Owner): { name: string; kind: string } {
  const kinds = { person: "person", service_account: "service account", unknown: "" } as const;
  return owner.name === ""
    ? { name: "Nobody yet", kind: "" }
    : { name: owner.name, kind: kinds[owner.kind] };
}

export const ENVIRONMENTS = { live: "production", test: "sandbox", unknown: "" } as const;

export const ORIGINS: Record<Origin, string> = {
  created: "Made here",
  added: "Made elsewhere, added by hand",
  found: "Found in the platform’s list",
};

/** Whether the key is drawn grey: it is over, and that is proved or its own end. */
export const isDead = ({ status }: KeyRow): boolean => status === "revoked" || status === "expired";

/** `ace_live_aB…`; the ends a platform shows. */
export function hint(row: KeyRow): string {
  const { prefix = "", suffix = "" } = row.hint;
  return prefix === "" && suffix === "" ? "" : `${prefix}…${suffix}`;
}

/** The masked secret: its known ends around dots. */
export function masked(row: KeyRow): string {
  const { prefix = "", suffix = "" } = row.hint;
  return `${prefix}${"•".repeat(12)}${suffix}`;
}
