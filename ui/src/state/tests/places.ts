import type { ClientRow, PlacementRow } from "../../ipc";

export const file = (id: string, scope: string, path: string, exists = true) => ({
  id,
  name: id,
  scope,
  path,
  short: path.replace("/home/m", "~"),
  exists,
  read_only: "",
});
const param = (name: string, fallback = "", only_new = false) => ({
  name,
  label: name,
  default: fallback,
  only_new,
});

/** A client for tests; what is not told is ordinary. */
export function client(id: string, changes: Partial<ClientRow> = {}): ClientRow {
  return {
    id,
    name: id,
    about: "",
    agent: true,
    installed: true,
    running: [],
    placements: 0,
    files: [file("user", "user", `/home/m/.${id}`)],
    slots: [
      {
        id: "mcp-header",
        name: "Header",
        files: ["user", "project"],
        params: [param("server"), param("url", "", true)],
        forms: [
          { kind: "literal", looks: "Bearer {key}" },
          { kind: "variable", looks: "Bearer ${{env:{variable}}}" },
        ],
        platforms: [],
      },
      {
        id: "mcp-env",
        name: "Variable",
        files: ["user"],
        params: [param("server"), param("name")],
        forms: [{ kind: "literal", looks: "{key}" }],
        platforms: [],
      },
    ],
    pickup: "",
    rewrites: "",
    guide: [],
    store: null,
    store_params: [],
    docs: "",
    checked: "",
    ...changes,
  };
}

/** A place for tests. */
export function placed(id: string, changes: Partial<PlacementRow> = {}): PlacementRow {
  return {
    id,
    key: "k",
    key_title: "ci",
    bitting: null,
    client: "codex",
    client_name: "Codex",
    file: `/home/m/${id}`,
    short: `~/${id}`,
    node: "n",
    stored: false,
    form: { kind: "literal" },
    machine: "m",
    here: true,
    project: "",
    note: "",
    by: "written",
    noted: "2026-11-01T00:00:00Z",
    state: "in_sync",
    state_words: "",
    checked: null,
    loose: false,
    tracked: false,
    undo: null,
    ...changes,
  };
}
