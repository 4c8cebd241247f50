import { describe, expect, it } from "vitest";
import { isWall, leaveWallAddress, wallAddress } from "../../../../web/views/navigation.ts";
import { fitMap } from "../../../../web/views/wall/fitMap.ts";
import { viewsOf } from "../../../../web/views/wall/useTurns.ts";
import { parseWallQuery } from "../../../../web/views/wall/wallQuery.ts";
import type { SiteBlocks } from "../../../../web/views/map/blocks.ts";

describe("the address of a wall", () => {
  it("is that of its page with a mark, and back again", () => {
    expect(wallAddress("/map?by=temp&site=s1")).toBe("/map?by=temp&site=s1&wall");
    expect(wallAddress("/map?at=2026-11-24T03:00:00Z&select=m1,m2&group=subnet")).toBe("/map?group=subnet&wall");
    expect(wallAddress("/")).toBe("/?wall");
    expect(isWall("/map?by=temp&wall")).toBe(true);
    expect(isWall("/map?by=temp")).toBe(false);
    expect(leaveWallAddress("/map?by=temp&site=s1&wall&rotate=30&each=site")).toBe("/map?by=temp&site=s1");
    expect(leaveWallAddress("/?wall")).toBe("/");
  });

  it("is that of the fleet where a page has no wall, of the same site", () => {
    expect(wallAddress("/miners?status=degraded&site=s1")).toBe("/?site=s1&wall");
    expect(wallAddress("/settings?part=tokens")).toBe("/?wall");
  });
});

describe("parseWallQuery()", () => {
  it("reads page, turns, colours and range", () => {
    expect(parseWallQuery("/map?wall&rotate=30&each=site&by=temp&group=subnet&range=7d&site=s1")).toEqual({
      query: { page: "map", rotateS: 30, isEachSite: true, range: "7d", by: "temp", grouping: "subnet" },
      problems: [],
    });
    expect(parseWallQuery("/?wall")).toEqual({
      query: { page: "fleet", rotateS: null, isEachSite: false, range: "24h", by: "status", grouping: "rack" },
      problems: [],
    });
  });

  it("keeps a rotation within its limits, and says so", () => {
    expect(parseWallQuery("/?wall&rotate=1")).toMatchObject({ query: { rotateS: 10 }, problems: [expect.stringContaining("10 s")] });
    expect(parseWallQuery("/?wall&rotate=1e9")).toMatchObject({ query: { rotateS: 3600 }, problems: [expect.stringContaining("3600 s")] });
    for (const text of ["", "soon", "NaN"])
      expect(parseWallQuery(`/?wall&rotate=${text}`)).toMatchObject({ query: { rotateS: null }, problems: [{}] });
  });

  it("names what it does not understand, and the nearest page", () => {
    const { query, problems } = parseWallQuery("/miners?wall&each=rack&by=mood&range=2d&at=now&q=x");
    expect(query).toMatchObject({ page: "fleet", isEachSite: false, by: "status", range: "24h" });
    for (const word of ["Only the fleet and the map", "each=rack", "by=mood", "2d", "“at”", "“q”"])
      expect(problems.filter((problem) => problem.includes(word))).toHaveLength(1);
  });
});

describe("viewsOf()", () => {
  const { query } = parseWallQuery("/?wall&rotate=30");

  it("is the page of the address alone without a rotation", () => {
    expect(viewsOf({ ...query, rotateS: null }, ["s1", "s2"])).toEqual([{ page: "fleet" }]);
    expect(viewsOf({ ...query, rotateS: null, page: "map", isEachSite: true }, ["s1", "s2"])).toEqual([{ page: "map", siteId: null }]);
  });

  it("is fleet and map, or the map of each site where there are several", () => {
    expect(viewsOf(query, ["s1", "s2"])).toEqual([{ page: "fleet" }, { page: "map", siteId: null }]);
    expect(viewsOf({ ...query, isEachSite: true }, ["s1"])).toEqual([{ page: "fleet" }, { page: "map", siteId: null }]);
    expect(viewsOf({ ...query, isEachSite: true }, ["s1", "s2"])).toEqual([
      { page: "fleet" },
      { page: "map", siteId: "s1" },
      { page: "map", siteId: "s2" },
    ]);
  });
});

describe("fitMap()", () => {
  /** A site of racks with 48 slots each, all taken. */
  const siteOf = (rackCount: number): SiteBlocks => ({
    siteId: "s1",
    name: "Pecos",
    minerCount: rackCount * 48,
    blocks: Array.from({ length: rackCount }, (_, rack) => ({
      ...{ kind: "rack", id: `r${rack}`, siteId: "s1", name: `R${rack}`, columns: 12, rows: 4, capacity: 48 },
      rowAt: Int32Array.from({ length: 48 }, (_, slot) => rack * 48 + slot),
    })),
  });
  const SCREEN = { width: 1880, height: 760 };

  it("draws a small fleet as large as asked for", () => {
    expect(fitMap([siteOf(10)], SCREEN, 2)).toMatchObject({ magnification: 2, view: { scale: 1 }, layout: { cellCount: 480 } });
  });

  it.each([210, 2100])("shows all of %i racks at once, however small", (rackCount) => {
    const { layout, magnification, view } = fitMap([siteOf(rackCount)], SCREEN, 2);
    expect(layout.cellCount).toBe(rackCount * 48);
    expect(layout.width * magnification * view.scale).toBeLessThan(SCREEN.width + 0.01);
    expect(layout.height * magnification * view.scale).toBeLessThan(SCREEN.height + 0.01);
  });

  it("has nothing to draw of nothing", () => {
    expect(fitMap([], SCREEN, 2).layout.cellCount).toBe(0);
  });
});
