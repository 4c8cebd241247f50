import { describe, expect, it } from "vitest";
import { csvText } from "../../../web/format/csv.ts";

describe("csvText()", () => {
  it("quotes what holds a comma or a quote, and leaves numbers and nothing as they are", () => {
    expect(
      csvText([
        ["Name", "Power W"],
        ['a "b", c', -1.5],
        [null, 0],
      ]),
    ).toBe('\ufeffName,Power W\r\n"a ""b"", c",-1.5\r\n,0\r\n');
  });

  it.each(["=1+1", "+1", "-1", "@SUM(A1)", " =1"])("makes %j harmless", (text) => {
    expect(csvText([[text]])).toMatch(/^\ufeff'/);
  });

  it("shows control characters rather than passing them on", () => {
    expect(csvText([["a\u0000b\nc\u202ed"]])).toBe("\ufeffa␀b␊c\ufffdd\r\n");
  });
});
