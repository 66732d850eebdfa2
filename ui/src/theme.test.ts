import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync("src/theme.css", "utf8");

/** The colours of one scheme, by name. */
function scheme(block: string, which: 0 | 1): Record<string, string> {
  const colours: Record<string, string> = {};
  for (const [, name = "", light = "", dark = ""] of block.matchAll(
    /--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g,
  ))
    colours[name] = which === 0 ? light : dark;
  return colours;
}
const [base = "", more = ""] = css.split("@media (prefers-contrast: more)");
const schemes = ([0, 1] as const).flatMap((which) => {
  const colours = scheme(base, which);
  const name = which === 0 ? "light" : "dark";
  return [
    { name, colours },
    { name: `${name}, high contrast`, colours: { ...colours, ...scheme(more, which) } },
  ];
});

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const GROUNDS = ["paper", "sunk", "raised", "hover", "select", "calm-soft"];
const PAIRS: [string, string, number][] = [
  ...["ink", "ink-2"].flatMap((ink) =>
    GROUNDS.map((ground): [string, string, number] => [ink, ground, 4.5]),
  ),
  ...["paper", "sunk", "raised", "calm-soft"].map((ground): [string, string, number] => [
    "ink-3",
    ground,
    4.5,
  ]),
  ...["paper", "raised", "accent-soft"].map((ground): [string, string, number] => [
    "accent",
    ground,
    4.5,
  ]),
  ["on-accent", "accent", 4.5],
  ["on-accent", "accent-strong", 4.5],
  ["on-critical", "critical", 4.5],
  ...["critical", "warning", "fine", "calm"].flatMap((tone): [string, string, number][] => [
    [tone, `${tone}-soft`, 4.5],
    [tone, "paper", 4.5],
  ]),
  ...["critical-soft", "warning-soft", "fine-soft", "accent-soft"].map(
    (ground): [string, string, number] => ["ink-2", ground, 4.5],
  ),
  ["field-line", "paper", 3],
  ["field-line", "raised", 3],
];

describe("the colours", () => {
  it("are two for every name", () => {
    expect(Object.keys(schemes[0]?.colours ?? {}).length).toBeGreaterThan(25);
  });

  for (const { name, colours } of schemes)
    it(`can be read (${name})`, () => {
      const poor = PAIRS.filter(
        ([front, ground, least]) => contrast(colours[front] ?? "", colours[ground] ?? "") < least,
      );
      expect(poor.map(([front, ground]) => `${front} on ${ground}`)).toEqual([]);
    });

  it("keep the house's brass", () => {
    expect(schemes[0]?.colours).toMatchObject({ accent: "#96661b", paper: "#fffdfb" });
    expect(schemes[2]?.colours).toMatchObject({ accent: "#dcae62", paper: "#1b1a18" });
  });
});
