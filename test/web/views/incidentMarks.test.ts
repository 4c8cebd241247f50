import { describe, expect, it } from "vitest";
import type { IncidentRow } from "../../../server/contract/incidents.ts";
import { marksOf } from "../../../web/views/miner/incidentMarks.ts";
import { incidentOf } from "../fakeIncidents.ts";

const row = (number: number, openedAtMs: number, change: Partial<IncidentRow> = {}) => incidentOf(number, { openedAtMs, ...change });
const shown = (rows: readonly IncidentRow[], live = false) =>
  marksOf(rows, { fromMs: 1000, toMs: 2000 }, { width: 500, live }).map(
    ({ left, incidents }) => `${left}: ${incidents.map(({ id }) => id).join()}`,
  );

describe("marksOf()", () => {
  it("puts a mark where each incident of the range began, in order of time", () => {
    expect(shown([row(2, 1500), row(1, 1100), row(3, 2100), row(4, 400, { closedAtMs: 900 })])).toEqual(["50: i1", "250: i2"]);
  });

  it("puts those that began before the range at its edge, and keeps the last within", () => {
    expect(shown([row(1, 400), row(2, 2000)])).toEqual(["0: i1", "474: i2"]);
  });

  it("puts what began after the last step of a range that ends now at its right edge", () => {
    expect(shown([row(1, 2300)], true)).toEqual(["474: i1"]);
  });

  it("lets those that began close together share a mark, the worst first", () => {
    expect(shown([row(1, 1100), row(2, 1120, { severity: "critical" }), row(3, 1160)])).toEqual(["50: i2,i1", "80: i3"]);
  });
});
