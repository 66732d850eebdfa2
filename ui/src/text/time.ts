/** Dates and lengths of time in words. The present is always an argument. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const shortDay = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const shortYear = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
});
const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "long" });
const full = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "short" });
const seconds = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}`;
}

/** Nearer than this a day is known without its year. */
const SAME_YEAR = 300 * DAY;

/** `28 Nov`, with the year when it is far away. */
export function day(at: string, now: number): string {
  const date = new Date(at);
  const near = Math.abs(date.getTime() - now) < SAME_YEAR;
  return (near ? shortDay : shortYear).format(date);
}

export const moment = (at: string): string => full.format(new Date(at));
/** `14:03:27`: for a record in which order matters. */
export const second = (at: string): string => seconds.format(new Date(at));
export const time = (at: string): string => clock.format(new Date(at));

/** Whole days from now until then, rounded up but for the seconds since it was reckoned; 0 when it has passed. */
export function daysUntil(at: string, now: number): number {
  const left = Date.parse(at) - now;
  return left <= 0 ? 0 : Math.max(1, Math.ceil((left - MINUTE) / DAY));
}

/** `Saturday` within the week ahead, else `28 Nov`. */
export function deadline(at: string, now: number): string {
  const left = Date.parse(at) - now;
  if (left <= 0) return day(at, now);
  if (sameDay(at, now)) return "tonight";
  if (sameDay(at, now + DAY)) return "tomorrow";
  return left < 6 * DAY ? weekday.format(new Date(at)) : day(at, now);
}

/** `2 hours ago`, `just now`. */
export function ago(at: string, now: number): string {
  const past = now - Date.parse(at);
  if (past < 45 * SECOND) return "just now";
  if (past < HOUR) return `${plural(Math.max(1, Math.round(past / MINUTE)), "minute")} ago`;
  if (past < DAY) return `${plural(Math.round(past / HOUR), "hour")} ago`;
  if (past < 45 * DAY) return `${plural(Math.round(past / DAY), "day")} ago`;
  return `on ${day(at, now)}`;
}

/** `12 s`, `4 min`, `2 h`: how long something has been going on. */
export function span(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.floor(ms / SECOND))} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} d`;
}

/** `41.2 s`: a measured length. */
export function measured(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < 100 * SECOND) return `${(ms / SECOND).toFixed(1)} s`;
  return span(ms);
}

/** The heading of a day in a log: `Today`, `Yesterday`, `Monday 16 Nov`. */
export function dayHeading(at: string, now: number): string {
  if (sameDay(at, now)) return "Today";
  if (sameDay(at, now - DAY)) return "Yesterday";
  return `${weekday.format(new Date(at))} ${day(at, now)}`;
}

export function sameDay(at: string, other: number): boolean {
  const [a, b] = [new Date(at), new Date(other)];
  return a.toDateString() === b.toDateString();
}
