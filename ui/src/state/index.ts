import { call, onProgress, type Progress } from "../ipc";
import { Activity } from "./activity.svelte";
import { Clients } from "./clients/clients.svelte";
import { KeyPlaces } from "./clients/keyplaces.svelte";
import { Scanning } from "./clients/scanning.svelte";
import { Writings } from "./clients/writings.svelte";
import { App } from "./app.svelte";
import { Clock } from "./clock.svelte";
import { Connections } from "./connections.svelte";
import { Detail } from "./detail.svelte";
import { KeyList } from "./keylist.svelte";
import { OverviewFacts } from "./overview.svelte";
import { Place } from "./place.svelte";
import { Revocations } from "./revocations.svelte";
import { Marks } from "./rotation/marks.svelte";
import { Queue } from "./rotation/queue.svelte";
import { Rotations } from "./rotation/rotations.svelte";
import { SavedCounts } from "./saved.svelte";
import { Toasts } from "./toasts.svelte";

/** The window's state, one of each. */
export const clock = new Clock();
export const place = new Place();
export const toasts = new Toasts();
export const app = new App(call);
export const keys = new KeyList(call);
export const detail = new Detail(call);
export const overview = new OverviewFacts(call);
export const connections = new Connections(call);
export const activity = new Activity(call);
export const saved = new SavedCounts(call);
export const revocations = new Revocations();
export const clients = new Clients(call);
export const keyPlaces = new KeyPlaces(call);
export const scanning = new Scanning(call);
export const writings = new Writings(call);
export const rotations = new Rotations();
export const queue = new Queue(call);
export const marks = new Marks();

const GATHER_MS = 60;
let gathering: ReturnType<typeof setTimeout> | undefined;

/** Reads what the window shows, and keeps it up to date from then on. */
export async function start(): Promise<void> {
  await onProgress(hear);
  await Promise.all([app.load(), app.loadSettings(), overview.load(), connections.load()]);
  await Promise.all([keys.reload(), connections.loadPlatforms(), saved.load()]);
  await clients.load();
}

function hear(progress: Progress) {
  switch (progress.kind) {
    case "changed":
      soon();
      break;
    case "revoke":
      revocations.hear(progress);
      break;
    case "rotation":
      if (rotations.hear(progress)) soon();
      break;
    case "bulk":
      rotations.hearBulk(progress);
      break;
    case "locked":
      app.locking = true;
      break;
    case "refresh":
    case "paused":
      connections.hear(progress);
      break;
    case "scan":
      scanning.hear(progress);
      break;
  }
}

/** Several changes in a row are read once. */
function soon() {
  clearTimeout(gathering);
  gathering = setTimeout(() => void readAgain(), GATHER_MS);
}

export async function readAgain(): Promise<void> {
  clock.tick();
  const log = place.view === "activity" ? activity.open(place.logOf?.key ?? null) : undefined;
  await Promise.all([
    app.load(),
    overview.load(),
    connections.load(),
    keys.reload(),
    detail.load(),
    keyPlaces.load(),
    log,
  ]);
  // The clients' files and processes are looked at only where they are shown.
  if (place.view === "clients") await clients.load();
  if (writings.list !== null && place.view === "activity") await writings.load();
  if (place.view === "queue") await queue.load();
  await saved.load();
}

export { call };
