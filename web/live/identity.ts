import type { FleetIdentity, LiveIdentity } from "../../server/contract/api.ts";

/** Who the miners are, one array per field, as it came from GET /fleet/identity and was kept up to date by `identity` events. */
export class IdentityTable {
  /** Grows with every change, so that what is derived from the table can be kept until then. */
  revision = 0;
  /** Another object with each revision; its arrays are changed in place. */
  columns: FleetIdentity = emptyIdentity();
  /** Whether any miner has a name other than its address. */
  hasNames = false;
  #indexByKey = new Map<number, number>();
  #haystacks: string[] = [];
  #haystackRevision = -1;

  get count(): number {
    return this.columns.id.length;
  }

  /** Position of the miner whose id is `m${key}`, -1 for one that is not known yet. */
  indexOf(key: number): number {
    return this.#indexByKey.get(key) ?? -1;
  }

  replace(columns: FleetIdentity): void {
    this.columns = columns;
    this.#reindex();
  }

  apply({ changed, removedIds }: LiveIdentity): void {
    changed.id.forEach((id, from) => copyRow(changed, from, this.columns, this.#indexByKey.get(keyOfId(id)) ?? this.#append(id)));
    if (removedIds.length > 0) this.columns = without(this.columns, new Set(removedIds));
    this.#reindex();
  }

  /** What the search looks through, in lower case: name, address, MAC (with and without its colons), serial, model, worker. */
  haystack(index: number): string {
    if (this.#haystackRevision !== this.revision) {
      this.#haystacks = this.columns.name.map((_, at) => haystackOf(this.columns, at));
      this.#haystackRevision = this.revision;
    }
    return this.#haystacks[index] ?? "";
  }

  #append(id: string): number {
    const index = this.columns.id.push(id) - 1;
    this.#indexByKey.set(keyOfId(id), index);
    return index;
  }

  #reindex(): void {
    this.columns = { ...this.columns };
    this.#indexByKey = new Map(this.columns.id.map((id, index) => [keyOfId(id), index]));
    this.hasNames = this.columns.name.some((name, index) => name !== "" && name !== this.columns.address[index]);
    this.revision += 1;
  }
}

function haystackOf({ name, address, mac, serial, model, modelReported, worker }: FleetIdentity, at: number): string {
  const texts = [name[at], address[at], mac[at], mac[at]?.replaceAll(":", ""), serial[at], model[at] ?? modelReported[at], worker[at]];
  return texts.join("\n").toLowerCase();
}

const ZERO = "0".charCodeAt(0);

/** The numeric part of an id: 17 of "m17". NaN for what is no miner's id. */
export function keyOfId(id: string): number {
  if (id.length < 2 || id[0] !== "m") return Number.NaN;
  let key = 0;
  for (let at = 1; at < id.length; at++) {
    const digit = id.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    key = key * 10 + digit;
  }
  return key;
}

export function idOfKey(key: number): string {
  return `m${key}`;
}

/** An identity of no miner at all. */
export function emptyIdentity(): FleetIdentity {
  return {
    id: [],
    siteId: [],
    rackId: [],
    slot: [],
    agentId: [],
    name: [],
    tags: [],
    address: [],
    port: [],
    mac: [],
    serial: [],
    make: [],
    model: [],
    modelReported: [],
    firmwareFamily: [],
    firmwareVersion: [],
    controlBoard: [],
    algorithm: [],
    ratedHashrateHs: [],
    expectedFanCount: [],
    pollIntervalMs: [],
    pool: [],
    worker: [],
  };
}

function columnsOf(identity: FleetIdentity): Record<string, unknown[]> {
  return identity;
}

function copyRow(from: FleetIdentity, fromIndex: number, to: FleetIdentity, toIndex: number): void {
  const source = columnsOf(from);
  for (const [field, column] of Object.entries(columnsOf(to))) column[toIndex] = source[field][fromIndex];
}

function without(identity: FleetIdentity, removed: ReadonlySet<string>): FleetIdentity {
  const kept = emptyIdentity();
  identity.id.forEach((id, index) => {
    if (!removed.has(id)) copyRow(identity, index, kept, kept.id.length);
  });
  return kept;
}
