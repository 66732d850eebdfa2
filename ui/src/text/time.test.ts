import { describe, expect, it } from "vitest";
import { ago, day, DAY, dayHeading, daysUntil, deadline, measured, plural, span } from "./time";

const now = Date.parse("2026-11-23T10:00:00Z");
const iso = (ms: number) => new Date(ms).toISOString();

describe("words about time", () => {
  it("says how long ago", () => {
    const cases: [number, string][] = [
      [5_000, "just now"],
      [70_000, "1 minute ago"],
      [2 * 3_600_000, "2 hours ago"],
      [3 * DAY, "3 days ago"],
      [60 * DAY, "on 24 Sept"],
      [400 * DAY, "on 19 Oct 2025"],
    ];
    for (const [past, words] of cases) expect(ago(iso(now - past), now)).toBe(words);
  });

  it("names a weekday only within the week ahead", () => {
    expect(deadline(iso(now + 2 * 3_600_000), now)).toBe("tonight");
    expect(deadline(iso(now + DAY), now)).toBe("tomorrow");
    expect(deadline(iso(now + 5 * DAY), now)).toBe("Saturday");
    expect(deadline(iso(now + 7 * DAY), now)).toBe("30 Nov");
  });

  it("rounds days left up, but not for a few seconds", () => {
    expect(daysUntil(iso(now + 1), now)).toBe(1);
    expect(daysUntil(iso(now + 5.4 * DAY), now)).toBe(6);
    expect(daysUntil(iso(now + 90 * DAY + 20_000), now)).toBe(90);
    expect(daysUntil(iso(now), now)).toBe(0);
    expect(daysUntil(iso(now - DAY), now)).toBe(0);
  });

  it("tells the year when it is far away", () => {
    expect(day("2026-12-01T00:00:00Z", now)).toBe("1 Dec");
    expect(day("2027-02-21T12:00:00Z", now)).toBe("21 Feb");
    expect(day("2027-10-30T12:00:00Z", now)).toBe("30 Oct 2027");
    expect(day("2025-11-23T12:00:00Z", now)).toBe("23 Nov 2025");
  });

  it("heads the days of a log", () => {
    expect(dayHeading(iso(now - 1), now)).toBe("Today");
    expect(dayHeading(iso(now - DAY), now)).toBe("Yesterday");
    expect(dayHeading(iso(now - 3 * DAY), now)).toBe("Friday 20 Nov");
  });

  it("tells lengths", () => {
    expect([0, 12_400, 95_000, 7_200_000, 5 * DAY].map(span)).toEqual([
      "0 s",
      "12 s",
      "1 min",
      "2 h",
      "5 d",
    ]);
    expect([84, 41_230, 99_999, 125_000].map(measured)).toEqual([
      "84 ms",
      "41.2 s",
      "100.0 s",
      "2 min",
    ]);
    expect(plural(1, "key")).toBe("1 key");
    expect(plural(100_000, "key")).toBe("100,000 keys");
  });
});
