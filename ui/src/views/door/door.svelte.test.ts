import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { done, failed } from "../../ipc/result";
import Door from "./Door.svelte";

const { callDoor } = vi.hoisted(() => ({ callDoor: vi.fn() }));
vi.mock("../../ipc/door", () => ({ callDoor }));

const answers: Record<string, unknown> = {};
beforeEach(() => {
  callDoor.mockReset();
  callDoor.mockImplementation((command: string) => Promise.resolve(answers[command]));
});
const by = (id: string) => screen.findByTestId(id);
const asked = (command: string) =>
  callDoor.mock.calls.filter(([name]) => name === command).map(([, request]) => request as unknown);

describe("the door", () => {
  it("makes a vault only with a strong passphrase, typed twice, and asks two groups back", async () => {
    answers.door_state = done({ mode: "create", notice: null });
    answers.strength = done({ score: 4, acceptable: true, advice: null, crack_words: "centuries" });
    answers.make_vault = done({ groups: ["AAAA", "BBBB", "CCCC"], ask: [0, 2] });
    answers.confirm_recovery = done(false);
    render(Door);
    const make = await by("door-create");
    await fireEvent.input(await by("door-passphrase"), { target: { value: "six words and more" } });
    await waitFor(() => expect(asked("strength")).toHaveLength(1));
    expect(make).toHaveProperty("disabled", true);
    await fireEvent.input(await by("door-repeat"), { target: { value: "six words and more" } });
    await waitFor(() => expect(make).toHaveProperty("disabled", false));
    await fireEvent.click(make);
    expect((await by("recovery-group-1")).textContent).toBe("BBBB");
    await fireEvent.click(await by("recovery-next"));
    expect(screen.queryByTestId("recovery-code")).toBeNull();
    expect(document.querySelector("label[for='answer-1']")?.textContent).toBe("Group 3");
    await fireEvent.input(await by("recovery-answer-0"), { target: { value: " aaaa " } });
    await fireEvent.input(await by("recovery-answer-1"), { target: { value: "x" } });
    await fireEvent.click(await by("door-confirm"));
    expect((await by("door-error")).textContent).toContain("not what was shown");
    expect(asked("confirm_recovery")).toEqual([{ groups: ["aaaa", "x"] }]);
  });

  it("refuses a weak passphrase", async () => {
    answers.door_state = done({ mode: "create", notice: null });
    answers.strength = done({
      score: 1,
      acceptable: false,
      advice: "Add words.",
      crack_words: "minutes",
    });
    render(Door);
    for (const field of ["door-passphrase", "door-repeat"])
      await fireEvent.input(await by(field), { target: { value: "abc" } });
    await waitFor(async () =>
      expect((await by("door-strength")).textContent).toContain("Add words."),
    );
    expect(await by("door-create")).toHaveProperty("disabled", true);
  });

  it("clears a wrong passphrase and says what to do", async () => {
    answers.door_state = done({ mode: "unlock", notice: "Another Keywright has it open." });
    answers.unlock = failed({
      code: "wrong_passphrase",
      what: "It does not open.",
      kept: "",
      advice: "Try again.",
    });
    render(Door);
    expect((await by("door-notice")).textContent).toContain("Another Keywright");
    const field = (await by("door-passphrase")) as HTMLInputElement;
    await fireEvent.input(field, { target: { value: "nope" } });
    await fireEvent.click(await by("door-unlock"));
    expect((await by("door-error")).textContent).toContain("It does not open. Try again.");
    expect(((await by("door-passphrase")) as HTMLInputElement).value).toBe("");
  });

  it("takes the recovery code instead", async () => {
    answers.door_state = done({ mode: "unlock", notice: null });
    answers.unlock_with_recovery = done(null);
    render(Door);
    await fireEvent.click(await by("door-use-recovery"));
    await fireEvent.input(await by("door-recovery"), { target: { value: "AAAA-BBBB" } });
    await fireEvent.click(await by("door-unlock"));
    expect(asked("unlock_with_recovery")).toEqual([{ code: "AAAA-BBBB" }]);
    expect(asked("unlock")).toEqual([]);
  });
});
