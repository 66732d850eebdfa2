import { listen } from "@tauri-apps/api/event";
import type { Progress } from "./bindings";

/** Hears what the core tells while it works. Answers with the way to stop. */
export async function onProgress(hear: (progress: Progress) => void): Promise<() => void> {
  if (__FAKE_CORE__) {
    const { fakeProgress } = await import("./fake/core");
    return fakeProgress(hear);
  }
  return listen<Progress>("progress", ({ payload }) => hear(payload));
}
