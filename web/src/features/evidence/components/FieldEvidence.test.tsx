// @vitest-environment jsdom
import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { FieldEvidence } from "@/features/evidence/components/FieldEvidence";
import type { Explanation, Field } from "@/lib/wire";

const field: Field = { location: "query", name: "id", value: "9%27%20or%201=1%20--", truncated: false, score: 0.9871, class: "sql_injection" };
const span: Explanation = { location: "query", name: "id", start: 1, end: 20, text: "' or 1=1 --", weight: 0.83, decoded_from: "%27%20or%201=1%20--" };

describe("FieldEvidence", () => {
  it("marks the raw bytes and shows how they were read", () => {
    const { container } = render(<FieldEvidence field={field} spans={[span]} />);
    const mark = container.querySelector("mark");
    expect(mark?.textContent).toBe("%27%20or%201=1%20--");
    expect(mark?.title).toContain("' or 1=1 --");
    expect(container.querySelector("pre")?.textContent).toBe(field.value);
    expect(screen.getByText("83 % of the verdict")).toBeTruthy();
    expect(screen.getByText("SQL Injection")).toBeTruthy();
  });

  it("shows markup as the text it is", () => {
    const value = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
    const { container } = render(<FieldEvidence field={{ ...field, value }} spans={[{ ...span, start: 0, end: 10, text: value }]} />);
    expect(container.querySelector("pre")?.textContent).toBe(value);
    expect(container.querySelector("img, script")).toBeNull();
  });

  it("says when a value is empty or cut", () => {
    render(<FieldEvidence field={{ ...field, value: "", truncated: true }} spans={[]} />);
    expect(screen.getByText("(empty)")).toBeTruthy();
    expect(screen.getByText("cut")).toBeTruthy();
  });
});
