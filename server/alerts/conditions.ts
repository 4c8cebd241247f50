import type { Threshold } from "../contract/api.ts";
import type { AlertCondition } from "../contract/incidents.ts";
import type { Hashboard, Sample } from "../contract/sample.ts";
import type { StatusReason } from "../contract/status.ts";
import { hasBadChips, isBoardMissing, isFanStopped, isOnFallbackPool, WARM_UP_MS } from "../fleet/status.ts";
import { isBelow, isMet, type Limits, type ThresholdKind } from "./limits.ts";

/** All that a condition may look at. One object is filled again for each machine, so that looking at ten thousand makes none. */
export interface MinerFacts {
  nowMs: number;
  siteId: string;
  /** Nothing can be known now: the agent is down, or no poll has come. */
  blind: boolean;
  /** What the polls agree on. */
  agreed: StatusReason | null;
  sample: Sample | null;
  threshold: Threshold;
  hashrate5mHs: number; // NaN where not known, like all below
  rejectRatio: number;
  staleRatio: number;
  hwErrorRatio: number;
  declineRatio: number; // last day / week before
  efficiencyRatio: number; // / median of the peers
  neighbourZ: number;
  restartCount: number; // in the last hour
  identityChangedAtMs: number;
}

/** Codes, as they stand in the arrays of the rules. */
export const UNMET = 0;
export const MET = 1;
export const UNKNOWN = 2;
export type Code = typeof UNMET | typeof MET | typeof UNKNOWN;

/** How long a change of firmware or identity is shown as one. */
export const IDENTITY_SHOWN_MS = 60 * 60_000;

/** What one rule is, made ready to be asked ten thousand times. */
export interface ReadyCondition {
  readonly condition: AlertCondition;
  /** Limits for a table row; of the kinds that have any. */
  readonly limits: (threshold: Threshold) => Limits;
  /** Of poolOutside. */
  readonly isPoolAllowed: (sample: Sample, siteId: string) => boolean;
}

/** Does the condition hold for the machine? `wasMet`: it did when last seen. What cannot be seen is unknown, and what a machine does not report as well. */
export function evaluate(ready: ReadyCondition, facts: MinerFacts, wasMet: boolean): Code {
  if (facts.blind || facts.agreed === null) return UNKNOWN;
  const { condition } = ready;
  switch (condition.kind) {
    case "unreachable":
      return codeOf(facts.agreed.status === "unreachable" && facts.agreed.reason !== "apiDown");
    case "apiDown":
      return codeOf(facts.agreed.status === "unreachable" && facts.agreed.reason === "apiDown");
    case "identityChanged":
      return codeOf(facts.nowMs - facts.identityChangedAtMs < IDENTITY_SHOWN_MS);
    case "rebootLoop":
      return codeOf(isMet(facts.restartCount, ready.limits(facts.threshold), { below: false, wasMet }));
    case "agentDown":
    case "agentBehind":
    case "clockSkew":
    case "diskFilling":
      return UNMET; // not about machines
    default:
      return facts.agreed.status === "unreachable" || facts.sample === null ? UNKNOWN : ofSample(ready, facts, facts.sample, wasMet);
  }
}

function ofSample(ready: ReadyCondition, facts: MinerFacts, sample: Sample, wasMet: boolean): Code {
  const { condition } = ready;
  switch (condition.kind) {
    case "notHashing":
      return codeOf(facts.agreed?.status === "notHashing" && facts.agreed.reason !== "starting" && facts.agreed.reason !== "poolDead");
    case "boardMissing":
      return codeOf(isBoardMissing(sample));
    case "boardDead":
      return isIdle(facts) ? UNKNOWN : codeOf(hasDeadBoard(sample.hashboards));
    case "fanStopped":
      return isIdle(facts) ? UNKNOWN : codeOf(isFanStopped(sample));
    case "poolDead":
      return sample.pools.length === 0 ? UNKNOWN : codeOf(areAllDead(sample));
    case "poolFallback":
      return sample.pools.length === 0 ? UNKNOWN : codeOf(isOnFallbackPool(sample.pools));
    case "poolOutside":
      return sample.pools.length === 0 ? UNKNOWN : codeOf(!ready.isPoolAllowed(sample, facts.siteId));
    case "chipsBad":
      return codeOf(
        condition.enter === null ? hasBadChipsByTable(sample, facts.threshold) : isBeyond(ready, facts, wasMet, chipsBadMax(sample)),
      );
    default:
      return byLimit(ready, facts, { sample, wasMet });
  }
}

