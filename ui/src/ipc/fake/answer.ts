import type { Commands, Failure } from "../bindings";

export type Answer<T> = { value: T } | { failure: Failure };
type Given<T> = Answer<T> | Promise<Answer<T>>;

/** A handler for every command. */
export type Table = { [C in keyof Commands]: (request: Commands[C][0]) => Given<Commands[C][1]> };

export const ok = <T>(value: T): Answer<T> => ({ value });
export const fail = (code: Failure["code"], what: string, kept: string, advice: string) => ({
  failure: { code, what, kept, advice },
});
