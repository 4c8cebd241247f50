import { LIVE_BASE_COLUMNS, type LiveColumn, type LiveSnapshot, type LiveTotals } from "../../server/contract/live.ts";
import { statusCode, type STATUSES, type StatusReason } from "../../server/contract/status.ts";
import type { FleetIdentity, MinerDetail, Rack } from "../../server/contract/api.ts";
import type { Hashboard, Sample } from "../../server/contract/sample.ts";

type BaseColumn = (typeof LIVE_BASE_COLUMNS)[number];
type ExtraColumn = Exclude<LiveColumn, BaseColumn>;

const MODELS = [
  { model: "S21", rated: 200e12, watts: 3500, chips: 108 },
  { model: "T21", rated: 190e12, watts: 3610, chips: 108 },
  { model: "S19 XP", rated: 140e12, watts: 3010, chips: 110 },
  { model: "S19j Pro", rated: 104e12, watts: 3068, chips: 126 },
] as const;

/** Faults at fixed places, so that a test can name them: miner number → status. */
const FAULTS: readonly { every: number; at: number; status: StatusReason }[] = [
  { every: 50, at: 7, status: { status: "degraded", reason: "chipsBad" } },
  { every: 100, at: 13, status: { status: "degraded", reason: "overTemperature" } },
  { every: 100, at: 21, status: { status: "unreachable", reason: "timeout" } },
  { every: 250, at: 33, status: { status: "notHashing", reason: "poolDead" } },
  { every: 250, at: 41, status: { status: "paused", reason: "curtailed" } },
  { every: 125, at: 55, status: { status: "unknown", reason: "agentDown" } },
];

/** The same numbers in every run: a fraction from two whole numbers. */
export function noise(a: number, b: number): number {
  let t = (Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 7, 0x85ebca6b)) | 0;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

function statusAt(n: number): StatusReason {
  return FAULTS.find(({ every, at }) => n % every === at)?.status ?? { status: "hashing", reason: "ok" };
}

const modelAt = (n: number) => MODELS[Math.floor(n / 48) % MODELS.length];
const rackName = (n: number): string => `${"ABCDEFGH"[Math.floor(n / 1000) % 8]}${String((Math.floor(n / 48) % 20) + 1).padStart(2, "0")}`;

/** The racks that identityOf() names. */
export function racksOf(minerCount: number): Rack[] {
  return Array.from({ length: Math.ceil(minerCount / 48) }, (_, rack) => ({
    id: `rack${rack}`,
    siteId: "site1",
    name: rackName(rack * 48),
    rows: 4,
    columns: 12,
  }));
}

export function identityOf(minerCount: number): FleetIdentity {
  const each = <T>(value: (n: number) => T): T[] => Array.from({ length: minerCount }, (_, n) => value(n));
  return {
    id: each((n) => `m${n + 1}`),
    siteId: each(() => "site1"),
    rackId: each((n) => (n % 10 === 9 ? null : `rack${Math.floor(n / 48)}`)),
    slot: each((n) => (n % 10 === 9 ? null : (n % 48) + 1)),
    agentId: each(() => "agent1"),
    name: each((n) => `${rackName(n)}-${String((n % 48) + 1).padStart(2, "0")}`),
    tags: each((n) => (n % 20 === 4 ? ["hydro", "row, <b>two</b>"] : [])),
    address: each((n) => `10.20.${Math.floor(n / 250)}.${(n % 250) + 2}`),
    port: each(() => 4028),
    mac: each((n) => `02:1f:8c:${[n >> 16, n >> 8, n].map((part) => (part & 255).toString(16).padStart(2, "0")).join(":")}`),
    serial: each((n) => (n % 3 === 0 ? `SMTT${10000 + n}` : null)),
    make: each(() => "Antminer"),
    model: each((n) => modelAt(n).model),
    modelReported: each((n) => `Antminer ${modelAt(n).model}`),
    firmwareFamily: each(() => "stock"),
    firmwareVersion: each((n) => (n % 10 === 6 ? "2023-01-02" : "2024-06-14")),
    controlBoard: each(() => "amlogic"),
    algorithm: each(() => "sha256d"),
    ratedHashrateHs: each((n) => modelAt(n).rated),
    expectedFanCount: each(() => 4),
    pollIntervalMs: each(() => 10_000),
    pool: each(() => "eu.pool-a.example:3333"),
    worker: each((n) => `${n === 5 ? "=" : ""}pecos.${rackName(n)}x${(n % 48) + 1}`), // one that a spreadsheet would take for a formula
  };
}

