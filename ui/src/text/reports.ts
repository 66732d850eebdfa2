import type { RefreshReport } from "../ipc/bindings";
import { plural } from "./time";

/** What a refresh found, in a sentence. */
export function reportWords(report: RefreshReport): string {
  const parts = [
    report.new > 0 && `${report.new} new`,
    report.changed > 0 && `${report.changed} changed`,
    report.gone > 0 && `${report.gone} gone`,
    report.settled > 0 && `${plural(report.settled, "open operation")} settled`,
    report.orphans > 0 && `${plural(report.orphans, "orphan")} found`,
  ].filter((part) => part !== false);
  const listed = `${plural(report.listed, "key")} listed`;
  return parts.length === 0 ? `${listed}, nothing new.` : `${listed}: ${parts.join(", ")}.`;
}

/** How far a refresh of several connections is, and who asks for a pause. */
export function roundWords(round: {
  done: number;
  total: number;
  pause: { name: string; seconds: number } | null;
}): { far: string; pause: string } {
  const { done, total, pause } = round;
  return {
    far: `${done.toLocaleString("en-GB")} of ${total.toLocaleString("en-GB")} read`,
    pause: pause === null ? "" : `${pause.name} asks for a pause of ${pause.seconds} s.`,
  };
}
