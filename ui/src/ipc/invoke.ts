import { invoke as tauri } from "@tauri-apps/api/core";
import type { Failure } from "./bindings";
import { done, failed, type Result } from "./result";

/** One round trip to the shell. */
export async function invoke<T>(command: string, request: unknown): Promise<Result<T>> {
  try {
    return done(await tauri<T>(command, { request }));
  } catch (error) {
    return failed(isFailure(error) ? error : unreachable());
  }
}

function isFailure(error: unknown): error is Failure {
  return typeof error === "object" && error !== null && "code" in error && "what" in error;
}

// The shell answers with a Failure always; anything else means that it refused the call itself.
function unreachable(): Failure {
  return {
    code: "failed",
    what: "Keywright’s core did not take the request.",
    kept: "Nothing was changed.",
    advice: "Restart Keywright. If it stays, report it with the steps that led here.",
  };
}
