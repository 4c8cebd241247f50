import { describe, expect, it } from "vitest";
import { parseArpTable, parseIpNeigh } from "../../../agent/identity/neighbours.ts";

describe("parseArpTable()", () => {
  it("reads complete entries; one MAC for several addresses is a router's and no evidence", () => {
    const table = [
      "IP address       HW type     Flags       HW address            Mask     Device",
      "10.0.0.5         0x1         0x2         02:00:00:00:00:05     *        eth0",
      "10.0.0.6         0x1         0x0         00:00:00:00:00:00     *        eth0",
      "10.0.0.7         0x1         0x6         02:00:00:00:00:AA     *        eth0",
      "10.0.1.1         0x1         0x2         02:00:00:00:00:01     *        eth0",
      "10.0.1.2         0x1         0x2         02:00:00:00:00:01     *        eth0",
      "",
    ].join("\n");
    expect(parseArpTable(table)).toEqual(
      new Map([
        ["10.0.0.5", "02:00:00:00:00:05"],
        ["10.0.0.7", "02:00:00:00:00:aa"],
      ]),
    );
  });
});

describe("parseIpNeigh()", () => {
  it("reads what has a link address and did not fail", () => {
    const output = [
      "10.0.0.5 dev eth0 lladdr 02:00:00:00:00:05 REACHABLE",
      "fd00::7 dev eth0 lladdr 02:00:00:00:00:07 router STALE",
      "10.0.0.8 dev eth0 FAILED",
      "10.0.0.9 dev eth0 lladdr 02:00:00:00:00:09 FAILED",
    ].join("\n");
    expect(parseIpNeigh(output)).toEqual(
      new Map([
        ["10.0.0.5", "02:00:00:00:00:05"],
        ["fd00::7", "02:00:00:00:00:07"],
      ]),
    );
  });
});
