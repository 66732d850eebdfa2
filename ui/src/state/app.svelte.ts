import type { AppStatus, Call, Failure, Settings } from "../ipc";

/** What the window shows at its edges: counts, network, theme, lock. */
export class App {
  status: AppStatus | null = $state.raw(null);
  settings: Settings | null = $state.raw(null);
  failure: Failure | null = $state.raw(null);
  locking = $state(false);
  noticeSeen = $state(false);
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  get offline(): boolean {
    const network = this.status?.network;
    return network === "offline" || network === "work_offline";
  }

  async load() {
    const answer = await this.#call("status", null);
    if (answer.ok) this.status = answer.value;
    this.failure = answer.ok ? null : answer.failure;
  }

  async loadSettings() {
    const answer = await this.#call("settings", null);
    if (!answer.ok) return;
    this.settings = answer.value;
    paint(answer.value.theme);
  }

  async change(changes: Partial<Settings>): Promise<Failure | null> {
    if (!this.settings) return null;
    const answer = await this.#call("set_settings", { ...this.settings, ...changes });
    if (!answer.ok) return answer.failure;
    this.settings = answer.value;
    paint(answer.value.theme);
    await this.load();
    return null;
  }

  /** Locks the vault. The shell then destroys this window. */
  async lock(): Promise<Failure | null> {
    this.locking = true;
    const answer = await this.#call("lock", null);
    if (answer.ok) return null;
    this.locking = false;
    return answer.failure;
  }
}

function paint(theme: Settings["theme"]) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
