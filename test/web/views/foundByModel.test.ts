import { describe, expect, it } from "vitest";
import type { ScanItem } from "../../../server/contract/agentLink.ts";
import { foundByModel } from "../../../web/views/firstRun/foundByModel.ts";

const item = (address: string, model: string | null, outcome: ScanItem["outcome"] = "found"): ScanItem => ({
  ...{ address, port: 4028, outcome, model, firmware: null, detail: "" },
});

describe("foundByModel()", () => {
  it("counts the miners of each model, the most first, and adds up what those say that were polled", () => {
    const items = [item("a", "S19"), item("b", "S21"), item("c", "S21"), item("d", "S21"), item("e", null, "notMiner")];
    const rates: Record<string, number> = { b: 2, d: 3 };
    expect(foundByModel(items, ({ address }) => rates[address] ?? Number.NaN)).toEqual([
      { model: "S21", count: 3, hashrateHs: 5 },
      { model: "S19", count: 1, hashrateHs: null },
    ]);
  });
  it("keeps apart those that did not tell their model", () => {
    expect(foundByModel([item("a", null)], () => 0)).toEqual([{ model: null, count: 1, hashrateHs: 0 }]);
  });
});
