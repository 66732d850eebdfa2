import type { AddPlatform, Call, Failure, PlatformPreview, PlatformRow } from "../ipc";

/** Platforms of one shelf. */
export interface Shelf {
  name: string;
  platforms: PlatformRow[];
}

/** The platforms that fit what was typed, shelf by shelf, in the order of the core. */
export function shelves(platforms: PlatformRow[], typed: string): Shelf[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found: Shelf[] = [];
  for (const platform of platforms) {
    const text = [platform.name, platform.id, platform.about, platform.shelf].join(" ");
    if (!words.every((word) => text.toLowerCase().includes(word))) continue;
    const shelf = found.find(({ name }) => name === platform.shelf);
    if (shelf) shelf.platforms.push(platform);
    else found.push({ name: platform.shelf, platforms: [platform] });
  }
  return found;
}

/** More than any profile: what is longer is no profile. */
const MOST = 256 * 1024;
const TYPING_MS = 250;

/** A platform of one's own, from its file to the trust in it. */
export class AddPlatformFlow {
  text = $state("");
  /** The file's name, for messages. */
  origin = $state("");
  preview: PlatformPreview | null = $state.raw(null);
  failure: Failure | null = $state.raw(null);
  reading = $state(false);
  busy = $state(false);
  #round = 0;
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  get request(): AddPlatform {
    return { origin: this.origin || "pasted.toml", text: this.text };
  }

  /** Whether it may be added: it was read, and takes no place of a built-in one. */
  get trustable(): boolean {
    return this.preview !== null && !this.preview.builtin && !this.reading;
  }

  async take(file: File) {
    this.origin = file.name;
    if (file.size > MOST) {
      this.#forget();
      this.failure = TOO_LONG;
      return;
    }
    this.text = await file.text();
    await this.look();
  }

  /** Takes what was pasted or typed; it is looked at when the typing pauses. */
  async type(text: string) {
    this.text = text;
    const round = ++this.#round;
    await new Promise((after) => setTimeout(after, TYPING_MS));
    if (round === this.#round) await this.look();
  }

  /** Has the profile read in Rust: what it would do, or what is wrong with it. */
  async look() {
    const round = ++this.#round;
    if (this.text.trim() === "") return this.#forget();
    this.reading = true;
    const answer = await this.#call("preview_platform", this.request);
    if (round !== this.#round) return;
    this.reading = false;
    this.preview = answer.ok ? answer.value : null;
    this.failure = answer.ok ? null : answer.failure;
  }

  async trust(): Promise<PlatformRow | null> {
    if (!this.trustable || this.busy) return null;
    this.busy = true;
    const answer = await this.#call("add_platform", this.request);
    this.busy = false;
    this.failure = answer.ok ? null : answer.failure;
    return answer.ok ? answer.value : null;
  }

  /** Back to the choice of a file. */
  again() {
    this.#round += 1;
    this.text = this.origin = "";
    this.#forget();
  }

  #forget() {
    this.preview = this.failure = null;
    this.reading = false;
  }
}

const TOO_LONG: Failure = {
  code: "invalid",
  what: "This file is longer than 256 KiB: it is no platform’s profile.",
  kept: "Nothing was changed.",
  advice: "Choose the .toml file.",
};
