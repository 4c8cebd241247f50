import { pino } from "pino";
import type { Site } from "../../../server/contract/api.ts";
import type { ReportedIdentity } from "../../../server/contract/identity.ts";
import type { FrameEntry } from "../../../server/contract/agentLink.ts";
import type { AgentSample, Sample, Hashboard, Pool } from "../../../server/contract/sample.ts";
import type { AgentRecord, DirectoryChange, DirectoryPort } from "../../../server/fleet/ports.ts";
import { DEFAULT_THRESHOLDS } from "../../../server/fleet/thresholds.ts";
import type { AppendBatch, LastSample, RecordKind, Store, StoredEvent } from "../../../server/store/store.ts";

export const NOW_MS = 1_790_000_000_000;
export const quiet = pino({ level: "silent" });

/** Keeps in memory what the fleet and ingest give it; `failing` makes every write reject. */
export class MemoryStore {
  readonly documents = new Map<string, unknown>();
  readonly samples: AppendBatch["samples"] = [];
  readonly events: StoredEvent[] = [];
  readonly malformed: Parameters<Store["saveMalformed"]>[0] = [];
  readonly seqs = new Map<string, number>();
  lastSamples: LastSample[] = [];
  failing = false;
  appendCount = 0;

  readonly records = {
    load: (kind: RecordKind) =>
      Promise.resolve(
        [...this.documents]
          .filter(([key]) => key.startsWith(`${kind}/`))
          .map(([key, document]) => ({ id: key.slice(kind.length + 1), document })),
      ),
    get: (kind: RecordKind, id: string) => Promise.resolve(this.documents.get(`${kind}/${id}`) ?? null),
    apply: async (changes: { kind: RecordKind; id: string; document: unknown }[]) => {
      await this.#write();
      for (const { kind, id, document } of changes) {
        if (document === null) this.documents.delete(`${kind}/${id}`);
        else this.documents.set(`${kind}/${id}`, JSON.parse(JSON.stringify(document)));
      }
    },
    onForeignChange: () => () => undefined,
  };

  async append(batch: AppendBatch): Promise<{ storedCount: number; duplicateCount: number }> {
    await this.#write();
    this.appendCount++;
    this.samples.push(...batch.samples);
    for (const { agentId, outboxId, seq } of batch.acks) this.seqs.set(`${agentId} ${outboxId}`, seq);
    return { storedCount: batch.samples.length, duplicateCount: 0 };
  }

  async appendEvents(events: StoredEvent[]): Promise<void> {
    await this.#write();
    this.events.push(...events);
  }

  async saveMalformed(replies: Parameters<Store["saveMalformed"]>[0]): Promise<void> {
    await this.#write();
    this.malformed.push(...replies);
  }

  lastSeq(agentId: string, outboxId: string): Promise<number> {
    return Promise.resolve(this.seqs.get(`${agentId} ${outboxId}`) ?? -1);
  }

  readLastSamples(): Promise<LastSample[]> {
    return Promise.resolve(this.lastSamples);
  }

  readRecent({ minerKeys, fromMs, toMs }: Parameters<Store["readRecent"]>[0]): ReturnType<Store["readRecent"]> {
    if (this.failing) return Promise.reject(new Error("Cannot read"));
    const isWithin = ({ polledAtMs }: Sample): boolean => polledAtMs >= fromMs && polledAtMs < toMs;
    return Promise.resolve(
      minerKeys.map((key) =>
        this.samples.filter(({ minerKey, sample }) => minerKey === key && isWithin(sample)).map(({ sample }) => sample),
      ),
    );
  }

  forgetMiner(): Promise<void> {
    return Promise.resolve();
  }

  #write(): Promise<void> {
    return this.failing ? Promise.reject(new Error("Cannot write: no space left on device")) : Promise.resolve();
  }
}

export const asStore = (store: MemoryStore): Store => store as unknown as Store;

export const agentRecord = (id = "a1", siteId = "s1"): AgentRecord => ({
  id,
  siteId,
  name: `Agent ${id}`,
  embedded: false,
  revoked: false,
  enrolledAtMs: NOW_MS,
  codeExpiresAtMs: null,
  hostname: "host",
  program: "hashwatch 0.1.0",
});

/** Two sites with one agent each; keys are `key-<agent>`, the one code is `code-1`. */
export class FakeDirectory implements DirectoryPort {
  readonly agentRecords = new Map([
    ["a1", agentRecord("a1", "s1")],
    ["a2", agentRecord("a2", "s2")],
  ]);
  readonly rangesOf: Record<string, string[]> = { a1: ["10.0.0.0/24"] };
  #code: string | null = "code-1";
  readonly #listeners = new Set<(change: DirectoryChange) => void>();

