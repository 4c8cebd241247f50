import type { ReportedIdentity } from "../contract/identity.ts";
import { addEvidence, changesOf, isSameMachine, mergeIdentity } from "./identity.ts";
import { minerId, searchTextOf, UNKNOWN_IDENTITY, type Miner, type MinerDocument } from "./miner.ts";

/** The store's numbers end here. */
const KEY_MAX = 2 ** 20 - 1;
/** A miner that was made by its address alone and is younger than this makes room for the one whose MAC turns up there. */
const PROVISIONAL_MS = 60 * 60_000;

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}
export interface Place extends Endpoint {
  readonly siteId: string;
  readonly siteKey: number;
  readonly agentId: string;
}
/** What came of an identity report: the miner that is at the place now, what to tell about whom, and a miner that was never more than an address. */
export interface Identified {
  readonly miner: Miner;
  readonly changed: boolean;
  readonly events: readonly { readonly miner: Miner; readonly text: string }[];
  readonly absorbed: Miner | null;
}

/** Who is who: every miner by key, by where it answers and by MAC and serial within its site. */
export class MinerRegistry {
  readonly #byKey = new Map<number, Miner>();
  readonly #byEndpoint = new Map<string, Miner>();
  readonly #byFact = new Map<string, Miner>();
  readonly #addRow: (key: number, place: Place) => number;
  #nextKey = 1;

  constructor(addRow: (key: number, place: Place) => number) {
    this.#addRow = addRow;
  }

  get nextKey(): number {
    return this.#nextKey;
  }
  get size(): number {
    return this.#byKey.size;
  }
  miners(): IterableIterator<Miner> {
    return this.#byKey.values();
  }
  byKey(key: number): Miner | null {
    return this.#byKey.get(key) ?? null;
  }
  at(siteId: string, endpoint: Endpoint): Miner | null {
    return this.#byEndpoint.get(endpointKey(siteId, endpoint)) ?? null;
  }

  /** Puts back a miner that the store kept. `nextKey` never falls behind a key in use. */
  restore(key: number, document: MinerDocument, siteKey: number): Miner {
    const row = this.#addRow(key, { ...document, siteKey, agentId: document.agentId ?? "" });
    return this.#add({ ...document, key, id: minerId(key), row, siteKey });
  }

  reserveKeys(next: number): void {
    this.#nextKey = Math.max(this.#nextKey, next);
  }

  create(place: Place, nowMs: number): Miner {
    const key = this.#nextKey;
    if (key > KEY_MAX) throw new RangeError(`Cannot take in ${place.address}: ${KEY_MAX} miners were numbered already`);
    const { siteId, agentId, address, port } = place;
    const own = { name: "", tags: [], note: "", rackId: null, slot: null, createdAtMs: nowMs };
    const evidence = [{ kind: "address" as const, value: `${address}:${port}`, source: "poll", firstSeenAtMs: nowMs, lastSeenAtMs: nowMs }];
    const document: MinerDocument = { siteId, agentId, address, port, ...own, ...UNKNOWN_IDENTITY, evidence };
    return this.#add({ ...document, key, id: minerId(key), row: this.#addRow(key, place), siteKey: place.siteKey });
  }

