import type { ErrorCode } from "../ipc/bindings";

/** How each kind of failure is shown. The words come with the failure. */
export const FAILURES: Record<ErrorCode, { tone: "critical" | "warning" | "calm"; title: string }> =
  {
    no_vault: { tone: "critical", title: "No vault" },
    locked: { tone: "calm", title: "Locked" },
    wrong_passphrase: { tone: "critical", title: "Not opened" },
    in_use: { tone: "warning", title: "In use elsewhere" },
    damaged: { tone: "critical", title: "Vault damaged" },
    disk: { tone: "critical", title: "Disk trouble" },
    not_found: { tone: "warning", title: "Not here" },
    invalid: { tone: "warning", title: "Not complete" },
    refused: { tone: "critical", title: "Refused" },
    offline: { tone: "calm", title: "Offline" },
    outcome_unknown: { tone: "warning", title: "Outcome unknown" },
    failed: { tone: "critical", title: "Did not work" },
  };

/** The text with a capital and a full stop. */
export function sentence(text: string): string {
  if (text === "") return "";
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

export const NETWORK = {
  online: "Online",
  offline: "Offline",
  work_offline: "Offline",
  untried: "Not tried yet",
} as const;
