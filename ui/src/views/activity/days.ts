import type { EventLine } from "../../ipc";
import { dayHeading } from "../../text";

export interface LogDay {
  heading: string;
  lines: EventLine[];
}

/** The log by days, in the log's own order. */
export function byDay(lines: EventLine[], now: number): LogDay[] {
  const days = new Map<string, EventLine[]>();
  for (const line of lines) {
    const heading = dayHeading(line.at, now);
    days.set(heading, [...(days.get(heading) ?? []), line]);
  }
  return [...days].map(([heading, list]) => ({ heading, lines: list }));
}
