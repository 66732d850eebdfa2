import type { BulkId, BulkProgress, RotationId, RotationMoved } from "../../ipc";

/** The last word on each run and each change of many that moved while this window is open. */
export class Rotations {
  #runs: Record<RotationId, RotationMoved> = $state.raw({});
  #bulks: Record<BulkId, BulkProgress> = $state.raw({});

  of(id: RotationId): RotationMoved | null {
    return this.#runs[id] ?? null;
  }

  bulk(id: BulkId): BulkProgress | null {
    return this.#bulks[id] ?? null;
  }

  hear(moved: RotationMoved) {
    this.#runs = { ...this.#runs, [moved.row.id]: moved };
  }

  hearBulk(progress: BulkProgress) {
    this.#bulks = { ...this.#bulks, [progress.bulk]: progress };
  }
}
