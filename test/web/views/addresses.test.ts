import { describe, expect, it } from "vitest";
import { ALL_ROWS, type RowQuery } from "../../../web/live/rowQuery.ts";
import { parseSubnet } from "../../../web/live/subnets.ts";
import { moved, parseLayout, toggled, withColumn, writeLayout } from "../../../web/views/miners/layout.ts";
import { minersAddress, minersWhere, nextSort, parseMinersAddress } from "../../../web/views/miners/minersQuery.ts";
import { minerAddress, routeOf } from "../../../web/views/navigation.ts";

const parsed = (address: string) => parseMinersAddress(address.slice("/miners".length));

describe("parseMinersAddress()", () => {
  it("gives back what minersAddress() wrote", () => {
    const query: RowQuery = {
      text: "rack 7 & more",
      choices: { status: { values: ["degraded", "unreachable"], not: false }, model: { values: ["S21"], not: true } },
      ranges: { chipTempCMax: { min: 84, max: null }, ratedShare: { min: null, max: 0.95 } },
      subnets: ["10.20.0.0/16"],
      sort: [
        { field: "hashrateHs", descending: true },
        { field: "name", descending: false },
      ],
    };
    const layout = parseLayout("name!,status,model:120");
    const address = minersAddress(query, layout, "view1");
    expect(address).toBe(
      "/miners?q=rack+7+%26+more&status=degraded,unreachable&model=!S21&ratedShare=..0.95&chipTempCMax=84.." +
        "&subnet=10.20.0.0/16&sort=-hashrateHs,name&columns=name!,status,model:120&view=view1",
    );
    expect(parsed(address)).toEqual({ query, layout, viewId: "view1", problems: [] });
  });

  it("keeps values apart that hold a comma, a backslash, an exclamation mark in front, or the word for none", () => {
    const values = ["row, two", "a\\b", "!new", "none", "", "<b>"];
    const address = minersWhere({ tag: values });
    expect(parsed(address).query.choices.tag).toEqual({ values, not: false });
  });

  it("leaves out what is as by default", () => {
    expect(minersAddress(ALL_ROWS)).toBe("/miners");
    expect(parsed("/miners")).toEqual({ query: ALL_ROWS, layout: null, viewId: null, problems: [] });
  });

  it("names each part that is not understood and keeps the rest", () => {
    const { query, problems } = parsed(
      "/miners?status=degraded,dead&sort=-speed,model&colour=temp&chipTempCMax=hot&powerW=9..1&subnet=10.0.0.0/33,10.1.0.0/16&columns=name,shape&select=m1,x2",
    );
    const status = { values: ["degraded"], not: false };
    expect(query).toEqual({ ...ALL_ROWS, choices: { status }, subnets: ["10.1.0.0/16"], sort: [{ field: "model", descending: false }] });
    expect(problems.map((problem) => /“(.+?)”/.exec(problem)?.[1])).toEqual([
      "dead",
      "colour",
      "chipTempCMax=hot",
      "powerW=9..1",
      "x2",
      "10.0.0.0/33",
      "speed",
      "shape",
    ]);
  });
});

describe("parseSubnet()", () => {
  it.each(["10.0.0.256", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "fe80::1", ""])("refuses %j", (text) => {
    expect(parseSubnet(text)).toBeNull();
  });
});

describe("layout", () => {
  const layout = parseLayout("name!,status,model,powerW") ?? [];

  it("moves a column, which is pinned where it stands among the pinned", () => {
    expect(writeLayout(moved(layout, "powerW", 1))).toBe("name!,powerW,status,model");
    expect(writeLayout(moved(layout, "powerW", 0))).toBe("powerW!,name!,status,model");
    expect(writeLayout(moved(layout, "name", 2))).toBe("status,model,name,powerW");
  });

  it("pins to the left, and shows and hides", () => {
    expect(writeLayout(withColumn(layout, "model", { pinned: true }))).toBe("name!,model!,status,powerW");
    expect(writeLayout(toggled(toggled(layout, "model"), "mac"))).toBe("name!,status,powerW,mac");
    expect(toggled([layout[0]], "name")).toEqual([layout[0]]);
  });

  it("keeps widths within what can be used", () => {
    expect(writeLayout(parseLayout("name:1,status:9999") ?? [])).toBe("name:40,status:600");
  });
});

describe("nextSort()", () => {
  const write = (sort: ReturnType<typeof nextSort>) => sort.map(({ field, descending }) => `${descending ? "-" : ""}${field}`).join();

  it("asks for the largest number first, for the first name first, and turns round on a second click", () => {
    expect(write(nextSort(ALL_ROWS.sort, "chipTempCMax", false))).toBe("-chipTempCMax");
    expect(write(nextSort(ALL_ROWS.sort, "name", false))).toBe("-name");
    expect(write(nextSort([{ field: "powerW", descending: true }], "model", false))).toBe("model");
  });

  it("adds a field, turns it, and takes it out again", () => {
    const one = nextSort([{ field: "status", descending: true }], "powerW", true);
    expect(write(one)).toBe("-status,-powerW");
    const turned = nextSort(one, "powerW", true);
    expect(write(turned)).toBe("-status,powerW");
    expect(write(nextSort(turned, "powerW", true))).toBe("-status");
  });
});

describe("routeOf()", () => {
  it("names the page of an address", () => {
    expect(routeOf("/first-run")).toEqual({ page: "firstRun" });
    expect(routeOf("/?range=7d")).toEqual({ page: "fleet", search: "?range=7d" });
    expect(routeOf("/miners/")).toEqual({ page: "miners", search: "" });
    expect(routeOf("/miners?status=degraded")).toEqual({ page: "miners", search: "?status=degraded" });
    expect(routeOf(`${minerAddress("m7")}?range=7d`)).toEqual({ page: "miner", minerId: "m7", search: "?range=7d" });
    expect(routeOf("/sites/")).toEqual({ page: "sites" });
    expect(routeOf("/nowhere")).toEqual({ page: "notFound", path: "/nowhere" });
    expect(routeOf("/miners/%E0%A4%A")).toMatchObject({ page: "miner", minerId: "%E0%A4%A" });
  });
});
