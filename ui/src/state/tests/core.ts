import { vi } from "vitest";
import type { Call, Failure } from "../../ipc";
import { done, failed } from "../../ipc/result";

/** A core that answers each command with one thing. */
export function core(answers: Record<string, unknown>): Call {
  return vi.fn((command: string) => {
    const answer = answers[command] as { fails?: Failure } | undefined;
    return Promise.resolve(answer?.fails ? failed(answer.fails) : done(answer));
  }) as unknown as Call;
}

export const failure = (code: Failure["code"], what = "w"): Failure => ({
  code,
  what,
  kept: "k",
  advice: "a",
});

/** What a command was asked with, each time. */
export const requests = (call: Call, command: string): unknown[] =>
  vi
    .mocked(call)
    .mock.calls.filter(([name]) => name === command)
    .map(([, request]) => request);
