/** The outline of a key on a 54 × 24 ground: bow, neck, collar, blade with its cuts. */

const TOP = 8.5;
const BOTTOM = 15.5;
const DEEPEST = 7;
const FIRST = 25.4;
const LAST = 49;

/** How far a cut of depth 0–7 goes into the blade. */
const bite = (depth: number): number => (Math.min(DEEPEST, Math.max(0, depth)) / DEEPEST) * 4;

const round = (value: number): number => Math.round(value * 100) / 100;
const point = (x: number, y: number): string => `${round(x)} ${round(y)}`;

/** The lower edge of the blade, from the tip back to the collar. */
function edge(cuts: number[]): string[] {
  const step = (LAST - FIRST) / cuts.length;
  const flat = step * 0.24;
  return cuts
    .flatMap((depth, index) => {
      const middle = FIRST + step * (index + 0.5);
      const y = BOTTOM - bite(depth);
      return [point(middle - flat, y), point(middle + flat, y)];
    })
    .reverse();
}

/** The blade with its collar; without cuts it is a blank. */
export function blade(cuts: number[]): string {
  const outline = [
    point(17.6, 9.2),
    point(21, 9.2),
    point(21, 6.6),
    point(23.4, 6.6),
    point(23.4, TOP),
    point(50, TOP),
    point(53, 11.3),
    point(53, 12.4),
    point(50, BOTTOM),
    ...(cuts.length > 0 ? [point(LAST, BOTTOM), ...edge(cuts), point(FIRST, BOTTOM)] : []),
    point(23.4, BOTTOM),
    point(23.4, 17.4),
    point(21, 17.4),
    point(21, 14.8),
    point(17.6, 14.8),
  ];
  return `M${outline.join("L")}Z`;
}

/** A circle as a path. */
function ring(x: number, y: number, r: number): string {
  return `M${point(x - r, y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
}

/** The bow with its hole, to be filled even-odd. */
export const BOW = ring(10, 12, 9) + ring(6.9, 12, 2.7);

/** The groove along the blade, cut out of it. */
export const GROOVE = "M24.6 10.1H48.6V11H24.6Z";
