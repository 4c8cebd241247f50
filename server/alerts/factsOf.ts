import type { Threshold } from "../contract/api.ts";
import type { DirectoryPort, FleetWatchPort } from "../fleet/ports.ts";
import { DEFAULT_THRESHOLDS } from "../fleet/thresholds.ts";
import type { StoredEvent } from "../store/store.ts";
import type { Baselines } from "./baselines.ts";
import { IDENTITY_SHOWN_MS, type MinerFacts } from "./conditions.ts";
import { comparePeers, type Comparisons } from "./peers.ts";

const HOUR_MS = 60 * 60_000;
/** What is told of longer ago than this came with a backlog and is history. */
const RECENT_MS = 5 * 60_000;

export interface FactParts {
  readonly fleet: FleetWatchPort;
  readonly directory: Pick<DirectoryPort, "threshold" | "onChange">;
  readonly baselines: Pick<Baselines, "ratioAt">;
}

/** Gathers what the conditions look at, for one machine at a time into one object. */
export class Facts {
  readonly #parts: FactParts;
  readonly #facts: MinerFacts;
  readonly #restarts = new Map<string, number[]>();
  readonly #identityChanges = new Map<string, number>();
  readonly #thresholds = new Map<string, Threshold>();
  #compared: Comparisons = { efficiencyRatio: new Float64Array(0), neighbourZ: new Float64Array(0) };

  constructor(parts: FactParts) {
    this.#parts = parts;
    this.#facts = {
      ...{ nowMs: 0, siteId: "", blind: true, agreed: null, sample: null, threshold: DEFAULT_THRESHOLDS[0], restartCount: 0 },
      ...{ hashrate5mHs: NaN, rejectRatio: NaN, staleRatio: NaN, hwErrorRatio: NaN, declineRatio: NaN, efficiencyRatio: NaN },
      ...{ neighbourZ: NaN, identityChangedAtMs: -Infinity },
    };
  }

  /** The same object each time, filled anew; null where there is no machine any more. */
  at(row: number, nowMs: number): MinerFacts | null {
    const { fleet, baselines } = this.#parts;
    const miner = fleet.minerAt(row);
    if (miner === null) return null;
    const facts = this.#facts;
    const { values } = fleet;
    facts.nowMs = nowMs;
    facts.siteId = miner.siteId;
    facts.blind = fleet.statusOf(row).status === "unknown";
    facts.agreed = fleet.agreedOf(row);
    facts.sample = miner.sample;
    facts.threshold = this.#threshold(miner.model, miner.siteId);
    facts.hashrate5mHs = values.hashrate5mHs[row];
    facts.rejectRatio = values.rejectRatio[row];
    facts.staleRatio = values.staleRatio[row];
    facts.hwErrorRatio = values.hwErrorRatio[row];
    facts.declineRatio = baselines.ratioAt(row);
    facts.efficiencyRatio = this.#compared.efficiencyRatio[row] ?? NaN;
    facts.neighbourZ = this.#compared.neighbourZ[row] ?? NaN;
    facts.restartCount = this.#restartCount(miner.id, nowMs);
    facts.identityChangedAtMs = this.#identityChanges.get(miner.id) ?? -Infinity;
    return facts;
  }

  /** Compares every machine with its like anew, once a minute. */
  compare(): void {
    this.#compared = comparePeers(this.#parts.fleet);
  }

  settingsChanged(): void {
    this.#thresholds.clear();
  }

  /** Takes in what the fleet tells of a machine. A change of address alone is no change of identity. */
  note(
    { minerKey, kind, text, atMs }: Pick<StoredEvent, "minerKey" | "kind" | "text" | "atMs">,
    nowMs: number,
    withinMs = RECENT_MS,
  ): void {
    if (nowMs - atMs > withinMs) return;
    const minerId = `m${minerKey}`;
    if (kind === "restart") this.#restarts.set(minerId, [...(this.#restarts.get(minerId) ?? []), atMs]);
    else if (kind === "identity" && !text.startsWith("Address changed")) this.#identityChanges.set(minerId, atMs);
  }

  /** Forgets what no longer counts. */
  trim(nowMs: number): void {
    for (const minerId of [...this.#restarts.keys()]) if (this.#restartCount(minerId, nowMs) === 0) this.#restarts.delete(minerId);
    for (const [minerId, atMs] of [...this.#identityChanges]) if (nowMs - atMs > IDENTITY_SHOWN_MS) this.#identityChanges.delete(minerId);
  }

  #restartCount(minerId: string, nowMs: number): number {
    let count = 0;
    for (const atMs of this.#restarts.get(minerId) ?? NONE) if (nowMs - atMs <= HOUR_MS) count++;
    return count;
  }

  /** The rows of the settings are looked through by name; machines are many and their models few. */
  #threshold(model: string | null, siteId: string): Threshold {
    const key = model === null ? siteId : `${siteId} ${model}`;
    const known = this.#thresholds.get(key);
    if (known !== undefined) return known;
    const threshold = this.#parts.directory.threshold(model, siteId);
    this.#thresholds.set(key, threshold);
    return threshold;
  }
}

const NONE: readonly number[] = [];
