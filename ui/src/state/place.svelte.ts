import type {
  BulkId,
  ClientId,
  ConnectionId,
  FormChoice,
  KeyId,
  OperationLine,
  PlacementRow,
  PlatformId,
  RotationId,
  Selection,
  SettleAction,
} from "../ipc";
import type { ActKind } from "../text";

export type View = "overview" | "keys" | "clients" | "scan" | "activity" | "connections" | "queue";

export type Dialog =
  | { kind: "create"; connection: ConnectionId | null; successorOf: KeyId | null }
  | { kind: "revoke"; key: KeyId }
  | { kind: "connect"; platform: PlatformId | null }
  | { kind: "add"; connection: ConnectionId | null }
  | { kind: "edit"; key: KeyId }
  | { kind: "bin"; key: KeyId; title: string }
  | { kind: "disable"; key: KeyId; title: string }
  | { kind: "credential"; connection: ConnectionId }
  | { kind: "platform" }
  | { kind: "unplatform"; platform: PlatformId; name: string }
  | { kind: "settle"; operation: OperationLine; action: SettleAction }
  | { kind: "disconnect"; connection: ConnectionId }
  | {
      kind: "place";
      key: KeyId | null;
      client: ClientId | null;
      form: FormChoice | null;
      /** The place that is written again. */
      again: PlacementRow | null;
    }
  | { kind: "store"; key: KeyId; client: ClientId }
  | { kind: "unstore"; row: PlacementRow }
  | { kind: "take"; finds: number[]; homeless: number[] }
  | { kind: "forget"; row: PlacementRow }
  | { kind: "rotate"; key: KeyId }
  | { kind: "rotation"; id: RotationId }
  | { kind: "leak" }
  | { kind: "draft"; operation: OperationLine }
  | { kind: "bulk"; selection: Selection; act: ActKind }
  | { kind: "bulk_run"; id: BulkId }
  | { kind: "settings" }
  | { kind: "palette" };

/** Where in the window a person is. */
export class Place {
  view: View = $state("overview");
  key: KeyId | null = $state(null);
  /** The activity of one key only. */
  logOf: { key: KeyId; title: string } | null = $state(null);
  dialog: Dialog | null = $state.raw(null);

  go(view: View) {
    this.view = view;
    if (view !== "activity") this.logOf = null;
  }

  openKey(key: KeyId) {
    this.key = key;
    this.view = "keys";
  }

  openLog(key: KeyId, title: string) {
    this.logOf = { key, title };
    this.view = "activity";
  }

  show(dialog: Dialog) {
    this.dialog = dialog;
  }

  close() {
    this.dialog = null;
  }
}
