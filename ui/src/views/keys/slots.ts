/** A list in two groups, as slots of a virtual list: a heading, its rows, a heading, its rows. */
export type Slot =
  { kind: "head"; group: "needs" | "fine"; count: number } | { kind: "row"; index: number };

export interface Groups {
  total: number;
  needsYou: number;
}

export const HEAD = 40;
export const ROW = 52;

export function slotCount({ total, needsYou }: Groups): number {
  return total + (needsYou > 0 ? 1 : 0) + (total > needsYou ? 1 : 0);
}

export function slotAt(groups: Groups, at: number): Slot {
  const { total, needsYou } = groups;
  if (needsYou > 0) {
    if (at === 0) return { kind: "head", group: "needs", count: needsYou };
    if (at <= needsYou) return { kind: "row", index: at - 1 };
  }
  const head = needsYou > 0 ? needsYou + 1 : 0;
  if (at === head) return { kind: "head", group: "fine", count: total - needsYou };
  return { kind: "row", index: at - (needsYou > 0 ? 2 : 1) };
}

/** The slot of a row. */
export function slotOf({ needsYou }: Groups, index: number): number {
  if (needsYou === 0) return index + 1;
  return index + (index < needsYou ? 1 : 2);
}

/** The rows among some slots, for asking their pages. */
export function rowsIn(groups: Groups, first: number, last: number): [number, number] {
  const clamp = (slot: number) => {
    const at = slotAt(groups, slot);
    return at.kind === "row" ? at.index : at.group === "needs" ? 0 : groups.needsYou;
  };
  return [clamp(first), Math.max(0, Math.min(groups.total - 1, clamp(last)))];
}
