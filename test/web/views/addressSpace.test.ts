import { describe, expect, it } from "vitest";
import type { ScanItem } from "../../../server/contract/agentLink.ts";
import { addressBlocks } from "../../../web/views/firstRun/addressSpace.ts";

const item = (address: string, outcome: ScanItem["outcome"]): ScanItem => ({
  ...{ address, port: 4028, outcome, model: null, firmware: null, detail: "" },
});

describe("addressBlocks()", () => {
  it("shows each address of a range by what was found there", () => {
    const blocks = addressBlocks(["10.0.3.2-10.0.3.5:4029"], [item("10.0.3.2", "found"), item("10.0.3.4", "notMiner")]);
    expect(blocks?.map(({ prefix }) => prefix)).toEqual(["10.0.3"]);
    expect(blocks?.[0].states.slice(1, 7)).toEqual(["outside", "found", "none", "other", "none", "outside"]);
  });
  it("begins a network at its first address, and takes a block once and in order", () => {
    const blocks = addressBlocks(["10.0.9.7", "10.0.3.77/23", "10.0.3.0/24"], []);
    expect(blocks?.map(({ prefix }) => prefix)).toEqual(["10.0.2", "10.0.3", "10.0.9"]);
    expect(blocks?.[0].states.every((state) => state === "none")).toBe(true);
  });
  it("is nothing for too much to see, and for IPv6 alone", () => {
    expect(addressBlocks(["10.0.0.0/16"], [])).toBeNull();
    expect(addressBlocks(["fd00::/120"], [])).toBeNull();
    expect(addressBlocks(["10.0.0.0/20"], [])).toHaveLength(16);
  });
});
