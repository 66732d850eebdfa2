import type { EventKind } from "../ipc/bindings";
import { verdict } from "./keys";
import { measured, plural, span } from "./time";

/** One line of the log: what happened, and what there is to add. */
export interface EventWords {
  text: string;
  more: string;
  mark: "dot" | "check" | "square" | "ring" | "triangle";
}

const FIELDS: Record<string, string> = { rotation_days: "interval", uses: "noted uses" };
const line = (text: string, more = "", mark: EventWords["mark"] = "dot"): EventWords => ({
  text,
  more,
  mark,
});

export function eventWords(event: EventKind): EventWords {
  switch (event.kind) {
    case "vault_created":
      return line("Vault made");
    case "unlocked":
      return line("Unlocked", `by ${event.by}`);
    case "locked":
      return line("Locked");
    case "connected":
      return line("Connected");
    case "disconnected":
      return line("Connection removed");
    case "credential_replaced":
      return line("Management credential replaced");
    case "platform_added":
      return line("Platform added", "by its profile");
    case "platform_removed":
      return line("Added platform removed");
    case "refreshed":
      return line("Refreshed", counts(event.new, event.changed, event.gone));
    case "key_created":
      return line("Created and sealed", "", "check");
    case "key_added":
      return line("Added and sealed", "", "check");
    case "key_edited":
      return line("Edited", event.fields.map((field) => FIELDS[field] ?? field).join(", "));
    case "secret_copied":
      return line("Secret copied");
    case "secret_revealed":
      return line("Secret revealed");
    case "probed":
      return line("Checked", verdict(event.verdict).text);
    case "revoke_requested":
      return line("Revocation asked for", event.reason, "ring");
    case "revoke_told":
      return line("Noted as revoked", "in the dashboard; nothing here can prove it");
    case "revoke_withdrawn":
      return line("Revocation taken back", "it was not revoked in the dashboard after all");
    case "relabelled":
      return line("Renamed on the platform", `from ${event.from} to ${event.to}`);
    case "disabled":
      return line("Disabled on the platform", "it can be enabled again");
    case "enabled":
      return line("Enabled again", "", "check");
    case "revoke_proved":
      return line(
        "Proved dead",
        `${measured(event.window_ms)} after the request, ${plural(event.probes, "probe")}`,
        "check",
      );
    case "revoke_overdue":
      return line(
        "Still works after the promise",
        `${span(event.after_s * 1000)} after the request`,
        "square",
      );
    case "refused":
      return line("Refused by the platform", event.why, "triangle");
    case "outcome_unknown":
      return line("Outcome unknown", event.why, "triangle");
    case "orphan_found":
      return line("Orphan found", "a key made by us whose secret was lost", "triangle");
    case "operation_closed":
      return line("Operation closed", event.why);
    case "key_deleted":
      return line("Moved to the bin");
    case "key_restored":
      return line("Restored from the bin");
    case "settings_changed":
      return line("Settings changed");
    case "key_placed":
      return line("Placed", into(event), "check");
    case "placing_undone":
      return line("Placing undone", into(event));
    case "placing_rolled_back":
      return line("Placing rolled back", `${plural(event.files, "file")} as before`, "triangle");
    case "place_noted":
      return line("Place noted", event.place);
    case "place_forgotten":
      return line("Place forgotten", event.place);
    case "key_taken_in":
      return line("Taken in and sealed", `found in ${event.file}`, "check");
    case "scanned":
      return line(
        "Machine scanned",
        `${plural(event.found, "key")} in ${plural(event.files, "file")}`,
      );
    case "rotation_started":
      return line("Replacement began", event.reason, "ring");
    case "rotation_overridden":
      return line(
        "Went on without a verification",
        [event.what, event.reason].filter((part) => part !== "").join(": "),
        "triangle",
      );
    case "rotation_done":
      return line("Replaced", "every place has the new key", "check");
    case "rotation_taken_back":
      return line("Replacement taken back", "the old key stays in all its places");
    case "rotation_closed":
      return line("Replacement finished by hand", event.why, "triangle");
    case "secret_replaced":
      return line("Secret replaced and sealed", "", "check");
    case "secret_given":
      return line("Secret given to a program", event.program);
  }
}

const into = ({ client, file }: { client: string; file: string }) => `${client}, ${file}`;

function counts(fresh: number, changed: number, gone: number): string {
  const parts = [
    fresh > 0 && `${fresh} new`,
    changed > 0 && `${changed} changed`,
    gone > 0 && `${gone} gone`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? "nothing new" : parts.join(", ");
}
