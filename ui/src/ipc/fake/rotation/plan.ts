import type { PlanKind, PlannedStop, RotateKey, RotationPlan, Step } from "../../bindings";
import { ENTRIES } from "../clients/definitions";
import { diff } from "../clients/diff";
import { createForm, guide } from "../forms";
import { CONNECTIONS, options, type FakeKey, type FakeVault } from "../vault";

export const WORDS: Record<Step, string> = {
  check: "Ask the platform whether all is as it should be",
  settle: "Find out what became of a lost answer",
  create: "Make the new key and seal its secret",
  place: "Put it into every place, or into none",
  verify: "Try the new key and read every place again",
  grace: "Wait before the old key ends",
  revoke: "Revoke the old key",
  prove: "Prove the old key dead",
  enable: "Let the old key work again",
  put_back: "Put every file back",
  revoke_new: "Revoke the new key",
  prove_new: "Prove the new key dead",
  close: "Close, with a report",
};

export function order(plan: PlanKind, grace: boolean, endFirst: boolean): Step[] {
  if (plan === "in_place" || plan === "overlap")
    return ["check", "create", "place", "verify", "prove"];
  if (endFirst) return ["check", "revoke", "create", "place", "verify", "prove"];
  return [
    "check",
    "create",
    "place",
    "verify",
    ...(grace ? (["grace"] as Step[]) : []),
    "revoke",
    "prove",
  ];
}

function written(client: string, what: string, look: string, file: string): PlannedStop {
  const row = (ENTRIES.find(({ row: one }) => one.id === client) ?? ENTRIES[0]!).row;
  const target = {
    client: row.id,
    slot: "",
    file: "",
    project: "",
    form: "literal" as const,
    params: { server: "ceo" },
  };
  return {
    placement: `pl-${client}`,
    what,
    todo: { kind: "write" },
    change: {
      client_name: row.name,
      file: file.replace("~", "/home/maya"),
      short: file,
      node: "mcpServers.ceo.headers.Authorization",
      makes_file: false,
      unchanged: false,
      replaces: "",
      lines: diff(row, look, target).filter(({ fate }) => fate !== "comes" || look !== "env"),
      warnings: [],
      refused: "",
      advice: "",
      pickup: "",
    },
  };
}

/** Where the made-up keys stand. */
export function stops(key: FakeKey): PlannedStop[] {
  if (options.has("placeless")) return [];
  const list = [
    written("claude-code", "Claude Code, ~/.claude.json", "json", "~/.claude.json"),
    written("codex", "Codex, ~/.codex/config.toml", "toml", "~/.codex/config.toml"),
  ];
  const follow: PlannedStop = {
    placement: "pl-3",
    what: "MCP Inspector, ~/src/erp/mcp.json",
    todo: { kind: "follow" },
    change: null,
  };
  const noted = key.uses.map(({ client, place }): PlannedStop => ({
    placement: null,
    what: [client, place].filter((part) => part).join(", "),
    todo: { kind: "confirm" },
    change: null,
  }));
  if (options.has("stops") && list[0]?.change)
    list[0].change.warnings = [{ words: "Git tracks this file.", stops: true }];
  return [...list, follow, ...(key.row.name.startsWith("erp") ? noted : [])];
}

export function plan(vault: FakeVault, key: FakeKey, request: RotateKey): RotationPlan {
  const home = vault.connections.find(({ id }) => id === key.connection) ?? CONNECTIONS[0]!;
  const form = createForm(vault, home.id);
  const plans: PlanKind[] = home.guided
    ? ["guided"]
    : options.has("ways")
      ? ["create_then_revoke", "overlap", "in_place"]
      : ["create_then_revoke"];
  const way = request.plan ?? plans[0]!;
  const places = stops(key);
  const files = places.filter(({ todo }) => todo.kind === "write").length;
  const hand = places.filter(({ todo }) => todo.kind === "confirm").length;
  const scopes = request.scopes ?? key.scopes;
  const stopping = places.some(({ change }) => change?.warnings.some((one) => one.stops));
  const blocked = key.row.status === "revoked" ? ["It is at its end already: make a new key."] : [];
  if (options.has("blocked"))
    blocked.push("Its id on the platform is not known yet. Refresh first.");
  const dashboard = way === "guided";
  const name = home.platform_name;
  return {
    key: key.row.id,
    title: key.row.title,
    bitting: key.row.bitting,
    connection: home.id,
    connection_name: home.name,
    platform_name: name,
    plan: way,
    plans,
    sentences: [
      dashboard
        ? `You make the new key in ${name}'s dashboard and bring it here.`
        : way === "in_place"
          ? `${name} replaces the secret, and the old one dies at once.`
          : `${name} makes a new key with the same rights.`,
      files === 0
        ? "No place of the old key is known, so no file is changed."
        : `${files} places are updated, all of them or none${hand > 0 ? `; ${hand} more you change by hand and confirm` : ""}.`,
      "Nothing is revoked before all of them work.",
      ...(request.grace_s > 0 ? ["Then the old key is kept for 1 day."] : []),
      `At last the old key is tried until ${name} refuses it: that is the proof.`,
    ],
    steps: order(way, request.grace_s > 0, false).map((step) => ({
      step,
      words:
        dashboard && step === "create"
          ? "Make the new key in the dashboard"
          : dashboard && step === "revoke"
            ? "Revoke the old key in the dashboard"
            : WORDS[step],
      by_hand: dashboard && (step === "create" || step === "revoke"),
    })),
    name: request.name || (dashboard ? `${key.row.name}-2` : key.row.name),
    scopes,
    old_scopes: key.scopes,
    blast: key.blast,
    axes: form.axes,
    broad: key.blast.dangers.length > 0 ? key.blast.dangers : ["It works through any agent."],
    lifetime: request.lifetime ?? { kind: "days", value: 90 },
    lifetimes: form.lifetimes,
    places,
    problems: scopes.length === 0 ? [{ field: "scopes.svc", message: "Choose at least one." }] : [],
    blocked,
    warnings: [
      ...(way === "in_place"
        ? [
            "The old secret dies the moment the new one is made: until every place has the new one, what uses it fails.",
          ]
        : []),
      ...(places.length === 0
        ? [
            "Keywright knows no place of this key. Scan this machine, or note where it is used, before you go on: what is not known is not changed.",
          ]
        : []),
      ...(stopping ? ["Claude Code, ~/.claude.json: Git tracks this file."] : []),
    ],
    type_to_confirm: way === "in_place" ? key.row.title : null,
    can_hold_back: !dashboard,
    provable: true,
    guide: dashboard ? guide(home, "create") : null,
    ready: blocked.length === 0 && scopes.length > 0 && (!stopping || request.insist),
  };
}

/** A request with nothing of its own. */
export const usual = (key: string): RotateKey => ({
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
