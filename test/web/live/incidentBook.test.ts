import { describe, expect, it } from "vitest";
import type { IncidentRow } from "../../../server/contract/incidents.ts";
import { ServerClock } from "../../../web/live/clock.ts";
import { countIncidents, IncidentBook, lostHashesOf } from "../../../web/live/incidentBook.ts";
import { isIncomplete, mergeIncident } from "../../../web/live/mergeIncident.ts";
import { incidentOf, memberOf } from "../fakeIncidents.ts";

const bookOf = (loadRows: () => Promise<IncidentRow[]>, nowMs = 1000): IncidentBook =>
  new IncidentBook(new ServerClock(() => nowMs), loadRows);

describe("IncidentBook", () => {
  it("applies what arrives while the rows are on their way on top of them", async () => {
    let answer: (rows: IncidentRow[]) => void = () => undefined;
    const book = bookOf(() => new Promise((resolve) => (answer = resolve)));
    const loading = book.load();
    book.takeNews(incidentOf(1, { state: "acknowledged" }));
    expect(book.rows).toBeNull();
    answer([incidentOf(1), incidentOf(2)]);
    await loading;
    expect([...(book.rows?.values() ?? [])].map(({ row }) => `${row.id} ${row.state}`)).toEqual(["i1 acknowledged", "i2 open"]);
  });

  it("calls newest what opened after it was loaded, and not what changed", async () => {
    const book = bookOf(() => Promise.resolve([incidentOf(1)]));
    await book.load();
    book.takeNews(incidentOf(1, { memberCount: 2 }));
    expect(book.newest).toBeNull();
    book.takeNews(incidentOf(2, { state: "closed", closedAtMs: 5 }));
    expect(book.newest).toBeNull();
    book.takeNews(incidentOf(3));
    expect(book.newest?.id).toBe("i3");
  });

  it("keeps what it has where it cannot be loaded again, and says so", async () => {
    let isDown = false;
    const book = bookOf(() => (isDown ? Promise.reject(new Error("The server does not answer")) : Promise.resolve([incidentOf(1)])));
    await book.load();
    isDown = true;
    await book.load();
    expect(book.rows?.size).toBe(1);
    expect(book.error?.message).toBe("The server does not answer");
  });
});

describe("countIncidents()", () => {
  const rows = new Map(
    [
      incidentOf(1, { severity: "warning" }),
      incidentOf(2, { severity: "critical", state: "acknowledged" }),
      incidentOf(3, { severity: "info", siteId: "site2" }),
      incidentOf(4, { state: "closed" }),
    ].map((row) => [row.id, { row, heardAtMs: 0 }]),
  );

  it("counts those that are not closed, and names the worst that nobody acknowledged", () => {
    expect(countIncidents(rows, null)).toEqual({ open: 2, acknowledged: 1, worst: "warning" });
  });

  it("counts one site alone", () => {
    expect(countIncidents(rows, "site2")).toEqual({ open: 1, acknowledged: 0, worst: "info" });
  });
});

describe("lostHashesOf()", () => {
  it("counts on at the rate that was last told, until the incident is closed", () => {
    const row = incidentOf(1, { lostHashes: 1000, lostHashrateHs: 10 });
    expect(lostHashesOf({ row, heardAtMs: 5000 }, 8000)).toBe(1030);
    expect(lostHashesOf({ row: { ...row, state: "closed" }, heardAtMs: 5000 }, 8000)).toBe(1000);
  });
});

describe("mergeIncident()", () => {
  it("keeps members and lines of the timeline that the news left out", () => {
    const entry = (atMs: number) => ({ atMs, kind: "joined" as const, text: `at ${atMs}`, by: null });
    const held = incidentOf(1, { members: [memberOf(1), memberOf(2)], timeline: [entry(1), entry(2), entry(2)] });
    const news = incidentOf(1, { members: [memberOf(2, { state: "resolved" }), memberOf(3)], timeline: [entry(2), entry(2), entry(3)] });
    const merged = mergeIncident(held, news);
    expect(merged.members.map(({ id, state }) => `${id} ${state}`)).toEqual(["m1 firing", "m2 resolved", "m3 firing"]);
    expect(merged.timeline.map(({ atMs }) => atMs)).toEqual([1, 2, 2, 3]);
  });

  it("is incomplete where the counts say that a member changed which the news did not hold", () => {
    const members = [memberOf(1), memberOf(2)];
    expect(isIncomplete(incidentOf(1, { members }), 1000)).toBe(false);
    expect(isIncomplete(incidentOf(1, { members, firingCount: 1 }), 1000)).toBe(true);
    expect(isIncomplete(incidentOf(1, { members, memberCount: 3 }), 1000)).toBe(true);
  });
});
