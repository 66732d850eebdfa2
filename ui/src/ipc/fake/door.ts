import type { DoorCommands } from "../bindings";
import { done, failed, type Result } from "../result";

const options = new URLSearchParams(location.search);
const wait = (ms: number) => new Promise((after) => setTimeout(after, ms));
const GROUPS = ["K7QX", "2MRA", "9TDB", "VW4H", "0E8N", "J3CS", "6PFY"];

/** The throw-away window over nothing: any passphrase but `wrong` opens. */
export async function fakeDoor<C extends keyof DoorCommands>(
  command: C,
  request: DoorCommands[C][0],
): Promise<Result<DoorCommands[C][1]>> {
  return (await answer(command, request)) as Result<DoorCommands[C][1]>;
}

async function answer(command: keyof DoorCommands, request: unknown): Promise<Result<unknown>> {
  switch (command) {
    case "door_state":
      return done({ mode: options.get("mode") ?? "unlock", notice: options.get("notice") });
    case "strength": {
      const { passphrase } = request as DoorCommands["strength"][0];
      const score = Math.min(4, Math.floor(passphrase.length / 6));
      const words = ["under a second", "minutes", "days", "40 years", "centuries"][score];
      return done({
        score,
        acceptable: score >= 3,
        advice: score >= 3 ? null : "Add a few more words.",
        crack_words: words,
      });
    }
    case "make_vault":
      await wait(1100);
      return done({ groups: GROUPS, ask: [2, 5] });
    case "confirm_recovery": {
      const { groups } = request as DoorCommands["confirm_recovery"][0];
      const right = groups[0].toUpperCase() === GROUPS[2] && groups[1].toUpperCase() === GROUPS[5];
      if (right) location.href = "index.html";
      return done(right);
    }
    case "unlock":
    case "unlock_with_recovery": {
      await wait(1000);
      if ((request as DoorCommands["unlock"][0]).passphrase === "wrong")
        return failed({
          code: "wrong_passphrase",
          what: "The passphrase does not open the vault.",
          kept: "The vault is as it was.",
          advice: "Try again, or open it with the recovery code.",
        });
      location.href = "index.html";
      return done(null);
    }
  }
}
