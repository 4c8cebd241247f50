import type { FleetFrame, FleetIdentity, Rack, RackImport, Series } from "../../server/contract/api.ts";
import { parseCsv } from "../../server/http/csv.ts";
import { list, ok, refused, type Answer } from "./fakeAnswer.ts";
import type { FakePlaces } from "./fakePlaces.ts";

const RACK = { rows: 4, columns: 12 };

interface Place {
  readonly rackId: string;
  readonly slot: number;
}

/** Where the miners of the fake fleet stand. `onMove` gets the identity of everybody after a change. */
export class FakeMap {
  onMove: (identity: FleetIdentity) => void = () => undefined;
  /** Minutes of the past without a frame. */
  readonly emptyMinutes = new Set<number>();
  /** The files that were imported, trials left out. */
  readonly imported: string[] = [];
  readonly #placeOf = new Map<string, Place>();
  readonly #places: FakePlaces;
  readonly #everybody: FleetIdentity;

  constructor(places: FakePlaces, everybody: FleetIdentity) {
    this.#places = places;
    this.#everybody = everybody;
  }

  /** Racks A01, A02, … with the first miners, slot by slot. */
  placeInRacks(minerCount: number): void {
    const slots = RACK.rows * RACK.columns;
    this.#places.racks = Array.from({ length: Math.ceil(minerCount / slots) }, (_, n): Rack => {
      const name = `${"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[Math.floor(n / 10)]}${String((n % 10) + 1).padStart(2, "0")}`;
      return { id: `rack-${name}`, siteId: "site1", name, ...RACK };
    });
    for (let n = 0; n < minerCount; n++)
      this.#placeOf.set(`m${n + 1}`, { rackId: this.#places.racks[Math.floor(n / slots)].id, slot: (n % slots) + 1 });
  }

  /** Lets a miner say something else of itself. */
  say(minerId: string, words: { readonly model?: string; readonly worker?: string; readonly name?: string }): void {
    const n = this.#everybody.id.indexOf(minerId);
    for (const [field, text] of Object.entries(words)) this.#everybody[field as keyof typeof words][n] = text;
  }

  identity(): FleetIdentity {
    const { id } = this.#everybody;
    return {
      ...this.#everybody,
      rackId: id.map((each) => this.#placeOf.get(each)?.rackId ?? null),
      slot: id.map((each) => this.#placeOf.get(each)?.slot ?? null),
    };
  }

  /** null: not about places on the map. */
  answer(call: string, { url, csv }: { url: URL; csv: string }): Answer | null {
    if (call === "GET /fleet/frame") return this.#frame(Number(url.searchParams.get("atMs")));
    if (/^GET \/(fleet|sites\/\w+)\/series$/.test(call)) return ok(lostSeries(url.searchParams));
    if (call === "GET /racks") return list(this.#places.racks);
    if (call !== "POST /racks/import") return null;
    const isTrial = url.searchParams.get("dryRun") === "1";
    const report = this.#plan(csv, isTrial);
    if (isTrial) return ok(report);
    if (report.errors.length > 0) return refused(422, "Nothing was changed.");
    this.imported.push(csv);
    for (const { minerId, rack, slot } of report.changes) this.#placeOf.set(minerId, { rackId: this.#rackId(rack), slot: slot ?? 0 });
    this.onMove(this.identity());
    return ok(report);
  }

  /** In the past m1 alone was too hot, and nobody had another fault. */
  #frame(atMs: number): Answer {
    if (this.emptyMinutes.has(atMs)) return refused(404, "There is no frame of that minute, nor of the ten before", "atMs");
    const { id } = this.#everybody;
    const frame: FleetFrame = {
      atMs: Math.floor(atMs / 60_000) * 60_000,
      minerIds: id,
      status: id.map((_, n) => (n === 0 ? "degraded" : "hashing")),
      reason: id.map((_, n) => (n === 0 ? "overTemperature" : "ok")),
      hashrateHs: id.map(() => 1e14),
      chipTempCMax: id.map((_, n) => (n === 0 ? 98 : 70)),
    };
    return ok(frame);
  }

  /** As the server reads it, with one kind of mistake: an address that nobody has. */
  #plan(csv: string, dryRun: boolean): RackImport {
    const report: RackImport = { dryRun, racksCreated: [], unchangedCount: 0, changes: [], errors: [] };
    for (const [index, [address = "", rack = "", slot = ""]] of parseCsv(csv).slice(1).entries()) {
      const miner = this.#everybody.address.indexOf(address.replace(/:\d+$/, ""));
      const minerId = this.#everybody.id.at(miner) ?? "";
      const line = index + 2;
      const from = this.#placeOf.get(minerId);
      const fromRack = this.#places.racks.find(({ id }) => id === from?.rackId)?.name ?? null;
      if (miner === -1) report.errors.push({ line, column: "address", value: address, detail: `The site has no miner "${address}"` });
      else report.changes.push({ line, minerId, address, fromRack, fromSlot: from?.slot ?? null, rack, slot: Number(slot) });
    }
    return report;
  }

  #rackId(name: string | null): string {
    return this.#places.racks.find((rack) => rack.name === name)?.id ?? "";
  }
}

/** A fleet that loses 4 % of rated all day long. */
function lostSeries(query: URLSearchParams): Series {
  const [fromMs, toMs, stepMs] = ["fromMs", "toMs", "stepMs"].map((name) => Number(query.get(name)));
  const timesMs = Array.from({ length: Math.floor((toMs - fromMs) / stepMs) }, (_, i) => fromMs + i * stepMs);
  const series = { hashrateHs: timesMs.map(() => 96e15), ratedHashrateHs: timesMs.map(() => 100e15) };
  return { stepMs, timesMs, series, coverage: timesMs.map(() => 1), backfilled: [] };
}
