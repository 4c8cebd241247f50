import { describe, expect, it } from "vitest";
import { efficiencyFigure, hashrateFigure } from "../../../web/format/hashrate.ts";
import { textOf } from "../../../web/format/number.ts";

const rate = (hs: number, algorithm?: string): string => textOf(hashrateFigure(hs, algorithm));

describe("hashrateFigure()", () => {
  it("shows TH/s with one digit, PH/s with two and from 100 on with one, EH/s with three", () => {
    expect([198.44e12, 48.207e15, 534.26e15, 1.6612e18].map((hs) => rate(hs))).toEqual([
      "198.4 TH/s",
      "48.21 PH/s",
      "534.3 PH/s",
      "1.661 EH/s",
    ]);
  });
  it("keeps a weak SHA-256d miner in TH/s so that miners compare", () => {
    expect(rate(380e9)).toBe("0.4 TH/s");
    expect(rate(0)).toBe("0.0 TH/s");
  });
  it("takes the prefix that fits for other algorithms", () => {
    expect(rate(504e6, "scrypt")).toBe("504.0 MH/s");
    expect(rate(9.5e9, "scrypt")).toBe("9.5 GH/s");
    expect(rate(140e3, "equihash")).toBe("140.0 kSol/s");
  });
});

describe("efficiencyFigure()", () => {
  it("shows J/TH for SHA-256d and a readable unit for other algorithms", () => {
    expect(textOf(efficiencyFigure(17.52))).toBe("17.5 J/TH");
    expect(textOf(efficiencyFigure(360_526, "scrypt"))).toBe("360.5 J/GH");
  });
});
