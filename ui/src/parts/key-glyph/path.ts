/** The outline of a key on a 54 × 24 ground: bow, neck, collar, blade with its cuts. */

const TOP = 8;
const BOTTOM = 16;
const DEEPEST = 7;
const DEEPEST_BITE = 4.9;
const RIDGE = 0.95;
const FIRST = 24.6;
const LAST = 48.4;

/** Where the bottom of a cut of depth 0–7 lies. */
const floor = (depth: number): number =>
  BOTTOM - (Math.min(DEEPEST, Math.max(0, depth)) / DEEPEST) * DEEPEST_BITE;

const round = (value: number): number => Math.round(value * 100) / 100;
const point = (x: number, y: number): string => `${round(x)} ${round(y)}`;

/** The lower edge of the blade, from the collar to the tip: a flat for each cut, a ridge between two. */
function edge(cuts: number[]): string[] {
  const step = (LAST - FIRST) / cuts.length;
  const flat = step * 0.26;
  return cuts.flatMap((depth, index) => {
    const middle = FIRST + step * (index + 0.5);
    const here = floor(depth);
    const next = floor(cuts[index + 1] ?? 0);
    const ridge = Math.min(BOTTOM, Math.max(here, next) + RIDGE);
    return [
      point(middle - flat, here),
      point(middle + flat, here),
      point(FIRST + step * (index + 1), ridge),
    ];
  });
}

/** The blade with its neck and collar; without cuts it is a blank. */
export function blade(cuts: number[]): string {
  const outline = [
    point(17.8, 9.1),
    point(19.8, 9.1),
    point(19.8, 6.2),
    point(22.4, 6.2),
    point(22.4, TOP),
    point(49.6, TOP),
    point(53.2, 11.6),
    point(53.2, 12.4),
    point(49.6, BOTTOM),
    ...(cuts.length > 0 ? [...edge(cuts).reverse(), point(FIRST, BOTTOM)] : []),
    point(22.4, BOTTOM),
    point(22.4, 17.8),
    point(19.8, 17.8),
    point(19.8, 14.9),
    point(17.8, 14.9),
  ];
  return `M${outline.join("L")}Z`;
}

/** A circle as a path. */
function ring(x: number, y: number, r: number): string {
  return `M${point(x - r, y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
}

/** The bow with its hole, to be filled even-odd. */
export const BOW = ring(9.6, 12, 8.7) + ring(5.9, 12, 2.5);

/** What is engraved where there is room for it: a rim on the bow, a groove along the blade. */
export const RIM = ring(9.6, 12, 7.35) + ring(9.6, 12, 6.6);
export const GROOVE = "M24.6 9.4H47.6V10.2H24.6Z";
