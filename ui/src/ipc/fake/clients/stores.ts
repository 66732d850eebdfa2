import type { Progress, StorePreview, StoreSecret } from "../../bindings";
import { fail, ok, type Table } from "../answer";
import { wait } from "../prove";
import { iso, type FakeVault } from "../vault";
import { placement, type FakePlaces } from "./places";

type Stores = Pick<Table, "preview_store" | "store_secret" | "remove_stored">;
const nothing = fail("not_found", "There is no such key.", "Nothing was sent.", "Choose another.");

const where = ({ params }: StoreSecret) =>
  `${params["name"] ?? ""} of ${params["repo"] ?? params["org"] ?? ""}`;

function preview(request: StoreSecret): StorePreview {
  const repo = request.params["repo"] ?? "";
  const refused = repo === "" && !request.params["org"];
  const secrets = `repos/${repo}/actions/secrets`;
  return {
    client_name: "GitHub Actions secrets",
    place: where(request),
    connection_name: "Acme on GitHub",
    address: "https://api.github.com",
    calls: refused
      ? []
      : [
          `GET ${secrets}/public-key`,
          `PUT ${secrets}/${request.params["name"] ?? ""}  encrypted_value, key_id`,
        ],
    warnings: repo.endsWith("/erp")
      ? [{ stops: true, words: "A secret of this name is there since 3 November; it is replaced." }]
      : [],
    refused: refused ? "neither a repository nor an organization is told" : "",
    advice: refused ? "Tell one of them." : "",
    pickup: "A workflow run that is queued from now on has it.",
  };
}

/** Secret stores over the made-up vault. */
export function stores(
  vault: FakeVault,
  places: FakePlaces,
  tell: (progress: Progress) => void,
): Stores {
  const changed = () => {
    vault.version += 1;
    tell({ kind: "changed" });
  };
  return {
    preview_store: async (request) => {
      await wait(300);
      return ok(preview(request));
    },
    store_secret: async (request) => {
      await wait(700);
      const key = vault.find(request.key);
      if (!key) return nothing;
      const row = placement(key, request.client, where(request), "", {
        stored: true,
        noted: iso(Date.now()),
      });
      places.put(row);
      changed();
      return ok({ placement: row });
    },
    remove_stored: async (id) => {
      await wait(300);
      places.rows = places.rows.filter((row) => row.id !== id);
      changed();
      return ok(null);
    },
  };
}
