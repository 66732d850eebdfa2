import type { Failure } from "../ipc";
import { FAILURES } from "../text";
import type { Toast } from "../kit/overlay/toast";

const STAYS_MS = 5_000;
const FAILURE_STAYS_MS = 12_000;

/** Short words at the window's edge. */
export class Toasts {
  list: Toast[] = $state.raw([]);
  #next = 1;

  say(text: string, more?: string, tone: Toast["tone"] = "fine", action?: Toast["action"]) {
    this.#add({ id: this.#next++, tone, text, more, action }, STAYS_MS);
  }

  fail(failure: Failure) {
    const more = [failure.kept, failure.advice].filter((part) => part !== "").join(" ");
    const tone = FAILURES[failure.code].tone === "critical" ? "critical" : "calm";
    this.#add({ id: this.#next++, tone, text: failure.what, more }, FAILURE_STAYS_MS);
  }

  /** Takes away what only told that something went well: it would lie over what opens now. */
  settle() {
    this.list = this.list.filter(({ tone, action }) => tone !== "fine" || action !== undefined);
  }

  close(id: number) {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  #add(toast: Toast, stays: number) {
    this.list = [...this.list.slice(-2), toast];
    setTimeout(() => this.close(toast.id), stays);
  }
}
