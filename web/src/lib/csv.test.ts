import { expect, it } from "vitest";

import { csvText } from "@/lib/csv";

it("quotes what needs it, and lets no attack text become a formula", () => {
  expect(csvText(["value", "requests"], [["/a,b", 3], ['say "no"', 1], ["=cmd()", 2], ["", null]])).toBe(
    "value,requests\r\n\"/a,b\",3\r\n\"say \"\"no\"\"\",1\r\n'=cmd(),2\r\n,\r\n",
  );
});

it("leaves numbers as they are, negative ones too", () => {
  expect(csvText(["n"], [[-1.5]])).toBe("n\r\n-1.5\r\n");
});
