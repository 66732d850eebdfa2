import type { Failure, Verdict } from "../ipc/bindings";

/** Why a secret that somebody brought was not taken. */
export interface Brought {
  title: string;
  more: string;
  /** Whether it may be taken all the same: its looks are odd, and nothing else is wrong. */
  odd: boolean;
}

const ODD = /begin with|white space/;

/** What was wrong with what was brought; none when nothing was brought at all. */
export function brought(failure: Failure, platform: string): Brought | null {
  if (failure.code !== "invalid") return null;
  if (ODD.test(failure.what))
    return {
      title: `This does not look like a key of ${platform}.`,
      more: `${failure.what} It was not taken; what is on the clipboard stays there.`,
      odd: true,
    };
  return { title: failure.what, more: `${failure.kept} ${failure.advice}`, odd: false };
}

/** Whether somebody only closed the file dialog again. */
export const isChangeOfMind = ({ code, what }: Failure): boolean =>
  code === "invalid" && what === "No file was chosen.";

/** What the first try of a key said that a person brought from a dashboard. */
export interface Tried {
  tone: "fine" | "calm" | "critical";
  mark: "check" | "dash" | "square";
  title: string;
  more: string;
}

export function tried(answer: Verdict | null, platform: string): Tried {
  switch (answer?.kind) {
    case undefined:
      return {
        tone: "calm",
        mark: "dash",
        title: `${platform} has no way to try a key.`,
        more: "It is sealed as you brought it. Its first use will tell whether it works.",
      };
    case "alive":
      return {
        tone: "fine",
        mark: "check",
        title: "It works.",
        more: `${platform} accepted it just now.`,
      };
    case "limited":
      return {
        tone: "fine",
        mark: "check",
        title: "It works, within its scopes.",
        more:
          answer.missing === null
            ? `${platform} knows it, and does not let it answer for itself.`
            : `${platform} knows it, and says that ${answer.missing} is missing. Give it that in the dashboard if it is needed.`,
      };
    case "dead":
      return {
        tone: "critical",
        mark: "square",
        title: `${platform} refuses it.`,
        more: "It is sealed, but it does not work. Compare it with the dashboard: it may be cut off, of another account, or not active yet. If it stays so, make another and move this one to the bin.",
      };
    case "unknown":
      return {
        tone: "calm",
        mark: "dash",
        title: "It could not be tried.",
        more: `Unknown is not dead: ${answer.why}. It is sealed; check it again later from its page.`,
      };
  }
}

const ASKED: Record<string, string> = { password: "your password", otp: "a one-time code" };

/** `your password and a one-time code`: what a platform wants told each time. */
export function asked(names: string[]): string {
  const words = names.map((name) => ASKED[name] ?? name);
  const last = words.pop() ?? "";
  return words.length === 0 ? last : `${words.join(", ")} and ${last}`;
}
