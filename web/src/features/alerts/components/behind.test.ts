import { describe, expect, it } from "vitest";

import { rowsOf } from "@/features/alerts/components/behind";
import { readSearch } from "@/lib/search";
import { alert } from "@/test/samples";

describe("rowsOf", () => {
  it("names client, class, site and span, in a form that the address keeps", () => {
    const search = rowsOf(alert);
    expect(search).toEqual({
      from: "2026-03-04T05:06:01.002000Z",
      to: "2026-03-04T05:06:53.004Z",
      ip: "198.51.100.7",
      class: "sql_injection",
      host: "shop.example.com",
    });
    expect(readSearch({ ...search })).toMatchObject(search);
  });

  it("leaves out what stands for many", () => {
    const search = rowsOf({ ...alert, related_ip: null, host: null });
    expect(search).not.toHaveProperty("ip");
    expect(search).not.toHaveProperty("host");
  });
});
