import { absentBoard, deadChipsOf, markDead, waterTemperatures } from "./boards.ts";
import type { Conditions } from "./conditions.ts";
import { HEALTHY } from "./conditions.ts";
import { macOf, serialOf, workerOf } from "./identity.ts";
import type { MinerProfile } from "./profiles/profile.ts";
import { arrivals, between, hash32, noise, unit } from "./random.ts";
import type { BoardReading, PoolReading, Reading } from "./reading.ts";

/** A stretch of time in which nothing about the machine changed. Totals are kept as they were at its start, so any instant can be computed. */
interface Stretch {
  readonly fromMs: number;
  readonly startedAtMs: number; // of the mining program
  readonly conditions: Conditions;
  readonly level: number; // share of the rated hashrate once warm, 0 when stopped
  readonly workS: number; // seconds at the rated hashrate since the program started
  readonly poolWorkS: readonly [number, number];
  readonly errorS: number; // like workS, with what dead chips add
  readonly load: number; // thermal load, 0 to about 1
  readonly intakeRiseC: number;
  readonly stopped: { readonly meanHs: number; readonly mean30mHs: number } | null; // averages that outlive the stop
}

export interface MachineOptions {
  readonly profile: MinerProfile;
  readonly index: number;
  readonly seed: number;
  readonly startMs: number; // of the emulator; the machine has been running before
}

const DAY_MS = 86_400_000;
const INIT_S = 60; // from the start of the program to the first share
const RAMP_S = 240; // from there to the full rate
const HEAT_TAU_S = 170; // of the boards
const INTAKE_TAU_S = 45; // of a room whose cooling has failed
const INTAKE_RISE_C = 38;
const KEPT_STRETCHES = 64;

/**
 * The model of one machine. Its values are computed when asked for, from the seed, the time and the last change; asking changes nothing,
 * so the same seed and the same faults give the same values whoever asks, and how often.
 */
export class Machine {
  readonly index: number;
  readonly seed: number;
  readonly mac: string;
  readonly serial: string;
  readonly worker: string;
  address = "";
  profile: MinerProfile;
  compileTime: string;
  #stretches: Stretch[];
  #maps: { conditions: Conditions; letters: readonly string[] };

  constructor({ profile, index, seed, startMs }: MachineOptions) {
    this.index = index;
    this.profile = profile;
    this.compileTime = profile.compileTime;
    this.seed = hash32(seed, index);
    this.mac = macOf(this.seed);
    this.serial = serialOf(this.seed);
    this.worker = workerOf(index);
    // Most machines of a fleet have been up for days; skewed towards the recently restarted.
    const uptimeMs = Math.round((unit(this.seed, 1) ** 2 * 20 + 0.02) * DAY_MS);
    this.#stretches = [this.#fresh(startMs - uptimeMs, startMs - uptimeMs, HEALTHY, { load: 1, intakeRiseC: 0 })];
    this.#maps = { conditions: HEALTHY, letters: this.#letters(HEALTHY) };
  }

  get conditions(): Conditions {
    return this.#last.conditions;
  }

