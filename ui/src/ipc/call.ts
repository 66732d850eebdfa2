import type { Commands } from "./bindings";
import { invoke } from "./invoke";
import type { Result } from "./result";

export type Command = keyof Commands;
export type Call = <C extends Command>(
  command: C,
  request: Commands[C][0],
) => Promise<Result<Commands[C][1]>>;

/** Asks the core. The command's name fixes both its request and its answer. */
export const call: Call = async (command, request) => {
  if (__FAKE_CORE__) {
    const { fakeCall } = await import("./fake/core");
    return fakeCall(command, request);
  }
  return invoke(command, request);
};
