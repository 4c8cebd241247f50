import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EndpointSet } from "../../../agent/discover/rangeSet.ts";
import { addressCount, formatAddress, parseAddress, parseRange, parseScanRange } from "../../../agent/discover/ranges.ts";

const list = (text: string): string[] =>
  [...new EndpointSet([parseScanRange(text)], 4028).endpoints()].map(({ address, port }) => `${address} ${port}`);

describe("parseRange()", () => {
  it.each([
    ["10.0.0.5", ["10.0.0.5 4028"]],
    ["10.0.0.5:4029", ["10.0.0.5 4029"]],
    ["10.0.0.4/31", ["10.0.0.4 4028", "10.0.0.5 4028"]],
    ["10.0.0.5/31:14028", ["10.0.0.4 14028", "10.0.0.5 14028"]],
    ["10.0.0.254-10.0.1.1", ["10.0.0.254 4028", "10.0.0.255 4028", "10.0.1.0 4028", "10.0.1.1 4028"]],
    ["10.0.0.1-3", ["10.0.0.1 4028", "10.0.0.2 4028", "10.0.0.3 4028"]],
    ["10.0.0.1-2:99", ["10.0.0.1 99", "10.0.0.2 99"]],
    ["fd00::5", ["fd00::5 4028"]],
    ["[fd00::5]:4029", ["fd00::5 4029"]],
    ["fd00::/127", ["fd00:: 4028", "fd00::1 4028"]],
    ["[fd00::1-fd00::2]:9", ["fd00::1 9", "fd00::2 9"]],
    ["::ffff:10.0.0.1", ["10.0.0.1 4028"]],
    [" 10.0.0.1 ", ["10.0.0.1 4028"]],
  ])("reads %s", (text, expected) => {
    expect(list(text)).toEqual(expected);
  });

  it.each([
    "",
    "10.0.0",
    "10.0.0.256",
    "10.0.0.0/33",
    "10.0.0.1:0",
    "10.0.0.1:70000",
    "10.0.0.9-10.0.0.1",
    "10.0.0.1-fd00::1",
    "a-b",
    "fe80::1%eth0",
    "010.0.0.1",
    "10.0.0.1-256",
    "miner.local",
  ])('refuses "%s" and names it', (text) => {
    expect(() => parseRange(text)).toThrow(`Cannot read range "${text}"`);
  });

  it("refuses more than a /12 to scan, and tells the number", () => {
    expect(addressCount(parseScanRange("10.0.0.0/12"))).toBe(1_048_576);
    expect(() => parseScanRange("10.0.0.0/11")).toThrow("2097152 addresses");
    expect(() => parseScanRange("fd00::/64")).toThrow("a /12");
  });

  it("holds exactly the addresses between first and last", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.integer({ min: 0, max: 300 }),
        fc.option(fc.integer({ min: 1, max: 65_535 })),
        (start, length, port) => {
          const first = formatAddress(4, BigInt(start));
          const last = formatAddress(4, BigInt(Math.min(start + length, 2 ** 32 - 1)));
          const range = parseRange(`${first}-${last}${port === null ? "" : `:${port}`}`);
          expect(range).toEqual({ family: 4, first: parseAddress(first)!.value, last: parseAddress(last)!.value, port });
        },
      ),
    );
  });

  it("gives every IPv6 address back as it was", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n << 64n, max: (1n << 128n) - 1n }), (value) => {
        expect(parseAddress(formatAddress(6, value))).toEqual({ family: 6, value });
      }),
    );
  });

  it("never throws anything but the error that names the value", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f.:/[\]-]{0,30}$/)), (text) => {
        try {
          parseScanRange(text);
        } catch (error) {
          expect((error as Error).name).toBe("ConfigError");
        }
      }),
    );
  });
});

describe("EndpointSet", () => {
  it("holds each endpoint once where ranges overlap", () => {
    const set = new EndpointSet(["10.0.0.0/30", "10.0.0.2-10.0.0.5", "10.0.0.1:4028", "10.0.0.1:5000"].map(parseScanRange), 4028);
    expect(set.count).toBe(7);
    expect(new Set(Array.from(set.endpoints(), ({ address, port }) => `${address}:${port}`)).size).toBe(7);
  });

  it("knows what is inside by address and port", () => {
    const set = new EndpointSet([parseScanRange("10.0.0.0/30")], 4028);
    expect(set.has({ address: "10.0.0.3", port: 4028 })).toBe(true);
    expect(set.has({ address: "10.0.0.4", port: 4028 })).toBe(false);
    expect(set.has({ address: "10.0.0.3", port: 4029 })).toBe(false);
    expect(set.has({ address: "miner.local", port: 4028 })).toBe(false);
  });
});
