import type { NetworkInterfaceInfo } from "node:os";
import { describe, expect, it } from "vitest";
import { AllowList, PRIVATE_RANGES } from "../../../agent/discover/allowList.ts";
import { ownNetworks } from "../../../agent/discover/ownNetworks.ts";
import { parseRange } from "../../../agent/discover/ranges.ts";

const allowList = (ranges = PRIVATE_RANGES, ports = [4028]): AllowList =>
  new AllowList({ ranges: ranges.map(parseRange), ports, onRefusal: () => undefined });
function at(cidr: string, more: Partial<NetworkInterfaceInfo> = {}): NetworkInterfaceInfo {
  return { address: cidr.split("/")[0], cidr, family: "IPv4", internal: false, mac: "", netmask: "", ...more } as NetworkInterfaceInfo;
}

describe("ownNetworks()", () => {
  it("is the networks of the machine's own addresses, each once, the /24 around the address where one is larger than a /16", () => {
    const interfaces = { eth0: [at("10.20.12.7/22"), at("10.20.13.9/22")], eth1: [at("10.9.8.7/8")], wlan0: [at("192.168.1.20/24")] };
    expect(ownNetworks(interfaces, allowList())).toEqual(["10.20.12.0/22", "10.9.8.0/24", "192.168.1.0/24"]);
  });

  it("leaves out loopback, IPv6, lines between two machines, addresses that nobody gave, and networks inside the machine", () => {
    const interfaces = {
      lo: [at("127.0.0.1/8", { internal: true })],
      eth0: [at("169.254.3.4/16"), at("10.0.0.1/31"), at("fe80::1/64", { family: "IPv6" })],
      docker0: [at("172.17.0.1/16")],
    };
    expect(ownNetworks(interfaces, allowList())).toEqual([]);
  });

  it("suggests nothing that the allow-lists do not permit as a whole", () => {
    const interfaces = { eth0: [at("10.20.12.7/24"), at("8.8.8.8/24")] };
    expect(ownNetworks(interfaces, allowList())).toEqual(["10.20.12.0/24"]);
    expect(ownNetworks(interfaces, allowList(["10.20.12.0/25"]))).toEqual([]);
    expect(ownNetworks(interfaces, allowList(PRIVATE_RANGES, [4029]))).toEqual([]);
  });

  it("is at most eight", () => {
    const interfaces = { eth0: Array.from({ length: 12 }, (_, n) => at(`10.0.${n}.1/24`)) };
    expect(ownNetworks(interfaces, allowList())).toHaveLength(8);
  });
});
