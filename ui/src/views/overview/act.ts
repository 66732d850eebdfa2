import type { OverviewItem } from "../../ipc";
import { place } from "../../state";
import { openKey, settleQuietly } from "../../state/actions";
import { openPlaces } from "../../state/clients/actions";
import { openRun, rotate } from "../../state/rotation/actions";

/** Does an item's one next action. */
export async function act({ next, row, operation, rotation, connection }: OverviewItem) {
  switch (next) {
    case "replace":
      if (row) rotate(row.id);
      break;
    case "open_rotation":
      if (rotation) openRun(rotation.id);
      break;
    case "watch_revocation":
      if (row) place.show({ kind: "revoke", key: row.id });
      break;
    case "open":
      if (row) openKey(row.id);
      break;
    case "look_at_place":
      if (row) openPlaces(row.id);
      break;
    case "send_draft":
      if (operation?.state.kind === "held") place.go("queue");
      else if (operation) place.show({ kind: "settle", operation, action: "send" });
      break;
    case "revoke_orphan":
      if (operation) place.show({ kind: "settle", operation, action: "revoke_orphans" });
      break;
    case "replace_credential":
      if (connection) place.show({ kind: "credential", connection: connection.id });
      break;
    case "refresh":
      await settleQuietly(connection?.id ?? operation?.connection ?? null);
  }
}
