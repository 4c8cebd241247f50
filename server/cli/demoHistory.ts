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
const HOUR_MS = 3_600_000;
/** One transaction: small enough that neither live samples nor the event loop wait behind it. */
const MINERS_PER_BATCH = 4;

/**
 * Fills in the past of the demo's fleet from the same model that its live values come from, with the frames of its minutes: hour by hour back from
 * now, each for the whole fleet, so that sums are true as far as they reach.
 */
export async function fillHistory(emulator: Emulator, server: RunningServer, span: Span): Promise<void> {
  const past = pastOf(emulator, server);
  for (let endMs = span.toMs; endMs > span.fromMs && !span.signal.aborted; endMs -= HOUR_MS) {
    const hour = { ...span, fromMs: Math.max(span.fromMs, endMs - HOUR_MS), toMs: endMs };
    await fillSamples(emulator, server, past, hour);
    await fillMinutes(emulator, server, past, hour);
    await server.store.rollUp(Date.now()); // the sums of the hour, at once rather than with the next turn of the job
  }
}

/** Samples with fromMs <= time < toMs. */
async function fillSamples(emulator: Emulator, server: RunningServer, past: readonly PastMiner[], span: Span): Promise<void> {
  for (let at = 0; at < past.length && !span.signal.aborted; at += MINERS_PER_BATCH) {
    const samples = past.slice(at, at + MINERS_PER_BATCH).flatMap(({ index, minerKey, siteKey, live }) =>
      emulator.history(index, span.fromMs, span.toMs - 1, span.stepMs).map((reading) => {
        return { minerKey, siteKey, sample: sampleOf(reading, live) };
      }),
    );
    await server.store.append({ acks: [], samples });
  }
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
    const ratedHashrateHs = Float64Array.from(readings, ({ asleep }, row) => (asleep ? NaN : (past[row].live.ratedHashrateHs ?? NaN)));
    await server.store.appendMinute({ atMs, frame, siteKeys, ratedHashrateHs });
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
