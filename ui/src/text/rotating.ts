import type {
  Outcome,
  PlanKind,
  RotationActionKind,
  RotationRow,
  RotationState,
  StepFate,
  StopState,
  Todo,
} from "../ipc/bindings";
import type { Task } from "./operations";
import { deadline, plural, span } from "./time";

/** A state in a shape, a colour and a word. */
export interface Look {
  tone: "critical" | "warning" | "fine" | "calm" | "accent";
  mark: "square" | "triangle" | "check" | "ring" | "dash" | "dot" | null;
  word: string;
}

/** The ways in which a platform lets keys be replaced. */
export const PLANS: Record<PlanKind, { label: string; help: string }> = {
  create_then_revoke: {
    label: "A new key",
    help: "Both work until every place has the new one.",
  },
  overlap: {
    label: "New secret, both work",
    help: "The platform lets both secrets work for a while.",
  },
  in_place: {
    label: "New secret at once",
    help: "What uses the key fails until its place has the new secret.",
  },
  guided: {
    label: "In the dashboard",
    help: "You make it there and bring it here; Keywright does the rest.",
  },
};

/** How long the old key is kept after the new one works everywhere, in seconds. */
export const GRACES: { value: number; label: string }[] = [
  { value: 0, label: "Not at all" },
  { value: 3_600, label: "1 hour" },
  { value: 86_400, label: "1 day" },
  { value: 604_800, label: "7 days" },
];

export function graceWords(seconds: number): string {
  return GRACES.find(({ value }) => value === seconds)?.label.toLowerCase() ?? span(seconds * 1000);
}

/** Who changes a place, and how. */
export function todoWords(todo: Todo): string {
  switch (todo.kind) {
    case "write":
      return "Keywright writes it";
    case "store":
      return "Set through its platform’s API";
    case "follow":
      return "A reference: it follows by itself";
    case "confirm":
      return "You change it, then confirm";
    case "leave":
      return todo.why;
  }
}

/** Whether a place is changed by a person. */
export const byHand = (todo: Todo): boolean => todo.kind === "confirm";

/** How a place stands. `mine`: it is a person's turn now. */
export function stopLook(todo: Todo, state: StopState, mine: boolean): Look {
  if (todo.kind === "leave") return { tone: "calm", mark: "dash", word: "Left as it is" };
  switch (state.kind) {
    case "open":
      return mine
        ? { tone: "warning", mark: "triangle", word: "Waits for you" }
        : { tone: "calm", mark: "dot", word: "Not yet" };
    case "placed":
      return { tone: "fine", mark: "check", word: "Has the new key" };
    case "confirmed":
      return { tone: "fine", mark: "check", word: "Confirmed" };
    case "left_out":
      return { tone: "warning", mark: "dash", word: "Left out" };
  }
}

export const FATES: Record<StepFate, Look> = {
  ahead: { tone: "calm", mark: "dot", word: "Ahead" },
  running: { tone: "accent", mark: "ring", word: "Going on" },
  waits: { tone: "warning", mark: "triangle", word: "Waits" },
  done: { tone: "fine", mark: "check", word: "Done" },
  skipped: { tone: "calm", mark: "dash", word: "Not needed" },
};

export const OUTCOMES: Record<Outcome, Look> = {
  began: { tone: "calm", mark: "dot", word: "Began" },
  done: { tone: "fine", mark: "check", word: "Done" },
  failed: { tone: "critical", mark: "square", word: "Failed" },
  waits: { tone: "warning", mark: "triangle", word: "Waits" },
  decided: { tone: "accent", mark: "dot", word: "Decided by you" },
};

/** How a run stands, at a glance. */
export function runLook(state: RotationState): Look {
  switch (state.kind) {
    case "queued":
      return { tone: "calm", mark: "dot", word: "Not begun" };
    case "running":
      return { tone: "accent", mark: "ring", word: "Going on" };
    case "waiting":
      if (state.wait.kind === "person")
        return { tone: "warning", mark: "triangle", word: "Waits for you" };
      return state.wait.kind === "network"
        ? { tone: "calm", mark: "dash", word: "Waits for the network" }
        : { tone: "calm", mark: "ring", word: "Waits" };
    case "done":
      return { tone: "fine", mark: "check", word: "Replaced" };
    case "taken_back":
      return { tone: "calm", mark: "dash", word: "Taken back" };
    case "closed":
      return { tone: "warning", mark: "triangle", word: "Finished by hand" };
  }
}

