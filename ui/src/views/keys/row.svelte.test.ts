import { render, screen } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";
import { row } from "../../test-rows";
import Row from "./Row.svelte";

const now = Date.parse("2026-11-23T10:00:00Z");
const show = (changes: Parameters<typeof row>[0]) =>
  render(Row, {
    row: row(changes),
    now,
    selected: false,
    index: 4,
    total: 9,
    onselect: vi.fn(),
    onopen: vi.fn(),
  });

describe("a row of the list", () => {
  it("tells a screen reader where it stands and what it is", () => {
    show({ title: "ERP import", name: "erp", expires: { kind: "at", at: "2026-12-03T10:00:00Z" } });
    const option = screen.getByRole("option");
    expect(option.getAttribute("aria-posinset")).toBe("5");
    expect(option.getAttribute("aria-setsize")).toBe("9");
    expect(option.textContent).toContain("ERP import");
    expect(option.textContent).toContain("10 days");
    expect(option.dataset.name).toBe("erp");
  });

  it("draws a cut key with a secret, a blank without, and a grey one when it is dead", () => {
    const key = () => document.querySelector(".key")!;
    const { unmount } = show({ bitting: [1, 2, 3, 4] });
    expect(key().classList.contains("blank")).toBe(false);
    unmount();
    const blank = show({ bitting: null });
    expect(key().classList.contains("blank")).toBe(true);
    blank.unmount();
    show({ bitting: [1, 2, 3, 4], status: "revoked" });
    expect(key().classList.contains("dead")).toBe(true);
  });
});
