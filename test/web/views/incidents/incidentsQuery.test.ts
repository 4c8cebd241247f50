import { describe, expect, it } from "vitest";
import { heldOrder } from "../../../../web/views/incidents/heldOrder.ts";
import { compareIncidents, incidentsAddress, parseIncidentsQuery } from "../../../../web/views/incidents/incidentsQuery.ts";
import { incidentsCsv } from "../../../../web/views/incidents/incidentsCsv.ts";
import { incidentOf } from "../../fakeIncidents.ts";

describe("the address of the incidents", () => {
  it("says nothing where everything is as usual", () => {
    expect(incidentsAddress(parseIncidentsQuery("").query)).toBe("/incidents");
    expect(incidentsAddress(parseIncidentsQuery("?state=closed").query)).toBe("/incidents?state=closed");
  });

  it("holds state, severity, scope and order", () => {
    const search = "?state=closed&severity=critical,warning&scope=rack&sort=-lostHashes";
    const { query, problems } = parseIncidentsQuery(search);
    expect(problems).toEqual([]);
    expect(incidentsAddress(query)).toBe(`/incidents${search}`);
  });

  it("names what it does not understand and goes on with the rest", () => {
    const { query, problems } = parseIncidentsQuery("?state=broken&severity=critical,worst&sort=-height&colour=red");
    expect(query.severities).toEqual(["critical"]);
    expect(query.sort).toEqual({ field: "severity", descending: true });
    expect(problems.map((problem) => problem.split(" ")[0])).toEqual(["“colour”", "“state=broken”", "“severity=worst”", "“sort=height”"]);
  });
});

describe("compareIncidents()", () => {
  const orderBy = (sort: string): string[] => {
    const held = [
      incidentOf(1, { severity: "info", lostHashrateHs: 5, lostHashes: 9 }),
      incidentOf(2, { severity: "critical", lostHashrateHs: 1, lostHashes: 0 }),
      incidentOf(3, { severity: "critical", lostHashrateHs: 2, lostHashes: 4 }),
    ].map((row) => ({ row, heardAtMs: 0 }));
    return held.sort(compareIncidents(parseIncidentsQuery(`?sort=${sort}`).query.sort, 0)).map(({ row }) => row.id);
  };

  it("puts the worst first, and of those the dearest", () => {
    expect(orderBy("-severity")).toEqual(["i3", "i2", "i1"]);
  });

  it("orders by what was lost, either way", () => {
    expect(orderBy("-lostHashes")).toEqual(["i1", "i3", "i2"]);
    expect(orderBy("lostHashes")).toEqual(["i2", "i3", "i1"]);
  });
});

describe("heldOrder()", () => {
  it("leaves everybody in place, also who does not belong any more, and puts new ones behind", () => {
    expect(heldOrder(["a", "b", "c"], ["d", "c", "a"])).toEqual(["a", "b", "c", "d"]);
  });
});

describe("incidentsCsv()", () => {
  it("writes instants as ISO 8601 and losses in TH/s and TH/s·h, and takes the harm out of a formula", () => {
    const row = incidentOf(1, { openedAtMs: 0, explanation: '=HYPERLINK("x")', lostHashrateHs: 1.5e12, lostHashes: 7.2e15 });
    const [, line] = incidentsCsv([row], () => "Pecos").split("\r\n");
    expect(line).toBe(`i1,open,warning,miner,A01-01,Pecos,unreachable,"'=HYPERLINK(""x"")",1970-01-01T00:00:00.000Z,,1,1,1,1.5,2,no,,,`);
  });
});
