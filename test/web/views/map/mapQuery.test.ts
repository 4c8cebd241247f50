import { describe, expect, it } from "vitest";
import { DEFAULT_MAP, mapAddress, parseMapQuery } from "../../../../web/views/map/mapQuery.ts";

describe("the address of the map", () => {
  it("goes there and back", () => {
    const query = { by: "temp", group: "subnet", atMs: Date.UTC(2026, 10, 24, 3, 4), span: "30d" } as const;
    expect(mapAddress(query)).toBe("/map?by=temp&group=subnet&at=2026-11-24T03:04:00Z&span=30d");
    expect(parseMapQuery("?by=temp&group=subnet&at=2026-11-24T03:04:00Z&span=30d")).toEqual({ query, problems: [] });
    expect(mapAddress(DEFAULT_MAP)).toBe("/map");
  });

  it("names what it does not understand and shows the rest", () => {
    const { query, problems } = parseMapQuery("?by=colour&at=noon&rack=A1&group=subnet&site=s1&select=m1,x2");
    expect(query).toEqual({ ...DEFAULT_MAP, group: "subnet" });
    expect(problems).toEqual([
      "“rack” is not known here. Known are by, group, at, span and select.",
      "“x2” in select is not the id of a miner, nor a run of them such as m1-m48.",
      "“by=colour” is not known here. Known are status, rated, temp, jth, age.",
      "“at=noon” is no instant, such as 2026-11-24T03:04:00Z. The map shows now.",
    ]);
  });
});
