import { keyOfId } from "./miner.ts";
import type { AgentHealths } from "./agentHealth.ts";
import type { MinerTable } from "./minerTable.ts";
import type { AgentRecord } from "./ports.ts";
import type { Extremes } from "./totals.ts";

interface Sources {
  readonly table: MinerTable;
  readonly agents: AgentHealths;
  readonly records: readonly AgentRecord[];
}

/** Hottest chip, oldest sample and the agent furthest behind, per site, in one pass over the rows that report. */
export function scanExtremes({ table, agents, records }: Sources, nowMs: number): Map<number, Extremes> {
  const { oldest, hottest } = scanRows(table, agents, nowMs);
  const behind = furthestBehind(agents, records);
  const siteKeys = new Set([...oldest.keys(), ...behind.keys()]);
  return new Map(
    [...siteKeys].map((siteKey) => [
      siteKey,
      {
        chipTempCMax: finite(hottest.get(siteKey)),
        oldestSampleAtMs: finite(oldest.get(siteKey)),
        oldestAgentAtMs: finite(behind.get(siteKey)),
      },
    ]),
  );
}

/** siteKeys null: all sites. */
export function extremesOf(bySite: ReadonlyMap<number, Extremes>, siteKeys: readonly number[] | null): Extremes {
  return [...(siteKeys ?? bySite.keys())].map((key) => bySite.get(key) ?? NO_EXTREMES).reduce(widest, NO_EXTREMES);
}

/** Rows of one site stand in runs, so the maps are touched once a run. */
function scanRows(table: MinerTable, agents: AgentHealths, nowMs: number): { oldest: Map<number, number>; hottest: Map<number, number> } {
  const { key, siteKey, agentIndex, polledAtMs, chipTempCMax } = table.columns;
  const oldest = new Map<number, number>();
  const hottest = new Map<number, number>();
  let [site, oldestAtMs, hottestC] = [0, Infinity, -Infinity];
  const endRun = (): void => {
    oldest.set(site, Math.min(oldest.get(site) ?? Infinity, oldestAtMs));
    hottest.set(site, Math.max(hottest.get(site) ?? -Infinity, hottestC));
  };
  for (let row = 0; row < table.rowCount; row++) {
    if (key[row] === 0 || !(nowMs - polledAtMs[row] <= 2 * agents.at(agentIndex[row]).pollIntervalMs)) continue;
    if (siteKey[row] !== site) {
      endRun();
      [site, oldestAtMs, hottestC] = [siteKey[row], Infinity, -Infinity];
    }
    if (polledAtMs[row] < oldestAtMs) oldestAtMs = polledAtMs[row];
    if (chipTempCMax[row] > hottestC) hottestC = chipTempCMax[row];
  }
  endRun();
  return { oldest, hottest };
}

/** Per site the newest sample of the agent that is furthest behind; agents that are down count, those without any sample do not. */
function furthestBehind(agents: AgentHealths, records: readonly AgentRecord[]): Map<number, number> {
  const bySite = new Map<number, number>();
  for (const { id, siteId, revoked } of records) {
    const siteKey = keyOfId(siteId, "s");
    const { newestSampleAtMs } = agents.of(id);
    if (siteKey === null || revoked || newestSampleAtMs === null) continue;
    bySite.set(siteKey, Math.min(bySite.get(siteKey) ?? Infinity, newestSampleAtMs));
  }
  return bySite;
}

const finite = (value: number | undefined): number | null => (value === undefined || !Number.isFinite(value) ? null : value);

const NO_EXTREMES: Extremes = { chipTempCMax: null, oldestSampleAtMs: null, oldestAgentAtMs: null };

function widest(a: Extremes, b: Extremes): Extremes {
  const pick = (x: number | null, y: number | null, choose: (x: number, y: number) => number): number | null =>
    x === null ? y : y === null ? x : choose(x, y);
  return {
    chipTempCMax: pick(a.chipTempCMax, b.chipTempCMax, Math.max),
    oldestSampleAtMs: pick(a.oldestSampleAtMs, b.oldestSampleAtMs, Math.min),
    oldestAgentAtMs: pick(a.oldestAgentAtMs, b.oldestAgentAtMs, Math.min),
  };
}