  /** The conditions change; the mining program goes on. */
  change(nowMs: number, conditions: Conditions): void {
    const before = this.#last;
    const level = this.#level(conditions);
    this.#push({
      ...before,
      ...this.#totals(before, nowMs),
      fromMs: nowMs,
      conditions,
      level,
      stopped: level > 0 ? null : (before.stopped ?? this.#averages(before, nowMs)),
    });
  }

  /** The mining program starts anew at `startedAtMs`, now or later: counters at zero, boards as warm as they are. */
  restart(nowMs: number, { startedAtMs, conditions }: { startedAtMs: number; conditions: Conditions }): void {
    const { load, intakeRiseC } = this.#totals(this.#last, nowMs);
    this.#push(this.#fresh(nowMs, Math.max(nowMs, startedAtMs), conditions, { load, intakeRiseC }));
  }

  /** Everything that is true at the whole second of `nowMs`; instants before the last changes are answered as they were then. */
  read(nowMs: number): Reading {
    const atMs = Math.floor(nowMs / 1000) * 1000;
    const stretch = this.#stretchAt(atMs);
    const { profile } = this;
    const totals = this.#totals(stretch, atMs);
    const uptimeS = Math.max(0, Math.floor((atMs - stretch.startedAtMs) / 1000));
    const drift = 1 + 0.006 * noise(this.seed ^ 0x21, atMs / 3_600_000);
    const share = stretch.level * rampAt((atMs - stretch.startedAtMs) / 1000) * this.#quality * drift;
    const intakeTempC = this.#ambientC(atMs) + totals.intakeRiseC;
    const boards = this.#boards(stretch, { atMs, share, totals, intakeTempC });
    let hashrateHs = 0;
    let hwErrorCount = 0;
    let chipTempCMax = -Infinity;
    let boardTempCMax = -Infinity;
    for (const board of boards) {
      hashrateHs += board.hashrateHs;
      hwErrorCount += board.hwErrorCount;
      chipTempCMax = Math.max(chipTempCMax, ...board.chipTempsC);
      boardTempCMax = Math.max(boardTempCMax, ...board.boardTempsC);
    }
    const fanDutyRatio = this.#fanDuty(stretch.conditions, chipTempCMax);
    const pools = this.#pools(stretch, totals.poolWorkS, atMs);
    const averages = stretch.stopped ?? this.#averages(stretch, atMs);
    return {
      atMs,
      uptimeS,
      hashing: hashrateHs > 0,
      asleep: stretch.conditions.asleep,
      hashrateHs,
      hashrateMeanHs: averages.meanHs,
      hashrate30mHs: averages.mean30mHs,
      ratedHashrateHs: profile.ratedHs,
      powerW: stretch.conditions.powered ? Math.round(profile.powerW * (0.03 + 0.97 * Math.min(1.1, share))) : 0,
      intakeTempC,
      chipTempCMax,
      boardTempCMax,
      fanDutyRatio,
      fansRpm: this.#fans(stretch.conditions, fanDutyRatio, atMs),
      boards,
      hwErrorCount,
      acceptedCount: pools[0].acceptedCount + pools[1].acceptedCount,
      rejectedCount: pools[0].rejectedCount + pools[1].rejectedCount,
      staleCount: pools[0].staleCount + pools[1].staleCount,
      pools,
    };
  }

  get #last(): Stretch {
    return this.#stretches[this.#stretches.length - 1];
  }

  /** Machines of one model differ by a few percent for life. */
  get #quality(): number {
    return 0.985 + 0.04 * unit(this.seed, 2);
  }

  #push(stretch: Stretch): void {
    this.#stretches.push(stretch);
    if (this.#stretches.length > KEPT_STRETCHES) this.#stretches.splice(1, 1);
  }

  #fresh(fromMs: number, startedAtMs: number, conditions: Conditions, warmth: Pick<Stretch, "load" | "intakeRiseC">): Stretch {
    const level = this.#level(conditions);
    const stopped = level > 0 ? null : { meanHs: 0, mean30mHs: 0 };
    return { fromMs, startedAtMs, conditions, level, workS: 0, poolWorkS: [0, 0], errorS: 0, ...warmth, stopped };
  }

  #stretchAt(atMs: number): Stretch {
    for (let i = this.#stretches.length - 1; i >= 0; i--) if (this.#stretches[i].fromMs <= atMs) return this.#stretches[i];
    return this.#earlierLife(atMs);
  }

  /** Before the run in which the emulator found it, the machine had runs of 2 to 20 days, one after the other. */
  #earlierLife(atMs: number): Stretch {
    let startedAtMs = this.#stretches[0].startedAtMs;
    for (let life = 0; atMs < startedAtMs; life++) startedAtMs -= Math.round(between(this.seed ^ 0x11fe, life, [2, 20]) * DAY_MS);
    return this.#fresh(startedAtMs, startedAtMs, HEALTHY, { load: 0.4, intakeRiseC: 0 });
  }

  #level(conditions: Conditions): number {
    if (!conditions.powered || conditions.asleep || conditions.heat === "tripped" || conditions.poolsDown === "all") return 0;
    const { chains, chipsPerChain } = this.profile;
    const chips = chains.map((_, board) => chipsPerChain - deadChipsOf(conditions, board, chipsPerChain));
    return chips.reduce((sum, count) => sum + count, 0) / (chains.length * chipsPerChain);
  }

  #totals(stretch: Stretch, atMs: number): Pick<Stretch, "workS" | "poolWorkS" | "errorS" | "load" | "intakeRiseC"> {
    const { conditions, level, startedAtMs, fromMs } = stretch;
    const rampS = rampIntegral((atMs - startedAtMs) / 1000) - rampIntegral((fromMs - startedAtMs) / 1000);
    const workS = rampS * level;
    const deadChips = conditions.deadChips.reduce((sum, { count }) => sum + count, 0);
    const [first, second] = stretch.poolWorkS;
    const blocked = conditions.stoppedFans.length > 0 ? 1.25 : 1;
    const fullLoad = level === 0 ? 0 : blocked * Math.min(1, 0.25 + 0.75 * level);
    // Until the program starts the boards cool down.
    const idleS = Math.max(0, Math.min(atMs, startedAtMs) - fromMs) / 1000;
    const busyS = Math.max(0, atMs - Math.max(fromMs, startedAtMs)) / 1000;
    return {
      workS: stretch.workS + workS,
      poolWorkS: conditions.poolsDown === "none" ? [first + workS, second] : [first, second + workS],
      errorS: stretch.errorS + workS * (1 + 20 * Math.min(deadChips, 20)),
      load: approach(approach(stretch.load, 0, idleS / HEAT_TAU_S), fullLoad, busyS / HEAT_TAU_S),
      intakeRiseC: approach(stretch.intakeRiseC, conditions.heat === "normal" ? 0 : INTAKE_RISE_C, (idleS + busyS) / INTAKE_TAU_S),
    };
  }

  /** Mean since the program started and over its last half hour. */
  #averages(stretch: Stretch, atMs: number): { meanHs: number; mean30mHs: number } {
    const fullHs = this.profile.ratedHs * this.#quality;
    const { workS } = this.#totals(stretch, atMs);
    const elapsedS = (atMs - stretch.startedAtMs) / 1000;
    if (elapsedS <= 0) return { meanHs: 0, mean30mHs: 0 };
    const windowS = Math.min(1800, elapsedS);
    const earlier = this.#stretchAt(atMs - windowS * 1000);
    const earlierS = earlier.startedAtMs === stretch.startedAtMs ? this.#totals(earlier, atMs - windowS * 1000).workS : 0;
    const wander = 1 + 0.004 * noise(this.seed ^ 0x33, atMs / 900_000);
    return { meanHs: (fullHs * workS) / elapsedS, mean30mHs: (fullHs * wander * (workS - earlierS)) / windowS };
  }

  /** Room air: a night and a day, weather over days, and warmer and cooler places in the hall. */
  #ambientC(atMs: number): number {
    const hour = (atMs % DAY_MS) / 3_600_000;
    const day = 5 * Math.sin(((hour - 9) / 24) * 2 * Math.PI);
    const rack = Math.floor(this.index / 48);
    return 24 + day + 2 * noise(0x5eed, atMs / DAY_MS) + 1.5 * (2 * unit(0x4ac, rack) - 1) + (2 * unit(this.seed, 3) - 1);
  }

  #boards(
    stretch: Stretch,
    now: { atMs: number; share: number; totals: Pick<Stretch, "errorS" | "load">; intakeTempC: number },
  ): BoardReading[] {
    const { conditions, level } = stretch;
    const { chains, chipsPerChain, ratedHs, powerW, voltageV } = this.profile;
    const letters = this.#chipMaps(conditions);
    const alive = chains.length - conditions.deadBoards.length;
    const tick = now.atMs / 5000;
    return chains.map((chain, position) => {
      const map = letters[position];
      if (map === "") return absentBoard(chain, ratedHs / chains.length);
      const own = hash32(this.seed, 40 + position);
      const okCount = chipsPerChain - deadChipsOf(conditions, position, chipsPerChain);
      // `share` counts the whole machine, this board has its part by its chips; the parts of boards differ for life.
      const part = level > 0 ? okCount / (level * chains.length * chipsPerChain) : 0;
      const tilt = 1 + 0.02 * (2 * unit(own, 1) - 1) + 0.035 * noise(own, tick);
      const hottestC = now.intakeTempC + this.profile.chipRiseC * now.totals.load * (1 + 0.06 * (2 * unit(own, 2) - 1));
      return {
        chain,
        present: true,
        hashrateHs: ratedHs * now.share * part * tilt,
        ratedHashrateHs: ratedHs / chains.length,
        chipCount: chipsPerChain,
        chipOkCount: map.startsWith("x".repeat(chipsPerChain)) ? 0 : okCount,
        chipMap: map,
        freqMhz: this.#freqOf(own),
        voltageV,
        powerW: (powerW / Math.max(1, alive)) * now.share,
        ...this.#temperatures(own, hottestC, now),
        hwErrorCount: arrivals(own, ((this.profile.hwErrorsPerHour * now.totals.errorS) / 3600) * (0.4 + 1.2 * unit(own, 3))),
      };
    });
  }

  #freqOf(own: number): number {
    return this.profile.dialect === "bitmainX17" ? this.profile.freqMhz + ((hash32(own, 4) % 11) - 5) : this.profile.freqMhz;
  }

  #temperatures(
    own: number,
    hottestC: number,
    now: { atMs: number; intakeTempC: number },
  ): Pick<BoardReading, "boardTempsC" | "chipTempsC"> {
    if (this.profile.sensors === "hydro") return waterTemperatures(hottestC, now.intakeTempC, own);
    // Two sensors near the intake, two near the exhaust; chips are warmer than the board below them.
    const chips: number[] = [];
    for (let sensor = 0; sensor < 4; sensor++) {
      const way = sensor < 2 ? 0.66 : 1;
      const wobble = 0.8 * noise(own ^ (sensor + 7), now.atMs / 40_000) + 1.5 * (unit(own, 5 + sensor) - 0.5);
      chips.push(Math.round(now.intakeTempC + (hottestC - now.intakeTempC) * way + wobble));
    }
    return { chipTempsC: chips, boardTempsC: chips.map((chipC) => chipC - this.profile.chipOverBoardC) };
  }

  #fanDuty(conditions: Conditions, chipTempCMax: number): number {
    if (!conditions.powered) return 0;
    if (conditions.asleep) return 0.05;
    if (conditions.stoppedFans.length > 0 || conditions.heat === "tripped") return 1;
    const room = this.profile.stopChipC - 55;
    return Math.min(1, Math.max(0.15, 0.3 + (0.9 * (chipTempCMax - 45)) / room));
  }

  #fans(conditions: Conditions, duty: number, atMs: number): number[] {
    const [minRpm, maxRpm] = this.profile.fanRpm;
    const step = this.profile.fanStepRpm;
    return this.profile.fans.map((_, position) => {
      if (!conditions.powered || conditions.stoppedFans.includes(position)) return 0;
      const own = 1 + 0.03 * (2 * unit(this.seed, 60 + position) - 1) + 0.012 * noise(this.seed ^ (80 + position), atMs / 15_000);
      return Math.round(((minRpm + (maxRpm - minRpm) * duty) * own) / step) * step;
    });
  }

  #pools(stretch: Stretch, workS: readonly [number, number], atMs: number): PoolReading[] {
    const { conditions } = stretch;
    const { hijack, poolsDown } = conditions;
    const started = atMs >= stretch.startedAtMs + 15_000 && conditions.powered;
    const first = this.#pool(0, workS[0], { alive: poolsDown === "none", active: started && poolsDown === "none" });
    const second = this.#pool(1, workS[1], { alive: poolsDown !== "all", active: started && poolsDown === "first" });
    const stolen = hijack === null ? first : { ...first, url: hijack.url, worker: hijack.worker };
    return [stolen, second, EMPTY_SLOT];
  }

  #pool(index: 0 | 1, workS: number, state: { alive: boolean; active: boolean }): PoolReading {
    const perS = (this.profile.ratedHs * this.#quality) / (this.profile.poolDifficulty * 4294967296);
    const expected = workS * (this.profile.ratedHs < 1e12 ? perS * 65536 : perS); // a scrypt share of difficulty d takes d × 2^16 hashes
    const rejectShare = 0.0008 + 0.003 * unit(this.seed, 6);
    const own = hash32(this.seed, 20 + index);
    const acceptedCount = arrivals(own, expected * (1 - rejectShare * 1.3));
    return {
      index,
      url: POOL_URLS[index],
      worker: this.worker,
      ...state,
      acceptedCount,
      rejectedCount: arrivals(own ^ 1, expected * rejectShare),
      staleCount: arrivals(own ^ 2, expected * rejectShare * 0.3),
      lastShareAgoS: acceptedCount === 0 ? null : Math.floor(((expected - Math.floor(expected)) / Math.max(expected, 1)) * workS) % 3600,
    };
  }

  #chipMaps(conditions: Conditions): readonly string[] {
    if (this.#maps.conditions !== conditions) this.#maps = { conditions, letters: this.#letters(conditions) };
    return this.#maps.letters;
  }

  /** Stopped for whatever reason, every chip is x; a dead board has no map at all. */
  #letters(conditions: Conditions): readonly string[] {
    const { chains, chipsPerChain } = this.profile;
    const stopped = conditions.asleep || conditions.heat === "tripped" || !conditions.powered;
    return chains.map((_, position) => {
      if (conditions.deadBoards.includes(position)) return "";
      if (stopped) return "x".repeat(chipsPerChain);
      return markDead(chipsPerChain, deadChipsOf(conditions, position, chipsPerChain), hash32(this.seed, 90 + position));
    });
  }
}

const POOL_URLS = ["stratum+tcp://stratum.pool-one.example:3333", "stratum+tcp://stratum.pool-two.example:443"] as const;
const EMPTY_SLOT: PoolReading = {
  index: 2,
  url: "",
  worker: "",
  alive: false,
  active: false,
  acceptedCount: 0,
  rejectedCount: 0,
  staleCount: 0,
  lastShareAgoS: null,
};

/** Share of the full rate `sinceS` after the program started. */
function rampAt(sinceS: number): number {
  return Math.min(1, Math.max(0, (sinceS - INIT_S) / RAMP_S));
}

function rampIntegral(sinceS: number): number {
  if (sinceS <= INIT_S) return 0;
  const s = sinceS - INIT_S;
  return s < RAMP_S ? (s * s) / (2 * RAMP_S) : s - RAMP_S / 2;
}

function approach(from: number, to: number, lengths: number): number {
  return to + (from - to) * Math.exp(-lengths);
}
