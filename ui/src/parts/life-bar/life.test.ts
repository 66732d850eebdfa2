import { describe, expect, it } from "vitest";
import { life } from "./life";

const DAY = 86_400_000;
const at = (day: number) => new Date(day * DAY).toISOString();

describe("the life bar", () => {
  it("shows what has passed and where the tick is", () => {
    const bar = life({ from: at(0), to: at(100), tick: at(90) }, 25 * DAY);
    expect(bar).toEqual({ passed: 0.25, tick: 0.9, open: false });
  });

  it("is full after the end and empty before the beginning", () => {
    expect(life({ from: at(0), to: at(10), tick: null }, 11 * DAY).passed).toBe(1);
    expect(life({ from: at(5), to: at(10), tick: null }, 1 * DAY).passed).toBe(0);
  });

  it("hides a tick that lies behind the end", () => {
    expect(life({ from: at(0), to: at(30), tick: at(90) }, DAY).tick).toBeNull();
  });

  it("has no end for what never ends, and keeps now and the tick inside", () => {
    const young = life({ from: at(0), to: null, tick: at(90) }, 10 * DAY);
    expect(young.open).toBe(true);
    expect(young.tick).toBeCloseTo(1 / 1.3);
    const old = life({ from: at(0), to: null, tick: at(90) }, 400 * DAY);
    expect(old.passed).toBeCloseTo(1 / 1.3);
    expect(old.passed).toBeLessThan(1);
  });

  it("survives an unknown birth and an end before it", () => {
    expect(life({ from: null, to: at(1), tick: null }, DAY)).toEqual({
      passed: 0,
      tick: null,
      open: true,
    });
    expect(life({ from: at(5), to: at(5), tick: at(5) }, 9 * DAY)).toEqual({
      passed: 1,
      tick: 0,
      open: false,
    });
  });
});
