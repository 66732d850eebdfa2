import type { BulkAsk, BulkLine, BulkPlan, LeakedKey, Progress, RotateKey } from "../../bindings";
import { fail, ok, type Table } from "../answer";
import { wait } from "../prove";
import { iso, options, type FakeKey, type FakeVault } from "../vault";
import { parse } from "../query";
import { plan } from "./plan";
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
  | "plan_bulk"
  | "begin_bulk"
  | "resume_bulk"
  | "cancel_bulk"
  | "run_queue"
  | "edit_draft"
>;
const missing = fail("not_found", "There is no such run.", "Nothing was changed.", "Choose one.");
const usual = (key: string): RotateKey => ({
  key,
  plan: null,
  name: "",
  scopes: null,
  lifetime: null,
  reason: "",
  grace_s: 0,
  hold_back: false,
  revoke_first: false,
  insist: true,
  typed: "",
});

function chosen(vault: FakeVault, { selection }: BulkAsk): FakeKey[] {
  const living = vault.keys.filter(({ row, deleted }) => row.status !== "revoked" && !deleted);
  if (selection.kind === "keys") return living.filter(({ row }) => selection.keys.includes(row.id));
  if (selection.kind === "owner")
    return living.filter(({ owner }) => owner.name === selection.name);
  if (selection.kind === "machine") return living.slice(1, 9);
  const test = parse(selection.query);
  return typeof test === "function" ? living.filter(test) : [];
}

function bulkPlan(vault: FakeVault, ask: BulkAsk): BulkPlan {
  const { act } = ask;
  const words = {
    rotate: "Replaced; the old one works until all places have the new",
    revoke: "Revoked; 2 places stop working",
    relabel: act.kind === "relabel" ? `Renamed to “${act.with}…”` : "",
    policy: act.kind === "policy" ? `Rotated every ${act.days} days` : "",
  }[act.kind];
  const lines = chosen(vault, ask).map((key): BulkLine => ({
    key: key.row.id,
    title: key.row.title,
    connection_name: key.row.connection_name,
    words,
    blocked:
      act.kind === "policy" || !key.row.manages_connection
        ? act.kind === "relabel" && !key.row.name.includes(act.find)
          ? "Its name does not have that."
          : ""
        : "It manages this connection. Bring another credential first.",
  }));
  const ready = lines.filter(({ blocked }) => blocked === "").length;
  const left = lines.length - ready;
  const ends = act.kind === "revoke" || (act.kind === "rotate" && act.revoke_first);
  return {
    lines,
    ready,
    left,
    at_once: 4,
    sentences: [
      act.kind === "rotate"
        ? `${ready} keys will be replaced, 4 at a time.`
        : act.kind === "revoke"
          ? `${ready} keys will be revoked, one after another on each platform.`
          : act.kind === "relabel"
            ? `${ready} keys will get another name on their platform.`
            : `${ready} keys will get another interval. Nothing is sent.`,
      ...(act.kind === "rotate"
        ? ["What fails for one key stops that key only. It can be stopped, and taken up later."]
        : []),
      ...(left > 0 ? [`${left} keys are left as they are; the list says why.`] : []),
    ],
    type_to_confirm: ends ? `end ${ready} keys` : null,
  };
}

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
  const count = (bulk: string) => {
    const own = runs.list.filter(({ row }) => row.bulk === bulk);
    const of = (kind: string) => own.filter(({ row }) => row.state.kind === kind).length;
    return {
      bulk,
      total: own.length,
      done: of("done"),
      waiting: of("waiting"),
      queued: of("queued"),
      ended: of("closed") + of("taken_back"),
    };
  };
  async function runBulk(bulk: string) {
    const next = () =>
      runs.list.find(({ row }) => row.bulk === bulk && row.state.kind === "queued");
    const work = async () => {
      for (let run = next(); run; run = next()) {
        await runs.go(run);
        tell({ kind: "bulk", ...count(bulk) });
      }
    };
    await Promise.all([work(), work(), work(), work()]);
  }
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
    plan_bulk: (ask) => ok(bulkPlan(vault, ask)),
    begin_bulk: async (ask) => {
      await wait(300);
      const planned = bulkPlan(vault, ask);
      const bulk = `b-${Date.now()}`;
      const left = planned.lines.filter(({ blocked }) => blocked !== "");
      if (ask.act.kind === "rotate") {
        for (const line of planned.lines.filter(({ blocked }) => blocked === "")) {
          const key = vault.find(line.key);
          if (key) runs.make(key, { ...usual(line.key), reason: ask.reason }, bulk);
        }
        void runBulk(bulk);
      }
      return ok({ bulk, keys: planned.ready, left });
    },
    resume_bulk: (bulk) => {
      void runBulk(bulk);
      return ok(count(bulk));
    },
    cancel_bulk: (bulk) => {
      for (const run of runs.list.filter(({ row }) => row.bulk === bulk)) {
        if (run.row.state.kind !== "queued") continue;
        run.row.words = "Finished by hand: stopped before it began.";
        runs.move(run, { kind: "closed", why: "stopped before it began" });
      }
      return ok(count(bulk));
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
