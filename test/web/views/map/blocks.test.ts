import { describe, expect, it } from "vitest";
import { blocksOf, subnetOf } from "../../../../web/views/map/blocks.ts";
import { fleetOf, rack, SITE } from "./mapHelp.ts";

describe("blocksOf()", () => {
  it("puts miners into the slots of their rack, and those of no rack into their subnets in order of address", () => {
    const fleet = fleetOf([
      { address: "10.0.0.10" },
      { address: "10.0.0.9" },
      { address: "10.0.1.1", rackId: "A2", slot: 3 },
      { address: "10.0.2.1" },
    ]);
    const racks = [rack("A10", { rows: 1, columns: 2 }), rack("A2", { rows: 2, columns: 2 })];
    const [site] = blocksOf({ fleet, racks, sites: [SITE], grouping: "rack" });
    expect(site.blocks.map(({ name, rowAt }) => [name, [...rowAt]])).toEqual([
      ["A2", [-1, -1, 2, -1]],
      ["A10", [-1, -1]],
      ["10.0.0.0/24", [1, 0]],
      ["10.0.2.0/24", [3]],
    ]);
    expect([site.minerCount, site.blocks[0].rows, site.blocks[0].columns]).toEqual([4, 2, 2]);
  });

  it("puts a miner whose slot is taken or beyond the rack behind the last slot", () => {
    const fleet = fleetOf([
      { address: "10.0.0.1", rackId: "A", slot: 1 },
      { address: "10.0.0.2", rackId: "A", slot: 1 },
      { address: "10.0.0.3", rackId: "A", slot: 9 },
      { address: "10.0.0.4", rackId: "A" },
    ]);
    const [site] = blocksOf({ fleet, racks: [rack("A", { rows: 1, columns: 2 })], sites: [SITE], grouping: "rack" });
    expect([[...site.blocks[0].rowAt], site.blocks[0].rows, site.blocks[0].capacity]).toEqual([[0, -1, 1, 2, 3], 3, 2]);
  });

  it("leaves racks aside when subnets are asked for, and sites without a miner or rack out", () => {
    const fleet = fleetOf([{ address: "10.0.0.1", rackId: "A", slot: 1 }]);
    const racks = [rack("A", { rows: 1, columns: 2 })];
    const sites = blocksOf({ fleet, racks, sites: [SITE, { id: "s2", name: "Minot" }], grouping: "subnet" });
    expect(sites.map(({ name, blocks }) => [name, blocks.map((block) => block.name)])).toEqual([["Pecos", ["10.0.0.0/24"]]]);
  });
});

describe("subnetOf()", () => {
  it("is the /24 of an IPv4 and the /64 of an IPv6 address", () => {
    expect(subnetOf("10.20.3.137")).toBe("10.20.3.0/24");
    expect(subnetOf("fd00:1::7")).toBe("fd00:1:0:0::/64");
  });
});
