import { onTestFinished } from "vitest";
import { openAlerts, type Alerts } from "../../../server/alerts/alerts.ts";
import type { AgentSample } from "../../../server/contract/sample.ts";
import type { Incident } from "../../../server/contract/incidents.ts";
import { openDirectory, type Directory } from "../../../server/fleet/directory.ts";
import { createFleet, type Fleet } from "../../../server/fleet/fleet.ts";
import type { IncidentNews } from "../../../server/incidents/news.ts";
import { FakeAgentLink } from "../fakes/fakeAgentLink.ts";
import { MemoryAlerts } from "../fakes/memoryAlerts.ts";
import { MemoryHistory } from "../fakes/memoryHistory.ts";
import { MemoryRecords } from "../fakes/memoryRecords.ts";
import { asStore, failureEntry, identityEntry, MemoryStore, NOW_MS, quiet, sampleEntry } from "../fleet/fakes.ts";

type Fields = Partial<AgentSample> | "silent";

/**
 * A fleet with its alerts under a clock that the test moves: `minerCount` machines of one site in racks of 48, all polled every ten seconds, each as `state` says,
 * and alerts evaluated every second.
 */
export class Watch {
  nowMs = NOW_MS;
  readonly records = new MemoryRecords();
  readonly alertStore = new MemoryAlerts();
  readonly history = new MemoryHistory();
  readonly agentLink = new FakeAgentLink();
  readonly minerStore = new MemoryStore();
  /** What a machine answers, by its number; healthy unless told. */
  readonly state = new Map<number, Fields>();
  readonly downAgents = new Set<string>();
  readonly minerCount: number;
  readonly agentIds: string[] = [];
  directory!: Directory;
  fleet!: Fleet;
  alerts!: Alerts;

  private constructor(minerCount: number) {
    this.minerCount = minerCount;
  }

  static async open(minerCount: number, { agentCount = 1, racks = true } = {}): Promise<Watch> {
    const watch = new Watch(minerCount);
    watch.directory = await openDirectory({ records: watch.records, clock: () => watch.nowMs });
    const { agentId } = await watch.directory.ensureEmbedded({ ranges: [] });
    watch.agentIds.push(agentId);
    while (watch.agentIds.length < agentCount)
      watch.agentIds.push((await watch.directory.createAgent({ siteId: "s1", name: `pecos-${watch.agentIds.length + 1}` })).id);
    for (const id of watch.agentIds) watch.agentLink.connected.add(id);
    await watch.#start();
    for (let index = 0; index < minerCount; index++) watch.fleet.takeIdentity(identityEntry(watch.address(index)), watch.#origin(index));
    if (racks) await watch.#fillRacks();
    onTestFinished(() => watch.stop());
    await watch.run(20_000);
    return watch;
  }

  async #start(): Promise<void> {
    this.fleet = await createFleet({ store: asStore(this.minerStore), directory: this.directory, clock: () => this.nowMs, log: quiet });
    const { history } = this;
    const store = {
      alerts: this.alertStore,
      records: this.records,
      forecast: history.forecast,
      readEvents: history.readEvents,
      readSeries: history.readSeries.bind(history),
    };
    this.alerts = await openAlerts({
      fleet: this.fleet.watched,
      directory: this.directory,
      agentLink: this.agentLink,
      store,
      clock: () => this.nowMs,
      log: quiet,
    });
  }

  async #fillRacks(): Promise<void> {
    for (let rack = 0; rack * 48 < this.minerCount; rack++) {
      const { id: rackId } = await this.directory.createRack({
        siteId: "s1",
        name: `B${String(rack).padStart(2, "0")}`,
        rows: 8,
        columns: 6,
      });
      for (let index = rack * 48; index < Math.min(this.minerCount, rack * 48 + 48); index++)
        await this.fleet.patch(`m${index + 1}`, { rackId, slot: (index % 48) + 1 });
    }
  }

  /** A machine of a given number: m1 is number 0. */
  address(index: number): string {
    return `10.${Math.floor(index / 62_500)}.${Math.floor(index / 250) % 250}.${(index % 250) + 1}`;
  }

  #origin(index: number): { agentId: string; siteId: string; atMs: number } {
    return { agentId: this.agentIds[index % this.agentIds.length], siteId: "s1", atMs: this.nowMs };
  }

  set(indexes: Iterable<number>, fields: Fields | null): void {
    for (const index of indexes) {
      if (fields === null) this.state.delete(index);
      else this.state.set(index, fields);
    }
  }

  /** Lets time pass second by second; `each` may change what machines answer. */
  async run(ms: number, each: (nowMs: number) => void = () => undefined): Promise<this> {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs;) {
      this.nowMs += 1000;
      each(this.nowMs);
      this.#poll();
      this.fleet.sweep(this.nowMs);
      await this.alerts.evaluate(this.nowMs);
    }
    return this;
  }

  #poll(): void {
    for (const agentId of this.agentIds) if (!this.downAgents.has(agentId)) this.fleet.agentAlive(agentId, this.nowMs, 10_000);
    for (let index = (this.nowMs / 1000) % 10; index < this.minerCount; index += 10) {
      const origin = this.#origin(index);
      if (this.downAgents.has(origin.agentId)) continue;
      const state = this.state.get(index) ?? {};
      if (state === "silent") this.fleet.takeFailure(failureEntry(this.address(index)), origin);
      else
        this.fleet.takeSample(
          sampleEntry(this.address(index), { agentAtMs: this.nowMs, uptimeMs: this.nowMs - NOW_MS + 3_600_000, ...state }),
          origin,
        );
    }
  }

  /** As after a kill: what is in memory is gone, what was written is there. */
  async restart(downMs: number): Promise<void> {
    this.nowMs += downMs;
    this.alerts.engine.close();
    await this.fleet.close();
    await this.#start();
  }

  async stop(): Promise<void> {
    this.alerts.engine.close();
    await this.fleet.close();
  }

  news(): IncidentNews[] {
    return this.alertStore.news.map(({ document }) => document as IncidentNews);
  }

  /** What people would be told, as "opened rack B07". */
  told(): string[] {
    return this.news()
      .filter(
        ({ kind, incident, suppressedBy }) =>
          kind !== "updated" && suppressedBy === null && !(kind === "closed" && incident.mergedIntoId !== null),
      )
      .map(
        ({ kind, reason, incident: { scope, cause } }) =>
          `${kind}${reason === null ? "" : ` ${reason}`} ${scope.kind} ${scope.name} ${cause}`,
      );
  }

  async open(): Promise<Incident[]> {
    const rows = this.alerts.incidents.rows(this.nowMs).filter(({ state }) => state !== "closed");
    return Promise.all(rows.map(async ({ id }) => (await this.alerts.incidents.whole(id, this.nowMs))!));
  }
}
