/** The present, for words about time. Moves once a second while somebody counts seconds. */
export class Clock {
  now = $state(Date.now());
  #watchers = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    setInterval(() => (this.now = Date.now()), 30_000);
  }

  /** Takes the present now: something fresh is about to be shown. */
  tick() {
    this.now = Date.now();
  }

  /** Counts seconds until the answer is called. */
  seconds(): () => void {
    this.#watchers += 1;
    this.#timer ??= setInterval(() => (this.now = Date.now()), 1000);
    return () => {
      this.#watchers -= 1;
      if (this.#watchers === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
    };
  }
}
