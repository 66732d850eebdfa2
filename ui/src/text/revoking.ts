import type { RevokeProgress } from "../ipc/bindings";
import { measured } from "./time";

/** How long revoking takes: the median of so many measured ones. */
export const windowWords = (ms: number, count: number) =>
  `${measured(ms)}, ${count === 1 ? "once" : `last ${count}`}`;

export interface Outcome {
  tone: "critical" | "warning" | "fine" | "calm";
  mark: "square" | "triangle" | "check" | "ring" | "dash";
  title: string;
  more: string;
}

/** What is said when somebody takes back that they revoked a key in a dashboard. */
export const WITHDRAWN: [string, string] = [
  "Taken back",
  "The key counts as live again. Nothing was sent to the platform.",
];

const GUIDED: Outcome = {
  tone: "calm",
  mark: "ring",
  title: "You say that it is revoked. Proving it dead…",
  more: "Keywright tries the secret until the platform refuses it. Until then the key counts as live.",
};

/** Where a revocation stands, in words; `guided` when a person made it in a dashboard. */
export function outcome({ stage, promise_ms }: RevokeProgress, guided = false): Outcome {
  switch (stage.kind) {
    case "drafted":
      return {
        tone: "calm",
        mark: "dash",
        title: "Kept as a draft: there is no network.",
        more: "Nothing was sent; the key still works. Send the draft from Overview when you are online.",
      };
    case "told":
      return {
        tone: "calm",
        mark: "dash",
        title: "Noted as revoked. Nothing here can prove it.",
        more: "It rests on your word. Should it not be revoked after all, say so, and it counts as live again.",
      };
    case "asked":
      if (guided) return GUIDED;
      return {
        tone: "calm",
        mark: "ring",
        title: "Asking the platform…",
        more: "The intent is written down here first.",
      };
    case "proving":
      if (guided) return GUIDED;
      return {
        tone: "calm",
        mark: "ring",
        title: "Accepted. Proving it dead…",
        more:
          promise_ms === 0
            ? "Keywright tries the secret until it is refused."
            : "Calls may still work until the platform’s change has spread. Keywright tries the secret until it is refused.",
      };
    case "proved":
      return stage.window_ms === null
        ? {
            tone: "fine",
            mark: "check",
            title: "Revoked, proved by the platform’s list.",
            more: "The list no longer has it as live. There was no secret here to try.",
          }
        : {
            tone: "fine",
            mark: "check",
            title: `Proved dead ${measured(stage.window_ms)} after the request.`,
            more: "The measured window is kept with the key and in the log.",
          };
    case "overdue":
      if (guided)
        return {
          tone: "critical",
          mark: "square",
          title: "The platform still accepts it.",
          more: "Look in the dashboard whether this very key was revoked. Treat it as live; probing goes on, slower.",
        };
      return {
        tone: "critical",
        mark: "square",
        title: "It still works after the promised time.",
        more: "Treat the key as live. Probing goes on, slower; tell the platform if it stays so.",
      };
    case "unproved":
      return {
        tone: "warning",
        mark: "triangle",
        title: guided
          ? "Told as revoked, but no proof could be had."
          : "Accepted, but no proof could be had.",
        more: `${stage.why} The key stays “revoking” until a probe or the list proves it.`,
      };
    case "refused":
      return {
        tone: "critical",
        mark: "square",
        title: "The platform refused. Nothing was changed.",
        more: stage.why,
      };
  }
}
