import type { ClientFile, ClientForm, ClientRow, ClientSlot } from "../../bindings";
import { options } from "../vault";

const HOME = "/home/maya";
/** Where the made-up project is. */
export const PROJECT = `${HOME}/src/erp`;

const SERVER = { name: "server", label: "Name of the MCP server", default: "", only_new: false };
const URL = { name: "url", label: "Address of the MCP server", default: "", only_new: true };
const NAME = { name: "name", label: "Name of the variable", default: "", only_new: false };

type Look = "json" | "toml" | "env";
interface Entry {
  row: ClientRow;
  look: Look;
}

const whole = (short: string) => short.replace(/^~/, HOME);

function file(id: string, name: string, scope: string, short: string, exists: boolean): ClientFile {
  return { id, name, scope, path: whole(short), short, exists, read_only: "" };
}

const forms = (variable: string): ClientForm[] => [
  { kind: "literal", looks: "Bearer {key}" },
  ...(variable === "" ? [] : [{ kind: "variable" as const, looks: variable }]),
];

function slots(look: Look, variable: string): ClientSlot[] {
  if (look === "env")
    return [
      {
        id: "variable",
        name: "Variable",
        files: ["env", "local", "user"],
        params: [NAME],
        forms: [{ kind: "literal", looks: "{key}" }],
        platforms: [],
      },
    ];
  const common = { files: ["user", "project"], platforms: [] };
  return [
    {
      id: "mcp-header",
      name: "Bearer key of an MCP server",
      params: [SERVER, URL],
      forms: forms(variable),
      ...common,
    },
    {
      id: "mcp-env",
      name: "Variable of a local MCP server",
      params: [SERVER, NAME],
      forms: [{ kind: "literal", looks: "{key}" }],
      ...common,
    },
  ];
}

// id | name | about | file of the user | file of a project | look | reference | marks: i installed, r running, a agent | pickup
const LINES = `
codex|Codex|OpenAI's coding agent: command line, editor extension and app share one configuration.|~/.codex/config.toml|.codex/config.toml|toml|{variable}|ira|A new process reads it.
claude-code|Claude Code|Anthropic's coding agent for the terminal and editors.|~/.claude.json|.mcp.json|json|Bearer \${{{variable}}}|ira|A new session reads it.
cursor|Cursor|An editor with agents; MCP servers for one person and for a project.|~/.cursor/mcp.json|.cursor/mcp.json|json|Bearer \${{env:{variable}}}|ia|Reload the window, or switch the server off and on in the settings.
vscode|VS Code|An editor; MCP servers for Copilot and other agents.|~/.config/Code/User/mcp.json|.vscode/mcp.json|json|Bearer \${{env:{variable}}}|ia|Start the server again from the file.
gemini-cli|Gemini CLI|Google's coding agent for the terminal.|~/.gemini/settings.json|.gemini/settings.json|json|Bearer \${{{variable}}}|ia|A new session reads it.
claude-desktop|Claude Desktop|Anthropic's desktop app; local MCP servers, and remote ones through a bridge.|~/.config/Claude/claude_desktop_config.json||json||ira|Quit it from the tray or the menu, wholly, and start it again.
dotenv|.env files|Variables of a project, read by many programs and libraries.||.env|env||i|A program reads it when it starts.
shell|Shell profile|Variables of every shell that starts.|~/.profile||env||i|A new shell reads it.
npmrc|npm|Registries and their tokens.|~/.npmrc|.npmrc|env||i|The next npm command reads it.
zed|Zed|An editor; MCP servers are its context servers.|~/.config/zed/settings.json|.zed/settings.json|json||a|It reads its settings again when they change.
windsurf|Windsurf|An editor with agents.|~/.codeium/windsurf/mcp_config.json||json|Bearer \${{env:{variable}}}|a|Press Refresh in the MCP panel.
opencode|opencode|An open coding agent for the terminal.|~/.config/opencode/opencode.json|opencode.json|json|Bearer {{env:{variable}}}|a|Start it again.
goose|Goose|Block's agent: desktop app and command line.|~/.config/goose/config.yaml||json||a|Start it again.
continue|Continue|Agents for editors and the terminal.|~/.continue/config.yaml||json||a|It reads its file again when that changes.
kiro|Kiro|An editor with agents and specifications.|~/.kiro/settings/mcp.json|.kiro/settings/mcp.json|json|Bearer \${{{variable}}}|a|It connects again when the file is saved.
qwen-code|Qwen Code|A coding agent for the terminal.|~/.qwen/settings.json|.qwen/settings.json|json|Bearer \${{{variable}}}|a|A new session reads it.
aider|Aider|Pair programming in the terminal.|~/.aider.conf.yml|.aider.conf.yml|env||a|A new process reads it.
netrc|netrc|Names and passwords of hosts, for curl, git and others.|~/.netrc||env|||The next command reads it.
aws|AWS credentials|Profiles of the AWS command line and its libraries.|~/.aws/credentials||env|||The next command reads it.
gh|GitHub command line|Keeps its token in the system's keyring.|||guide|||The next command uses it.
github-actions|GitHub Actions secrets|Secrets of a repository, an environment or an organization, for its workflows.|||guide|||A workflow run that is queued from now on has it.
jetbrains-ai|JetBrains AI Assistant|Keeps its servers in the settings of the IDE.|||guide||a|At once.
`;

