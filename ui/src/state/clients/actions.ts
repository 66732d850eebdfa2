import { call, type ClientId, type FormChoice, type KeyId, type PlacementRow } from "../../ipc";
import { clients, connections, detail, keyPlaces, place, scanning, toasts } from "..";
import type { Action } from "../actions";
import { openKey } from "../actions";
import { placeNext, takenWords, UNDONE } from "../../text";

/** How many clients are asked about by name in the palette. */
const ASKED = 12;

/** What can be done about clients and places from anywhere. */
export function clientActions(): Action[] {
  const value = place.view === "keys" ? detail.value : null;
  const asked = (clients.list ?? []).filter(
    ({ id, installed }) => installed || clients.placesOf(id).length > 0,
  );
  return [
    {
      id: "place",
      label: value?.has_secret ? `Place ${value.row.title} into clients…` : "Place a key…",
      icon: "arrow",
      keys: value ? "P" : undefined,
      words: "place this key configure put into config file",
      run: () => placeKey(value?.has_secret ? value.row.id : null),
    },
    {
      id: "scan",
      label: "Scan this machine…",
      icon: "search",
      words: "what keys are on this machine find files",
      run: () => place.go("scan"),
    },
    ...asked.slice(0, ASKED).map(({ id, name }): Action => ({
      id: `which-${id}`,
      label: `Which key does ${name} use?`,
      icon: "pulse",
      words: "effective shadowed precedence",
      run: () => askWhich(id),
    })),
  ];
}

export function placeKey(
  key: KeyId | null,
  client: ClientId | null = null,
  form: FormChoice | null = null,
  again: PlacementRow | null = null,
) {
  place.show({ kind: "place", key, client, form, again });
}

export function openClient(client: ClientId) {
  clients.chosen = client;
  clients.by = "client";
  place.go("clients");
}

/** Opens the question which key a client uses. */
export function askWhich(client: ClientId) {
  openClient(client);
  clients.asking = true;
}

/** Shows a key, and its places first. */
export function openPlaces(key: KeyId) {
  keyPlaces.wanted = true;
  openKey(key);
}

/** Does the one next thing about a place. */
export function doNext(row: PlacementRow) {
  const next = placeNext(row, clients.refers(row.client));
  if (next.kind === "again") placeKey(row.key, row.client, null, row);
  else if (next.kind === "reference") placeKey(row.key, row.client, "variable", row);
  else openPlaces(row.key);
}

export async function undoPlacing({ id }: PlacementRow) {
  const answer = await call("undo_placing", id);
  if (!answer.ok) toasts.fail(answer.failure);
  else toasts.say(...UNDONE);
}

/** Takes finds of the scan in, after asking where those belong of which nothing tells it. */
export async function takeIn(ids: number[]) {
  const homeless = scanning.homeless(ids, connections.list ?? []);
  if (homeless.length > 0) {
    place.show({ kind: "take", finds: ids, homeless: homeless.map(({ id }) => id) });
    return;
  }
  const answer = await scanning.take(ids);
  if (!answer.ok) toasts.fail(answer.failure);
  else toasts.say(...takenWords(answer.value.keys.length, answer.value.placements));
}
