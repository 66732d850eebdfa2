import { describe, expect, it } from "vitest";
import type { ConnectionRow, KeyDetail, StorePreview } from "../../ipc";
import { row } from "../../test-rows";
import { StoringFlow } from "../clients/storing.svelte";
import { core, failure, requests } from "./core";
import { client } from "./places";

const key = { row: row({}), env_name: "CEO_API_KEY" } as KeyDetail;
const param = (name: string) => ({ name, label: name, default: "", only_new: false });
const actions = client("actions", { slots: [], store: "github", store_params: [param("repo")] });
const connection = (id: string, platform: string, has_credential: boolean) =>
  ({ id, platform, has_credential }) as ConnectionRow;
const preview = (changes: Partial<StorePreview> = {}): StorePreview => ({
  client_name: "Actions",
  place: "CEO_API_KEY of acme/erp",
  connection_name: "GitHub",
  address: "https://api.example",
  calls: ["PUT x"],
  warnings: [],
  refused: "",
  advice: "",
  pickup: "",
  ...changes,
});

async function begun(answers: Parameters<typeof core>[0] = {}) {
  const fake = core({ key_detail: key, list_clients: [actions], ...answers });
  const flow = new StoringFlow(fake, [
    connection("other", "agent.ceo", true),
    connection("bare", "github", false),
    connection("able", "github", true),
  ]);
  await flow.start("k", "actions");
  return { fake, flow };
}

describe("a key for a platform’s secret store", () => {
  it("goes through a connection that can, under the key’s own name", async () => {
    const { flow } = await begun();
    expect(flow.able.map(({ id }) => id)).toEqual(["able"]);
    expect(flow.request).toMatchObject({ connection: "able", params: { name: "CEO_API_KEY" } });
    flow.params["name"] = " ";
    expect(flow.complete).toBe(false);
  });

  it("is sent only after what stops it was read", async () => {
    const stops = { words: "There is one already.", stops: true };
    const { fake, flow } = await begun({
      preview_store: preview({ warnings: [stops] }),
      store_secret: { placement: {} },
    });
    flow.params["repo"] = " acme/erp ";
    await flow.look();
    expect(flow.allowed).toBe(false);
    await flow.send();
    expect(requests(fake, "store_secret")).toEqual([]);
    flow.seen = true;
    await flow.send();
    expect(flow.step).toBe("done");
    expect(requests(fake, "store_secret")).toMatchObject([
      { insist: true, params: { repo: "acme/erp", name: "CEO_API_KEY" } },
    ]);
  });

  it("stays where it was when the platform refuses it", async () => {
    const { flow } = await begun({
      preview_store: preview(),
      store_secret: { fails: failure("refused") },
    });
    await flow.look();
    await flow.send();
    expect([flow.step, flow.failure?.code]).toEqual(["preview", "refused"]);
  });

  it("is not sent where it cannot be", async () => {
    const { fake, flow } = await begun({ preview_store: preview({ refused: "no repository" }) });
    await flow.look();
    await flow.send();
    expect(requests(fake, "store_secret")).toEqual([]);
  });
});