/** Whether nothing happens any more. */
export const hasEnded = ({ kind }: RotationState): boolean =>
  kind === "done" || kind === "taken_back" || kind === "closed";

/** The title of a run's window. */
export function runTitle({ title, state, course }: RotationRow): string {
  if (state.kind === "done") return `${title} is replaced`;
  if (state.kind === "taken_back") return `${title} stays`;
  if (state.kind === "closed") return `${title}: finished by hand`;
  return course === "back" ? `Taking back: ${title}` : `Replacing ${title}`;
}

/** What a button is called that does an action. */
export const ACTIONS: Record<RotationActionKind, string> = {
  resume: "Try again",
  bring_secret: "Bring it from the clipboard",
  revoked: "It is revoked there",
  confirm: "It has the new key",
  leave_out: "Leave it out…",
  override: "Go on without them…",
  end_grace: "End the old key now",
  take_back: "Take it back…",
  close: "Finish by hand…",
};

/** The actions that are asked about before they are done. */
export type Asked = "take_back" | "leave_out" | "override" | "close";

export interface Question {
  title: string;
  sentences: string[];
  /** What the reason's field is called; empty where none is asked. */
  why: string;
  button: string;
  danger: boolean;
}

/** The question before an action that cannot simply be undone. */
export function question(asked: Asked, row: RotationRow, what: string): Question {
  switch (asked) {
    case "take_back":
      return {
        title: "Take it back?",
        sentences: [
          "Every file is put back byte for byte as it was, and read again.",
          row.new === null
            ? `No new key was made. ${row.title} goes on as before.`
            : `Then the new key is revoked and proved dead. ${row.title} goes on as before.`,
        ],
        why: "",
        button: "Take it back",
        danger: false,
      };
    case "leave_out":
      return {
        title: `Leave out ${what}?`,
        sentences: ["It keeps the old key, and stops working when that ends. The report says so."],
        why: "Why it may stop",
        button: "Leave it out",
        danger: false,
      };
    case "override":
      return {
        title: "Go on although this is not verified?",
        sentences: ["The old key ends although these may still need it:"],
        why: "Why it may end all the same",
        button: "Go on without them",
        danger: true,
      };
    case "close":
      return {
        title: "Finish by hand?",
        sentences: [
          "Keywright stops here and changes nothing more: no file, no key.",
          "The report tells what was left undone, so that you can do it.",
        ],
        why: "Why",
        button: "Finish by hand",
        danger: false,
      };
  }
}

const NEXT: Partial<Record<RotationActionKind, string>> = {
  bring_secret: "Bring the key…",
  revoked: "Revoke it…",
  confirm: "Confirm…",
  resume: "Look…",
  end_grace: "Look…",
};

/** A run on Overview: how it stands, and its one next action. */
export function runTask(row: RotationRow, now: number): Task {
  const { state } = row;
  const more = state.kind === "waiting" ? waitWords(state, now) : "";
  return {
    title: row.title,
    sentence: [...row.broken, row.words, more].filter((part) => part !== "").join(" "),
    action: state.kind === "waiting" ? (NEXT[row.actions[0] ?? "resume"] ?? "Look…") : "Watch",
  };
}

function waitWords(state: Extract<RotationState, { kind: "waiting" }>, now: number): string {
  if (state.wait.kind === "until") return `It goes on ${untilWords(state.wait.until, now)}.`;
  return state.advice;
}

/** `in 40 min`, `tomorrow`: when a wait is over. */
export function untilWords(at: string, now: number): string {
  const left = Date.parse(at) - now;
  if (left <= 0) return "now";
  return left < 6 * 3_600_000 ? `in ${span(left)}` : deadline(at, now);
}

/** How far a run is. */
export const farWords = ({ done, total, placed, places }: RotationRow): string =>
  [
    `Step ${Math.min(done + 1, total)} of ${total}`,
    places > 0 && `${placed} of ${plural(places, "place")}`,
  ]
    .filter((part) => part !== false)
    .join(" · ");

/** What is still to be done on the page before a replacement can begin. */
export const MISSING = {
  choices: "Something in the choices does not fit yet.",
  warnings: "Say below that you have read the warnings.",
  word: "Type the word below to go on.",
} as const;
