import type { IconName } from "../kit/icons";
import { call, type KeyDetail, type RemoteChange } from "../ipc";
import { app, connections, detail, keys, overview, place, toasts } from ".";
import { clientActions } from "./clients/actions";
import { rotationActions } from "./rotation/actions";
import { DRAFTED, plural, SAVED, WITHDRAWN } from "../text";

/** Something a person can do from anywhere. */
export interface Action {
  id: string;
  label: string;
  icon: IconName;
  /** The keys that do it too. */
  keys?: string;
  /** Other words people look for. */
  words?: string;
  run: () => void;
}

/** Every action that makes sense now. */
export function actions(): Action[] {
  return [...making(), ...ofKey(), ...rotationActions(), ...clientActions(), ...going(), ...rest()];
}

function making(): Action[] {
  const list: Action[] = [];
  if (connections.creatable.length > 0)
    list.push({
      id: "new-key",
      label: "New key…",
      icon: "plus",
      keys: "N",
      words: "create make",
      run: () => newKey(),
    });
  list.push({
    id: "connect",
    label: "Connect a platform…",
    icon: "plug",
    words: "add connection",
    run: () => place.show({ kind: "connect", platform: null }),
  });
  if ((connections.list?.length ?? 0) > 0) {
    list.push(
      {
        id: "add",
        label: "Add a key made elsewhere…",
        icon: "clipboard",
        words: "import paste",
        run: () => place.show({ kind: "add", connection: null }),
      },
      {
        id: "refresh",
        label: "Refresh all connections",
        icon: "refresh",
        words: "sync update",
        run: () => void refreshAll(),
      },
    );
  }
  return list;
}

function ofKey(): Action[] {
  const value = detail.value;
  if (!value || place.view !== "keys") return [];
  const { id, title } = value.row;
  const list: Action[] = [];
  if (value.can.copy)
    list.push(
      {
        id: "copy",
        label: `Copy the secret of ${title}`,
        icon: "copy",
        run: () => void copySecret(),
      },
      {
        id: "reveal",
        label: `Reveal the secret of ${title}`,
        icon: "eye",
        run: () => void reveal(),
      },
    );
  if (value.can.probe)
    list.push({
      id: "probe",
      label: `Check whether ${title} works`,
      icon: "pulse",
      words: "probe",
      run: () => void probe(),
    });
  list.push({
    id: "edit",
    label: `Edit ${title}…`,
    icon: "edit",
    keys: "E",
    run: () => place.show({ kind: "edit", key: id }),
  });
  if (value.can.disable)
    list.push({
      id: "disable",
      label: `Disable ${title} on the platform…`,
      icon: "lock",
      words: "pause hold back",
      run: () => place.show({ kind: "disable", key: id, title }),
    });
  if (value.can.revoke || value.can.revoke_in_dashboard)
    list.push({
      id: "revoke",
      label: `Revoke ${title}…`,
      icon: "cross",
      run: () => place.show({ kind: "revoke", key: id }),
    });
  return list;
}

function going(): Action[] {
  const views = [
    ["overview", "Overview"],
    ["keys", "Keys"],
    ["clients", "Clients"],
    ["activity", "Activity"],
    ["connections", "Connections"],
  ] as const;
  return [
    ...views.map(([view, name], index): Action => ({
      id: `go-${view}`,
      label: `Go to ${name}`,
      icon: "arrow",
      keys: `Alt ${index + 1}`,
      run: () => place.go(view),
    })),
    ...SAVED.map(({ id, label, query }): Action => ({
      id: `saved-${id}`,
      label: `Show keys: ${label}`,
      icon: "filter",
      run: () => showKeys(query),
    })),
  ];
}

function rest(): Action[] {
  const offline = app.settings?.work_offline ?? false;
  return [
    {
      id: "offline",
      label: offline ? "Work online again" : "Work offline",
      icon: "plug",
      words: "network",
      run: () => void toggleOffline(),
    },
    {
      id: "settings",
      label: "Settings…",
      icon: "settings",
      keys: "Ctrl ,",
      words: "theme dark light preferences",
      run: () => place.show({ kind: "settings" }),
    },
    { id: "lock", label: "Lock", icon: "lock", keys: "Ctrl L", run: () => void lock() },
  ];
}

export function newKey() {
  if (connections.creatable.length > 0)
    place.show({ kind: "create", connection: null, successorOf: null });
  else place.show({ kind: "connect", platform: null });
}

/** Shows one key in its list. */
export function openKey(key: string) {
  void keys.widen();
  place.openKey(key);
}

export function showKeys(query: string) {
  place.go("keys");
  void keys.ask(query);
}

export async function refreshAll() {
  if (connections.round) return;
  const { answer, stopped } = await connections.refreshAll();
  if (stopped) {
    const read = answer.ok ? answer.value.length : 0;
    toasts.say("Stopped", `${plural(read, "list was", "lists were")} read and kept.`, "calm");
  } else if (!answer.ok) toasts.fail(answer.failure);
  else
    toasts.say(
      "Refreshed",
      `${answer.value.reduce((sum, report) => sum + report.listed, 0)} keys listed`,
    );
}

export async function toggleOffline() {
  const failure = await app.change({ work_offline: !app.settings?.work_offline });
  if (failure) toasts.fail(failure);
}

export async function lock() {
  const failure = await app.lock();
  if (failure) toasts.fail(failure);
}

export async function probe() {
  const failure = await detail.probe();
  if (failure) toasts.fail(failure);
}

export async function copySecret(form: "value" | "assignment" = "value", key = detail.key) {
  if (key === null) return;
  const answer = await call("copy_secret", { key, form });
  if (!answer.ok) toasts.fail(answer.failure);
  else
    toasts.say(
      "Copied",
      [`The clipboard is cleared in ${answer.value.clears_in_s} s.`, answer.value.advice ?? ""]
        .join(" ")
        .trim(),
    );
}

export async function reveal(key = detail.key) {
  if (key === null) return;
  const answer = await call("reveal_secret", key);
  if (!answer.ok) toasts.fail(answer.failure);
}

export async function settleQuietly(connection: string | null) {
  const answer = await connections.refresh(connection);
  if (!answer.ok) toasts.fail(answer.failure);
  await overview.load();
}

export async function restore({ row }: KeyDetail) {
  const answer = await call("restore_key", row.id);
  if (!answer.ok) toasts.fail(answer.failure);
  else toasts.say("Restored", `${row.title} is back in the list.`);
}

/** Has the platform let a key work again. */
export async function enable({ row }: KeyDetail) {
  const answer = await call("enable_key", row.id);
  if (!answer.ok) toasts.fail(answer.failure);
  else sayChanged(answer.value, "Enabled again", `${row.title} works on the platform.`);
}

/** Tells whether a change was made on the platform, or waits as a draft. */
export function sayChanged({ done }: RemoteChange, text: string, more: string) {
  if (done) toasts.say(text, more);
  else toasts.say(...DRAFTED, "calm");
}

/** Takes back that a key was revoked in its platform's dashboard. */
export async function withdraw({ row }: KeyDetail) {
  const answer = await call("withdraw_revocation", row.id);
  if (!answer.ok) toasts.fail(answer.failure);
  else toasts.say(...WITHDRAWN);
}
