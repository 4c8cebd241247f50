import { z } from "zod";

/** A reading that the miner did not report is `null`; `0` is a reading. */
const reading = z.number().nullable();
const count = z.number().int().nullable();

export const Hashboard = z.object({
  chain: z.number().int().min(0), // as the miner's own field names number it: S9 6, 7, 8; S19 1 to 3; chain[].index 0 is chain 1
  present: z.boolean(), // false: the model has this board, the reply does not
  hashrateHs: reading,
  ratedHashrateHs: reading,
  chipCount: count, // as reported
  expectedChipCount: count, // from the catalogue
  chipOkCount: count,
  chipBadCount: count,
  chipMap: z.string().max(1024).nullable(), // 'o' good, 'x' bad, blanks between domains
  freqMhz: reading,
  voltageV: reading,
  chipTempsC: z.array(z.number()).max(512),
  boardTempsC: z.array(z.number()).max(512),
  hwErrorCount: count, // since the miner started; drops to 0 when it restarts
});
export type Hashboard = z.infer<typeof Hashboard>;

export const Pool = z.object({
  index: z.number().int(),
  url: z.string().max(512),
  worker: z.string().max(256),
  status: z.enum(["alive", "dead", "disabled", "rejecting", "unknown"]),
  priority: z.number().int().nullable(),
  active: z.boolean(),
  acceptedCount: count,
  rejectedCount: count,
  staleCount: count,
});
export type Pool = z.infer<typeof Pool>;

/** What the machine says it is doing, where it says so; `null` where it does not. */
export const MinerMode = z.enum(["sleeping", "tuning", "starting", "stopped"]);
export type MinerMode = z.infer<typeof MinerMode>;

/**
 * One poll of one miner as the agent measured it. Units are in the names; `null` means not reported.
 * `agentAtMs` is the agent's clock, epoch milliseconds; a rate is in hashes (or solutions) of `algorithm` per second.
 */
export const AgentSample = z.object({
  agentAtMs: z.number().int().nonnegative(),
  durationMs: z.number().nonnegative(),
  uptimeMs: reading, // age of the mining program
  algorithm: z.string().max(32), // sha256d, scrypt, x11, equihash, ethash, … or "unknown"
  mode: MinerMode.nullable(),
  hashrateHs: reading, // 5 s
  hashrateMeanHs: reading, // since the miner started
  hashrate30mHs: reading,
  ratedHashrateHs: reading,
  powerW: reading,
  powerSource: z.enum(["reported", "rated"]).nullable(),
  efficiencyJPerTh: reading,
  chipTempCMax: reading,
  boardTempCMax: reading,
  inletTempC: reading,
  outletTempC: reading,
  fansRpm: z.array(z.number()).max(32),
  expectedFanCount: count,
  hwErrorCount: count,
  acceptedCount: count,
  rejectedCount: count,
  staleCount: count,
  expectedHashboardCount: count,
  hashboards: z.array(Hashboard).max(32),
  pools: z.array(Pool).max(32),
});
export type AgentSample = z.infer<typeof AgentSample>;

/** The standard record of one poll on every public surface. `polledAtMs` is the server's time: `agentAtMs` corrected by a skew above 1 s. */
export const Sample = AgentSample.extend({
  minerId: z.string(),
  polledAtMs: z.number().int(),
});
export type Sample = z.infer<typeof Sample>;

export const POLL_FAILURES = ["timeout", "refused", "noRoute", "closed", "truncated", "undecodable", "notMiner"] as const;
export const PollFailure = z.enum(POLL_FAILURES);
export type PollFailure = z.infer<typeof PollFailure>;

/** A poll that gave no sample. */
export const FailedPoll = z.object({
  minerId: z.string(),
  polledAtMs: z.number().int(),
  durationMs: z.number(),
  failure: PollFailure,
  detail: z.string().max(500), // one sentence for the operator: what was seen
  apiDown: z.boolean(), // the witness port took a connection although 4028 was silent
});
export type FailedPoll = z.infer<typeof FailedPoll>;
