import { describe, expect, it } from "vitest";
import type { AgentSample, PollFailure } from "../../../server/contract/sample.ts";
import { REASONS, STATUS_CODES, type StatusReason } from "../../../server/contract/status.ts";
import { agreedStatus, statusOf, verdictOf, verdictOfFailure, type StatusInput, type Windows } from "../../../server/fleet/status.ts";
import { DEFAULT_THRESHOLDS, thresholdOf } from "../../../server/fleet/thresholds.ts";
import { agentSample, hashboard, NOW_MS, pool } from "./fakes.ts";

const HASHING: StatusReason = { status: "hashing", reason: "ok" };
const ZERO: StatusReason = { status: "notHashing", reason: "stopped" };
const SILENT: StatusReason = { status: "unreachable", reason: "timeout" };
const OVERHEATED: StatusReason = { status: "degraded", reason: "overTemperature" };

const input = (fields: Partial<StatusInput> = {}): StatusInput => ({
  agent: { lastFrameAtMs: NOW_MS - 300, pollIntervalMs: 10_000 },
  lastPollAtMs: NOW_MS - 4000,
  spacingMs: 10_000,
  hasSample: true,
  maintenance: false,
  curtailed: false,
  last: HASHING,
  beforeLast: HASHING,
  before: HASHING,
  ...fields,
});
const text = ({ status, reason }: StatusReason): string => `${status} ${reason}`;

describe("statusOf()", () => {
  it.each<[string, string, Partial<StatusInput>]>([
    ["hashing ok", "what the last two polls say", {}],
    [
      "degraded overTemperature",
      "two polls agree on the status",
      { last: OVERHEATED, beforeLast: { status: "degraded", reason: "fanStopped" } },
    ],
    ["hashing ok", "one poll alone does not change it", { last: OVERHEATED }],
    ["hashing ok", "one failed poll alone does not change it", { last: SILENT }],
    ["hashing ok", "one hashrate of 0 alone does not change it", { last: ZERO }],
    ["unreachable timeout", "one answer after failures does not change it either", { last: HASHING, beforeLast: SILENT, before: SILENT }],
    ["notHashing stopped", "a failure among zeros does not change it", { last: SILENT, beforeLast: ZERO, before: ZERO }],
    ["unreachable timeout", "two failures in a row", { last: SILENT, beforeLast: SILENT }],
    ["notHashing stopped", "two zeros in a row", { last: ZERO, beforeLast: ZERO }],
    ["unknown agentDown", "no frame for more than two intervals", { agent: { lastFrameAtMs: NOW_MS - 20_001, pollIntervalMs: 10_000 } }],
    ["hashing ok", "no frame for two intervals", { agent: { lastFrameAtMs: NOW_MS - 20_000, pollIntervalMs: 10_000 } }],
    [
      "unknown agentDown",
      "no frame for more than 10 s at short intervals",
      { agent: { lastFrameAtMs: NOW_MS - 10_001, pollIntervalMs: 2000 } },
    ],
    ["hashing ok", "no frame for 10 s at short intervals", { agent: { lastFrameAtMs: NOW_MS - 10_000, pollIntervalMs: 2000 } }],
    ["unknown agentDown", "an agent that was never heard", { agent: { lastFrameAtMs: null, pollIntervalMs: 10_000 } }],
    [
      "unknown agentDown",
      "before an unreachable miner and before maintenance",
      { agent: { lastFrameAtMs: null, pollIntervalMs: 10_000 }, last: SILENT, beforeLast: SILENT, maintenance: true },
    ],
    ["unknown stale", "no result for more than three spacings", { lastPollAtMs: NOW_MS - 30_001 }],
    ["hashing ok", "a miner at a back-off of 60 s gets three of them", { lastPollAtMs: NOW_MS - 170_000, spacingMs: 60_000 }],
    ["unknown neverPolled", "no result at all", { hasSample: false, lastPollAtMs: null, last: null, beforeLast: null, before: null }],
    ["unknown neverPolled", "a first failure says too little", { hasSample: false, last: SILENT, beforeLast: null, before: null }],
    ["unknown stale", "a first zero says too little", { last: ZERO, beforeLast: null, before: null }],
    ["hashing ok", "a first sample with hashrate is taken at its word", { beforeLast: null, before: null }],
    [
      "paused maintenance",
      "maintenance before curtailment and before what polls say",
      { maintenance: true, curtailed: true, last: SILENT, beforeLast: SILENT },
    ],
    ["paused curtailed", "curtailment before what polls say", { curtailed: true, last: ZERO, beforeLast: ZERO }],
  ])("says %s: %s", (expected, _, fields) => {
    expect(text(statusOf(input(fields), NOW_MS))).toBe(expected);
  });
});