/** One value of one miner at a tick (seconds). Unreachable and unknown miners keep what was last seen, and its time. */
export function valueAt(column: BaseColumn, n: number, { tick, nowMs }: { tick: number; nowMs: number }): number {
  const { status, reason } = statusAt(n);
  const lost = status === "unreachable" || status === "unknown";
  const poll = lost ? 0 : Math.floor((tick + (n % 10)) / 10);
  const still = status === "notHashing" || status === "paused";
  const { rated, watts } = modelAt(n);
  switch (column) {
    case "status":
      return statusCode(statusAt(n));
    case "hashrateHs":
      return still ? 0 : rated * (0.98 + 0.04 * noise(n, poll)) * (reason === "chipsBad" ? 0.85 : 1);
    case "powerW":
      return Math.round(still ? 60 : watts * (0.97 + 0.05 * noise(n, 1)));
    case "chipTempCMax":
      return still ? 31 : Math.round(62 + 16 * noise(n, 2) + 2 * noise(n, poll)) + (reason === "overTemperature" ? 18 : 0);
    case "boardTempCMax":
      return still ? 28 : Math.round(52 + 10 * noise(n, 2));
    case "fanRpmMin":
      return Math.round(4300 + 900 * noise(n, 3));
    case "rejectRatio":
      return Math.round(2e4 * noise(n, 4) * noise(n, 5)) / 1e7;
    case "polledAtMs":
      return lost ? nowMs - tick * 1000 - 1_090_000 - n : nowMs - ((tick + (n % 10)) % 10) * 1000;
  }
}

export function totalsOf(minerCount: number, at: { tick: number; nowMs: number }): LiveTotals {
  const statusCounts = { hashing: 0, degraded: 0, notHashing: 0, unreachable: 0, paused: 0, unknown: 0 };
  let [reportingCount, hashrateHs, ratedHashrateHs, powerW, chipTempCMax] = [0, 0, 0, 0, -Infinity];
  for (let n = 0; n < minerCount; n++) {
    const { status } = statusAt(n);
    statusCounts[status] += 1;
    if (status !== "unknown" && status !== "paused") ratedHashrateHs += modelAt(n).rated;
    if (status === "unknown" || status === "unreachable") continue;
    reportingCount += 1;
    hashrateHs += valueAt("hashrateHs", n, at);
    powerW += valueAt("powerW", n, at);
    chipTempCMax = Math.max(chipTempCMax, valueAt("chipTempCMax", n, at));
  }
  const known = reportingCount > 0;
  return {
    minerCount,
    reportingCount,
    statusCounts,
    hashrateHs,
    ratedHashrateHs,
    powerW: known ? powerW : null,
    efficiencyJPerTh: known ? powerW / (hashrateHs / 1e12) : null,
    chipTempCMax: known ? chipTempCMax : null,
    oldestSampleAtMs: known ? at.nowMs - 9000 : null,
    oldestAgentAtMs: known ? at.nowMs - 3000 : null,
  };
}

/** One further value of one miner; what is asked for when it is shown, sorted or filtered by. */
function extraValueAt(column: ExtraColumn, n: number, at: { tick: number; nowMs: number }): number {
  switch (column) {
    case "statusSinceMs":
      return at.nowMs - (n + 1) * 3_600_000;
    case "lastSeenAtMs":
      return valueAt("polledAtMs", n, at);
    case "hashrateMeanHs":
    case "hashrate30mHs":
      return valueAt("hashrateHs", n, at) * 0.99;
    case "efficiencyJPerTh":
      return 18 + (n % 5);
    case "inletTempC":
      return 20 + (n % 10);
    case "outletTempC":
      return 45 + (n % 10);
    case "uptimeMs":
      return (n + 1) * 3_600_000;
    case "fanRpm1":
    case "fanRpm2":
    case "fanRpm3":
    case "fanRpm4":
      return valueAt("fanRpmMin", n, at) + 10 * (Number(column.slice(-1)) - 1);
    default:
      return n;
  }
}

export function snapshotOf(
  minerCount: number,
  version: number,
  at: { tick: number; nowMs: number },
  extraColumns: readonly ExtraColumn[] = [],
): LiveSnapshot {
  const values: Partial<Record<LiveColumn, Float64Array>> = {};
  for (const column of LIVE_BASE_COLUMNS) values[column] = Float64Array.from({ length: minerCount }, (_, n) => valueAt(column, n, at));
  for (const column of extraColumns) values[column] = Float64Array.from({ length: minerCount }, (_, n) => extraValueAt(column, n, at));
  return {
    version,
    atMs: at.nowMs,
    keys: Uint32Array.from({ length: minerCount }, (_, n) => n + 1),
    values,
    totals: totalsOf(minerCount, at),
  };
}