/** `?store=on` lends it a platform that is connected. */
const STORE = options.get("store") === "on" ? "agent.ceo" : "github";
const STORE_PARAMS = [
  { name: "repo", label: "Repository", default: "", only_new: false },
  { name: "environment", label: "Environment", default: "", only_new: false },
  { name: "org", label: "Organization, in place of a repository", default: "", only_new: false },
];

const REWRITES: Record<string, string> = {
  codex:
    "`codex mcp add` and `remove` write all of [mcp_servers] anew: comments and unknown keys are lost there.",
  "claude-code": "It writes this file all the time; what it does not know, it keeps.",
  "claude-desktop":
    "At its start it writes the file anew from its memory; servers that it did not know are gone.",
};

function entry(line: string): Entry {
  const [
    id = "",
    name = "",
    about = "",
    user = "",
    project = "",
    look = "json",
    ref = "",
    marks = "",
    pickup = "",
  ] = line.split("|");
  const guide = look === "guide";
  const installed = marks.includes("i");
  return {
    look: guide ? "json" : (look as Look),
    row: {
      id,
      name,
      about,
      agent: marks.includes("a"),
      installed,
      running: marks.includes("r") ? [`${id} (4711)`] : [],
      placements: 0,
      files: [
        ...(user === "" ? [] : [file("user", "Own configuration", "user", user, installed)]),
        ...(project === ""
          ? []
          : [
              file(look === "env" ? "env" : "project", "Of the project", "project", project, false),
            ]),
      ],
      slots: guide ? [] : slots(look as Look, ref),
      pickup,
      rewrites: REWRITES[id] ?? "",
      guide: guide
        ? [
            {
              say: "Sign in with a key: the command reads it from its standard input.",
              run: id === "gh" ? "gh auth login --with-token" : "",
            },
          ]
        : [],
      store: id === "github-actions" ? STORE : null,
      store_params: id === "github-actions" ? STORE_PARAMS : [],
      docs: id === "codex" ? "https://developers.openai.com/codex/config-basic" : "",
      checked: installed ? "run, 2026-11-22" : "docs, 2026-11-22",
    },
  };
}

export const ENTRIES: Entry[] = LINES.trim().split("\n").map(entry);

/** A client's files as they are for a project; those of a project only where one was told. */
export function filesFor(row: ClientRow, project: string): ClientFile[] {
  return row.files
    .filter(({ scope }) => scope === "user" || project !== "")
    .map((one) =>
      one.scope === "user"
        ? one
        : {
            ...one,
            path: `${project}/${one.short}`,
            short: `${project.replace(HOME, "~")}/${one.short}`,
            exists: one.id === "env",
          },
    );
}
