import { describe, expect, it } from "vitest";
import { readChipMap } from "../../../agent/decode/chipMap.ts";

describe("readChipMap", () => {
  it("counts good and bad chips and keeps the blanks between domains", () => {
    expect(readChipMap(" oooo ooxX OO")).toEqual({ ok: 8, bad: 2, text: "oooo ooxX OO" });
  });

  it("finds no map in anything without a letter of a chip", () => {
    for (const value of ["", " ", "-", "0", 0, null, undefined, {}, ["o"]])
      expect(readChipMap(value)).toEqual({ ok: 0, bad: 0, text: null });
  });

  it("reads a map the same a second time, and after thousands of others", () => {
    const maps = Array.from({ length: 5000 }, (_, i) => i.toString(2).replaceAll("0", "o").replaceAll("1", "x"));
    for (let pass = 0; pass < 2; pass++) {
      for (const map of maps) {
        const bad = map.replaceAll("o", "").length;
        expect(readChipMap(map)).toEqual({ ok: map.length - bad, bad, text: map });
      }
    }
  });

  it("shows the first 1024 characters of a map that is longer, and counts all", () => {
    expect(readChipMap("o".repeat(2000))).toEqual({ ok: 2000, bad: 0, text: "o".repeat(1024) });
  });

  it("keeps what is no ASCII as it came", () => {
    expect(readChipMap("oo°x")).toEqual({ ok: 2, bad: 1, text: "oo°x" });
  });
});
