import type { LeakedKey, Progress } from "../../bindings";
import { fail, ok, type Table } from "../answer";
import { wait } from "../prove";
import { iso, options, type FakeKey, type FakeVault } from "../vault";
import { plan, usual } from "./plan";
import type { FakeRuns } from "./runs";

type Mine = Pick<
  Table,
  | "plan_rotation"
  | "begin_rotation"
  | "carry_on_rotation"
  | "list_rotations"
  | "rotation_report"
  | "export_report"
  | "save_report"
  | "bring_new_key"
  | "look_up_leak"
  | "begin_replacing_leaked"
  | "run_queue"
  | "edit_draft"
>;
const missing = fail("not_found", "There is no such run.", "Nothing was changed.", "Choose one.");

/** Replacing keys over the made-up vault. */
export function rotation(
  vault: FakeVault,
  runs: FakeRuns,
  tell: (progress: Progress) => void,
): Mine {
  const changed = () => {
    vault.version += 1;
    tell({ kind: "changed" });
  };
  const leaked = (key: FakeKey): LeakedKey => ({
    key: key.row.id,
    title: key.row.title,
    bitting: key.row.bitting,
    connection_name: key.row.connection_name,
    platform_name: key.row.platform_name,
    status: key.row.status,
    places: ["Claude Code ~/.claude.json", "Codex ~/.codex/config.toml", "ERP importer build-2"],
    blocked: "",
    sentences: plan(vault, key, usual(key.row.id)).sentences,
    rotation: null,
  });

  return {
    plan_rotation: (request) => {
      const key = vault.find(request.key);
      return key ? ok(plan(vault, key, request)) : missing;
    },
    begin_rotation: async (request) => {
      await wait(300);
      const key = vault.find(request.key);
      if (!key) return missing;
      const run = runs.make(key, request);
      void runs.go(run);
      changed();
      return ok(run.row);
    },
    carry_on_rotation: async ({ rotation: id, action }) => {
      await wait(250);
      const run = runs.find(id);
      if (!run) return missing;
      if (options.get("act") === "refused")
        return fail(
          "refused",
          "The run is in the midst of a step.",
          "Nothing was changed.",
          "Wait a moment, and try again.",
        );
      runs.say(run, run.row.step, "decided", "Go on.");
      if (action.kind === "close" || action.kind === "take_back") {
        run.row.actions = [];
        const why = "reason" in action ? action.reason : "";
        run.row.words =
          action.kind === "close"
            ? `Finished by hand: ${why}. Both keys work.`
            : "The old key stays in all its places; the new one is at its end.";
        runs.move(run, action.kind === "close" ? { kind: "closed", why } : { kind: "taken_back" });
        changed();
        return ok(run.row);
      }
      for (const stop of run.stops) {
        const mine = "stop" in action && action.stop === stop.n;
        if (mine && action.kind === "confirm")
          stop.state = { kind: "confirmed", at: iso(Date.now()) };
        if (
          (mine && action.kind === "leave_out") ||
          (action.kind === "override" && stop.state.kind === "open")
        )
          stop.state = { kind: "left_out", why: action.reason };
      }
      if (action.kind === "override")
        run.overrides.push({
          at: iso(Date.now()),
          what: run.unverified.join("; "),
          reason: action.reason,
        });
      void runs.go(run);
      return ok(run.row);
    },
    list_rotations: ({ ended, key, bulk }) =>
      ok(
        runs.list
          .map(({ row }) => row)
          .filter(
            (row) =>
              (ended || !["done", "taken_back", "closed"].includes(row.state.kind)) &&
              (key === null || row.old === key || row.new === key) &&
              (bulk === null || row.bulk === bulk),
          ),
      ),
    rotation_report: (id) => {
      const run = runs.find(id);
      return run ? ok(run) : missing;
    },
    export_report: () => ok({ name: "rotation.md", text: "" }),
    save_report: async () => {
      await wait(300);
      return ok("/home/maya/rotation-claude-code-2026-11-28.md");
    },
    bring_new_key: async ({ rotation: id }) => {
      await wait(800);
      const run = runs.find(id);
      if (!run) return missing;
      if (options.get("bring") === "odd")
        return fail(
          "invalid",
          "Keys of ServoAgent begin with sk_live_ or sk_test_.",
          "Nothing was changed.",
          "Correct it.",
        );
      runs.say(run, run.row.step, "decided", "Its secret was brought.");
      void runs.go(run);
      return ok({ key: run.row.old, warning: "", verdict: { kind: "alive" } });
    },
    look_up_leak: async () => {
      await wait(500);
      const how = options.get("leak") ?? "";
      if (how === "unknown")
        return ok({
          keys: [],
          looks_like: ["agent.ceo"],
          advice:
            "No key of this vault is in this text. It looks like a key of agent.ceo: revoke it in that dashboard now.",
        });
      if (how === "empty")
        return fail(
          "invalid",
          "There is no text on the clipboard.",
          "Nothing was changed.",
          "Copy the leaked text, then try again.",
        );
      const keys = vault.keys.slice(1, how === "two" ? 3 : 2).map(leaked);
      return ok({ keys, looks_like: [], advice: "" });
    },
    begin_replacing_leaked: async ({ key: id, revoke_first, reason }) => {
      await wait(300);
      const key = vault.find(id);
      if (!key) return missing;
      const run = runs.make(key, { ...usual(id), revoke_first, reason: `it leaked: ${reason}` });
      void runs.go(run);
      changed();
      return ok(run.row);
    },
    run_queue: async () => {
      await wait(900);
      const drafts = vault.operations.filter(({ state }) => state.kind === "draft");
      if (vault.settings.work_offline) return ok({ sent: 0, stopped: 0, left: drafts.length });
      vault.operations = vault.operations.filter(({ state }) => state.kind !== "draft");
      changed();
      return ok({ sent: drafts.length, stopped: 0, left: 0 });
    },
    edit_draft: async ({ operation, name, reason }) => {
      await wait(200);
      const line = vault.operations.find(({ id }) => id === operation);
      if (!line) return missing;
      if (name !== null && line.request.kind === "create") line.request.name = name;
      if (name !== null && line.request.kind === "relabel") line.request.to = name;
      if (reason !== null && line.request.kind === "revoke") line.request.reason = reason;
      line.state = { kind: "draft" };
      changed();
      return ok(line);
    },
  };
}
