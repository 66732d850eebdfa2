import type { PlatformPreview, PlatformRow, Progress } from "../bindings";
import { fail, ok, type Table } from "./answer";
import { platform, PLATFORMS } from "./catalogue";
import { wait } from "./prove";
import { options, type FakeVault } from "./vault";

type Handled = Pick<
  Table,
  "preview_platform" | "add_platform" | "remove_platform" | "detect_clipboard"
>;
const wrong = (what: string) =>
  fail("invalid", what, "Nothing was changed.", "Correct what is named and try again.");

/** Reads as much of a profile as its first lines tell. */
function read(text: string): PlatformRow | null {
  const value = (name: string) => new RegExp(`^${name} = "(.*)"$`, "m").exec(text)?.[1] ?? "";
  const id = value("id");
  if (id === "") return null;
  return platform([id, value("name"), value("about"), "Others", "api!"], {
    base_url: value("base_url"),
    added: true,
  });
}

/** The commands for platforms that a person adds, and for guessing one. */
export function platforms(vault: FakeVault, tell: (progress: Progress) => void): Handled {
  const spoilt = (origin: string) =>
    wrong(`${origin}:3:1: found \`naem\`; expected one of: name, about, kind, base_url, docs.`);
  return {
    preview_platform: async ({ origin, text }) => {
      await wait(200);
      const row = read(text);
      if (!row) return spoilt(origin);
      const known = [...PLATFORMS, ...vault.added].find(({ id }) => id === row.id);
      const preview: PlatformPreview = {
        platform: row,
        origin: new URL(row.base_url).origin,
        page_origins: ["https://console.acme.example"],
        calls: [
          {
            operation: "list",
            method: "GET",
            path: "/v1/keys",
            carries: ["header Authorization: Bearer {credential}", "query limit={page.size}"],
          },
          {
            operation: "create",
            method: "POST",
            path: "/v1/keys",
            carries: ["header Authorization: Bearer {credential}", "body name, scopes, expires_at"],
          },
          {
            operation: "revoke",
            method: "DELETE",
            path: "/v1/keys/{key.id}",
            carries: ["header Authorization: Bearer {credential}"],
          },
          {
            operation: "probe",
            method: "GET",
            path: "/v1/me",
            carries: ["header Authorization: Bearer {key}"],
          },
        ],
        replaces: known?.name ?? null,
        builtin: known !== undefined && !known.added,
      };
      return ok(preview);
    },
    add_platform: async ({ origin, text }) => {
      await wait(300);
      const row = read(text);
      if (!row) return spoilt(origin);
      vault.added = [...vault.added.filter(({ id }) => id !== row.id), row];
      vault.log({ kind: "platform_added" }, null, row.name);
      tell({ kind: "changed" });
      return ok(row);
    },
    remove_platform: (id) => {
      if (options.get("fail") === "needed") return wrong("The connection “Acme CRM” needs it.");
      vault.added = vault.added.filter((row) => row.id !== id);
      vault.log({ kind: "platform_removed" }, null, id);
      tell({ kind: "changed" });
      return ok(null);
    },
    detect_clipboard: async () => {
      await wait(150);
      if (options.get("bring") === "empty") return wrong("There is no text on the clipboard.");
      if (options.get("detect") === "none") return ok([]);
      return ok([
        {
          platform: "agent.ceo",
          name: "agent.ceo",
          environment: "live",
          why: "Its beginning and its check characters are right.",
        },
        {
          platform: "stripe",
          name: "Stripe",
          environment: "test",
          why: "It begins like one.",
        },
        {
          platform: "postmark",
          name: "Postmark",
          environment: "unknown",
          why: "It has the letters and the length of one; so have many other things.",
        },
      ]);
    },
  };
}
