import { STATUS_CODES, type Reason, type Status } from "../../../server/contract/status.ts";
import { lostHashrateOf } from "../../live/derived.ts";
import type { Fleet } from "../../live/fleet.ts";
import { groupRows, NO_GROUP, type RowGroups } from "./rowGroups.ts";

/** The algorithm whose rates are summed; others would add apples to pears. */
const MAIN_ALGORITHM = "sha256d";
/** A sample older than this many intervals of its miner is no news. */
const FRESH_INTERVALS = 2;
/** Hottest chips are counted by whole degrees, 0 to 255 °C. */
const DEGREES = 256;

/** The miners of one reason, and what they lose against their rating. */
export interface ReasonCost {
  readonly status: Status;
  readonly reason: Reason;
  readonly minerCount: number;
  readonly lostHashrateHs: number;
  /** Of these the loss is not known: no rating, or another algorithm. */
  readonly uncountedCount: number;
}

/** The miners of one site or one model. Rates are in hashes of `algorithm`; other algorithms of a site are left out of them. */
export interface GroupSums {
  /** null: the miners of which it is not known. */
  readonly key: string | null;
  readonly algorithm: string;
  readonly minerCount: number;
  readonly reportingCount: number;
  readonly hashrateHs: number;
  /** Of all but unknown and paused, so that an unreachable miner counts as 0 against its rating. NaN where nothing is rated. */
  readonly ratedShare: number;
  /** Of those that report power and hashrate; NaN where none does. */
  readonly efficiencyJPerTh: number;
  /** 95th percentile of the hottest chips; NaN where none is reported. */
  readonly chipTempCP95: number;
  /** Newest sample of the agent that is furthest behind; NaN where there never was one. */
  readonly oldestAgentAtMs: number;
}

export interface FleetBreakdown {
  readonly minerCount: number;
  /** Without identities nothing is known of ratings, sites and models. */
  readonly identityCount: number;
  /** The dearest first. Without hashing, unknown and paused. */
  readonly costs: readonly ReasonCost[];
  /** What miners that hash as expected lack to their rating. */
  readonly hashingShortfallHs: number;
  readonly sites: readonly GroupSums[];
  readonly models: readonly GroupSums[];
  readonly chipTempCP50: number;
  readonly chipTempCP95: number;
}

