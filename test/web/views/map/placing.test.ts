import { describe, expect, it } from "vitest";
import { blocksOf } from "../../../../web/views/map/blocks.ts";
import { dropOn, fillSlots, placesCsv, slotOf, unplacedRows } from "../../../../web/views/map/placing.ts";
import { fleetOf, rack, SITE } from "./mapHelp.ts";

/** Rack A: slot 1 row 0, slot 3 row 1; rack B is empty; rows 2 and 3 stand in none. */
const fleet = fleetOf([
  { address: "10.0.0.1", rackId: "A", slot: 1 },
  { address: "10.0.0.2", rackId: "A", slot: 3 },
  { address: "10.0.0.12" },
  { address: "10.0.0.9" },
]);
const racks = [rack("A", { rows: 2, columns: 2 }), rack("B", { rows: 1, columns: 2 })];
const { blocks } = blocksOf({ fleet, racks, sites: [SITE], grouping: "rack" })[0];
const [a, b] = blocks;

describe("placing miners", () => {
  it("fills free slots in order, from a slot on, and leaves out who finds none", () => {
    expect(fillSlots(a, [2, 3]).map(({ row, slot }) => [row, slot])).toEqual([
      [2, 2],
      [3, 4],
    ]);
    expect(fillSlots(a, [2, 3], 3).map(({ row, slot }) => [row, slot])).toEqual([[2, 4]]);
  });

  it("knows who stands in no rack, in order of address", () => {
    expect(unplacedRows(fleet, blocks)).toEqual([3, 2]);
    expect([slotOf(blocks, 1)?.slot, slotOf(blocks, 2)]).toEqual([3, null]);
  });

  it("lets two change places, and nobody be pushed out", () => {
    expect(dropOn(blocks, [2], { block: b, slot: 2 })).toEqual([{ row: 2, rack: "B", slot: 2 }]);
    expect(dropOn(blocks, [0], { block: a, slot: 3 })).toEqual([
      { row: 0, rack: "A", slot: 3 },
      { row: 1, rack: "A", slot: 1 },
    ]);
    expect(dropOn(blocks, [2], { block: a, slot: 1 })).toEqual([]);
    expect(dropOn(blocks, [0], { block: a, slot: 1 })).toEqual([]);
    expect(dropOn(blocks, [0], { block: blocks[2], slot: 1 })).toEqual([]);
  });

  it("puts several into the free slots from where they are let go, their own included", () => {
    expect(dropOn(blocks, [0, 1, 2], { block: a, slot: 1 }).map(({ row, slot }) => [row, slot])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
  });

  it("is a file that the import takes, whatever a rack is called", () => {
    expect(placesCsv(fleet, [{ row: 2, rack: 'Hall "2", left', slot: 1 }])).toBe(
      'address,rack,slot\n10.0.0.12:4028,"Hall ""2"", left",1\n',
    );
  });
});
