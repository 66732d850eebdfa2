import { render, screen } from "@testing-library/svelte";
import { expect, it } from "vitest";
import Coming from "./Coming.svelte";

const day = (at: string, key: string, expires: boolean) => ({ key, title: key, at, expires });

it("tells a key once that ends on the day of its rotation", () => {
  const at = "2027-02-21T10:00:00Z";
  render(Coming, {
    coming: [
      day(at, "ci", true),
      day(at, "ci", false),
      day(at, "erp", false),
      day("2027-03-01T10:00:00Z", "erp", true),
    ],
  });
  expect(
    screen.getAllByTestId("coming").map((one) => one.textContent?.replace(/\s+/g, " ")),
  ).toHaveLength(3);
});
