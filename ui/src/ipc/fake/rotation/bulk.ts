import type { BulkAsk, BulkLine, BulkPlan, Progress } from "../../bindings";
import { ok, type Table } from "../answer";
import { wait } from "../prove";
import { parse } from "../query";
import type { FakeKey, FakeVault } from "../vault";
import { usual } from "./plan";
import type { FakeRuns } from "./runs";

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

/** Changes of many keys over the made-up vault. */
export function bulk(
  vault: FakeVault,
  runs: FakeRuns,
  tell: (progress: Progress) => void,
): Pick<Table, "plan_bulk" | "begin_bulk" | "resume_bulk" | "cancel_bulk"> {
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

  return {
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
  };
}
