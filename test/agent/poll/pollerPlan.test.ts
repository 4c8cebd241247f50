import { describe, expect, it } from "vitest";
import { newPlanMemory, nextCommands, requestFor } from "../../../agent/poll/plan.ts";

describe("nextCommands()", () => {
  it("asks version first, and alone when there is nothing else to ask", () => {
    const memory = newPlanMemory();
    expect(nextCommands(memory, new Set(), 0)).toEqual(["version"]);
    memory.mustAskVersion = false;
    memory.family = "stock";
    memory.answeredAtMs.set("version", 0);
    for (const command of ["stats", "summary", "pools", "newStats"] as const) memory.refusedAtMs.set(command, Infinity);
    expect(nextCommands(memory, new Set(), 1000)).toEqual(["version"]);
    expect(nextCommands(memory, new Set(["version"]), 1000)).toEqual([]);
  });

  it("tries again in ten minutes what was refused for another reason than not to exist", () => {
    const memory = { ...newPlanMemory(), mustAskVersion: false, family: "stock" as const };
    memory.answeredAtMs.set("version", 0);
    memory.refusedAtMs.set("summary", 0).set("stats", Infinity).set("newStats", Infinity).set("pools", Infinity);
    expect(nextCommands(memory, new Set(["version"]), 599_000)).toEqual([]);
    expect(nextCommands(memory, new Set(["version"]), 600_000)).toEqual(["summary"]);
  });

  it("never joins commands on stock firmware, nor before each has been asked alone", () => {
    const memory = { ...newPlanMemory(), mustAskVersion: false };
    memory.answeredAtMs.set("version", 0).set("stats", 0).set("summary", 0).set("pools", 0);
    expect(nextCommands({ ...memory, family: "stock" }, new Set(), 10_000)).toEqual(["summary"]);
    expect(nextCommands({ ...memory, family: "braiins" }, new Set(), 10_000)).toEqual(["summary"]);
    memory.answeredAtMs.set("devs", 0).set("temps", 0);
    expect(nextCommands({ ...memory, family: "braiins" }, new Set(), 10_000)).toEqual(["summary", "devs", "temps"]);
  });
});

describe("requestFor()", () => {
  it("puts new_api beside the command, not into a parameter", () => {
    expect(requestFor(["newStats"])).toBe('{"command":"stats","new_api":true}');
    expect(requestFor(["summary", "devs"])).toBe('{"command":"summary+devs"}');
  });
});
