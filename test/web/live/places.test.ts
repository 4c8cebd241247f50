import { describe, expect, it } from "vitest";
import { Places } from "../../../web/live/places.ts";

describe("Places", () => {
  const sites = [
    { id: "st1", name: "Pecos" },
    { id: "st2", name: "Abilene" },
  ];

  it("names what it knows, and gives the id of what it does not", () => {
    const places = new Places();
    places.take("site", sites);
    expect([places.nameOf("site", "st2"), places.nameOf("site", "st3"), places.nameOf("rack", "st2")]).toEqual(["Abilene", "st3", "st2"]);
  });

  it("tells of names that changed, came or went, and of nothing else", () => {
    const places = new Places();
    let told = 0;
    places.subscribe(() => told++);
    places.take("site", sites);
    places.take("site", [...sites]);
    expect([told, places.revision]).toEqual([1, 1]);
    places.take("site", [sites[0], { id: "st2", name: "Abilene North" }]);
    places.take("site", [sites[0]]);
    places.take("site", [{ id: "st4", name: "Pecos" }]);
    expect([told, places.has("site", "st1")]).toEqual([4, false]);
  });
});
