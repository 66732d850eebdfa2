import type { KeyEnd, KeyId, RotationRow } from "../ipc/bindings";
import { farWords, hasEnded, runLook, type Look } from "./rotating";
import { ago, measured, moment } from "./time";

/** The line in a key's pane on its last replacement. */
export function rotationLine(
  row: RotationRow,
  key: KeyId,
  now: number,
): { tone: Look["tone"]; mark: Look["mark"]; title: string; more: string; button: string } {
  const look = runLook(row.state);
  const came = row.new === key && row.old !== key;
  if (!hasEnded(row.state)) {
    const title = came
      ? `It takes the place of ${row.title}.`
      : row.course === "back"
        ? "Its replacement is being taken back."
        : "It is being replaced.";
    const waits = row.state.kind === "waiting";
    return {
      tone: look.tone,
      mark: look.mark,
      title,
      more: `${row.words} ${farWords(row)}.`,
      button:
        waits && row.state.kind === "waiting" && row.state.wait.kind === "person"
          ? "Go on"
          : "Watch",
    };
  }
  const when = ago(row.changed, now);
  const titles = {
    done: came ? `It took the place of another key ${when}.` : `Replaced ${when}.`,
    taken_back: came
      ? `Made to replace a key, and taken back ${when}.`
      : `A replacement was taken back ${when}.`,
    closed: `A replacement was finished by hand ${when}.`,
  };
  const kind = row.state.kind as keyof typeof titles;
  return {
    tone: look.tone,
    mark: look.mark,
    title: titles[kind],
    more: row.words,
    button: "Report",
  };
}

/** What saving a report came to. */
export const savedWords = (path: string): [string, string] => ["Report saved", path];

/** From when to when a run went, and for how long. */
export function runSpan({ asked, changed }: RotationRow): string {
  return `${moment(asked)}, took ${measured(Math.max(0, Date.parse(changed) - Date.parse(asked)))}`;
}

/** How one of the two keys stands, below its picture. */
export function endLook({ status, proof }: KeyEnd): Look {
  switch (status) {
    case "active":
      return { tone: "fine", mark: "check", word: "Works" };
    case "disabled":
      return { tone: "calm", mark: "dash", word: "Held back" };
    case "expired":
      return { tone: "calm", mark: "dash", word: "Expired" };
    case "revoking":
      return { tone: "calm", mark: "ring", word: "Ending" };
    case "revoked":
      return proof === "told"
        ? { tone: "calm", mark: "dash", word: "Noted as revoked" }
        : { tone: "calm", mark: "check", word: "Proved dead" };
    case "unknown":
      return { tone: "calm", mark: "dash", word: "Not known" };
  }
}

/** How a key's end was proved, in a sentence; empty while it is not. */
export function endWords({ status, proof, window_ms, proved }: KeyEnd): string {
  if (status !== "revoked") return "";
  if (proof === "told") return "Noted as revoked; nothing here can prove it.";
  if (proof === "unlisted") return "Proved by the platform’s list, which no longer has it.";
  if (window_ms !== null) return `Proved dead ${measured(window_ms)} after the request.`;
  return proved === null ? "Revoked." : `Proved dead, ${moment(proved)}.`;
}
