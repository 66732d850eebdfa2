import type { Progress, ScanFind, ScanReport } from "../../bindings";
import { wait } from "../prove";
import { options, type FakeVault } from "../vault";

const FOLDERS = ["~/.codex", "~/.cursor", "~/.config", "~/src/erp", "~/src/site", "~/notes"];
const STEPS = Number(options.get("scan") ?? 24);

// what | title | hint | short | line | node | client | platform | marks: t tracked, l loose, n noted, 2 in two places
const LINES = `
dead|ci-deploy|ace_live_rB…|~/.gemini/settings.json|12|mcpServers.ci.headers.Authorization|gemini-cli|agent.ceo|n
dead|contractor-june|ace_live_zk…|~/src/old-import/.env|3|CEO_API_KEY||agent.ceo|l
unknown|A key of OpenAI project keys|sk-proj-fake…x9|~/src/site/.env.local|2|OPENAI_API_KEY|dotenv|openai|2
unknown|A key of OpenAI project keys|sk-proj-fake…x9|~/.continue/.env|1|OPENAI_API_KEY|continue|openai|2l
unknown|A key of agent.ceo|ace_test_Qz…|~/src/site/.mcp.json|9|mcpServers.lab.headers.Authorization|claude-code|agent.ceo|t
unknown|A key of unknown make|tok_…71|~/notes/deploy.txt|41||||l
known|erp-read-only|ace_live_aB…|~/.codex/config.toml|16|mcp_servers.ceo.http_headers.Authorization|codex|agent.ceo|n2
known|erp-read-only|ace_live_aB…|~/src/erp/docker-compose.override.yml|22|services.erp.environment.CEO_API_KEY||agent.ceo|2
known|payments-webhook|sk_test_Xz…|~/.codex/config.toml|31|mcp_servers.pay.env.PAY_API_KEY|codex|servoagent|n
`;

const CLIENTS: Record<string, string> = {
  codex: "Codex",
  dotenv: ".env files",
  "gemini-cli": "Gemini CLI",
  "claude-code": "Claude Code",
  continue: "Continue",
};

function find(vault: FakeVault, line: string, id: number): ScanFind {
  const [
    what,
    title = "",
    hint = "",
    short = "",
    at,
    node = "",
    client = "",
    platform = "",
    marks = "",
  ] = line.split("|");
  const key = vault.keys.find(({ row }) => row.name === title);
  const drawn = [...hint].slice(-8).map((letter) => letter.charCodeAt(0) % 8);
  return {
    id,
    what: what as ScanFind["what"],
    key: key?.row.id ?? null,
    title,
    bitting: key?.row.bitting ?? drawn,
    platform: platform || null,
    hint,
    file: short.replace(/^~/, "/home/maya"),
    short,
    line: Number(at),
    node,
    client: client || null,
    client_name: CLIENTS[client] ?? "",
    places: marks.includes("2") ? 2 : 1,
    noted: marks.includes("n"),
    tracked: marks.includes("t"),
    loose: marks.includes("l"),
  };
}

/** A made-up look over the machine, told as it goes. */
export async function scan(
  vault: FakeVault,
  tell: (progress: Progress) => void,
  stopped: () => boolean,
): Promise<ScanReport> {
  const lines = options.get("scan") === "none" ? [] : LINES.trim().split("\n");
  const began = Date.now();
  let files = 0;
  for (let step = 0; step < (Number.isNaN(STEPS) ? 4 : STEPS) && !stopped(); step += 1) {
    await wait(160);
    files += 143;
    tell({
      kind: "scan",
      files,
      found: Math.min(lines.length, Math.floor(step / 2)),
      folder: FOLDERS[step % FOLDERS.length] ?? "",
    });
  }
  const all = lines.map((line, id) => find(vault, line, id));
  return {
    found: stopped() ? all.slice(0, 4) : all,
    files,
    left_out: ["2 files longer than 8 MiB", "1 folder that may not be read: ~/src/site/.cache"],
    stopped: stopped(),
    took_ms: Date.now() - began,
  };
}