/** Sums over all rows of the live columns. 10,000 rows take a few milliseconds. */
export class BreakdownMaker {
  readonly #fleet: Fleet;
  #stamp = "";
  #groups: { sites: RowGroups; models: RowGroups; agents: RowGroups } | null = null;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  make(nowMs: number): FleetBreakdown {
    const { sites, models, agents } = this.#grouped();
    const newestOfAgent = newestByGroup(this.#fleet, agents);
    const sums = { sites: new Sums(sites), models: new Sums(models), all: new Sums(allOf(this.#fleet)) };
    for (let row = 0; row < this.#fleet.rowCount; row++) {
      const facts = factsOf(this.#fleet, row, nowMs);
      for (const each of [sums.sites, sums.models, sums.all]) each.add(row, facts);
    }
    for (let row = 0; row < this.#fleet.rowCount; row++) sums.sites.seeAgent(row, newestOfAgent[agents.byRow[row]] ?? Number.NaN);
    return {
      minerCount: this.#fleet.rowCount,
      identityCount: this.#fleet.identity.count,
      ...costsOf(this.#fleet),
      sites: sums.sites.list(),
      models: sums.models.list(),
      chipTempCP50: sums.all.percentile(0, 0.5),
      chipTempCP95: sums.all.percentile(0, 0.95),
    };
  }

  /** Which group a row belongs to changes with identities alone. */
  #grouped() {
    const stamp = `${this.#fleet.rowRevision}/${this.#fleet.identity.revision}`;
    if (this.#groups !== null && stamp === this.#stamp) return this.#groups;
    this.#stamp = stamp;
    const { siteId, model, modelReported, agentId } = this.#fleet.identity.columns;
    return (this.#groups = {
      sites: groupRows(this.#fleet, (index) => siteId[index]),
      models: groupRows(this.#fleet, (index) => model[index] ?? modelReported[index] ?? null),
      agents: groupRows(this.#fleet, (index) => agentId[index] ?? null),
    });
  }
}

interface RowFacts {
  readonly status: Status;
  readonly algorithm: string;
  readonly reporting: boolean;
  readonly hashrateHs: number;
  readonly ratedHs: number;
  readonly powerW: number;
  readonly chipTempC: number;
}

function factsOf(fleet: Fleet, row: number, nowMs: number): RowFacts {
  const index = fleet.identityOfRow()[row] ?? -1;
  const { algorithm, ratedHashrateHs, pollIntervalMs } = fleet.identity.columns;
  return {
    status: fleet.statusOf(row).status,
    algorithm: algorithm[index] ?? MAIN_ALGORITHM,
    reporting: nowMs - fleet.value("polledAtMs", row) <= FRESH_INTERVALS * (pollIntervalMs[index] ?? 10_000),
    hashrateHs: fleet.value("hashrateHs", row),
    ratedHs: ratedHashrateHs[index] ?? Number.NaN,
    powerW: fleet.value("powerW", row),
    chipTempC: fleet.value("chipTempCMax", row),
  };
}

function allOf(fleet: Fleet): RowGroups {
  return { keys: [null], byRow: new Int32Array(fleet.rowCount), algorithms: [MAIN_ALGORITHM] };
}

function newestByGroup(fleet: Fleet, { keys, byRow }: RowGroups): Float64Array {
  const newest = new Float64Array(keys.length).fill(Number.NaN);
  for (let row = 0; row < fleet.rowCount; row++) {
    const atMs = fleet.value("polledAtMs", row);
    if (byRow[row] !== NO_GROUP && !(newest[byRow[row]] >= atMs)) newest[byRow[row]] = atMs;
  }
  return newest;
}

const MINERS = 0;
const REPORTING = 1;
const HASHRATE = 2;
const RATED = 3;
const PAIRED_POWER = 4;
const PAIRED_HASHRATE = 5;
const OLDEST_AGENT = 6;
const FIELDS = 7;

/** Sums of each group, in one array. */
class Sums {
  readonly #groups: RowGroups;
  readonly #sums: Float64Array;
  readonly #temps: Int32Array;

  constructor(groups: RowGroups) {
    this.#groups = groups;
    this.#sums = new Float64Array(groups.keys.length * FIELDS);
    for (let at = OLDEST_AGENT; at < this.#sums.length; at += FIELDS) this.#sums[at] = Number.NaN;
    this.#temps = new Int32Array(groups.keys.length * DEGREES);
  }

  add(row: number, { status, algorithm, reporting, hashrateHs, ratedHs, powerW, chipTempC }: RowFacts): void {
    const group = this.#groups.byRow[row];
    if (group === NO_GROUP) return;
    const sums = this.#sums;
    const at = group * FIELDS;
    sums[at + MINERS] += 1;
    const counts = algorithm === this.#groups.algorithms[group];
    if (counts && status !== "unknown" && status !== "paused" && ratedHs > 0) sums[at + RATED] += ratedHs;
    if (!reporting) return;
    sums[at + REPORTING] += 1;
    if (chipTempC >= 0) this.#temps[group * DEGREES + Math.min(DEGREES - 1, Math.round(chipTempC))] += 1;
    if (!counts || !(hashrateHs >= 0)) return;
    sums[at + HASHRATE] += hashrateHs;
    if (!(powerW >= 0)) return;
    sums[at + PAIRED_POWER] += powerW;
    sums[at + PAIRED_HASHRATE] += hashrateHs;
  }

  /** The newest sample of the agent that polls this row. */
  seeAgent(row: number, newestAtMs: number): void {
    if (this.#groups.byRow[row] === NO_GROUP) return;
    const at = this.#groups.byRow[row] * FIELDS + OLDEST_AGENT;
    if (!(this.#sums[at] <= newestAtMs)) this.#sums[at] = newestAtMs;
  }

  /** By nearest rank; NaN where no temperature is known. */
  percentile(group: number, share: number): number {
    const counts = this.#temps.subarray(group * DEGREES, (group + 1) * DEGREES);
    const rank = share * counts.reduce((sum, count) => sum + count, 0);
    if (rank === 0) return Number.NaN;
    let seen = 0;
    return counts.findIndex((count) => (seen += count) >= rank);
  }

  /** The largest group first. */
  list(): GroupSums[] {
    const { keys, algorithms } = this.#groups;
    const groups = keys.map((key, group) => {
      const sums = this.#sums.subarray(group * FIELDS, (group + 1) * FIELDS);
      return {
        key,
        algorithm: algorithms[group],
        minerCount: sums[MINERS],
        reportingCount: sums[REPORTING],
        hashrateHs: sums[HASHRATE],
        ratedShare: sums[RATED] > 0 && sums[REPORTING] > 0 ? sums[HASHRATE] / sums[RATED] : Number.NaN,
        efficiencyJPerTh: sums[PAIRED_HASHRATE] > 0 ? sums[PAIRED_POWER] / (sums[PAIRED_HASHRATE] / 1e12) : Number.NaN,
        chipTempCP95: this.percentile(group, 0.95),
        oldestAgentAtMs: sums[OLDEST_AGENT],
      };
    });
    return groups.sort((a, b) => b.minerCount - a.minerCount || (a.key ?? "").localeCompare(b.key ?? ""));
  }
}

function costsOf(fleet: Fleet): Pick<FleetBreakdown, "costs" | "hashingShortfallHs"> {
  const [counts, lost, uncounted] = [0, 1, 2].map(() => new Float64Array(STATUS_CODES.length));
  const { algorithm } = fleet.identity.columns;
  const identityOfRow = fleet.identityOfRow();
  for (let row = 0; row < fleet.rowCount; row++) {
    const code = fleet.value("status", row);
    const lostHs = (algorithm[identityOfRow[row]] ?? MAIN_ALGORITHM) === MAIN_ALGORITHM ? lostHashrateOf(fleet, row) : Number.NaN;
    counts[code] += 1;
    if (Number.isNaN(lostHs)) uncounted[code] += 1;
    else lost[code] += lostHs;
  }
  const all = STATUS_CODES.map((pair, code) => ({
    ...pair,
    minerCount: counts[code],
    lostHashrateHs: lost[code],
    uncountedCount: uncounted[code],
  }));
  return {
    costs: all
      .filter(({ status, minerCount }) => minerCount > 0 && status !== "hashing" && status !== "unknown" && status !== "paused")
      .sort((a, b) => b.lostHashrateHs - a.lostHashrateHs || b.minerCount - a.minerCount),
    hashingShortfallHs: all.reduce((sum, { status, lostHashrateHs }) => sum + (status === "hashing" ? lostHashrateHs : 0), 0),
  };
}
