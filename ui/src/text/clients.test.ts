import { describe, expect, it } from "vitest";
import type { FindingKind, PlacementRow, ScanFind } from "../ipc/bindings";
import { row } from "../test-rows";
import {
  askedBy,
  eventWords,
  findBadges,
  folderProblem,
  formAdvice,
  formWords,
  homeOf,
  looksLike,
  needsYou,
  placeNext,
  placeWords,
  scanWords,
  status,
  takenWords,
  task,
  whichLines,
  writingWords,
} from ".";

const place = (changes: Partial<PlacementRow> = {}) =>
  ({
    state: "in_sync",
    by: "written",
    tracked: false,
    loose: false,
    form: { kind: "literal" },
    here: true,
    client: "codex",
    ...changes,
  }) as PlacementRow;

describe("how a place is", () => {
  it("is told by a shape and a word", () => {
    const words = (changes: Partial<PlacementRow>) => {
      const { mark, short } = placeWords(place(changes));
      return `${mark} ${short}`;
    };
    expect(words({})).toBe("check in sync");
    expect(words({ tracked: true })).toBe("square in a tracked file");
    expect(words({ tracked: true, form: { kind: "variable", name: "X" } })).toBe("check in sync");
    expect(words({ loose: true })).toBe("outline others can read it");
    for (const state of ["drifted", "stale", "missing"] as const)
      expect(words({ state })).toMatch(/^triangle /);
    expect(words({ state: "unknown", by: "told" })).toBe("dot noted");
    expect(words({ state: "unknown", by: "found" })).toBe("dot not looked");
  });

  it("is no comfort where the key in it is dead", () => {
    expect(placeWords(place(), true).short).toBe("a dead key");
    expect([needsYou(place()), needsYou(place(), true)]).toEqual([false, true]);
  });

  it("has one next thing, which the client can do", () => {
    expect(placeNext(place({ state: "missing" }), true).kind).toBe("again");
    expect(placeNext(place({ state: "missing", here: false }), true).kind).toBe("open");
    expect(placeNext(place({ tracked: true }), true).kind).toBe("reference");
    expect(placeNext(place({ tracked: true }), false).kind).toBe("open");
  });

  it("names what stands there", () => {
    expect(formWords({ kind: "variable", name: "X" })).toBe("refers to X");
    expect(formWords({ kind: "literal" })).toBe("the key itself");
  });
});

describe("ways of holding a key", () => {
  it("are shown as they stand in the file, without the key", () => {
    expect(looksLike("Bearer ${{env:{variable}}}", { variable: "X" })).toBe("Bearer ${env:X}");
    expect(looksLike("Bearer {key}", {})).toBe("Bearer ••••••••");
    expect(looksLike("{variable}", {})).toBe("{variable}");
  });

  it("ask for what they need", () => {
    expect(askedBy({ kind: "variable", looks: "{variable}" })?.name).toBe("variable");
    expect(askedBy({ kind: "variable", looks: "{name}" })).toBeNull();
    expect(askedBy({ kind: "literal", looks: "{key}" })).toBeNull();
  });

  it("come with advice for the file", () => {
    const slot = {
      id: "s",
      name: "",
      files: [],
      params: [],
      platforms: [],
      forms: [{ kind: "variable" as const, looks: "" }],
    };
    const file = {
      id: "f",
      name: "",
      scope: "project",
      path: "",
      short: "",
      exists: true,
      read_only: "",
    };
    expect(formAdvice("literal", slot, file)).toMatch(/^A reference is better here/);
    expect(formAdvice("literal", slot, { ...file, scope: "user" })).toMatch(/^Works at once/);
    expect(formAdvice("variable", slot, file)).toMatch(/^The better way/);
  });
});

it("tells which key wins, which are shadowed, and what cannot be seen", () => {
  const source = (words: string, title = "", trouble = "") => ({
    words,
    key: title === "" ? null : "k",
    title,
    bitting: [1],
    trouble,
  });
  const lines = whichLines({
    what: "ceo",
    effective: source("~/.codex/config.toml", "erp"),
    shadowed: [source("/etc/c.toml", "", "it is a placeholder")],
    unseen: ["a keyring would win"],
  });
  expect(lines.map(({ text }) => text)).toEqual([
    "erp, from ~/.codex/config.toml.",
    "Shadowed: a key that is not in this vault, from /etc/c.toml. It is a placeholder.",
    "A keyring would win.",
  ]);
  expect(whichLines({ what: "", effective: null, shadowed: [], unseen: [] })[0]?.kind).toBe(
    "nothing",
  );
});

describe("a scan in words", () => {
  it("says what it came to", () => {
    const report = { found: [], files: 1, left_out: [], stopped: true, took_ms: 900 };
    expect(scanWords(report)).toBe("No key in 1 file, 900 ms, until it was stopped.");
    expect(takenWords(0, 1)[0]).toBe("Place noted");
    expect(takenWords(2, 3)[0]).toBe("2 keys taken in");
  });

  it("marks what is dangerous", () => {
    const find = { tracked: true, loose: true, places: 2 } as ScanFind;
    expect(findBadges(find).map(({ text }) => text)).toEqual([
      "git tracks it",
      "others can read it",
      "in 2 places",
    ]);
  });

  it("wants whole paths, and offers what a tilde means", () => {
    expect(folderProblem("/a\nC:\\b", "")).toBeNull();
    expect(folderProblem("/a\nsrc", "/home/m")).toEqual({ line: "src", meant: "" });
    expect(folderProblem("~/src", "/home/m")?.meant).toBe("/home/m/src");
    expect(folderProblem("~other", "/home/m")?.meant).toBe("");
    expect(homeOf([{ path: "/etc/x", short: "/etc/x" }])).toBe("");
    expect(homeOf([{ path: "/home/m/.c", short: "~/.c" }])).toBe("/home/m");
  });
});

it("has a sentence and the one next action for what was found on a place", () => {
  const kinds: FindingKind[] = [
    { kind: "misplaced", placement: "p", state: "drifted" },
    { kind: "dead_but_placed", placement: "p" },
    { kind: "tracked_file", placement: "p" },
    { kind: "loose_file", placement: "p" },
  ];
  for (const kind of kinds) {
    const finding = { key: "k", kind, severity: "warning" as const, due: "2026-11-01T00:00:00Z" };
    const words = task(
      {
        severity: "warning",
        row: row(),
        finding,
        operation: null,
        rotation: null,
        connection: null,
        next: "look_at_place",
      },
      0,
    );
    expect(words.action).toBe("Look");
    expect(words.sentence).toMatch(/\.$/);
    expect(status(row({ finding }), 0)).toMatchObject({ tone: "warning", mark: "triangle" });
  }
});

it("tells what happened to files and writes", () => {
  expect(eventWords({ kind: "key_placed", client: "Codex", file: "~/c" }).more).toBe("Codex, ~/c");
  expect(eventWords({ kind: "scanned", files: 2, found: 1 }).more).toBe("1 key in 2 files");
  expect(writingWords({ kind: "stuck", why: "it moved on" })).toMatchObject({
    mark: "square",
    more: "It moved on.",
  });
});
