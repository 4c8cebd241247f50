import { describe, expect, it } from "vitest";
import { rowsInSight } from "../../../web/views/miners/rowWindow.ts";

describe("rowsInSight()", () => {
  const sight = { height: 280, rowHeight: 28, count: 1000 };

  it("gives the rows in sight and some on either side", () => {
    expect(rowsInSight({ ...sight, scrollTop: 2814 }, 8)).toEqual({ from: 92, to: 119 });
  });

  it("ends where the rows end", () => {
    expect(rowsInSight({ ...sight, scrollTop: 0 }, 8)).toEqual({ from: 0, to: 18 });
    expect(rowsInSight({ ...sight, scrollTop: 27_720 }, 8)).toEqual({ from: 982, to: 1000 });
  });

  it("gives none of none, and none that are left where fewer match than were scrolled past", () => {
    expect(rowsInSight({ ...sight, scrollTop: 0, count: 0 }, 8)).toEqual({ from: 0, to: 0 });
    expect(rowsInSight({ ...sight, scrollTop: 28_000, count: 3 }, 8)).toEqual({ from: 3, to: 3 });
  });
});
