import type { Failure } from "./bindings";

/** What a command comes to: its answer, or words on why not. */
export type Result<T> = { ok: true; value: T } | { ok: false; failure: Failure };

export const done = <T>(value: T): Result<T> => ({ ok: true, value });
export const failed = <T>(failure: Failure): Result<T> => ({ ok: false, failure });
