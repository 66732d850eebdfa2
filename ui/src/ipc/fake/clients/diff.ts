import type { ClientRow, DiffLine, PlaceTarget } from "../../bindings";

const MASK = "••••••••••••aB";
type Made = [fate: DiffLine["fate"], text: string];

const numbered = (first: number, lines: Made[]): DiffLine[] => {
  let [old, fresh] = [first, first];
  return lines.map(([fate, text]) => {
    const number = fate === "goes" ? old : fresh;
    if (fate !== "comes") old += 1;
    if (fate !== "goes") fresh += 1;
    return { fate, number, text };
  });
};

/** The lines that a placing would change, as the real core shows them. */
export function diff(client: ClientRow, look: string, target: PlaceTarget): DiffLine[] {
  const { server = "ceo", name = "CEO_API_KEY", variable = "", url } = target.params;
  const held = target.form === "variable" ? `\${env:${variable}}` : MASK;
  if (look === "env")
    return numbered(3, [
      ["stays", "DATABASE_URL=•••••••••"],
      ["stays", "LOG_LEVEL=info"],
      ["comes", `${name}=${MASK}`],
      ["stays", ""],
    ]);
  if (look === "toml")
    return numbered(14, [
      ["stays", `[mcp_servers.${server}]`],
      ["stays", 'url = "https://agent.example/mcp" # the wiki'],
      target.form === "variable"
        ? ["comes", `bearer_token_env_var = "${variable}"`]
        : ["goes", 'http_headers = { Authorization = "Bearer ••••••••••••9f" }'],
      ...(target.form === "variable"
        ? []
        : ([["comes", `http_headers = { Authorization = "Bearer ${held}" }`]] as Made[])),
      ["stays", "tool_timeout_sec = 60"],
    ]);
  const added = client.id === "cursor" || client.id === "vscode";
  return numbered(
    added ? 2 : 31,
    added
      ? [
          ["stays", '  "mcpServers": {'],
          ["comes", `    "${server}": {`],
          ["comes", `      "url": "${url ?? "https://agent.example/mcp"}",`],
          ["comes", `      "headers": { "Authorization": "Bearer ${held}" }`],
          ["comes", "    },"],
          ["stays", '    "filesystem": { // keep'],
        ]
      : [
          ["stays", `    "${server}": {`],
          ["stays", '      "type": "http",'],
          ["goes", '      "headers": { "Authorization": "Bearer ••••••••••••9f" }'],
          ["comes", `      "headers": { "Authorization": "Bearer ${held}" }`],
          ["stays", "    },"],
        ],
  );
}

/** Where in the file the key stands. */
export function nodeOf(look: string, { slot, params, form }: PlaceTarget): string {
  const { server = "ceo", name = "CEO_API_KEY" } = params;
  if (look === "env") return name;
  if (slot === "mcp-env") return `mcpServers.${server}.env.${name}`;
  if (look !== "toml") return `mcpServers.${server}.headers.Authorization`;
  return form === "variable"
    ? `mcp_servers.${server}.bearer_token_env_var`
    : `mcp_servers.${server}.http_headers.Authorization`;
}
