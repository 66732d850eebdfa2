import { describe, expect, it } from "vitest";
import type { ConnectionRow, ScanFind } from "../../ipc";
import { Scanning } from "../clients/scanning.svelte";
import { core, failure, requests } from "./core";

describe("a scan", () => {
  const find = (id: number, changes: Partial<ScanFind> = {}): ScanFind => ({
    id,
    what: "unknown",
    key: null,
    title: "A key",
    bitting: [id],
    platform: "openai",
    hint: "",
    file: "/f",
    short: "~/f",
    line: 1,
    node: "",
    client: null,
    client_name: "",
    places: 1,
    noted: false,
    tracked: false,
    loose: false,
    ...changes,
  });
  const home = (id: string, platform: string) => ({ id, platform }) as ConnectionRow;
  async function scanned(found: ScanFind[], more: Record<string, unknown> = {}) {
    const report = { found, files: 3, left_out: [], stopped: false, took_ms: 5 };
    const call = core({
      scan: report,
      stop_scan: null,
      take_in: { keys: ["n"], placements: 1 },
      ...more,
    });
    const scan = new Scanning(call);
    scan.folders = " /a \n\n/b";
    await scan.start();
    return { scan, call };
  }

  it("searches the folders line by line and groups what needs somebody first", async () => {
    const { scan, call } = await scanned([
      find(0, { what: "known", noted: true }),
      find(1),
      find(2, { what: "dead" }),
    ]);
    expect(requests(call, "scan")).toEqual([{ folders: ["/a", "/b"] }]);
    expect(scan.groups.map(({ what }) => what)).toEqual(["dead", "unknown", "known"]);
    scan.toggleAll();
    expect(scan.chosen).toEqual([1, 2]);
    scan.toggleAll();
    expect(scan.chosen).toEqual([]);
  });

  it("asks only where nothing tells the connection", async () => {
    const { scan } = await scanned([find(0), find(1, { platform: null }), find(2, { key: "k" })]);
    const ids = [0, 1, 2];
    expect(scan.homeless(ids, []).map(({ id }) => id)).toEqual([1]);
    expect(scan.homeless(ids, [home("a", "openai")]).map(({ id }) => id)).toEqual([1]);
    const two = [home("a", "openai"), home("b", "openai")];
    expect(scan.homeless(ids, two).map(({ id }) => id)).toEqual([0, 1]);
  });

  it("takes each find where it belongs, and knows the same secret elsewhere from then on", async () => {
    const { scan, call } = await scanned([
      find(0, { bitting: [7] }),
      find(1, { bitting: [7] }),
      find(2, { platform: null }),
    ]);
    const answer = await scan.take([0, 2], [{ finds: [2], connection: "c", name: " box " }]);
    expect(requests(call, "take_in")).toEqual([
      { finds: [0], connection: null, name: "" },
      { finds: [2], connection: "c", name: "box" },
    ]);
    expect(answer).toEqual({ ok: true, value: { keys: ["n", "n"], placements: 2 } });
    expect(scan.find(1)?.what).toBe("known");
    expect(scan.open.map(({ id }) => id)).toEqual([1]);
  });

  it("stays open where taking in failed", async () => {
    const { scan } = await scanned([find(0)], { take_in: { fails: failure("locked") } });
    const answer = await scan.take([0]);
    expect(answer.ok).toBe(false);
    expect(scan.open).toHaveLength(1);
    expect(scan.busy).toEqual([]);
  });

  it("hears how far it is only while it runs, and stops once", async () => {
    const { scan, call } = await scanned([]);
    scan.hear({ files: 9, found: 9, folder: "x" });
    expect(scan.far.files).toBe(0);
    const run = scan.start();
    scan.hear({ files: 9, found: 1, folder: "x" });
    expect(scan.far.files).toBe(9);
    await Promise.all([scan.stop(), scan.stop()]);
    await run;
    expect(requests(call, "stop_scan")).toHaveLength(1);
  });
});
