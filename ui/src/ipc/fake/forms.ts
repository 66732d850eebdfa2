import type {
  ConnectionRow,
  CreateForm,
  CreateKey,
  CreatePreview,
  Guide,
  GuidedStep,
  ScopeAxis,
  ScopeChoice,
} from "../bindings";
import { DAY, iso, type FakeVault } from "./vault";

const SERVICES = ["mcp", "a2a", "super-agent", "tasks", "kb", "wiki", "admin"];
const TIERS = ["read", "write", "admin"];

const choice = (value: string, label: string, more: Partial<ScopeChoice> = {}): ScopeChoice => ({
  value,
  label,
  help: "",
  row: "",
  tier: "",
  dangerous: false,
  ...more,
});

const AXES: ScopeAxis[] = [
  {
    id: "org",
    label: "Organisation",
    help: "The one organisation that the key reaches.",
    kind: "fixed",
    choices: [choice("org:acme", "acme")],
    wildcard: null,
    free: null,
  },
  {
    id: "agent",
    label: "Agents",
    help: "Through which agents it works.",
    kind: "some",
    choices: [choice("agent:cto", "cto"), choice("agent:ceo", "ceo")],
    wildcard: choice("agent:*", "Any agent", {
      dangerous: true,
      help: "Also agents that are added later.",
    }),
    free: { prefix: "agent:", placeholder: "another agent’s id" },
  },
  {
    id: "svc",
    label: "Services",
    help: "What it may do, one level for each service.",
    kind: "tiers",
    choices: SERVICES.flatMap((row) =>
      TIERS.map((tier) =>
        choice(`svc:${row}:${tier}`, tier, {
          row,
          tier,
          dangerous: tier === "admin" || row === "admin",
        }),
      ),
    ),
    wildcard: null,
    free: null,
  },
];

export function createForm(vault: FakeVault, connection: string): CreateForm {
  const home = vault.connections.find(({ id }) => id === connection);
  return {
    connection,
    connection_name: home?.name ?? "",
    platform_name: home?.platform_name ?? "",
    axes: AXES,
    lifetimes: [
      { kind: "days", value: 90 },
      { kind: "days", value: 30 },
      { kind: "days", value: 365 },
      { kind: "never" },
    ],
    names: vault.keys.filter((key) => key.connection === connection).map((key) => key.row.name),
    name_help: "Say what it is for: ci-deploy, erp-read-only.",
    asks: home?.platform === "npm" ? ["password", "otp"] : [],
    personal_owner_warned: home?.platform === "servoagent",
    env_name: "CEO_API_KEY",
    prefixes: ["ace_live_"],
    guide: guide(home, "create"),
  };
}

export function preview(request: CreateKey, names: string[]): CreatePreview {
  const { scopes, lifetime } = request;
  const agents = scopes
    .filter((scope) => scope.startsWith("agent:"))
    .map((scope) => scope.slice(6));
  const services = scopes
    .filter((scope) => scope.startsWith("svc:"))
    .map((scope) => scope.split(":"));
  const problems = [];
  if (request.name === "")
    problems.push({ field: "name", message: "Give it a name that says what it is for." });
  if (agents.length === 0)
    problems.push({ field: "scopes.agent", message: "Choose at least one agent." });
  if (services.length === 0)
    problems.push({ field: "scopes.svc", message: "Choose at least one service." });
  const dangers = [];
  if (agents.includes("*")) dangers.push("It works through any agent, also ones added later.");
  if (services.some(([, service, tier]) => service === "admin" || tier === "admin"))
    dangers.push("It can administer: make and revoke keys, change settings.");
  if (lifetime.kind === "never") dangers.push("It never ends by itself.");
  const does = services.map(([, service, tier]) => `${tier} ${service}`).join(", ");
  const through = agents.includes("*") ? "any agent" : agents.join(" and ");
  const sentence =
    services.length === 0 || agents.length === 0
      ? "Nothing yet: choose agents and services."
      : `${does[0]?.toUpperCase()}${does.slice(1)}, through ${through}, in acme only.`;
  const days = lifetime.kind === "days" ? lifetime.value : null;
  return {
    blast: { sentence, dangers },
    problems,
    warnings: [
      ...(names.includes(request.name) ? ["Another key here has this name already."] : []),
      ...(request.owner_kind === "person"
        ? [
            "It acts as a person, and stops working when they leave. Give a program a user of its own.",
          ]
        : []),
    ],
    expires: days === null ? { kind: "never" } : { kind: "at", at: iso(Date.now() + days * DAY) },
  };
}

const STEPS = {
  create: [
    "Open your ServoAgent dashboard and go to its API keys.",
    "Create a key: a production key begins with sk_live_, a test key for the sandbox with sk_test_.",
    "Choose the scopes that you chose here, and no more.",
    "For a production key, set an IP allowlist.",
    "Copy the key and come back: Keywright takes it from the clipboard.",
  ],
  revoke: [
    "Open your ServoAgent dashboard and go to its API keys.",
    "Find the key by its name and revoke it.",
    "Come back: Keywright tries the key until the platform refuses it.",
  ],
};

/** What to do in a dashboard; Anthropic's keys are revoked by API. */
export function guide(home: ConnectionRow | undefined, act: GuidedStep): Guide | null {
  if (!home?.guided || (act === "revoke" && home.has_credential)) return null;
  const origin = home.platform === "anthropic" ? "https://platform.claude.com" : null;
  return { steps: STEPS[act], page: origin && `${origin}/settings/keys`, origin };
}
