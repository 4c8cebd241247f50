import { describe, expect, it } from "vitest";
import { minersAddress, nextSort, parseMinersQuery } from "../../../web/views/miners/minersQuery.ts";
import { rangeOf } from "../../../web/views/miner/history.ts";
import { minerAddress, routeOf } from "../../../web/views/navigation.ts";

describe("parseMinersQuery()", () => {
  it("gives back what minersAddress() wrote", () => {
    const query = { statuses: ["degraded", "unreachable"], text: "rack 7 & more", sort: "hashrateHs", descending: true } as const;
    const address = minersAddress(query);
    expect(address).toBe("/miners?status=degraded,unreachable&q=rack+7+%26+more&sort=-hashrateHs");
    expect(parseMinersQuery(address.slice("/miners".length))).toEqual({ query, problems: [] });
  });

  it("leaves out what is as by default", () => {
    expect(minersAddress(parseMinersQuery("").query)).toBe("/miners");
  });

  it("names each part that is not understood and keeps the rest", () => {
    const { query, problems } = parseMinersQuery("?status=degraded,dead&sort=-speed&colour=temp");
    expect(query).toEqual({ statuses: ["degraded"], text: "", sort: "name", descending: false });
    expect(problems.map((problem) => /“(.+?)”/.exec(problem)?.[1])).toEqual(["dead", "speed", "colour"]);
  });
});

describe("nextSort()", () => {
  it("asks for the largest number first, for the first name first, and turns round on a second click", () => {
    const byName = { statuses: [], text: "", sort: "name", descending: false } as const;
    expect(nextSort(byName, "chipTempCMax")).toEqual({ sort: "chipTempCMax", descending: true });
    expect(nextSort(byName, "name")).toEqual({ sort: "name", descending: true });
    expect(nextSort({ ...byName, sort: "powerW", descending: true }, "model")).toEqual({ sort: "model", descending: false });
  });
});

describe("routeOf()", () => {
  it("names the page of an address", () => {
    expect(routeOf("/")).toEqual({ page: "miners", search: "" });
    expect(routeOf("/miners?status=degraded")).toEqual({ page: "miners", search: "?status=degraded" });
    expect(routeOf(`${minerAddress("m7")}?range=7d`)).toEqual({ page: "miner", minerId: "m7", search: "?range=7d" });
    expect(routeOf("/sites/")).toEqual({ page: "sites" });
    expect(routeOf("/nowhere")).toEqual({ page: "notFound", path: "/nowhere" });
    expect(routeOf("/miners/%E0%A4%A")).toMatchObject({ page: "miner", minerId: "%E0%A4%A" });
  });
});

describe("rangeOf()", () => {
  it("is a day unless the address says another that is known", () => {
    expect([rangeOf(""), rangeOf("?range=7d"), rangeOf("?range=1y")]).toEqual(["24h", "7d", "24h"]);
  });
});
