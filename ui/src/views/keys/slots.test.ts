import { describe, expect, it } from "vitest";
import { rowsIn, slotAt, slotCount, slotOf } from "./slots";

const shapes = [
  { total: 10, needsYou: 3 },
  { total: 10, needsYou: 0 },
  { total: 10, needsYou: 10 },
  { total: 1, needsYou: 0 },
];

describe("the two groups of the list", () => {
  it("gives every row one slot, and finds it again", () => {
    for (const groups of shapes) {
      const rows = Array.from({ length: slotCount(groups) }, (_, at) => slotAt(groups, at)).filter(
        (slot) => slot.kind === "row",
      );
      expect(rows.map((slot) => slot.index)).toEqual([...Array(groups.total).keys()]);
      for (let index = 0; index < groups.total; index += 1)
        expect(slotAt(groups, slotOf(groups, index))).toEqual({ kind: "row", index });
    }
  });

  it("heads only groups that have rows", () => {
    const heads = (groups: (typeof shapes)[number]) =>
      Array.from({ length: slotCount(groups) }, (_, at) => slotAt(groups, at))
        .filter((slot) => slot.kind === "head")
        .map((slot) => `${slot.group} ${slot.count}`);
    expect(shapes.map(heads)).toEqual([
      ["needs 3", "fine 7"],
      ["fine 10"],
      ["needs 10"],
      ["fine 1"],
    ]);
  });

  it("is empty for an empty list", () => {
    expect(slotCount({ total: 0, needsYou: 0 })).toBe(0);
  });

  it("asks for the rows among the slots on screen", () => {
    expect(rowsIn({ total: 10, needsYou: 3 }, 0, 5)).toEqual([0, 3]);
    expect(rowsIn({ total: 10, needsYou: 3 }, 4, 11)).toEqual([3, 9]);
    expect(rowsIn({ total: 10, needsYou: 0 }, 0, 3)).toEqual([0, 2]);
  });
});
