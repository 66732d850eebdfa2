import { describe, expect, it } from "vitest";
import { render } from "./markdown";

const RUNS = "SCRIPT IMG A IFRAME SVG STYLE OBJECT DETAILS MATH".split(" ");
const HOSTILE = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '<a href="javascript:alert(1)">x</a>',
  "[x](javascript:alert(1))",
  "[x](data:text/html,<script>alert(1)</script>)",
  "![x](https://evil.example/?leak)",
  '![x" onerror="alert(1)](x)',
  "<svg/onload=alert(1)>",
  "<iframe src=//evil.example></iframe>",
  '<p style="background:url(//evil.example)">x</p>',
  "<math><mi//xlink:href=data:x,alert(1)>",
  "`<img src=x onerror=alert(1)>`",
  "[![x](x)](//evil.example)",
  "<details open ontoggle=alert(1)>",
  "<https://evil.example/%22onload=%22x>",
];

describe("a note", () => {
  it("is formatted", () => {
    expect(render("Ask **Finance** first")).toBe("<p>Ask <strong>Finance</strong> first</p>\n");
    expect(render("- a\n- b")).toContain("<li>a</li>");
    expect(render("one\ntwo")).toContain("<br>");
  });

  it("shows where a link points instead of going there", () => {
    const html = render("see [the runbook](https://wiki.example/erp?a=1&b=2)");
    expect(html).toContain("the runbook (<code>https://wiki.example/erp?a=1&amp;b=2</code>)");
  });

  it("holds no attribute, no address that loads and nothing that runs", () => {
    for (const text of HOSTILE) {
      const holder = document.createElement("div");
      holder.innerHTML = render(text);
      for (const element of holder.querySelectorAll("*")) {
        expect(element.attributes, text).toHaveLength(0);
        expect(RUNS, text).not.toContain(element.tagName);
      }
    }
  });
});
