import type { ScanFind, ScanReport, ScanWhat } from "../ipc/bindings";
import { measured, plural } from "./time";

/** The groups of a scan's results: those that need somebody first. */
export const FOUND: Record<ScanWhat, { title: string; about: string }> = {
  dead: {
    title: "Dead keys still in files",
    about: "Revoked or expired. What reads these files is refused.",
  },
  unknown: {
    title: "Not in this vault",
    about: "Take one in, and Keywright seals it and watches its place. The file stays as it is.",
  },
  known: { title: "Keys of this vault", about: "Note a place, and it is watched from then on." },
};

/** What a scan came to, in one sentence. */
export function scanWords({ found, files, took_ms, stopped }: ScanReport): string {
  const keys = found.length === 0 ? "No key" : plural(found.length, "key");
  const end = stopped ? ", until it was stopped" : "";
  return `${keys} in ${plural(files, "file")}, ${measured(took_ms)}${end}.`;
}

/** What is to be known of a find beside where it is. */
export function findBadges(
  find: ScanFind,
): { tone: "critical" | "warning" | "calm"; text: string }[] {
  const badges: { tone: "critical" | "warning" | "calm"; text: string }[] = [];
  if (find.tracked) badges.push({ tone: "critical", text: "git tracks it" });
  if (find.loose) badges.push({ tone: "warning", text: "others can read it" });
  if (find.places > 1) badges.push({ tone: "calm", text: `in ${find.places} places` });
  return badges;
}

/** Where a find is: its file and line. */
export const findPlace = ({ short, line }: ScanFind): string => `${short}:${line}`;

/** What was typed as folders, line by line. */
export const folderLines = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

const isWhole = (folder: string) => /^(\/|[A-Za-z]:[\\/]|\\\\)/.test(folder);

/** The first line that is no whole path, and the whole path that it may mean. */
export function folderProblem(text: string, home: string): { line: string; meant: string } | null {
  const line = folderLines(text).find((folder) => !isWhole(folder));
  if (line === undefined) return null;
  return { line, meant: home !== "" && /^~([\\/]|$)/.test(line) ? home + line.slice(1) : "" };
}

/** The home directory, as far as the known files tell: `~/.x` beside its whole path. */
export function homeOf(files: { path: string; short: string }[]): string {
  for (const { path, short } of files) {
    const rest = short.slice(1);
    if (/^~[\\/]/.test(short) && path.endsWith(rest)) return path.slice(0, -rest.length);
  }
  return "";
}

/** What taking finds in came to. */
export function takenWords(keys: number, placements: number): [string, string] {
  const noted = `${plural(placements, "place is", "places are")} noted and watched.`;
  if (keys === 0) return [placements === 1 ? "Place noted" : "Places noted", noted];
  return [`${plural(keys, "key")} taken in`, `Sealed in the vault. ${noted}`];
}
