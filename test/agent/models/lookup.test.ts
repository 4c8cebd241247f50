import { describe, expect, it } from "vitest";
import { CATALOGUE } from "../../../agent/models/catalogue.ts";
import { algorithmOf, isBoardName, modelOf } from "../../../agent/models/lookup.ts";

describe("modelOf()", () => {
  it.each([
    ["S19 Pro", "S19 Pro"],
    ["S19JPRO", "S19j Pro"],
    ["S19Pro+", "S19 Pro+"],
    ["S21+ Hyd.", "S21+ Hydro"],
    ["S21+ Hydro", "S21+ Hydro"],
    ["L9_i", "L9"],
    ["Z9-Mini", "Z9 mini"],
    ["BHB68606", "S21"],
  ])("knows %s as %s", (name, model) => {
    expect(modelOf(name)?.name).toBe(model);
  });

  it.each(["S21 XP Hyd. Pro", "S22", "S19 Prox", "S19j Pro++", "", "S"])("does not take %j for a relative", (name) => {
    expect(modelOf(name)).toBeNull();
  });

  it("keeps an S21 XP Hyd. apart from an S21 XP", () => {
    expect(modelOf("S21 XP Hyd.")).not.toBe(modelOf("S21 XP"));
  });

  it("takes a board that sits in several models for no model", () => {
    expect(isBoardName("BHB42XXX")).toBe(true);
    expect(modelOf("BHB42XXX")).toBeNull();
    expect(isBoardName("S21")).toBe(false);
  });
});

describe("catalogue", () => {
  it("holds each type string once", () => {
    const types = CATALOGUE.flatMap((model) => model.types.map((type) => type.toUpperCase()));
    expect(new Set(types).size).toBe(types.length);
  });

  it("gives machines without fans none, and all others some", () => {
    for (const model of CATALOGUE) if (model.fanCount !== null) expect(model.fanCount > 0).toBe(model.cooling === "air");
  });

  it("names an algorithm by the series where all of it share one", () => {
    expect(["S25", "L15", "Z19", "KS9", null].map(algorithmOf)).toEqual(["sha256d", "scrypt", "equihash", "unknown", "unknown"]);
  });
});
