/** The life of something between two instants, as fractions of a bar. */
export interface Life {
  /** How much has passed, 0–1. */
  passed: number;
  /** Where the tick stands; none when it lies outside. */
  tick: number | null;
  /** Whether the bar has no end. */
  open: boolean;
}

export interface Span {
  from: string | null;
  to: string | null;
  tick: string | null;
}

/** Without an end the bar reaches a little behind the tick, or behind now. */
const BEYOND = 1.3;

export function life({ from, to, tick }: Span, now: number): Life {
  const start = from === null ? Number.NaN : Date.parse(from);
  if (Number.isNaN(start)) return { passed: 0, tick: null, open: true };
  const due = tick === null ? Number.NaN : Date.parse(tick);
  const end = to === null ? openEnd(start, due, now) : Date.parse(to);
  const length = Math.max(1, end - start);
  const at = (due - start) / length;
  return {
    passed: clamp((now - start) / length),
    tick: at >= 0 && at <= 1 ? at : null,
    open: to === null,
  };
}

function openEnd(start: number, due: number, now: number): number {
  const reach = Math.max(now - start, Number.isNaN(due) ? 0 : due - start, 1);
  return start + reach * BEYOND;
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value));
