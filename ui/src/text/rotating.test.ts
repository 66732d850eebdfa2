import { describe, expect, it } from "vitest";
import type { OperationLine, RotationState } from "../ipc/bindings";
import { run } from "../test-runs";
import { bulkParts, bulkTitle, bulkWords } from "./bulk";
import { operationTask } from "./operations";
import { queueWords, waits } from "./queue";
import { endLook, endWords, rotationLine } from "./rotated";
import { farWords, hasEnded, question, runLook, runTask, stopLook, untilWords } from "./rotating";

const now = Date.parse("2026-11-28T12:00:00Z");
const waiting = (wait: Extract<RotationState, { kind: "waiting" }>["wait"]): RotationState => ({
  kind: "waiting",
  wait,
  why: "the platform does not answer",
  advice: "Try again when you are online.",
});

describe("words on a run", () => {
  it("tell its states apart by shape and word", () => {
    const states: RotationState[] = [
      { kind: "queued" },
      { kind: "running" },
      waiting({ kind: "person" }),
      waiting({ kind: "network" }),
      { kind: "done" },
      { kind: "taken_back" },
      { kind: "closed", why: "" },
    ];
    expect(new Set(states.map((state) => runLook(state).word)).size).toBe(states.length);
    expect(states.map(hasEnded)).toEqual([false, false, false, false, true, true, true]);
  });

  it("name the one next action on Overview", () => {
    const state = waiting({ kind: "person" });
    expect(runTask(run({ state, actions: ["bring_secret"] }), now).action).toBe("Bring the key…");
    expect(runTask(run({ state, actions: ["resume", "close"] }), now).action).toBe("Look…");
    expect(runTask(run(), now).action).toBe("Watch");
  });

  it("say when a wait is over", () => {
    const state = waiting({ kind: "until", until: "2026-11-28T12:40:00Z" });
    expect(runTask(run({ state, words: "It is kept." }), now).sentence).toBe(
      "It is kept. It goes on in 40 min.",
    );
    expect(untilWords("2026-11-28T11:00:00Z", now)).toBe("now");
  });

  it("say how far it is, without places where there are none", () => {
    expect(farWords(run({ done: 2, placed: 1 }))).toBe("Step 3 of 6 · 1 of 2 places");
    expect(farWords(run({ done: 6, places: 0 }))).toBe("Step 6 of 6");
  });

  it("call a place a person's only when it is their turn", () => {
    const open = { kind: "open" } as const;
    expect(stopLook({ kind: "confirm" }, open, true).word).toBe("Waits for you");
    expect(stopLook({ kind: "confirm" }, open, false).word).toBe("Not yet");
    expect(stopLook({ kind: "leave", why: "w" }, open, true).word).toBe("Left as it is");
  });

  it("tell of the old key and of the new one in its pane", () => {
    const done = run({ state: { kind: "done" }, new: "n", words: "w" });
    expect(rotationLine(done, "k", now).title).toBe("Replaced 2 hours ago.");
    expect(rotationLine(done, "n", now).title).toContain("took the place");
    expect(rotationLine(run({ new: "n" }), "n", now).title).toContain("takes the place of ci");
    expect(rotationLine(run({ course: "back" }), "k", now).title).toContain("taken back");
  });

  it("promise no revocation where no new key was made", () => {
    expect(question("take_back", run(), "").sentences[1]).toContain("No new key was made");
    expect(question("take_back", run({ new: "n" }), "").sentences[1]).toContain("revoked");
  });

  it("say “proved” only where it is", () => {
    const end = { requested: null, proved: null, window_ms: null, overdue: false };
    expect(endLook({ ...end, status: "revoking", proof: "none" }).word).toBe("Ending");
    expect(endLook({ ...end, status: "revoked", proof: "told" }).word).toBe("Noted as revoked");
    expect(endWords({ ...end, status: "revoked", proof: "refused", window_ms: 2140 })).toBe(
      "Proved dead 2.1 s after the request.",
    );
    expect(endWords({ ...end, status: "revoking", proof: "none" })).toBe("");
  });
});

const line = (changes: Partial<OperationLine>): OperationLine => ({
  id: "o",
  connection: "c",
  connection_name: "acme",
  request: { kind: "relabel", key: "k", remote_id: "x", name: "ci", to: "ci-eu" },
  state: { kind: "draft" },
  asked: "2026-11-28T11:00:00Z",
  ...changes,
});

describe("words on the queue", () => {
  it("tell what was asked, when, and why it is held", () => {
    const held = waits(line({ state: { kind: "held", why: "somebody named it “x”" } }), now);
    expect(held).toEqual({
      title: "Rename ci",
      asked: "Asked for 1 hour ago: the new name “ci-eu”.",
      held: "Somebody named it “x”.",
    });
    expect(operationTask(line({ state: { kind: "held", why: "w" } }), now).action).toBe(
      "Open the queue",
    );
  });

  it("tell what sending came to, the stopped ones included", () => {
    expect(queueWords({ sent: 2, stopped: 1, left: 0 })).toEqual({
      tone: "warning",
      title: "2 changes were sent.",
      more: "1 change stopped: the list says why.",
    });
    expect(queueWords({ sent: 0, stopped: 0, left: 3 }).title).toBe("Nothing was sent.");
  });
});

describe("words on many keys", () => {
  it("say which are meant", () => {
    expect(bulkTitle("rotate", { kind: "keys", keys: ["a"] })).toBe("Rotate 1 key");
    expect(bulkTitle("revoke", { kind: "query", query: " tag:ci " })).toBe(
      "Revoke all keys that match “tag:ci”",
    );
    expect(bulkTitle("rotate", { kind: "machine", name: "x" })).toBe("This machine is lost");
  });

  it("say how far they are, and who is needed", () => {
    const all = { bulk: "b", total: 10, done: 4, waiting: 0, queued: 0, ended: 0 };
    expect(bulkWords({ ...all, done: 10 })).toBe("All 10 keys are replaced.");
    expect(bulkWords({ ...all, waiting: 6 })).toBe("4 of 10 keys replaced; 6 need you.");
    expect(bulkParts({ ...all, queued: 3 }).map(({ words }) => words)).toEqual([
      "4 replaced",
      "3 going on",
      "3 not begun",
    ]);
  });
});
