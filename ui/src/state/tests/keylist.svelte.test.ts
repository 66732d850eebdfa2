import { describe, expect, it, vi } from "vitest";
import type { Call, KeyPage, ListKeys } from "../../ipc";
import { done, failed } from "../../ipc/result";
import { row } from "../../test-rows";
import { KeyList, PAGE } from "../keylist.svelte";

/** A core that lists `total` keys, named after their place and the query. */
function core(total: number, late: Promise<void>[] = []) {
  const asked: ListKeys[] = [];
  const call = vi.fn(async (_command: string, request: ListKeys) => {
    asked.push(request);
    await late.shift();
    const { query, offset, limit } = request;
    const problem = query === "bad:" ? { at: 0, len: 4, message: "no" } : null;
    const rows = Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, at) =>
      row({ id: `${query}${offset + at}` }),
    );
    return done<KeyPage>({
      total: problem ? 0 : total,
      needs_you: 0,
      rows: problem ? [] : rows,
      problem,
    });
  });
  return { call: call as unknown as Call, asked };
}

describe("the list of keys", () => {
  it("fetches only the pages that come into view, each once", async () => {
    const { call, asked } = core(100_000);
    const list = new KeyList(call);
    await list.reload();
    list.see(0, 30);
    list.see(5 * PAGE - 2, 5 * PAGE + 10);
    list.see(5 * PAGE - 2, 5 * PAGE + 10);
    await vi.waitFor(() => expect(list.row(5 * PAGE + 3)?.id).toBe(`${5 * PAGE + 3}`));
    expect(asked.map(({ offset }) => offset / PAGE)).toEqual([0, 4, 5]);
    expect(list.row(50 * PAGE)).toBeUndefined();
    expect(list.total).toBe(100_000);
  });

  it("drops an answer to a question that is no longer asked", async () => {
    let slow = () => {};
    const late = [new Promise<void>((after) => (slow = after))];
    const { call } = core(5, late);
    const list = new KeyList(call);
    const first = list.ask("a");
    await list.ask("b");
    slow();
    await first;
    expect(list.row(0)?.id).toBe("b0");
  });

  it("keeps what it found while a query is not finished", async () => {
    const list = new KeyList(core(5).call);
    await list.ask("x");
    await list.ask("bad:");
    expect(list.problem?.message).toBe("no");
    expect(list.total).toBe(5);
    expect(list.row(4)?.id).toBe("x4");
    await list.ask("y");
    expect(list.problem).toBeNull();
  });

  it("keeps rows on screen while it reads again, and remembers a failure", async () => {
    const { call } = core(5);
    const list = new KeyList(call);
    await list.reload();
    const failure = { code: "locked", what: "Locked.", kept: "", advice: "" } as const;
    vi.mocked(call).mockResolvedValueOnce(failed(failure));
    await list.reload();
    expect(list.failure).toEqual(failure);
    expect(list.row(0)?.id).toBe("0");
    await list.reload();
    expect(list.failure).toBeNull();
  });

  it("asks once for a word that is typed quickly", async () => {
    vi.useFakeTimers();
    const { call, asked } = core(5);
    const list = new KeyList(call);
    for (const text of ["e", "er", "erp"]) list.type(text);
    await vi.advanceTimersByTimeAsync(200);
    vi.useRealTimers();
    expect(asked.map(({ query }) => query)).toEqual(["erp"]);
  });
});
