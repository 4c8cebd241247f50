import type { Logger } from "pino";
import type { Store, StoredEvent } from "../store/store.ts";
import { documentOf, minerId, type Miner } from "./miner.ts";

const EVENTS_MAX = 200_000;

/** Miners by number, and the number that the next one will get. */
export interface Numbering {
  readonly nextKey: number;
  byKey(key: number): Miner | null;
}

/** What the fleet has to write: miners that changed and events. Kept until the store has them; beyond its bound the oldest events go and are counted. */
export class Outbound {
  readonly #store: Pick<Store, "records" | "appendEvents">;
  readonly #log: Logger;
  #miners = new Set<number>();
  #events: StoredEvent[] = [];
  #droppedEventCount = 0;
  #writtenNextKey = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(store: Pick<Store, "records" | "appendEvents">, log: Logger) {
    this.#store = store;
    this.#log = log;
  }

  minerChanged(key: number): void {
    this.#miners.add(key);
  }

  event(event: StoredEvent): void {
    this.#events.push(event);
    if (this.#events.length <= EVENTS_MAX) return;
    this.#events.shift();
    this.#droppedEventCount++;
  }

  /** One write at a time; resolves when what was pending at the call is on disk. */
  flush(registry: Numbering): Promise<void> {
    this.#writing = this.#writing.catch(() => undefined).then(() => this.#write(registry));
    return this.#writing;
  }

  async #write(registry: Numbering): Promise<void> {
    const miners = this.#miners;
    const events = this.#events;
    if (miners.size === 0 && events.length === 0) return;
    this.#miners = new Set();
    this.#events = [];
    try {
      await this.#writeMiners(miners, registry);
      miners.clear();
      if (events.length > 0) await this.#store.appendEvents(events);
    } catch (error) {
      for (const key of miners) this.#miners.add(key);
      this.#events = [...events, ...this.#events];
      this.#log.error(
        { err: error, eventCount: events.length, droppedEventCount: this.#droppedEventCount },
        "fleet state could not be written",
      );
      throw error;
    }
  }

  async #writeMiners(keys: ReadonlySet<number>, registry: Numbering): Promise<void> {
    if (keys.size === 0) return;
    const { nextKey } = registry;
    const changes = [...keys].map((key) => {
      const miner = registry.byKey(key);
      return { kind: "miner" as const, id: minerId(key), document: miner && documentOf(miner) };
    });
    const numbering = nextKey > this.#writtenNextKey ? [{ kind: "meta" as const, id: "minerKeys", document: { next: nextKey } }] : [];
    await this.#store.records.apply([...changes, ...numbering]);
    this.#writtenNextKey = nextKey;
  }
}
