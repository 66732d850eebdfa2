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

  /** Tells whether the run stands otherwise than before, so that what shows it is read again. */
  hear(moved: RotationMoved): boolean {
    const before = this.#runs[moved.row.id]?.row;
    this.#runs = { ...this.#runs, [moved.row.id]: moved };
    return before?.state.kind !== moved.row.state.kind || before.step !== moved.row.step;
  }

  hearBulk(progress: BulkProgress) {
    this.#bulks = { ...this.#bulks, [progress.bulk]: progress };
  }
}