function boardOf(n: number, chain: number): Hashboard {
  const { rated, chips } = modelAt(n);
  const bad = statusAt(n).reason === "chipsBad" && chain === 2;
  const domains = Array.from({ length: 12 }, (_, domain) => (bad && domain === 6 ? "x" : "o").repeat(chips / 12));
  return {
    chain,
    present: true,
    hashrateHs: (rated / 3) * (bad ? 0.57 : 0.998),
    ratedHashrateHs: rated / 3,
    chipCount: chips,
    expectedChipCount: chips,
    chipOkCount: bad ? chips - Math.floor(chips / 12) : chips,
    chipBadCount: bad ? Math.floor(chips / 12) : 0,
    chipMap: domains.join(" "),
    freqMhz: 490,
    voltageV: 14.2,
    chipTempsC: [61, bad ? 79 : 71],
    boardTempsC: [53, 64],
    hwErrorCount: bad ? 214 : 3,
  };
}

function sampleOf(n: number, at: { tick: number; nowMs: number }): Sample {
  const { rated } = modelAt(n);
  const value = (column: BaseColumn): number => valueAt(column, n, at);
  return {
    minerId: `m${n + 1}`,
    polledAtMs: value("polledAtMs"),
    agentAtMs: value("polledAtMs"),
    durationMs: 38,
    uptimeMs: 1_231_980_000,
    algorithm: "sha256d",
    mode: null,
    hashrateHs: value("hashrateHs"),
    hashrateMeanHs: value("hashrateHs") * 0.999,
    hashrate30mHs: value("hashrateHs") * 0.998,
    ratedHashrateHs: rated,
    powerW: value("powerW"),
    powerSource: "reported",
    efficiencyJPerTh: value("powerW") / (value("hashrateHs") / 1e12),
    chipTempCMax: value("chipTempCMax"),
    boardTempCMax: value("boardTempCMax"),
    inletTempC: 24,
    outletTempC: 51,
    fansRpm: [4980, 5010, value("fanRpmMin"), 5040],
    expectedFanCount: 4,
    hwErrorCount: 220,
    acceptedCount: 218_402,
    rejectedCount: 306,
    staleCount: 41,
    expectedHashboardCount: 3,
    hashboards: [1, 2, 3].map((chain) => boardOf(n, chain)),
    pools: ["eu.pool-a.example:3333", "us.pool-a.example:3333", "pool-b.example:443"].map((url, index) => ({
      index,
      url,
      worker: `pecos.${rackName(n)}x${(n % 48) + 1}`,
      status: "alive",
      priority: index,
      active: index === 0,
      acceptedCount: index === 0 ? 218_402 : 0,
      rejectedCount: index === 0 ? 306 : 0,
      staleCount: index === 0 ? 41 : 0,
    })),
  };
}

export function detailOf(n: number, at: { tick: number; nowMs: number }): MinerDetail {
  const identity = identityOf(n + 1);
  const sample = sampleOf(n, at);
  const { status, reason } = statusAt(n);
  const seenAtMs = sample.polledAtMs;
  return {
    id: `m${n + 1}`,
    siteId: "site1",
    rackId: null,
    slot: null,
    agentId: "agent1",
    name: identity.name[n],
    tags: [],
    note: "",
    address: identity.address[n],
    port: 4028,
    mac: identity.mac[n],
    serial: identity.serial[n],
    hostname: null,
    make: "Antminer",
    model: identity.model[n],
    modelReported: identity.modelReported[n],
    firmware: { family: "stock", version: "2024-06-14" },
    controlBoard: "amlogic",
    algorithm: "sha256d",
    status,
    reason,
    statusSinceMs: at.nowMs - 38 * 60_000,
    lastSeenAtMs: seenAtMs,
    sampleAgeMs: at.nowMs - seenAtMs,
    sample,
    lastFailure: null,
    evidence: [
      { kind: "address", value: identity.address[n], source: "poll", firstSeenAtMs: 0, lastSeenAtMs: seenAtMs },
      { kind: "mac", value: identity.mac[n] ?? "", source: "neighbour table", firstSeenAtMs: 0, lastSeenAtMs: at.nowMs - 41_000 },
      { kind: "model", value: `Antminer ${identity.model[n] ?? ""}`, source: "stats", firstSeenAtMs: 0, lastSeenAtMs: seenAtMs },
    ],
    events: [
      { atMs: at.nowMs - 38 * 60_000, kind: "status", text: "Degraded: chips bad", status: "degraded", reason: "chipsBad" },
      { atMs: at.nowMs - 40_000_000, kind: "restart", text: "The uptime went back to 0", status: null, reason: null },
    ],
  };
}

/** How many of the fleet have each status. */
export function countByStatus(minerCount: number): Record<(typeof STATUSES)[number], number> {
  return totalsOf(minerCount, { tick: 0, nowMs: 0 }).statusCounts;
}