  #add(fields: Omit<Miner, "sample" | "lastFailure" | "atEndpoint" | "searchText" | "detailsSavedAtMs">): Miner {
    const miner: Miner = { ...fields, sample: null, lastFailure: null, atEndpoint: false, searchText: "", detailsSavedAtMs: 0 };
    this.#byKey.set(miner.key, miner);
    this.#nextKey = Math.max(this.#nextKey, miner.key + 1);
    if (!this.at(miner.siteId, miner)) this.#settle(miner, miner);
    this.#indexFacts(miner);
    miner.searchText = searchTextOf(miner);
    return miner;
  }

  remove(miner: Miner): void {
    this.#byKey.delete(miner.key);
    for (const [index, key] of [
      [this.#byEndpoint, endpointKey(miner.siteId, miner)] as const,
      ...factKeys(miner).map((fact) => [this.#byFact, fact] as const),
    ])
      if (index.get(key) === miner) index.delete(key);
  }

  /**
   * Takes in what an agent found out about the machine at a place. A known MAC or serial means that miner, wherever it answers now; one that differs from
   * what was here means another miner, so that two machines are never merged; nothing known but the address means the miner at that address.
   */
  identify(place: Place, reported: ReportedIdentity, nowMs: number): Identified {
    const here = this.at(place.siteId, place);
    const known =
      this.#byFact.get(macKey(place.siteId, reported.mac)) ?? this.#byFact.get(serialKey(place.siteId, reported.serial)) ?? null;
    if (known !== null && known !== here && !this.#isTwin(known, place, nowMs)) return this.#move(known, { place, here, reported, nowMs });
    if (here !== null && isSameMachine(here, reported)) return this.#update(here, reported, { events: [], absorbed: null });
    return this.#replace(here, { place, reported, nowMs });
  }

  /** Two machines with one MAC (cloned control boards exist): the other one still answers where it is, and this is where it had come from. */
  #isTwin(known: Miner, place: Place, nowMs: number): boolean {
    const text = `${place.address}:${place.port}`;
    const cameFromHere = known.evidence.some((evidence) => evidence.kind === "address" && evidence.value === text);
    return cameFromHere && known.atEndpoint && known.sample !== null && nowMs - known.sample.polledAtMs < 30_000;
  }

  #move(
    known: Miner,
    { place, here, reported, nowMs }: { place: Place; here: Miner | null; reported: ReportedIdentity; nowMs: number },
  ): Identified {
    const text = `Address changed from ${known.address}:${known.port} to ${place.address}:${place.port}`;
    const absorbed = here !== null && isProvisional(here, nowMs) ? here : null;
    if (here !== null) this.#unsettle(here);
    this.#unsettle(known);
    this.#settle(known, place);
    known.agentId = place.agentId;
    const seen = {
      kind: "address" as const,
      value: `${place.address}:${place.port}`,
      source: "poll",
      firstSeenAtMs: nowMs,
      lastSeenAtMs: nowMs,
    };
    known.evidence = addEvidence(known.evidence, [seen]);
    if (absorbed) this.remove(absorbed);
    const gone =
      here !== null && absorbed === null ? [{ miner: here, text: `${known.id} answers at ${place.address}:${place.port} now` }] : [];
    return { ...this.#update(known, reported, { events: [{ miner: known, text }, ...gone], absorbed }), changed: true };
  }

  #replace(here: Miner | null, { place, reported, nowMs }: { place: Place; reported: ReportedIdentity; nowMs: number }): Identified {
    const text = here === null ? null : (changesOf(here, reported) ?? "MAC or serial changed");
    if (here !== null) this.#unsettle(here);
    const miner = this.create(place, nowMs);
    const events = here === null ? [] : [{ miner: here, text: `${text ?? ""}: ${miner.id} answers at ${place.address}:${place.port} now` }];
    const arrived = here === null ? [] : [{ miner, text: `Took the place of ${here.id} at ${place.address}:${place.port}` }];
    return { ...this.#update(miner, reported, { events: [...events, ...arrived], absorbed: null }), changed: true };
  }

  #update(miner: Miner, reported: ReportedIdentity, { events, absorbed }: Pick<Identified, "events" | "absorbed">): Identified {
    const text = changesOf(miner, reported);
    const merged = mergeIdentity(miner, reported);
    const changed = IDENTITY_FIELDS.some((field) => JSON.stringify(miner[field]) !== JSON.stringify(merged[field]));
    for (const fact of factKeys(miner)) if (this.#byFact.get(fact) === miner) this.#byFact.delete(fact);
    for (const field of IDENTITY_FIELDS) Object.assign(miner, { [field]: merged[field] });
    miner.evidence = addEvidence(miner.evidence, reported.evidence);
    this.#indexFacts(miner);
    miner.searchText = searchTextOf(miner);
    return { miner, changed, events: text === null ? events : [...events, { miner, text }], absorbed };
  }

  #settle(miner: Miner, { address, port }: Endpoint): void {
    Object.assign(miner, { address, port, atEndpoint: true });
    this.#byEndpoint.set(endpointKey(miner.siteId, miner), miner);
  }

  #unsettle(miner: Miner): void {
    miner.atEndpoint = false;
    if (this.at(miner.siteId, miner) === miner) this.#byEndpoint.delete(endpointKey(miner.siteId, miner));
  }

  /** The first to have a MAC or serial keeps it: a twin is found by its address alone. */
  #indexFacts(miner: Miner): void {
    for (const fact of factKeys(miner)) if (!this.#byFact.has(fact)) this.#byFact.set(fact, miner);
  }
}

const IDENTITY_FIELDS = [
  "make",
  "model",
  "modelReported",
  "firmware",
  "controlBoard",
  "mac",
  "serial",
  "hostname",
  "algorithm",
] as const satisfies (keyof Miner)[];

/** Nothing but an address says who it is, and nobody has named, placed or described it. */
function isProvisional(miner: Miner, nowMs: number): boolean {
  const untouched = miner.name === "" && miner.note === "" && miner.tags.length === 0 && miner.rackId === null;
  return miner.mac === null && miner.serial === null && untouched && nowMs - miner.createdAtMs < PROVISIONAL_MS;
}

const endpointKey = (siteId: string, { address, port }: Endpoint): string => `${siteId} ${address} ${port}`;
const macKey = (siteId: string, mac: string | null): string => (mac === null ? "" : `${siteId} mac ${mac}`);
const serialKey = (siteId: string, serial: string | null): string => (serial === null ? "" : `${siteId} serial ${serial}`);
const factKeys = ({ siteId, mac, serial }: Pick<Miner, "siteId" | "mac" | "serial">): string[] =>
  [macKey(siteId, mac), serialKey(siteId, serial)].filter((key) => key !== "");
