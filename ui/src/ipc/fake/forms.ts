import type {
  CreateForm,
  CreateKey,
  CreatePreview,
  PlatformRow,
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
    warnings: names.includes(request.name) ? ["Another key here has this name already."] : [],
    expires: days === null ? { kind: "never" } : { kind: "at", at: iso(Date.now() + days * DAY) },
  };
}

export const PLATFORMS: PlatformRow[] = [
  {
    id: "agent.ceo",
    name: "agent.ceo",
    about: "Agents that run a company. Keys carry an organisation, agents and services.",
    base_url: "https://agent.ceo",
    variables: [
      {
        name: "org_id",
        label: "Organisation id",
        help: "Settings › Organisation.",
        placeholder: "acme",
        defaults_to: null,
        required: true,
      },
      {
        name: "org_slug",
        label: "Organisation slug",
        help: "As it stands in scopes. Empty takes the id.",
        placeholder: "acme",
        defaults_to: "org_id",
        required: true,
      },
    ],
    credential: {
      label: "Management key",
      help: "A key with svc:admin:admin, made in the dashboard under API keys.",
      prefixes: ["ace_live_", "ace_test_"],
    },
    capabilities: ["create", "list", "revoke", "probe"],
  },
  {
    id: "servoagent",
    name: "ServoAgent",
    about: "Voice and chat agents. Keys are made in its dashboard.",
    base_url: "https://api.servoagent.com/v1",
    variables: [],
    credential: null,
    capabilities: ["probe"],
  },
  {
    id: "specivo",
    name: "Specivo",
    about: "Specifications for teams, over MCP. Keys are made in its dashboard.",
    base_url: "",
    variables: [
      {
        name: "base",
        label: "Address",
        help: "Where your Specivo lives.",
        placeholder: "https://specivo.example",
        defaults_to: null,
        required: true,
      },
    ],
    credential: null,
    capabilities: ["probe"],
  },
];
