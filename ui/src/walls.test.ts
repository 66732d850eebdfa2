import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

interface Source {
  path: string;
  text: string;
  imports: string[];
}

function sources(folder = "src"): Source[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    if (!/\.(ts|svelte|css)$/.test(path) || path.endsWith(".test.ts")) return [];
    const text = readFileSync(path, "utf8");
    return [{ path, text, imports: imported(text, path) }];
  });
}

/** What a file imports: packages by name, files of ours by their path. */
function imported(text: string, path: string): string[] {
  const found = [...text.matchAll(/(?:from|import\(|^\s*import)\s*"([^"]+)"/gm)].map(
    ([, name = ""]) => name,
  );
  return found.map((name) => (name.startsWith(".") ? normalize(join(dirname(path), name)) : name));
}

const all = sources();
const inside = (folder: string) => all.filter(({ path }) => path.startsWith(`src/${folder}/`));
const breaches = (files: Source[], wrong: (imported: string, path: string) => boolean) =>
  files.flatMap(({ path, imports }) =>
    imports.filter((one) => wrong(one, path)).map((one) => `${path} → ${one}`),
  );
const partOf = (path: string) => path.split("/")[2];

describe("the walls of the window", () => {
  it("are looked at as a whole", () => {
    expect(all.length).toBeGreaterThan(100);
    expect(
      inside("ipc").some(({ imports }) => imports.some((one) => one.startsWith("@tauri-apps/"))),
    ).toBe(true);
  });

  it("let only ipc talk to Tauri", () => {
    const others = all.filter(({ path }) => !path.startsWith("src/ipc/"));
    expect(breaches(others, (one) => one.startsWith("@tauri-apps/"))).toEqual([]);
    expect(others.filter(({ text }) => text.includes("__TAURI")).map(({ path }) => path)).toEqual(
      [],
    );
  });

  it("keep the kit free of the domain", () => {
    expect(
      breaches(inside("kit"), (one) => one.startsWith("src/") && !one.startsWith("src/kit/")),
    ).toEqual([]);
    const words = /\b(vault|secret|scope|revok|platform|connection|rotation)/i;
    expect(
      inside("kit")
        .filter(({ text }) => words.test(text))
        .map(({ path }) => path),
    ).toEqual([]);
  });

  it("keep each part to itself", () => {
    const wrong = (one: string, path: string) =>
      one.startsWith("src/views/") ||
      (one.startsWith("src/parts/") && partOf(one) !== partOf(path));
    expect(breaches(inside("parts"), wrong)).toEqual([]);
  });

  it("let state and text know no view", () => {
    const upward = (one: string) => one.startsWith("src/views/") || one.startsWith("src/parts/");
    expect(breaches([...inside("state"), ...inside("text"), ...inside("ipc")], upward)).toEqual([]);
  });

  it("keep the door small: no dialogs, no state of the main window", () => {
    const heavy = (one: string) => !/^(svelte|src\/(ipc|views\/door|parts\/key-glyph)\b)/.test(one);
    expect(breaches(inside("views/door"), heavy)).toEqual([]);
  });

  it("reach the made-up vault only from behind its switch", () => {
    const others = all.filter(({ path }) => !path.startsWith("src/ipc/fake/"));
    const users = others.filter(({ imports }) => imports.some((one) => one.includes("ipc/fake")));
    expect(users.map(({ path }) => path).sort()).toEqual([
      "src/ipc/call.ts",
      "src/ipc/door.ts",
      "src/ipc/events.ts",
    ]);
    for (const { text } of users) expect(text).toContain("if (__FAKE_CORE__)");
  });

  it("put nothing in place that the content policy forbids", () => {
    const inline =
      /<[a-z][^>]*\sstyle="[^{"]*"|<style[^>]*>@import|javascript:|https?:\/\/(?!127\.0\.0\.1)/i;
    const shown = all.filter(({ path }) => path.endsWith(".svelte"));
    expect(shown.filter(({ text }) => inline.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it("hold files of a size that can be read", () => {
    const lines = ({ text }: Source) => text.split("\n").length;
    const made = (path: string) => path.endsWith("bindings.ts");
    const long = all.filter(
      (file) => !made(file.path) && lines(file) > (file.path.endsWith(".svelte") ? 230 : 300),
    );
    expect(long.map((file) => `${file.path}: ${lines(file)}`)).toEqual([]);
    const folders = [...new Set(all.map(({ path }) => dirname(path)))];
    const full = folders.filter(
      (folder) => all.filter(({ path }) => dirname(path) === folder).length > 20,
    );
    expect(full).toEqual([]);
  });
});
