import type { KeyId, RevokeProgress } from "../ipc";

/** The last word on each revocation that moved while this window is open. */
export class Revocations {
  #last: Record<KeyId, RevokeProgress> = $state.raw({});

  of(key: KeyId): RevokeProgress | null {
    return this.#last[key] ?? null;
  }

  hear(progress: RevokeProgress) {
    this.#last = { ...this.#last, [progress.key]: progress };
  }
}
