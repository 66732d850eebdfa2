import type {
  ClientFile,
  ClientForm,
  ClientSlot,
  FormChoice,
  PlacementForm,
  PlacementRow,
  WhichSource,
  WhichUse,
  WritingState,
} from "../ipc/bindings";
import { sentence } from "./errors";

/** How a place is, in a shape, a colour and a word. */
export interface PlaceWords {
  tone: "critical" | "warning" | "fine" | "calm";
  mark: "square" | "triangle" | "outline" | "check" | "dash" | "dot";
  short: string;
}

type Seen = Pick<PlacementRow, "state" | "by" | "tracked" | "loose" | "form" | "here">;

/** How a place is; `dead` where the key in it is. */
export function placeWords(row: Seen, dead = false): PlaceWords {
  const { state, by, tracked, loose, form, here } = row;
  switch (state) {
    case "in_sync":
      if (dead) return { tone: "warning", mark: "triangle", short: "a dead key" };
      if (tracked && form.kind === "literal")
        return { tone: "critical", mark: "square", short: "in a tracked file" };
      if (loose) return { tone: "warning", mark: "outline", short: "others can read it" };
      return { tone: "fine", mark: "check", short: "in sync" };
    case "drifted":
      return { tone: "warning", mark: "triangle", short: "drifted" };
    case "stale":
      return { tone: "warning", mark: "triangle", short: "another key" };
    case "missing":
      return { tone: "warning", mark: "triangle", short: "missing" };
    case "unreadable":
      return { tone: "warning", mark: "outline", short: "unreadable" };
    case "unknown":
      return { tone: "calm", mark: "dot", short: by === "told" || !here ? "noted" : "not looked" };
  }
}

/** Whether a place needs somebody, so that it is listed first. */
export const needsYou = (row: Seen, dead = false): boolean => {
  const { tone } = placeWords(row, dead);
  return tone === "critical" || tone === "warning";
};

/** What there is to do next about a place. */
export interface PlaceNext {
  kind: "again" | "reference" | "open";
  label: string;
}

/** The one next thing; a reference only where the client can hold one. */
export function placeNext(row: PlacementRow, refers: boolean): PlaceNext {
  const writable = row.client !== null && row.here;
  if (writable && ["drifted", "missing", "stale"].includes(row.state))
    return { kind: "again", label: "Place again…" };
  if (writable && refers && row.state === "in_sync" && row.tracked && row.form.kind === "literal")
    return { kind: "reference", label: "Use a reference…" };
  return { kind: "open", label: "Open key" };
}

/** What stands in the file. */
export function formWords(form: PlacementForm): string {
  switch (form.kind) {
    case "literal":
      return "the key itself";
    case "variable":
      return form.name === "" ? "a reference" : `refers to ${form.name}`;
    case "file":
      return form.path === "" ? "in a file" : `in ${form.path}`;
    case "secret":
      return form.name === "" ? "kept by the client" : `secret ${form.name}`;
  }
}

export const FORMS: Record<FormChoice, string> = {
  literal: "The key itself",
  variable: "A reference to a variable",
  file: "A reference to a file",
  secret: "A secret of the client",
};

const SCOPES: Record<string, string> = {
  user: "yours",
  project: "of the project",
  local: "of the project, yours alone",
  system: "of the machine",
  managed: "managed",
};
export const scopeWords = (scope: string): string => SCOPES[scope] ?? scope;

/** Whether a file belongs to a project, so that others may get it. */
export const isShared = (file: ClientFile | undefined): boolean => file?.scope === "project";

