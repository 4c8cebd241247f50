import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { readFileOrNull } from "../atomicFile.ts";
import { normalizeMac } from "./mac.ts";

const COMMAND_TIMEOUT_MS = 5000;

/**
 * MAC by address of the machines on the same network segment, from the kernel's table; empty where there is none.
 *
 * A MAC that stands for several addresses is a router's or a proxy's: no evidence of any machine, left out.
 */
export async function readNeighbours(): Promise<Map<string, string>> {
  const table = await readFileOrNull("/proc/net/arp").catch(() => null);
  if (table !== null) return parseArpTable(table);
  const { stdout } = await promisify(execFile)("ip", ["neigh"], { timeout: COMMAND_TIMEOUT_MS }).catch(() => ({ stdout: "" }));
  return parseIpNeigh(stdout);
}

/** Reads `/proc/net/arp`: address, type, flags (bit 1: complete), MAC, mask, device. */
export function parseArpTable(text: string): Map<string, string> {
  const rows = text
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
  return uniqueMacs(rows.filter(([, , flags]) => (Number(flags) & 2) !== 0).map(([address, , , mac]) => [address, mac]));
}

/** Reads the output of `ip neigh`: `10.0.0.5 dev eth0 lladdr 00:11:22:33:44:55 REACHABLE`. */
export function parseIpNeigh(text: string): Map<string, string> {
  const rows = text.split("\n").filter((line) => !/\b(FAILED|INCOMPLETE)\b/.test(line));
  return uniqueMacs(rows.map((line) => [/^\s*(\S+)/.exec(line)?.[1], /\blladdr\s+(\S+)/.exec(line)?.[1]]));
}

function uniqueMacs(pairs: (string | undefined)[][]): Map<string, string> {
  const macs = new Map<string, string>();
  const addressCounts = new Map<string, number>();
  for (const [address, text] of pairs) {
    const mac = normalizeMac(text ?? "");
    if (address === undefined || mac === null) continue;
    macs.set(address, mac);
    addressCounts.set(mac, (addressCounts.get(mac) ?? 0) + 1);
  }
  return new Map([...macs].filter(([, mac]) => addressCounts.get(mac) === 1));
}
