import { describe, expect, it, vi } from "vitest";
import type { PlacementRow } from "../../ipc";
import { Clients } from "../clients/clients.svelte";
import { KeyPlaces } from "../clients/keyplaces.svelte";
import { Which } from "../clients/which.svelte";
import { Writings } from "../clients/writings.svelte";
import { core, failure, requests } from "./core";
import { client, placed } from "./places";

describe("what is configured where", () => {
  async function loaded(placements: PlacementRow[]) {
    const all = [
      client("zed"),
      client("codex"),
      client("idle"),
      client("far", { installed: false }),
    ];
    const clients = new Clients(core({ list_clients: all, list_placements: placements }));
    await clients.load();
    return clients;
  }

  it("puts clients that need somebody first, and the rest behind", async () => {
    const clients = await loaded([
      placed("a"),
      placed("b", { client: "zed", state: "drifted" }),
      placed("c", { client: null }),
    ]);
    expect(clients.used.map(({ id }) => id)).toEqual(["zed", "codex"]);
    expect(clients.idle.map(({ id }) => id)).toEqual(["idle"]);
    expect(clients.others.map(({ id }) => id)).toEqual(["far"]);
    expect(clients.elsewhere.map(({ id }) => id)).toEqual(["c"]);
  });

  it("groups by key, and finds by key, file and client", async () => {
    const clients = await loaded([
      placed("a"),
      placed("b", { client: "zed" }),
      placed("x", { key: "other", key_title: "erp", state: "missing" }),
    ]);
    expect(clients.keys.map(({ title, rows }) => [title, rows.length])).toEqual([
      ["erp", 1],
      ["ci", 2],
    ]);
    clients.typed = "erp";
    expect(clients.keys.map(({ title }) => title)).toEqual(["erp"]);
    expect(clients.used.map(({ id }) => id)).toEqual(["codex"]);
  });

  it("keeps what it had when it cannot be read again", async () => {
    const answers: Record<string, unknown> = { list_clients: [client("a")], list_placements: [] };
    const clients = new Clients(core(answers));
    await clients.load();
    answers["list_placements"] = { fails: failure("disk") };
    await clients.check();
    expect(clients.failure?.code).toBe("disk");
    expect(clients.list).toHaveLength(1);
    expect(clients.checking).toBe(false);
  });
});

describe("the rest", () => {
  it("drops the places of another key at once, and edits only what is named", async () => {
    const call = core({ list_placements: [placed("p")], edit_place: placed("p") });
    const places = new KeyPlaces(call);
    await places.open("k");
    expect(places.list).toHaveLength(1);
    await places.edit("p", { note: "n" });
    expect(requests(call, "edit_place")).toEqual([
      { placement: "p", note: "n", machine: null, project: null, words: null },
    ]);
    const other = places.open("k2");
    expect(places.list).toBeNull();
    await other;
  });

  it("asks which key for a folder, trimmed", async () => {
    const call = core({ which_key: { client_name: "Codex", uses: [] } });
    const which = new Which(call);
    which.folder = " /p ";
    await which.ask("codex");
    expect(requests(call, "which_key")).toEqual([{ client: "codex", folder: "/p" }]);
    expect(which.report?.uses).toEqual([]);
  });

  it("undoes one write at a time and reads the list again", async () => {
    const call = core({ list_writings: [], undo_writing: null });
    const writings = new Writings(call);
    await Promise.all([writings.undo("a"), writings.undo("b")]);
    expect(requests(call, "undo_writing")).toEqual(["a"]);
    expect(vi.mocked(call)).toHaveBeenCalledWith("list_writings", null);
  });
});
