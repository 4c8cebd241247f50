import { describe, expect, it } from "vitest";
import { readSelection, selectionProblems, writeSelection } from "../../../web/live/selectionText.ts";

const run = (from: number, to: number, step = 1): string[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, n) => `m${from + n * step}`);

describe("a selection in an address", () => {
  it("names a few miners one by one, as they were selected, and many as runs", () => {
    expect(writeSelection(new Set())).toBeNull();
    expect(writeSelection(new Set(["m9", "m7", "m8"]))).toBe("m9,m7,m8");
    expect(writeSelection(new Set([...run(100, 147), "m7", "m9", "m8", "m3"]))).toBe("m3,m7-m9,m100-m147");
    expect(writeSelection(new Set(run(1, 10_000)))).toBe("m1-m10000");
  });

  it("names many scattered ones bit by bit, and reads them back", () => {
    const scattered = run(1, 10_000).filter((_, n) => (n * 2_654_435_761) % 7 < 3);
    const text = writeSelection(new Set(scattered)) ?? "";
    expect(text).toMatch(/^m1~[\w-]{1600,1670}$/);
    expect(readSelection(text)).toEqual({ ids: scattered, wrong: [] });
    expect(writeSelection(new Set(run(4, 400, 3)))).toBe(`m4~${"J".repeat(66)}B`);
  });

  it("is left out where it would be too long for an address", () => {
    expect(writeSelection(new Set(run(1, 90_000, 9)))).toBeNull();
  });

  it("is read back", () => {
    const ids = [...run(1, 60), "m70"];
    expect(readSelection(writeSelection(new Set(ids)) ?? "")).toEqual({ ids, wrong: [] });
  });

  it.each(["x2", "m", "m3-m1", "m1-m2-m3", "m1-m99999999", "m1-", "-m3", "m1-x", "m1~!", "x~AB", "m1048575~AA", "~A"])(
    "does not take %j for one",
    (word) => {
      expect(readSelection(`m1,${word}`)).toEqual({ ids: ["m1"], wrong: [word] });
      expect(selectionProblems(word)).toEqual([expect.stringContaining(`“${word}” in select`)]);
    },
  );
});
