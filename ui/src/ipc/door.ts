import type { DoorCommands } from "./bindings";
import { invoke } from "./invoke";
import type { Result } from "./result";

/** Asks the core from the throw-away window. No other command is allowed there. */
export async function callDoor<C extends keyof DoorCommands>(
  command: C,
  request: DoorCommands[C][0],
): Promise<Result<DoorCommands[C][1]>> {
  if (__FAKE_CORE__) {
    const { fakeDoor } = await import("./fake/door");
    return fakeDoor(command, request);
  }
  return invoke(command, request);
}
