import type { MalformedReply, MinerDetail, Replies } from "../../server/contract/api.ts";
import { ok, refused, type Answer } from "./fakeAnswer.ts";
import { detailOf } from "./fakeFleet.ts";
import { minerSeriesOf } from "./fakeSeries.ts";

const REPLY = { command: "stats", atMs: Date.now(), text: '{"STATUS":[{"STATUS":"S"}]}', failure: null };

/** The machines behind the page, one by one: read, followed and changed. */
export class FakeMiners {
  /** Bodies of PATCH /miners/:id, in order. */
  readonly changes: unknown[] = [];
  /** Miners that browsers asked to follow, and at which pace, in order. */
  readonly watches: { minerId: string; pace?: string }[] = [];
  /** null: as said. Otherwise the next change is refused like this. */
  refusal: { field: string; detail: string } | null = null;
  replies: Replies["replies"] = [REPLY];
  malformed: MalformedReply[] = [];
  /** What came late, in the history of each. */
  backfilled: [number, number][] = [];
  readonly #minerCount: number;
  readonly #now: () => { tick: number; nowMs: number };
  readonly #differing = new Map<string, Partial<MinerDetail>>();

  constructor(minerCount: number, now: () => { tick: number; nowMs: number }) {
    this.#minerCount = minerCount;
    this.#now = now;
  }

  /** Lets one miner differ from what its number makes of it. */
  change(minerId: string, differing: Partial<MinerDetail>): void {
    this.#differing.set(minerId, { ...this.#differing.get(minerId), ...differing });
  }

  detail(minerId: string): MinerDetail {
    return { ...detailOf(Number(minerId.slice(1)) - 1, this.#now()), ...this.#differing.get(minerId) };
  }

  answer(call: string, url: URL, body: Record<string, unknown>): Answer | null {
    const [, method = "", minerId = "", about = ""] = /^(\w+) \/miners\/([^/]+)(?:\/(\w+))?$/.exec(call) ?? [];
    if (minerId === "") return null;
    const n = Number(/^m(\d+)$/.exec(minerId)?.[1] ?? Number.NaN);
    if (!(n >= 1 && n <= this.#minerCount)) return refused(404, `There is no miner ${minerId}`);
    if (about === "series") return ok({ ...minerSeriesOf(n, url.searchParams), backfilled: this.backfilled });
    if (about === "replies") return ok({ fetchedAtMs: Date.now(), replies: this.replies });
    if (about === "malformed") return ok({ items: this.malformed });
    return method === "PATCH" ? this.#patch(minerId, body) : ok(this.detail(minerId));
  }

  #patch(minerId: string, body: Partial<MinerDetail>): Answer {
    this.changes.push(body);
    if (this.refusal !== null) {
      const { field, detail } = this.refusal;
      this.refusal = null;
      return refused(400, detail, field);
    }
    this.change(minerId, body);
    return ok(this.detail(minerId));
  }
}
