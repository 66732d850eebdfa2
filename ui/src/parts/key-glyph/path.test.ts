import { describe, expect, it } from "vitest";
import { blade, BOW, GROOVE, RIM } from "./path";

const numbers = (path: string): number[] => (path.match(/-?\d+(\.\d+)?/g) ?? []).map(Number);
const points = (path: string): [number, number][] =>
  numbers(path).flatMap((value, index, all) =>
    index % 2 === 0 ? [[value, all[index + 1] ?? NaN]] : [],
  );

describe("the drawn key", () => {
  it("stays on its ground for every depth", () => {
    for (let depth = 0; depth <= 7; depth += 1) {
      for (const [x, y] of points(blade(Array<number>(8).fill(depth)))) {
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x).toBeLessThanOrEqual(54);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y).toBeLessThanOrEqual(24);
      }
    }
  });

  it("differs for every change of a single cut", () => {
    const drawn = new Set<string>();
    for (let at = 0; at < 8; at += 1)
      for (let depth = 0; depth < 8; depth += 1) {
        const cuts = [3, 3, 3, 3, 3, 3, 3, 3];
        cuts[at] = depth;
        drawn.add(blade(cuts));
      }
    expect(drawn.size).toBe(8 * 7 + 1);
  });

  it("cuts deeper for a greater depth", () => {
    const highest = (depth: number) =>
      Math.min(
        ...points(blade([depth]))
          .filter(([x]) => x > 30 && x < 45)
          .map(([, y]) => y),
      );
    expect(highest(7)).toBeLessThan(highest(3));
    expect(highest(3)).toBeLessThan(highest(0));
  });

  it("never cuts into the groove", () => {
    const groove = Number(/V([\d.]+)/.exec(GROOVE)?.[1]);
    const deepest = Math.min(
      ...points(blade([7, 7, 7, 7]))
        .filter(([x, y]) => x > 25 && x < 48 && y > 8.1)
        .map(([, y]) => y),
    );
    expect(deepest).toBeGreaterThan(groove);
  });

  it("takes any number of cuts, and none for a blank", () => {
    expect(blade([])).not.toContain("NaN");
    expect(blade([1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4])).not.toContain("NaN");
    expect(blade([99, -4])).toBe(blade([7, 0]));
    expect(blade([])).not.toBe(blade([3]));
  });

  it("is made of closed outlines", () => {
    for (const path of [BOW, RIM, GROOVE, blade([1, 2])]) expect(path.endsWith("Z")).toBe(true);
  });
});
