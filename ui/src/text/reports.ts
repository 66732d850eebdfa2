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
