import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Toasts } from "../toasts.svelte";
import { failure } from "./core";

describe("words at the window’s edge", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("leave what opens uncovered, but for what can be done or went wrong", () => {
    const toasts = new Toasts();
    toasts.say("Copied");
    toasts.say("Moved to the bin", "", "calm", { label: "Undo", run: () => undefined });
    toasts.fail(failure("offline", "Not reached"));
    toasts.settle();
    expect(toasts.list.map(({ text }) => text)).toEqual(["Moved to the bin", "Not reached"]);
  });
});
