import { describe, expect, it } from "vitest";
import { highlight } from "./highlight";

const kinds = (query: string, problem: Parameters<typeof highlight>[1] = null) =>
  highlight(query, problem).map(({ text, kind }) => `${kind}:${text}`);

describe("the query in the search field", () => {
  it("sets filter names apart", () => {
    expect(kinds("platform:agent.ceo -tag:ci erp")).toEqual([
      "field:platform:",
      "text:agent.ceo ",
      "field:-tag:",
      "text:ci erp",
    ]);
  });

  it("loses no character", () => {
    for (const query of ["", " ", "a  b", "tag:", "é:ü is:due 🔑 x", "::", "https://x"]) {
      expect(
        highlight(query, null)
          .map(({ text }) => text)
          .join(""),
      ).toBe(query);
    }
  });

  it("underlines the wrong part", () => {
    expect(kinds("tag:ci exprs:<9d x", { at: 7, len: 9, message: "" })).toEqual([
      "field:tag:",
      "text:ci ",
      "wrong:exprs:<9d",
      "text: x",
    ]);
  });

  it("counts the core's bytes, not letters", () => {
    const query = "müller 🔑 nope:1";
    const at = new TextEncoder().encode("müller 🔑 ").length;
    expect(kinds(query, { at, len: 6, message: "" })).toEqual(["text:müller 🔑 ", "wrong:nope:1"]);
  });
});
