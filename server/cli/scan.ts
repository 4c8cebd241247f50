import { EndpointSet } from "../../agent/discover/rangeSet.ts";
import { parseScanRange, splitList } from "../../agent/discover/ranges.ts";
import { scanEndpoints, type ScanProgress } from "../../agent/discover/scan.ts";
import { probeTcp } from "../../agent/discover/tcpProbe.ts";
import { integerSetting } from "../../agent/config.ts";
import { realPollers } from "../../agent/main.ts";
import type { ScanItem } from "../contract/agentLink.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./flags.ts";

const MINER_PORT = 4028;

/** `hashwatch scan`: finds miners and prints them, without a server. The ranges are the operator's own word: no allow-list stands between. */
export const scanCommand: Command = {
  name: "scan",
  usage: "scan RANGE… [--json]",
  summary: "Finds miners in ranges (CIDR, first-last or address, each with an optional :port) and prints a table",
  flags: [
    { name: "json", value: null, help: "one JSON line per miner instead of a table" },
    { name: "connect-timeout-ms", value: "N", help: "for a connection to a miner (1000)" },
    { name: "reply-timeout-ms", value: "N", help: "for a miner's reply (5000)" },
  ],
  async run({ settings, positionals, signal }) {
    if (positionals.length === 0) throw new UsageError("scan needs at least one range, such as 10.0.0.0/24");
    const ranges = positionals.flatMap(splitList).map(parseScanRange);
    const json = settings.json === true;
    const found: ScanItem[] = [];
    const take = (progress: ScanProgress): void => {
      found.push(...progress.items.filter(({ outcome }) => outcome === "found"));
      showProgress(progress);
    };
    const last = await scanEndpoints(
      new EndpointSet(ranges, MINER_PORT),
      { probe: probeTcp, createPoller: realPollers(), known: () => null, nowMs: Date.now },
      {
        connectTimeoutMs: integerSetting(settings, "connect-timeout-ms", { fallback: 1000, min: 50, max: 60_000 }),
        replyTimeoutMs: integerSetting(settings, "reply-timeout-ms", { fallback: 5000, min: 100, max: 120_000 }),
        signal,
        onProgress: take,
      },
    );
    take(last);
    process.stderr.write("\n");
    process.stdout.write(json ? jsonLines(found) : table(found));
    return signal.aborted ? 1 : 0;
  },
};

function showProgress({ probedCount, totalCount, foundCount, failureCounts }: ScanProgress): void {
  const failures = Object.entries(failureCounts).map(([failure, count]) => `, ${count} ${failure}`);
  const text = `probed ${probedCount} of ${totalCount}: ${foundCount} found${failures.join("")}`;
  process.stderr.write(process.stderr.isTTY ? `\r${text}\u001b[K` : `${text}\n`);
}

function jsonLines(items: readonly ScanItem[]): string {
  return items
    .map(({ address, port, model, firmware, detail }) => `${JSON.stringify({ address, port, model, firmware, detail })}\n`)
    .join("");
}

function table(items: readonly ScanItem[]): string {
  const rows = items.map(({ address, port, model, firmware, detail }) => [address, String(port), model ?? "—", firmware ?? "—", detail]);
  const all = [["address", "port", "model", "firmware", ""], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}
