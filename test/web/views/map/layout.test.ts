import { describe, expect, it } from "vitest";
import { blocksOf } from "../../../../web/views/map/blocks.ts";
import {
  blockEnd,
  blockNeighbour,
  cellAt,
  cellsWithin,
  neighbourOf,
  showing,
  toMap,
  WHOLE,
  withinBounds,
  zoomed,
} from "../../../../web/views/map/geometry.ts";
import { layoutMap, type MapLayout } from "../../../../web/views/map/layout.ts";
import { fleetOf, rack, SITE, type MapMiner } from "./mapHelp.ts";

const PORT = { width: 1440, height: 620, minPitch: 5, maxPitch: 30, grain: 1 };

function layoutOf(miners: readonly MapMiner[], racks = [rack("A01", { rows: 2, columns: 3 })], port = PORT): MapLayout {
  return layoutMap(blocksOf({ fleet: fleetOf(miners), racks, sites: [SITE], grouping: "rack" }), port);
}

const many = (count: number): MapMiner[] =>
  Array.from({ length: count }, (_, n) => ({ address: `10.0.${Math.floor(n / 250)}.${(n % 250) + 1}` }));

/** A01 and A02 with 2 × 3 slots each and no free one, B01 below. */
const NAMES = ["A01", "A02", "B01"];
const racked = NAMES.flatMap((id, r) =>
  Array.from({ length: 6 }, (_, n) => ({ address: `10.0.0.${r * 6 + n + 1}`, rackId: id, slot: n + 1 })),
);
const RACKS = NAMES.map((id) => rack(id, { rows: 2, columns: 3 }));

