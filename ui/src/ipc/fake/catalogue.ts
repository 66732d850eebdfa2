import type { PlatformRow, VariableForm } from "../bindings";

const variable = (
  name: string,
  label: string,
  placeholder: string,
  more: Partial<VariableForm> = {},
): VariableForm => ({
  name,
  label,
  help: "",
  placeholder,
  defaults_to: null,
  required: true,
  ...more,
});

/** A platform: id, name, sentence, shelf, and `api`, `guided` or `none`, with `!` where it proves. */
export function platform(
  [id, name, about, shelf, way]: string[],
  more: Partial<PlatformRow> = {},
): PlatformRow {
  const api = way?.startsWith("api") ?? false;
  return {
    id: id ?? "",
    name: name ?? "",
    about: about ?? "",
    base_url: `https://api.${id}.example`,
    variables: [],
    credential: api
      ? {
          label: "Management key",
          help: "Made in the dashboard by an administrator. It must be allowed to list and make keys.",
          prefixes: [],
          parts: [],
          optional: false,
        }
      : null,
    capabilities: [
      ...(api ? ["list keys", "create", "revoke"] : ["create in the dashboard, step by step"]),
      ...(way?.endsWith("!") ? ["prove alive or dead"] : []),
    ],
    shelf: shelf ?? "",
    docs: "",
    advice: [],
    guided: !api,
    added: false,
    verified: null,
    ...more,
  };
}

const FIRST: PlatformRow[] = [
  platform(
    [
      "agent.ceo",
      "agent.ceo",
      "Agents for a company. Keys reach an organization, through chosen agents, in chosen services.",
      "Agents",
      "api!",
    ],
    {
      base_url: "https://agent.ceo",
      variables: [
        variable("org_id", "Organisation id", "acme", { help: "Settings › Organisation." }),
        variable("org_slug", "Organisation slug", "acme", {
          help: "As it stands in scopes. Empty takes the id.",
          defaults_to: "org_id",
        }),
      ],
      credential: {
        label: "Management key",
        help: "A key with svc:admin:admin, made in the dashboard under API keys.",
        prefixes: ["ace_live_", "ace_test_"],
        parts: [],
        optional: false,
      },
    },
  ),
  platform([
    "bivariant",
    "Bivariant",
    "Collections, flows and agents. Keys are made in the dashboard and never exceed their creator.",
    "Agents",
    "guided",
  ]),
  platform([
    "servoagent",
    "ServoAgent",
    "Agents that talk to contacts. Keys are made in the dashboard and limited by nine scopes.",
    "Agents",
    "guided!",
  ]),
  platform(
    [
      "specivo",
      "Specivo",
      "Specifications that people and agents work on. Keys are made in your profile.",
      "Agents",
      "guided",
    ],
    { base_url: "", variables: [variable("base", "Address", "https://specivo.example")] },
  ),
  platform(
    [
      "datadog",
      "Datadog API keys",
      "Keys of an organization, with which programs send in metrics, logs and events.",
      "Monitoring",
      "api!",
    ],
    {
      credential: {
        label: "Datadog API key and application key",
        help: "Made under Organization settings. The application key must be allowed to manage keys.",
        prefixes: [],
        parts: ["API key", "Application key"],
        optional: false,
      },
    },
  ),
];

const REST = `
anthropic|Anthropic|The Claude API. The Console makes keys; an admin key lists, renames, disables and archives them.|Models|api!
openai|OpenAI project keys|Keys of one project that call OpenAI's models. People make them in the dashboard.|Models|guided!
openai-admin|OpenAI admin keys|Keys that administer an organization: its people, projects and keys.|Models|api!
openrouter|OpenRouter|One door to the models of many providers. Keys spend the account's credits.|Models|api!
mistral|Mistral AI|Keys of one workspace that call Mistral's models.|Models|guided!
groq|Groq|Fast answers from open models. Keys are made in the console.|Models|guided!
gemini|Google AI Studio|Keys of a Google Cloud project that call Gemini.|Models|guided!
deepseek|DeepSeek|Keys that spend the account's balance on DeepSeek's models.|Models|guided!
huggingface|Hugging Face|Access tokens for models, data and spaces.|Models|guided!
replicate|Replicate|Tokens that run models on Replicate's machines.|Models|guided!
github|GitHub|Tokens for GitHub. The web page makes and deletes them; the API tells which ones work.|Code and packages|guided!
gitlab|GitLab personal tokens|Personal access tokens of GitLab, on gitlab.com or a server of one's own.|Code and packages|api!
gitlab-project|GitLab project tokens|Access tokens of one GitLab project, each with a bot user of its own.|Code and packages|api!
npm|npm|Tokens that publish and install packages. npm wants your password each time.|Code and packages|api!
verdaccio|Verdaccio|A registry of one's own for npm packages.|Code and packages|api!
pypi|PyPI|Tokens that publish Python packages, for one project or all.|Code and packages|guided
crates|crates.io|Tokens that publish Rust crates, limited by scope and name.|Code and packages|guided!
linear|Linear|Keys that act as a person in a Linear workspace.|Code and packages|guided!
cloudflare|Cloudflare user tokens|API tokens of a person: they act as that person, in every account that they allow.|Cloud|api!
cloudflare-account|Cloudflare account tokens|API tokens of an account, which belong to no person.|Cloud|api!
digitalocean|DigitalOcean|Personal access tokens for droplets, networks and storage.|Cloud|guided!
hetzner|Hetzner Cloud|Tokens of one project, reading or writing.|Cloud|guided!
fly|Fly.io|Tokens of an organization or of one app.|Cloud|guided!
vercel|Vercel|Tokens of a person, limited to teams.|Cloud|api!
netlify|Netlify|Personal access tokens.|Cloud|guided!
supabase|Supabase|Access tokens for the management of projects.|Databases and search|guided!
neon|Neon|Keys of an account, an organization or a project.|Databases and search|api!
algolia|Algolia|Search keys, limited to indices, addresses and a rate.|Databases and search|api!
meilisearch|Meilisearch|Keys of one server, limited to actions and indices.|Databases and search|api!
pinecone|Pinecone|Keys of one project for vectors.|Databases and search|api!
datadog-application|Datadog application keys|Keys that act as the person who made them.|Monitoring|api
grafana|Grafana service-account tokens|Tokens of one service account of a Grafana.|Monitoring|api!
sentry|Sentry|Tokens of an organization, for builds and releases.|Monitoring|guided!
newrelic|New Relic|User and ingest keys of an account.|Monitoring|api
sendgrid|SendGrid|Mail for programs, by Twilio. Keys are limited by scopes and never end by themselves.|Mail and messages|api!
resend|Resend|Keys that send mail, for all domains or one.|Mail and messages|api!
postmark|Postmark|Tokens of one server.|Mail and messages|guided!
twilio|Twilio|Keys of an account for calls and messages.|Mail and messages|api!
slack|Slack|Tokens of an app in one workspace.|Mail and messages|guided!
stripe|Stripe|Restricted keys for payments.|Others|guided!
`;

const ORDER =
  "Agents,Models,Code and packages,Cloud,Databases and search,Monitoring,Mail and messages,Others".split(
    ",",
  );

export const PLATFORMS: PlatformRow[] = [
  ...FIRST,
  ...REST.trim()
    .split("\n")
    .map((line) => platform(line.split("|"))),
].sort((a, b) => ORDER.indexOf(a.shelf) - ORDER.indexOf(b.shelf) || a.name.localeCompare(b.name));