describe("agreedStatus()", () => {
  it("takes a new reason of the same status at once", () => {
    const stopped: StatusReason = { status: "degraded", reason: "fanStopped" };
    expect(agreedStatus({ last: stopped, beforeLast: HASHING, before: OVERHEATED })).toEqual(stopped);
  });
});

describe("verdictOfFailure()", () => {
  it.each<[PollFailure, boolean, string]>([
    ["timeout", false, "timeout"],
    ["closed", false, "timeout"],
    ["refused", false, "refused"],
    ["noRoute", false, "noRoute"],
    ["undecodable", false, "undecodable"],
    ["truncated", false, "undecodable"],
    ["notMiner", false, "undecodable"],
    ["timeout", true, "apiDown"],
    ["refused", true, "apiDown"],
  ])("says unreachable for %s, API down %s: %s", (failure, apiDown, reason) => {
    expect(verdictOfFailure({ failure, apiDown })).toEqual({ status: "unreachable", reason });
  });
});

const NO_WINDOWS: Windows = { meanHashrateHs: null, rejectRatio: null, staleRatio: null, hwErrorRatio: null };
const boards = (...others: ReturnType<typeof hashboard>[]): Partial<AgentSample> => ({ hashboards: [hashboard(), ...others] });

describe("verdictOf()", () => {
  it.each<[string, string, Partial<AgentSample>, Partial<Windows>]>([
    ["hashing ok", "a healthy sample", {}, { meanHashrateHs: 1.09e14, rejectRatio: 0.002, hwErrorRatio: 0.0001 }],
    ["hashing tuning", "the machine tunes itself", { mode: "tuning" }, {}],
    ["hashing tuning", "a low hashrate while it tunes", { mode: "tuning" }, { meanHashrateHs: 1e13 }],
    ["hashing ok", "no hashrate reported is not 0", { hashrateHs: null }, {}],
    ["degraded overTemperature", "hottest chip at the threshold", { chipTempCMax: 95 }, {}],
    ["degraded overTemperature", "hottest board", { boardTempCMax: 85 }, {}],
    ["degraded overTemperature", "inlet", { inletTempC: 75 }, {}],
    ["hashing ok", "hottest chip below the threshold", { chipTempCMax: 94.9 }, {}],
    ["degraded fanStopped", "a fan at 0 rpm", { fansRpm: [5880, 0, 5940, 6120] }, {}],
    ["hashing ok", "slots at 0 rpm that the model does not have", { fansRpm: [0, 0, 5940, 0, 0, 6120], expectedFanCount: 2 }, {}],
    ["hashing ok", "no fans on a water-cooled model", { fansRpm: [], expectedFanCount: 0 }, {}],
    ["hashing ok", "fans at 0 rpm where nobody knows how many there are", { fansRpm: [0, 5000], expectedFanCount: null }, {}],
    [
      "degraded boardMissing",
      "a board that the reply does not have",
      boards(hashboard({ chain: 2, present: false, hashrateHs: null })),
      {},
    ],
    ["degraded boardMissing", "fewer boards than the model has", { hashboards: [hashboard()], expectedHashboardCount: 3 }, {}],
    ["degraded boardDead", "a board at 0", boards(hashboard({ chain: 2, hashrateHs: 0 }), hashboard({ chain: 3 })), {}],
    ["degraded lowHashrate", "the mean is below 80 % of rated", {}, { meanHashrateHs: 0.79 * 1.1e14 }],
    ["hashing ok", "the mean is at 80 % of rated", {}, { meanHashrateHs: 0.8 * 1.1e14 }],
    ["hashing ok", "a low mean in the first 15 minutes", { uptimeMs: 14 * 60_000 }, { meanHashrateHs: 1e13 }],
    ["hashing ok", "a low mean without a rating", { ratedHashrateHs: null }, { meanHashrateHs: 1e13 }],
    [
      "degraded chipsBad",
      "three chips of a board",
      boards(hashboard({ chain: 2, chipBadCount: 3, expectedChipCount: 300 }), hashboard({ chain: 3 })),
      {},
    ],
    [
      "degraded chipsBad",
      "two per cent of a board",
      boards(hashboard({ chain: 2, chipBadCount: 2, expectedChipCount: 76 }), hashboard({ chain: 3 })),
      {},
    ],
    ["hashing ok", "one chip of 114", boards(hashboard({ chain: 2, chipBadCount: 1 }), hashboard({ chain: 3 })), {}],
    ["degraded highHwErrors", "more than 2 % over 1 h", {}, { hwErrorRatio: 0.021 }],
    ["degraded highRejects", "more than 5 % over 1 h", {}, { rejectRatio: 0.051 }],
    [
      "degraded poolFallback",
      "a better pool is set up",
      { pools: [pool({ active: false, status: "dead" }), pool({ index: 1, priority: 1 })] },
      {},
    ],
    [
      "hashing ok",
      "the better pool is disabled",
      { pools: [pool({ active: false, status: "disabled" }), pool({ index: 1, priority: 1 })] },
      {},
    ],
    ["degraded overTemperature", "the first of several faults", { chipTempCMax: 100, fansRpm: [0, 0, 0, 0] }, { rejectRatio: 0.5 }],
    [
      "degraded boardDead",
      "a dead board before the low hashrate that it causes",
      boards(hashboard({ chain: 2, hashrateHs: 0 }), hashboard({ chain: 3 })),
      { meanHashrateHs: 1e13 },
    ],
    ["notHashing stopped", "hashrate 0", { hashrateHs: 0 }, {}],
    ["notHashing starting", "hashrate 0 in the first minutes", { hashrateHs: 0, uptimeMs: 60_000 }, {}],
    ["notHashing starting", "the machine says so", { hashrateHs: 0, mode: "starting" }, {}],
    ["notHashing overTemperatureStop", "hashrate 0 and too hot", { hashrateHs: 0, chipTempCMax: 99 }, {}],
    ["notHashing poolDead", "hashrate 0 and no pool alive", { hashrateHs: 0, pools: [pool({ status: "dead", active: false })] }, {}],
    ["notHashing stopped", "stopped without a rate", { hashrateHs: null, mode: "stopped" }, {}],
    ["paused sleeping", "the machine sleeps", { hashrateHs: 0, mode: "sleeping" }, {}],
    ["hashing ok", "a machine that says it sleeps and hashes", { mode: "sleeping" }, {}],
  ])("says %s: %s", (expected, _, fields, windows) => {
    const threshold = thresholdOf({ thresholds: [], siteThresholds: {} }, { model: "S19 Pro", siteId: "s1" });
    expect(text(verdictOf(agentSample(fields), { ...NO_WINDOWS, ...windows }, threshold))).toBe(expected);
  });
});

describe("thresholdOf()", () => {
  const row = DEFAULT_THRESHOLDS[0];
  const custom = (model: string | null, chipTempC: number) => ({ ...row, model, chipTempC });
  const settings = { thresholds: [custom("S19", 91)], siteThresholds: { s1: [custom(null, 92), custom("Antminer S21", 93)] } };

  it.each([
    ["the site's row for the model", "S21", "s1", 93],
    ["the site's default", "S19", "s1", 92],
    ["the operator's row for the model", "Antminer S19", "s2", 91],
    ["the built-in row for the model", "S9", "s2", 115],
    ["the default", "S99", "s2", 95],
    ["the default of a model that nobody knows", null, "s2", 95],
  ])("takes %s", (_, model, siteId, chipTempC) => {
    expect(thresholdOf(settings, { model, siteId }).chipTempC).toBe(chipTempC);
  });
});

it("every pair of status and reason has a code of one byte", () => {
  expect(STATUS_CODES).toHaveLength(Object.values(REASONS).flat().length);
});