describe("layoutMap()", () => {
  it("shows 10,000 miners on one screen, none over another", () => {
    const layout = layoutOf(many(10_000), []);
    expect(layout.cellCount).toBe(10_000);
    expect(layout.width).toBeLessThanOrEqual(1440);
    expect(layout.height).toBeLessThanOrEqual(620);
    expect(Math.min(layout.cellWidth, layout.cellHeight)).toBeGreaterThanOrEqual(6);
    const places = new Set(Array.from(layout.x, (x, cell) => `${x} ${layout.y[cell]}`));
    expect(places.size).toBe(10_000);
    expect([...layout.rowOfCell].every((row, cell) => layout.cellOfRow[row] === cell)).toBe(true);
  });

  it("becomes higher than the screen rather than smaller than legible, and still fills its width", () => {
    const layout = layoutOf(many(10_000), [], { ...PORT, width: 390, height: 400, minPitch: 7 });
    expect([layout.cellWidth, layout.cellHeight]).toEqual([7, 7]);
    expect(layout.height).toBeGreaterThan(400);
    expect(layout.width).toBe(390);
    expect(390 - Math.max(...layout.blocks.map(({ x, width }) => x + width))).toBeLessThan(16);
  });

  it("takes steps of the screen's own pixels, where it has more of them", () => {
    const racks = Array.from({ length: 11 }, (_, n) => rack(`A${n + 1}`, { rows: 4, columns: 12 }));
    const miners = racks.map(({ id }, n) => ({ address: `10.0.0.${n + 1}`, rackId: id, slot: 1 }));
    const port = { ...PORT, width: 390, height: 325, minPitch: 7, maxPitch: 18 };
    const [coarse, fine] = [layoutOf(miners, racks, port), layoutOf(miners, racks, { ...port, grain: 1 / 3 })];
    expect(fine.cellWidth).toBeGreaterThan(coarse.cellWidth);
    expect(fine.cellWidth * 3).toBeCloseTo(Math.round(fine.cellWidth * 3));
  });

  it("sets racks in aisles where their names say so: rows by letter, columns by number", () => {
    const layout = layoutOf(racked, RACKS);
    const [a01, a02, b01] = layout.blocks;
    expect([a02.y, b01.x]).toEqual([a01.y, a01.x]);
    expect(b01.y).toBeGreaterThan(a01.y + a01.height);
    expect(layout.labels.map(({ kind, text }) => [kind, text])).toEqual([
      ["aisle", "A"],
      ["aisle", "B"],
      ["column", "01"],
      ["column", "02"],
      ["site", "Pecos"],
    ]);
  });

  it("fills the screen: 21 aisles of ten racks in its width, few racks per aisle in several columns", () => {
    const spread = (aisles: number, perAisle: number, port = PORT): MapLayout => {
      const names = Array.from({ length: aisles * perAisle }, (_, n) => {
        const aisle = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[Math.floor(n / perAisle)];
        return `${aisle}${String((n % perAisle) + 1).padStart(2, "0")}`;
      });
      const miners = names.map((id, n) => ({ address: `10.0.${Math.floor(n / 250)}.${(n % 250) + 1}`, rackId: id, slot: 1 }));
      const racks = names.map((id) => rack(id, { rows: 4, columns: 12 }));
      return layoutOf(miners, racks, port);
    };
    const rightEdge = ({ blocks }: MapLayout): number => Math.max(...blocks.map(({ x, width }) => x + width));
    const bottom = ({ blocks }: MapLayout): number => Math.max(...blocks.map(({ y, height }) => y + height));
    const large = spread(21, 10);
    expect(rightEdge(large)).toBeGreaterThan(0.9 * PORT.width);
    expect([rightEdge(large) <= PORT.width, bottom(large) <= PORT.height]).toEqual([true, true]);
    const narrow = spread(24, 2);
    expect(rightEdge(narrow)).toBeGreaterThan(0.75 * PORT.width);
    expect(bottom(narrow)).toBeLessThanOrEqual(PORT.height);
    const overlaps = narrow.blocks.flatMap((a, i) =>
      narrow.blocks.slice(i + 1).filter((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height),
    );
    expect(overlaps).toEqual([]);
    // No aisle is torn apart.
    for (const { blocks } of narrow.labels.filter(({ kind }) => kind === "aisle"))
      expect(new Set(blocks.map((number) => narrow.blocks[number].y)).size).toBe(1);
  });

  it("keeps sites with aisles apart, however few racks one of them has", () => {
    const names = ["A", "B", "C", "D", "E", "F"].flatMap((aisle) => ["01", "02"].map((number) => aisle + number));
    const sites = [SITE, { id: "s2", name: "Minot" }];
    const racks = names.map((id) => ({ ...rack(id, { rows: 4, columns: 12 }), siteId: id > "B" ? SITE.id : "s2" }));
    const miners = racks.map(({ id, siteId }, n) => ({ address: `10.0.0.${n + 1}`, rackId: id, slot: 1, siteId }));
    const { blocks } = layoutMap(blocksOf({ fleet: fleetOf(miners), racks, sites, grouping: "rack" }), PORT);
    const overlaps = blocks.flatMap((a, i) =>
      blocks.slice(i + 1).filter((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height),
    );
    expect([blocks.length, overlaps]).toEqual([12, []]);
  });

  it("names each rack where names say nothing of aisles, and has room for one miner and for none", () => {
    const layout = layoutOf([{ address: "10.0.0.1", rackId: "Roof", slot: 1 }], [rack("Roof", { rows: 1, columns: 2 })]);
    expect(layout.labels.map(({ text }) => text)).toEqual(["Roof", "Pecos"]);
    expect(layoutMap([], PORT).cellCount).toBe(0);
  });

  it("puts sites beside each other without overlap", () => {
    const miners = many(600).map((miner, n) => ({ ...miner, siteId: n < 400 ? "s1" : "s2" }));
    const sites = [SITE, { id: "s2", name: "Minot" }];
    const { blocks } = layoutMap(blocksOf({ fleet: fleetOf(miners), racks: [], sites, grouping: "rack" }), PORT);
    const overlaps = blocks.flatMap((a, i) =>
      blocks.slice(i + 1).filter((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height),
    );
    expect([blocks.length, overlaps]).toEqual([4, []]);
  });
});

describe("the geometry of the map", () => {
  const layout = layoutOf(racked, RACKS);

  it("finds the cell under a point, and none in the gap beside a rack", () => {
    expect(cellAt(layout, { x: layout.x[4] + 2, y: layout.y[4] + 2 })).toBe(4);
    expect(cellAt(layout, { x: layout.blocks[0].x - 3, y: layout.blocks[0].y })).toBe(-1);
  });

  it("finds the cells within a rectangle", () => {
    const { x, y, width, height } = layout.blocks[1];
    expect(cellsWithin(layout, { x, y, width, height })).toEqual([6, 7, 8, 9, 10, 11]);
  });

  it("moves from cell to cell: along the row into the next rack, and down into the next aisle", () => {
    expect(neighbourOf(layout, 0, "right")).toBe(1);
    expect(neighbourOf(layout, 2, "right")).toBe(6);
    expect(neighbourOf(layout, 6, "left")).toBe(2);
    expect(neighbourOf(layout, 3, "down")).toBe(12);
    expect(neighbourOf(layout, 0, "up")).toBe(0);
    expect([blockEnd(layout, 8, "first"), blockEnd(layout, 8, "last")]).toEqual([6, 11]);
    expect([blockNeighbour(layout, 8, 1), blockNeighbour(layout, 8, -1), blockNeighbour(layout, 14, 1)]).toEqual([12, 0, 14]);
  });

  it("zooms around a point that stays, and never shows what lies beside the map", () => {
    const near = zoomed(WHOLE, 2, { x: 100, y: 50 });
    expect(toMap(near, { x: 100, y: 50 })).toEqual({ x: 100, y: 50 });
    expect(zoomed(near, 0.1, { x: 0, y: 0 }).scale).toBe(1);
    const port = { width: 100, height: 100 };
    expect(withinBounds({ scale: 2, x: 40, y: -9999 }, port, port)).toEqual({ scale: 2, x: 0, y: -100 });
    const far = { x: 10, y: 500, width: 10, height: 10 };
    expect(showing(WHOLE, far, { width: 300, height: 300 })).toEqual({ scale: 1, x: 14, y: -234 });
  });
});
