import type { LeakedKey } from "../ipc/bindings";
import { plural } from "./time";

/** What becomes of a leaked key, for the choice between the two orders. */
export const LEAK_ORDERS = {
  replace: {
    label: "Replace it first",
    help: "The leaked key works on until every place has the new one, minutes as a rule. Nothing stops.",
  },
  end: {
    label: "End it first",
    help: "The leaked key ends now. What uses it stops until its place has the new one.",
    sentences: [
      "The leaked key is revoked at once, and tried until it is refused.",
      "A new key with the same rights is made and put into every place, all of them or none.",
    ],
  },
} as const;

/** Where a leaked key is known to stand. */
export const leakPlaces = ({ places }: LeakedKey): string =>
  places.length === 0 ? "No place of it is known." : `In ${plural(places.length, "place")}.`;

/** What the button says that does it. */
export function leakButton(key: LeakedKey, endFirst: boolean): string {
  return endFirst ? `End and replace ${key.title}` : `Replace ${key.title} now`;
}
