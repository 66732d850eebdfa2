import type { BulkId, BulkProgress, RotationId, RotationRow } from "../../ipc";

/** The last word on each run and each change of many that moved while this window is open. */
export class Rotations {
  #runs: Record<RotationId, RotationRow> = $state.raw({});
  #bulks: Record<BulkId, BulkProgress> = $state.raw({});

  of(id: RotationId): RotationRow | null {
    return this.#runs[id] ?? null;
  }

  bulk(id: BulkId): BulkProgress | null {
    return this.#bulks[id] ?? null;
  }

  /** Tells whether the run stands otherwise than before, so that what shows it is read again. */
  hear(row: RotationRow): boolean {
    const before = this.#runs[row.id];
    this.#runs = { ...this.#runs, [row.id]: row };
    return before?.state.kind !== row.state.kind || before.step !== row.step;
  }

  hearBulk(progress: BulkProgress) {
    this.#bulks = { ...this.#bulks, [progress.bulk]: progress };
  }
}