  sites = (): Site[] => ["s1", "s2"].map((id) => ({ id, name: id, createdAtMs: 0 }));
  site = (id: string): Site | null => this.sites().find((site) => site.id === id) ?? null;
  racks = () => [{ id: "r1", siteId: "s1", name: "Rack 1", rows: 8, columns: 6 }];
  ranges = (agentId?: string) =>
    (this.rangesOf[agentId ?? ""] ?? []).map((range, i) => ({
      id: `range${i}`,
      siteId: "s1",
      agentId: agentId ?? "",
      range,
      source: "user" as const,
    }));
  agents = () => [...this.agentRecords.values()];
  agent = (id: string) => this.agentRecords.get(id) ?? null;
  settings = () => ({
    pollIntervalMs: null,
    thresholds: [],
    siteThresholds: {},
    retention: { rawDays: 7, fiveMinutesDays: 90, hourDays: 1095, dayDays: null },
    units: { temperature: "C" as const },
  });
  threshold = () => DEFAULT_THRESHOLDS[0];
  enrol = (code: string) => {
    if (code !== this.#code) return Promise.resolve(null);
    this.#code = null;
    return Promise.resolve({ agentId: "a1", key: "key-a1" });
  };
  checkAgentKey = (agentId: string, key: string) => Promise.resolve(key === `key-${agentId}` && this.agent(agentId)?.revoked === false);
  noteAgent = (agentId: string, facts: { hostname: string; program: string }) => {
    const agent = this.agent(agentId);
    if (agent !== null) this.agentRecords.set(agentId, { ...agent, ...facts });
    return Promise.resolve();
  };
  onChange = (listener: (change: DirectoryChange) => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  tell(change: DirectoryChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

export const hashboard = (fields: Partial<Hashboard> = {}): Hashboard => ({
  chain: 1,
  present: true,
  hashrateHs: 3.6e13,
  ratedHashrateHs: 3.66e13,
  chipCount: 114,
  expectedChipCount: 114,
  chipOkCount: 114,
  chipBadCount: 0,
  chipMap: null,
  freqMhz: 675,
  voltageV: null,
  chipTempsC: [62, 70],
  boardTempsC: [50, 55],
  hwErrorCount: 0,
  ...fields,
});

export const pool = (fields: Partial<Pool> = {}): Pool => ({
  index: 0,
  url: "stratum+tcp://pool.example:3333",
  worker: "site.worker1",
  status: "alive",
  priority: 0,
  active: true,
  acceptedCount: 100,
  rejectedCount: 0,
  staleCount: 0,
  ...fields,
});

/** A healthy S19 Pro that has been up for an hour. */
export const agentSample = (fields: Partial<AgentSample> = {}): AgentSample => ({
  agentAtMs: NOW_MS,
  durationMs: 40,
  uptimeMs: 3_600_000,
  algorithm: "sha256d",
  mode: null,
  hashrateHs: 1.1e14,
  hashrateMeanHs: 1.1e14,
  hashrate30mHs: 1.1e14,
  ratedHashrateHs: 1.1e14,
  powerW: 3250,
  powerSource: "reported",
  efficiencyJPerTh: 29.5,
  chipTempCMax: 70,
  boardTempCMax: 55,
  inletTempC: null,
  outletTempC: null,
  fansRpm: [5880, 6000, 5940, 6120],
  expectedFanCount: 4,
  hwErrorCount: 10,
  acceptedCount: 1000,
  rejectedCount: 2,
  staleCount: 0,
  expectedHashboardCount: 3,
  hashboards: [hashboard(), hashboard({ chain: 2 }), hashboard({ chain: 3 })],
  pools: [pool()],
  ...fields,
});

export const reportedIdentity = (fields: Partial<ReportedIdentity> = {}): ReportedIdentity => ({
  make: "Antminer",
  model: "S19 Pro",
  modelReported: "Antminer S19 Pro",
  firmware: { family: "stock", version: "2022-05-17" },
  controlBoard: null,
  mac: null,
  serial: null,
  hostname: null,
  algorithm: "sha256d",
  evidence: [],
  ...fields,
});

const at = (address: string) => ({ address, port: 4028 });
export const sampleEntry = (
  address: string,
  fields: Partial<AgentSample> = {},
  spacingMs = 10_000,
): Extract<FrameEntry, { kind: "sample" }> => ({
  kind: "sample",
  ...at(address),
  spacingMs,
  sample: agentSample(fields),
});
export const failureEntry = (
  address: string,
  fields: Partial<Extract<FrameEntry, { kind: "failure" }>> = {},
): Extract<FrameEntry, { kind: "failure" }> => ({
  kind: "failure",
  ...at(address),
  spacingMs: 10_000,
  agentAtMs: NOW_MS,
  durationMs: 1000,
  failure: "timeout",
  detail: "no answer within 1000 ms",
  apiDown: false,
  answered: false,
  ...fields,
});
export const identityEntry = (address: string, fields: Partial<ReportedIdentity> = {}): Extract<FrameEntry, { kind: "identity" }> => ({
  kind: "identity",
  ...at(address),
  agentAtMs: NOW_MS,
  identity: reportedIdentity(fields),
});

/** Waits for a condition of the outside world, up to a deadline. */
export async function until<T>(condition: () => T | null | undefined | false, what: string, timeoutMs = 5000): Promise<T> {
  for (const startedAtMs = Date.now(); Date.now() - startedAtMs < timeoutMs;) {
    const value = condition();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`Not within ${timeoutMs} ms: ${what}`);
}
