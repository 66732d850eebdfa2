import type { PlacementRow, WhichReport, WhichSource } from "../../bindings";

const source = (words: string, row?: PlacementRow, trouble = ""): WhichSource => ({
  words,
  key: row?.key ?? null,
  title: row?.key_title ?? "",
  bitting: row?.bitting ?? [2, 5, 1, 6, 3, 0, 4, 2],
  trouble,
});

/** What a made-up client would use. */
export function which(client_name: string, rows: PlacementRow[], client: string): WhichReport {
  const own = rows.filter((row) => row.client === client);
  const [first, second] = own;
  return {
    client_name,
    uses: [
      {
        what: "MCP server ceo",
        effective: first ? source(first.short, first) : null,
        shadowed: first ? [source("/etc/defaults/config.toml")] : [],
        unseen: [],
      },
      {
        what: "OpenAI API",
        effective: source("environment variable OPENAI_API_KEY"),
        shadowed: second ? [source(second.short, second, "It is dead")] : [],
        unseen: ["A key in the system’s keyring would win; it cannot be seen from here."],
      },
    ],
  };
}
