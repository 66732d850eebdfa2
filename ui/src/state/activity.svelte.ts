import type { Call, EventLine, Failure, KeyId } from "../ipc";

const PAGE = 100;

/** The log, newest first, read on as one scrolls. */
export class Activity {
  lines: EventLine[] = $state.raw([]);
  more = $state(false);
  intact: boolean | null = $state(null);
  settled = $state(false);
  failure: Failure | null = $state.raw(null);
  #key: KeyId | null = null;
  #round = 0;
  #reading = false;
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  async open(key: KeyId | null) {
    if (key !== this.#key) {
      this.lines = [];
      this.settled = false;
    }
    this.#key = key;
    await this.#read(null, Math.max(PAGE, Math.min(500, this.lines.length)));
  }

  async older() {
    const last = this.lines.at(-1);
    if (!this.more || !last || this.#reading) return;
    this.#reading = true;
    await this.#read(last.seq, PAGE);
    this.#reading = false;
  }

  async #read(before: number | null, limit: number) {
    const round = ++this.#round;
    const answer = await this.#call("list_events", { before, key: this.#key, limit });
    if (round !== this.#round) return;
    this.settled = true;
    this.failure = answer.ok ? null : answer.failure;
    if (!answer.ok) return;
    const { lines, more, intact } = answer.value;
    this.lines = before === null ? lines : [...this.lines, ...lines];
    this.more = more;
    this.intact = intact;
  }
}
