import { describe, expect, it } from "vitest";
import type { Call, PlatformRow, Progress } from "../../ipc";
import { done } from "../../ipc/result";
import { AddFlow } from "../add.svelte";
import { ConnectFlow, ReplaceFlow } from "../connect.svelte";
import { Connections } from "../connections.svelte";
import { AddPlatformFlow, shelves } from "../platforms.svelte";
import { core, failure, requests } from "./core";

const platform = (id: string, name: string, shelf: string, about = ""): PlatformRow => ({
  id,
  name,
  about,
  base_url: "",
  variables: [],
  credential: null,
  capabilities: [],
  shelf,
  docs: "",
  advice: [],
  guided: false,
  added: false,
  verified: null,
});
const ALL = [
  platform("agent.ceo", "agent.ceo", "Agents", "Agents for a company."),
  platform("openai", "OpenAI project keys", "Models"),
  platform("gitlab", "GitLab personal tokens", "Code and packages"),
  platform("gitlab-project", "GitLab project tokens", "Code and packages"),
];
const names = (typed: string) =>
  shelves(ALL, typed).map(({ name, platforms }) => [name, ...platforms.map(({ id }) => id)]);

describe("choosing a platform", () => {
  it("keeps the core's order of shelves", () => {
    expect(names("")).toEqual([
      ["Agents", "agent.ceo"],
      ["Models", "openai"],
      ["Code and packages", "gitlab", "gitlab-project"],
    ]);
  });

  it("finds by name, id, sentence and shelf, all words together", () => {
    expect(names("GITLAB project")).toEqual([["Code and packages", "gitlab-project"]]);
    expect(names("company")).toEqual([["Agents", "agent.ceo"]]);
    expect(names("models")).toEqual([["Models", "openai"]]);
    expect(names("none such")).toEqual([]);
  });
});

/** jsdom's files cannot be read. */
const file = (text: string, name: string) =>
  Object.assign(new File([text], name), { text: () => Promise.resolve(text) });
const preview = { platform: ALL[0], origin: "", page_origins: [], calls: [], replaces: null };

describe("adding a platform", () => {
  it("trusts only what was shown, and nothing that is built in", async () => {
    const call = core({
      preview_platform: { ...preview, builtin: true },
      add_platform: ALL[0],
    });
    const flow = new AddPlatformFlow(call);
    expect(flow.trustable).toBe(false);
    await flow.take(file("profile = 1", "mine.toml"));
    expect(flow.preview).not.toBeNull();
    expect(await flow.trust()).toBeNull();
    expect(requests(call, "add_platform")).toEqual([]);
  });

  it("names the file in what it sends, and adds it when it is trusted", async () => {
    const call = core({ preview_platform: { ...preview, builtin: false }, add_platform: ALL[0] });
    const flow = new AddPlatformFlow(call);
    await flow.take(file("profile = 1", "mine.toml"));
    expect(await flow.trust()).toEqual(ALL[0]);
    expect(requests(call, "add_platform")).toEqual([{ origin: "mine.toml", text: "profile = 1" }]);
  });

  it("shows what is wrong with it, and forgets that with the text", async () => {
    const wrong = failure("invalid", "mine.toml:3:1: found `naem`.");
    const flow = new AddPlatformFlow(core({ preview_platform: { fails: wrong } }));
    await flow.take(file("naem", "mine.toml"));
    expect(flow.failure).toEqual(wrong);
    expect(flow.trustable).toBe(false);
    flow.again();
    expect(flow.failure).toBeNull();
    expect(flow.text).toBe("");
  });

  it("reads no file that is too long for one", async () => {
    const call = core({});
    const flow = new AddPlatformFlow(call);
    await flow.take(file("x".repeat(300_000), "film.toml"));
    expect(flow.failure?.code).toBe("invalid");
    expect(requests(call, "preview_platform")).toEqual([]);
  });

  it("looks at the last of what is typed only", async () => {
    const call = core({ preview_platform: { ...preview, builtin: false } });
    const flow = new AddPlatformFlow(call);
    await Promise.all([flow.type("pro"), flow.type("profile = 1")]);
    expect(requests(call, "preview_platform")).toEqual([
      { origin: "pasted.toml", text: "profile = 1" },
    ]);
  });
});

describe("a management credential", () => {
  it("is told with its end, and not without a real day", async () => {
    const call = core({ replace_credential: {} });
    const flow = new ReplaceFlow(call, "c");
    flow.expires = "soon";
    expect(await flow.submit("clipboard")).toBeNull();
    expect(flow.dateWrong).toBe(true);
    flow.expires = "2027-03-31";
    await flow.submit("clipboard");
    expect(requests(call, "replace_credential")).toEqual([
      {
        connection: "c",
        source: "clipboard",
        expires: { kind: "at", at: "2027-03-31T23:59:59.000Z" },
      },
    ]);
  });

  it("of a new connection ends on no known day when none is told", async () => {
    const call = core({ connect: {} });
    const flow = new ConnectFlow(call);
    flow.choose(ALL[1]!, []);
    await flow.submit("file");
    expect(requests(call, "connect")).toMatchObject([
      { connect: { credential_expires: { kind: "unknown" } }, source: "file" },
    ]);
  });
});

describe("what is on the clipboard", () => {
  it("is asked only when somebody wants to know", async () => {
    const found = [{ platform: "openai", name: "OpenAI", environment: "live", why: "It fits." }];
    const call = core({ detect_clipboard: found });
    const flow = new AddFlow(call, "c");
    expect(flow.detected).toBeNull();
    await flow.detect();
    expect(flow.detected).toEqual(found);
    expect(requests(call, "detect_clipboard")).toEqual([null]);
  });
});

describe("reading many lists", () => {
  const connection = (id: string, has_credential: boolean) => ({ id, name: id, has_credential });
  function reading() {
    let finish: () => void = () => {};
    const call = ((command: string) => {
      if (command === "refresh")
        return new Promise((after) => (finish = () => after(done([{ listed: 1 }]))));
      return Promise.resolve(
        done(
          command === "list_connections"
            ? [connection("a", true), connection("b", true), connection("c", false)]
            : null,
        ),
      );
    }) as unknown as Call;
    return { list: new Connections(call), finish: () => finish() };
  }
  const told = (progress: Extract<Progress, { kind: "refresh" | "paused" }>) => progress;

  it("tells how far it is, and who asks for a pause", async () => {
    const { list, finish } = reading();
    await list.load();
    const asked = list.refreshAll();
    expect(list.round).toMatchObject({ done: 0, total: 2 });
    expect(list.refreshing).toEqual(["a", "b"]);
    list.hear(told({ kind: "paused", connection: "b", seconds: 30 }));
    expect(list.round?.pause).toEqual({ name: "b", seconds: 30 });
    list.hear(told({ kind: "refresh", connection: "a", done: 1, total: 2 }));
    expect(list.round).toMatchObject({ done: 1, pause: null });
    finish();
    expect((await asked).stopped).toBe(false);
    expect(list.round).toBeNull();
  });

  it("is stopped once, and says that it was", async () => {
    const { list, finish } = reading();
    await list.load();
    const asked = list.refreshAll();
    await list.stop();
    expect(list.round?.stopping).toBe(true);
    finish();
    expect((await asked).stopped).toBe(true);
  });

  it("shows nothing for a single list", async () => {
    const { list, finish } = reading();
    await list.load();
    const asked = list.refresh("a");
    list.hear(told({ kind: "refresh", connection: "a", done: 1, total: 1 }));
    expect(list.round).toBeNull();
    finish();
    await asked;
  });
});
