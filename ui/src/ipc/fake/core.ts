import type { Commands, Progress } from "../bindings";
import { done, failed, type Result } from "../result";
import { handlers } from "./handlers";
import { options, FakeVault } from "./vault";

const vault = new FakeVault();
const hearers = new Set<(progress: Progress) => void>();
const tell = (progress: Progress) => hearers.forEach((hear) => hear(progress));
const table = handlers(vault, tell);
const LATENCY_MS = Number(options.get("latency") ?? 8);

/** Answers a command as the real core would. */
export async function fakeCall<C extends keyof Commands>(
  command: C,
  request: Commands[C][0],
): Promise<Result<Commands[C][1]>> {
  await new Promise((after) => setTimeout(after, LATENCY_MS));
  if (options.get("fail") === command)
    return failed({
      code: "disk",
      what: "The disk is full.",
      kept: "The vault is as it was.",
      advice: "Make room on the disk and try again.",
    });
  const answer = await table[command](request);
  return "failure" in answer ? failed(answer.failure) : done(structuredClone(answer.value));
}

export function fakeProgress(hear: (progress: Progress) => void): () => void {
  hearers.add(hear);
  return () => hearers.delete(hear);
}
