import { describe, expect, it } from "vitest";
import { AllowList, LOOPBACK_RANGES, PRIVATE_RANGES, type Refusal } from "../../../agent/discover/allowList.ts";
import { parseRange } from "../../../agent/discover/ranges.ts";

function allowList(ranges: readonly string[], ports = [4028]): { list: AllowList; refusals: Refusal[] } {
  const refusals: Refusal[] = [];
  const list = new AllowList({ ranges: ranges.map(parseRange), ports, onRefusal: (refusal) => refusals.push(refusal) });
  return { list, refusals };
}

describe("AllowList", () => {
  it.each([
    ["10.1.2.3", true],
    ["192.168.255.255", true],
    ["172.31.0.1", true],
    ["172.32.0.1", false],
    ["8.8.8.8", false],
    ["127.0.0.1", false],
    ["fd00::1", true],
    ["2001:db8::1", false],
    ["::ffff:8.8.8.8", false],
    ["miner.local", false],
  ])("permits private addresses by default: %s %s", (address, expected) => {
    expect(allowList(PRIVATE_RANGES).list.permits({ address, port: 4028 })).toBe(expected);
  });

  it("permits loopback where that is on the list, and only the ports that are", () => {
    const { list } = allowList([...PRIVATE_RANGES, ...LOOPBACK_RANGES], [4028, 80]);
    expect(list.permits({ address: "127.20.0.1", port: 80 })).toBe(true);
    expect(list.permits({ address: "::1", port: 4028 })).toBe(true);
    expect(list.permits({ address: "127.20.0.1", port: 22 })).toBe(false);
  });

  it("keeps the permitted part of a range and refuses the rest in one report", () => {
    const { list, refusals } = allowList(["10.0.0.0/30", "10.0.0.6-10.0.0.7"]);
    const parts = list.permittedPart(parseRange("10.0.0.2-10.0.0.9"), { defaultPort: 4028, target: "10.0.0.2-10.0.0.9" });
    expect(parts).toEqual([parseRange("10.0.0.2-10.0.0.3"), parseRange("10.0.0.6-10.0.0.7")]);
    expect(refusals).toEqual([{ what: "range", target: "10.0.0.2-10.0.0.9", reason: "4 of 8 addresses are not in --allow-ranges" }]);
    expect(list.refusalCount).toBe(1);
    expect(list.lastRefusal).toBe("range 10.0.0.2-10.0.0.9: 4 of 8 addresses are not in --allow-ranges");
  });

  it("refuses a port that is not on the list", () => {
    const { list, refusals } = allowList(["10.0.0.0/8"]);
    expect(list.permittedPart(parseRange("10.0.0.1:22"), { defaultPort: 4028, target: "10.0.0.1:22" })).toEqual([]);
    expect(refusals[0].reason).toBe("port 22 is not in --allow-ports");
  });
});