/** Which way of holding the key is better there, in one sentence. */
export function formAdvice(
  chosen: FormChoice,
  slot: ClientSlot | undefined,
  file: ClientFile | undefined,
): string {
  const reference = slot?.forms.some(({ kind }) => kind === "variable") ?? false;
  if (chosen === "literal") {
    if (isShared(file))
      return reference
        ? "A reference is better here: this file goes wherever the project goes."
        : "Take care: this file goes wherever the project goes, and it can only hold the key itself.";
    return reference
      ? "Works at once. A reference would keep the key in one place, so that a rotation touches that place only."
      : "This client can only hold the key itself here.";
  }
  if (chosen === "variable")
    return "The better way, where the client is started with this variable: a rotation touches the variable only.";
  return chosen === "file"
    ? "The client reads the key from that file each time it starts."
    : "The client keeps the key itself; the file only names it.";
}

const ASKED: Partial<Record<FormChoice, { name: string; label: string }>> = {
  variable: { name: "variable", label: "Name of the environment variable" },
  file: { name: "path", label: "Path of the file" },
  secret: { name: "secret", label: "Name of the secret" },
};

/** What a way of holding the key asks for besides what its slot does. */
export function askedBy(form: ClientForm | undefined): { name: string; label: string } | null {
  const asked = form && ASKED[form.kind];
  return asked && form.looks.includes(`{${asked.name}}`) ? asked : null;
}

/** How a form looks in the file: what was told is put in, the rest stays in braces. */
export function looksLike(looks: string, params: Record<string, string>): string {
  return looks.replace(/\{\{|\}\}|\{(\w+)\}/g, (whole, name: string | undefined) => {
    if (name === undefined) return whole.charAt(0);
    if (name === "key") return "••••••••";
    return params[name]?.trim() || `{${name}}`;
  });
}

/** One sentence on which key a client uses, and what it is: what wins, what is behind it. */
export interface WhichLine {
  kind: "wins" | "trouble" | "shadowed" | "unseen" | "nothing";
  text: string;
  source: WhichSource | null;
}

/** Which key a client uses for one thing, in sentences. */
export function whichLines({ effective, shadowed, unseen }: WhichUse): WhichLine[] {
  const lines: WhichLine[] = effective
    ? [
        {
          kind: effective.trouble === "" ? "wins" : "trouble",
          text: `${named(effective)}, from ${effective.words}.${also(effective)}`,
          source: effective,
        },
      ]
    : [{ kind: "nothing", text: "Nothing is set, so it has no key for this.", source: null }];
  for (const source of shadowed)
    lines.push({
      kind: "shadowed",
      text: `Shadowed: ${lower(named(source))}, from ${source.words}.${also(source)}`,
      source,
    });
  return [
    ...lines,
    ...unseen.map((words): WhichLine => ({ kind: "unseen", text: sentence(words), source: null })),
  ];
}

const also = ({ trouble }: WhichSource) => (trouble === "" ? "" : ` ${sentence(trouble)}`);

export function named({ key, title, bitting }: WhichSource): string {
  if (key !== null) return title;
  return bitting === null ? "A value that cannot be read" : "A key that is not in this vault";
}
const lower = (text: string) => (text.startsWith("A ") ? `a${text.slice(1)}` : text);

/** How far a write of a file got. */
export function writingWords(state: WritingState): PlaceWords & { more: string } {
  switch (state.kind) {
    case "done":
      return { tone: "fine", mark: "check", short: "written", more: "" };
    case "undone":
      return { tone: "calm", mark: "dash", short: "undone", more: "The file is as it was." };
    case "rolled_back":
      return {
        tone: "calm",
        mark: "dash",
        short: "rolled back",
        more: "Another file of the same run could not be written.",
      };
    case "intended":
    case "undoing":
      return { tone: "calm", mark: "dot", short: "under way", more: "" };
    case "stuck":
      return { tone: "critical", mark: "square", short: "stuck", more: sentence(state.why) };
  }
}

/** A documentation address as people read it. */
export const address = (url: string): string => url.replace(/^https?:\/\//, "").replace(/\/$/, "");

/** What is said of a placing that was taken back. */
export const UNDONE: [string, string] = [
  "Undone",
  "The file has the very bytes that it had before.",
];