function byLimit(ready: ReadyCondition, facts: MinerFacts, { sample, wasMet }: { sample: Sample; wasMet: boolean }): Code {
  const value = measureOf(ready.condition.kind as ThresholdKind, facts, sample);
  return Number.isNaN(value) ? UNKNOWN : codeOf(isBeyond(ready, facts, wasMet, value));
}

function isBeyond({ condition, limits }: ReadyCondition, { threshold }: MinerFacts, wasMet: boolean, value: number): boolean {
  return isMet(value, limits(threshold), { below: isBelow(condition.kind as ThresholdKind), wasMet });
}

/** The value that a limit is for; NaN where it is not reported or says nothing now. */
export function measureOf(kind: ThresholdKind, facts: MinerFacts, sample: Sample): number {
  switch (kind) {
    case "lowHashrate":
      return shareOfRated(facts, sample);
    case "hashrateDecline":
      return facts.declineRatio;
    case "chipsBad":
      return chipsBadMax(sample);
    case "chipTemp":
      return sample.chipTempCMax ?? NaN;
    case "boardTemp":
      return sample.boardTempCMax ?? NaN;
    case "fanWeak":
      return isIdle(facts) ? NaN : weakestFan(sample);
    case "hwErrors":
      return facts.hwErrorRatio;
    case "rejects":
      return facts.rejectRatio;
    case "stales":
      return facts.staleRatio;
    case "rebootLoop":
      return facts.restartCount;
    case "efficiency":
      return isIdle(facts) ? NaN : facts.efficiencyRatio;
    case "hotNeighbours":
      return isIdle(facts) ? NaN : facts.neighbourZ;
    default:
      return NaN;
  }
}

/** It does not work, on purpose or not: what its fans, boards and neighbours would say is another matter. */
function isIdle({ agreed }: MinerFacts): boolean {
  return agreed === null || agreed.status === "paused" || agreed.status === "notHashing";
}

function shareOfRated(facts: MinerFacts, sample: Sample): number {
  const isSlowOnPurpose = sample.mode === "tuning" || facts.agreed?.status === "paused";
  const isWarmingUp = sample.uptimeMs !== null && sample.uptimeMs < WARM_UP_MS;
  if (isSlowOnPurpose || isWarmingUp || sample.ratedHashrateHs === null) return NaN;
  return facts.hashrate5mHs / sample.ratedHashrateHs;
}

function hasDeadBoard(hashboards: readonly Hashboard[]): boolean {
  for (const board of hashboards) if (board.present && board.hashrateHs === 0) return true;
  return false;
}

function hasBadChipsByTable({ hashboards }: Sample, threshold: Threshold): boolean {
  for (const board of hashboards) if (hasBadChips(board, threshold)) return true;
  return false;
}

function chipsBadMax({ hashboards }: Sample): number {
  let most = NaN;
  for (const { chipBadCount } of hashboards) if (chipBadCount !== null && !(chipBadCount <= most)) most = chipBadCount;
  return most;
}

function areAllDead({ pools }: Sample): boolean {
  let used = 0;
  for (const { status } of pools) {
    if (status === "disabled") continue;
    if (status !== "dead") return false;
    used++;
  }
  return used > 0;
}

/** The slowest fan that turns, of those that the model has, against the mean of the others. */
function weakestFan({ fansRpm, expectedFanCount }: Sample): number {
  let [turningCount, sum, slowest] = [0, 0, Infinity];
  for (const rpm of fansRpm) {
    if (rpm <= 0) continue;
    turningCount++;
    sum += rpm;
    slowest = Math.min(slowest, rpm);
  }
  if (turningCount < 2 || (expectedFanCount !== null && turningCount < expectedFanCount)) return NaN; // one that stopped is another rule's
  return slowest / ((sum - slowest) / (turningCount - 1));
}

const codeOf = (holds: boolean): Code => (holds ? MET : UNMET);
