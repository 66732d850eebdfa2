import type { FindingKind, PlacementState } from "../ipc/bindings";
import type { StatusWords } from "./keys";

export type PlaceFinding = Extract<
  FindingKind,
  { kind: "misplaced" | "dead_but_placed" | "tracked_file" | "loose_file" }
>;

const MISPLACED: Record<PlacementState, { short: string; sentence: string }> = {
  in_sync: { short: "In place", sentence: "It is where it should be." },
  drifted: {
    short: "Drifted",
    sentence: "A client’s file holds something else where this key should be.",
  },
  stale: {
    short: "Another key",
    sentence: "A client’s file holds another key of this vault where this one should be.",
  },
  missing: { short: "Missing", sentence: "It is no longer in the client’s file." },
  unreadable: {
    short: "Unreadable",
    sentence: "A client’s file can no longer be read, so nobody knows whether the key is there.",
  },
  unknown: { short: "Not looked", sentence: "One of its places could not be looked at." },
};

/** What was found on one of a key’s places, in a word and in sentences. */
export function placeFinding(kind: PlaceFinding): { short: string; title: string; more: string } {
  switch (kind.kind) {
    case "misplaced": {
      const { short, sentence } = MISPLACED[kind.state];
      return { short, title: sentence, more: "Place it again, or forget the place." };
    }
    case "dead_but_placed":
      return {
        short: "Still placed",
        title: "It is dead, but still in a client’s file.",
        more: "What reads that file is refused. Place a living key there, or undo the placing.",
      };
    case "tracked_file":
      return {
        short: "In git",
        title: "It stands in a file that git tracks.",
        more: "It goes wherever the repository goes. Put a reference there, then replace the key.",
      };
    case "loose_file":
      return {
        short: "Readable",
        title: "Others on this machine can read a file that holds it.",
        more: "Give that file the mode 0600, so that only you can read it.",
      };
  }
}

export const placeFindingWords = (kind: PlaceFinding, tone: StatusWords["tone"]): StatusWords => ({
  tone,
  mark: tone === "critical" ? "square" : tone === "warning" ? "triangle" : "outline",
  short: placeFinding(kind).short,
  long: placeFinding(kind).short,
});
