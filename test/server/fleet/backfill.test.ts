import { describe, expect, it, vi } from "vitest";
import { openBackfill, type Backfill } from "../../../server/fleet/backfill.ts";
import type { LiveBackfill } from "../../../server/contract/live.ts";
import { MemoryRecords } from "../fakes/memoryRecords.ts";

const NOW_MS = 1_000_000_000;
const ALL = { fromMs: 0, toMs: 2 * NOW_MS };
const SHED = { agentId: "a1", siteId: "s1" };
const YARD = { agentId: "a2", siteId: "s2" };

/** Notes samples polled at these ages, at a 10 s interval. */
function note(backfill: Backfill, agesMs: readonly number[], origin = SHED, spacingMs = 10_000): void {
  for (const ageMs of agesMs) backfill.note(origin, { polledAtMs: NOW_MS - ageMs, spacingMs, nowMs: NOW_MS });
}
const ages = (spans: readonly (readonly [number, number])[]): number[][] => spans.map((span) => span.map((atMs) => NOW_MS - atMs));

describe("backfill", () => {
  it("holds what came more than 30 s and three intervals after its poll, as one span", async () => {
    const backfill = await openBackfill({ records: new MemoryRecords() });
    note(backfill, [90_000, 80_000, 70_000, 30_000, 5000]);
    expect(ages(backfill.spans("fleet", ALL))).toEqual([[90_000, 70_000]]);
    note(backfill, [170_000], YARD, 60_000);
    expect(backfill.spans({ siteIds: ["s2"] }, ALL)).toEqual([]);
  });

  it("tells when late samples can be read: once on disk, and again when minutes and frames hold them, the oldest first", async () => {
    const backfill = await openBackfill({ records: new MemoryRecords() });
    const news: LiveBackfill[] = [];
    backfill.onNews((each) => news.push(each));
    note(backfill, [9_000_000, 8_000_000, 5000]);
    backfill.stored(); // an append that began before
    expect(news).toEqual([]);
    await backfill.flush();
    note(backfill, [7_000_000]);
    backfill.stored();
    const span = { siteId: "s1", fromMs: NOW_MS - 9_000_000, toMs: NOW_MS - 8_000_000 };
    expect(news.splice(0)).toEqual([{ ...span, what: "samples" }]);
    backfill.toldAnew([{ fromMs: 0, toMs: span.fromMs + 1000 }], NOW_MS);
    expect(news.splice(0)).toEqual([{ ...span, toMs: span.fromMs + 1000, what: "minutes" }]);
    backfill.toldAnew([{ fromMs: span.fromMs + 1000, toMs: NOW_MS }], NOW_MS);
    expect(news.splice(0)).toEqual([{ ...span, fromMs: span.fromMs + 1000, what: "minutes" }]);
    backfill.toldAnew([{ fromMs: 0, toMs: NOW_MS }], NOW_MS);
    expect(news).toEqual([]);
    await backfill.flush();
    backfill.stored();
    expect(news).toMatchObject([{ what: "samples", fromMs: NOW_MS - 7_000_000 }]);
  });

  it("is due once a backlog has come in whole, until its minutes are told, and then not again for a minute", async () => {
    const backfill = await openBackfill({ records: new MemoryRecords() });
    const store = async (agesMs: readonly number[]): Promise<void> => {
      note(backfill, agesMs);
      await backfill.flush();
      backfill.stored();
    };
    expect(backfill.isDue(NOW_MS + 10_000)).toBe(false);
    await store([9_000_000, 90_000]);
    expect([1000, 6000].map((laterMs) => backfill.isDue(NOW_MS + laterMs))).toEqual([false, true]);
    backfill.toldAnew([{ fromMs: 0, toMs: NOW_MS - 8_000_000 }], NOW_MS + 6000);
    expect(backfill.isDue(NOW_MS + 6000)).toBe(true); // some of its hours still wait
    backfill.toldAnew([{ fromMs: NOW_MS - 8_000_000, toMs: NOW_MS }], NOW_MS + 7000);
    await store([80_000]);
    expect([8000, 66_000, 68_000].map((laterMs) => backfill.isDue(NOW_MS + laterMs))).toEqual([false, false, true]);
    backfill.toldAnew([], NOW_MS + 68_000); // nothing can be told yet
    expect(backfill.isDue(NOW_MS + 70_000)).toBe(false);
  });

  it("keeps two outages apart, and joins what fills the time between them", async () => {
    const backfill = await openBackfill({ records: new MemoryRecords() });
    note(backfill, [200_000, 100_000, 190_000]);
    expect(ages(backfill.spans("fleet", ALL))).toEqual([
      [200_000, 190_000],
      [100_000, 100_000],
    ]);
    note(backfill, [170_000, 150_000, 130_000, 115_000]);
    expect(ages(backfill.spans("fleet", ALL))).toEqual([[200_000, 100_000]]);
  });

  it("tells the spans of an agent, of a site, and of the fleet, cut to what was asked for", async () => {
    const backfill = await openBackfill({ records: new MemoryRecords() });
    note(backfill, [100_000, 90_000, 80_000]);
    note(backfill, [70_000, 85_000], YARD);
    expect(ages(backfill.spans({ agentId: "a1" }, ALL))).toEqual([[100_000, 80_000]]);
    expect(ages(backfill.spans({ siteIds: ["s2"] }, ALL))).toEqual([[85_000, 70_000]]);
    expect(ages(backfill.spans("fleet", ALL))).toEqual([[100_000, 70_000]]);
    expect(ages(backfill.spans("fleet", { fromMs: NOW_MS - 95_000, toMs: NOW_MS - 75_000 }))).toEqual([[95_000, 75_000]]);
    expect(backfill.spans("fleet", { fromMs: 0, toMs: NOW_MS - 100_001 })).toEqual([]);
  });

  it("knows it after a restart, as far as it was written", async () => {
    const records = new MemoryRecords();
    const backfill = await openBackfill({ records });
    note(backfill, [90_000, 80_000]);
    expect(records.documents.size).toBe(0);
    await backfill.flush();
    note(backfill, [500_000]);
    const again = await openBackfill({ records });
    expect(ages(again.spans({ agentId: "a1" }, ALL))).toEqual([[90_000, 80_000]]);
  });

  it("keeps the newest 500 spans of an agent", async () => {
    const backfill = await openBackfill({ records: new MemoryRecords() });
    note(
      backfill,
      Array.from({ length: 502 }, (_, n) => (n + 1) * 100_000),
    );
    const spans = backfill.spans("fleet", ALL);
    expect(spans).toHaveLength(500);
    expect(spans.at(-1)).toEqual([NOW_MS - 100_000, NOW_MS - 100_000]);
  });

  it("tries again what could not be written", async () => {
    const records = new MemoryRecords();
    const backfill = await openBackfill({ records });
    note(backfill, [90_000]);
    const apply = vi.spyOn(records, "apply").mockRejectedValueOnce(new Error("disk full"));
    await expect(backfill.flush()).rejects.toThrow("disk full");
    await backfill.flush();
    expect(apply).toHaveBeenCalledTimes(2);
    expect(records.documents.has("backfill/a1")).toBe(true);
  });
});
