import type { Emulator } from "../../test/emulator/emulator.ts";
import type { BoardReading, Reading } from "../../test/emulator/reading.ts";
import type { Hashboard, Sample } from "../contract/sample.ts";
import { statusCode } from "../contract/status.ts";
import type { RunningServer } from "../main.ts";
import { rowsByPlace } from "./demoRacks.ts";

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  readonly signal: AbortSignal;
}
const HASHING = statusCode({ status: "hashing", reason: "ok" });
const STOPPED = statusCode({ status: "notHashing", reason: "stopped" });
const SLEEPING = statusCode({ status: "paused", reason: "sleeping" });
/** One transaction: small enough that neither live samples nor the event loop wait behind it. */
const STEPS_PER_BATCH = 240;

/** Fills in the past of the demo's fleet, miner by miner, from the same model that its live values come from; then the frames of its minutes. */
export async function fillHistory(emulator: Emulator, server: RunningServer, span: Span): Promise<void> {
  const past = pastOf(emulator, server);
  for (const miner of past) {
    for (let fromMs = span.fromMs; fromMs <= span.toMs && !span.signal.aborted; fromMs += STEPS_PER_BATCH * span.stepMs) {
      const toMs = Math.min(span.toMs, fromMs + (STEPS_PER_BATCH - 1) * span.stepMs);
      const samples = emulator
        .history(miner.index, fromMs, toMs, span.stepMs)
        .map((reading) => ({ minerKey: miner.minerKey, siteKey: miner.siteKey, sample: sampleOf(reading, miner.live) }));
      await server.store.append({ acks: [], samples });
    }
  }
  await fillMinutes(emulator, server, past, span);
}

interface PastMiner {
  readonly index: number;
  readonly minerId: string;
  readonly minerKey: number;
  readonly siteKey: number;
  /** The live sample: what the miner's firmware reports at all holds for its past as well. */
  readonly live: Sample;
}

function pastOf(emulator: Emulator, { fleet }: RunningServer): PastMiner[] {
  const ids = rowsByPlace(fleet);
  return emulator.endpoints.flatMap(({ index, address, port }) => {
    const minerId = ids.get(`${address}:${port}`);
    const live = minerId === undefined ? null : fleet.detail(minerId, Date.now())?.sample;
    return !minerId || !live ? [] : [{ index, minerId, minerKey: Number(minerId.slice(1)), siteKey: 1, live }];
  });
}

async function fillMinutes(emulator: Emulator, server: RunningServer, past: readonly PastMiner[], span: Span): Promise<void> {
  const minerKeys = Uint32Array.from(past, ({ minerKey }) => minerKey);
  const siteKeys = Uint32Array.from(past, ({ siteKey }) => siteKey);
  const firstMs = Math.ceil(span.fromMs / 60_000) * 60_000;
  for (let atMs = firstMs; atMs + 60_000 <= span.toMs && !span.signal.aborted; atMs += 60_000) {
    const readings = past.map(({ index }) => emulator.history(index, atMs + 30_000, atMs + 30_000, 60_000)[0]);
    const frame = {
      atMs,
      minerKeys,
      statusCodes: Uint8Array.from(readings, codeOf),
      hashrateHs: Float64Array.from(readings, ({ hashrateHs }) => hashrateHs),
      chipTempCMax: Float64Array.from(readings, ({ chipTempCMax }) => chipTempCMax),
    };
    await server.store.appendMinute({ atMs, frame, siteKeys });
  }
}

function codeOf({ hashing, asleep }: Reading): number {
  return asleep ? SLEEPING : hashing ? HASHING : STOPPED;
}

function sampleOf(reading: Reading, live: Sample): Sample {
  const { atMs, hashrateHs, hashrateMeanHs, hashrate30mHs, chipTempCMax, boardTempCMax } = reading;
  const { hwErrorCount, acceptedCount, rejectedCount, staleCount } = reading;
  const powerW = live.powerSource === "reported" ? reading.powerW : hashrateHs > 0 ? live.powerW : null;
  const boards = reading.boards.filter(({ present }) => present);
  return {
    ...live,
    ...{ polledAtMs: atMs, agentAtMs: atMs, hashrateHs, hashrateMeanHs, hashrate30mHs, chipTempCMax, boardTempCMax, powerW },
    ...{ hwErrorCount, acceptedCount, rejectedCount, staleCount },
    uptimeMs: reading.uptimeS * 1000,
    mode: null,
    efficiencyJPerTh: powerW !== null && hashrateHs > 0 ? powerW / (hashrateHs / 1e12) : null,
    inletTempC:
      live.inletTempC === null
        ? null
        : edge(
            boards.flatMap(({ boardTempsC }) => boardTempsC.slice(0, 2)),
            Math.min,
          ),
    outletTempC:
      live.outletTempC === null
        ? null
        : edge(
            boards.flatMap(({ boardTempsC }) => boardTempsC.slice(2)),
            Math.max,
          ),
    fansRpm: [...reading.fansRpm],
    hashboards: reading.boards.map(hashboardOf),
  };
}

/** Coldest or hottest of the sensors at one edge of the boards; null where there is none. */
function edge(tempsC: readonly number[], pick: (...tempsC: number[]) => number): number | null {
  return tempsC.length === 0 ? null : pick(...tempsC);
}

function hashboardOf(board: BoardReading): Hashboard {
  const { chain, present, hashrateHs, ratedHashrateHs, chipCount, chipOkCount, freqMhz, voltageV, hwErrorCount } = board;
  return {
    ...{ chain, present, hashrateHs, ratedHashrateHs, chipCount, chipOkCount, freqMhz, voltageV, hwErrorCount },
    expectedChipCount: null,
    chipBadCount: chipCount - chipOkCount,
    chipMap: null,
    chipTempsC: [...board.chipTempsC],
    boardTempsC: [...board.boardTempsC],
  };
}
