import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Sample } from "../../../server/contract/sample.ts";
import type { SeriesColumns, Store } from "../../../server/store/store.ts";
import { MemoryHistory } from "../fakes/memoryHistory.ts";
import { startApi } from "../http/httpHelp.ts";
import { makeBoard, makeSample, openTestStore, temporaryDir } from "./storeHelp.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const T0 = Date.UTC(2026, 10, 22);
const LONG_AFTER = T0 + 4 * DAY;
const METRICS = ["powerW", "hashrateHs", "acceptedCount", "inletTempC", "hashboard.2.chipTempCMax"];

interface Kept {
  minerKey: number;
  siteKey: number;
  sample: Sample;
}
const valueOf = (sample: Sample, metric: string): number | null => {
  if (metric === "hashboard.2.chipTempCMax") return Math.max(...(sample.hashboards[1]?.chipTempsC ?? []));
  return sample[metric as "powerW"];
};

/** The plain answer: every step told from the samples in it, one after the other. */
function plainSeries(samples: readonly Sample[], { fromMs, toMs, stepMs }: { fromMs: number; toMs: number; stepMs: number }) {
  const sorted = [...samples].sort((a, b) => a.polledAtMs - b.polledAtMs);
  const steps = Array.from({ length: (toMs - fromMs) / stepMs }, (_, n) => fromMs + n * stepMs);
  const byStep = new Map<number, Sample[]>();
  for (const sample of sorted) {
    const step = Math.floor(sample.polledAtMs / stepMs) * stepMs;
    byStep.set(step, [...(byStep.get(step) ?? []), sample]);
  }
  const held = heldSpans(sorted);
  return steps.map((start) => {
    const inside = byStep.get(start) ?? [];
    const stats = METRICS.map((metric) => {
      const values = inside.map((sample) => valueOf(sample, metric)).filter((value) => value !== null);
      if (values.length === 0) return { min: null, mean: null, max: null };
      return { min: Math.min(...values), mean: values.reduce((a, b) => a + b, 0) / values.length, max: Math.max(...values) };
    });
    return { start, stats, coverage: plainCoverage(held, start, start + stepMs) };
  });
}

/** A sample stands until the next; when that is missing or late, as long as the one before did; alone, for a minute. */
function heldSpans(sorted: readonly Sample[]): { fromMs: number; toMs: number }[] {
  return sorted.map(({ polledAtMs }, index) => {
    const near = (gap: number) => (gap <= HOUR ? gap : NaN);
    const before = near(polledAtMs - (sorted[index - 1]?.polledAtMs ?? -Infinity));
    const after = near((sorted[index + 1]?.polledAtMs ?? Infinity) - polledAtMs);
    let hold = Number.isNaN(before) || after <= 1.5 * before ? after : before;
    if (Number.isNaN(hold)) hold = Number.isNaN(before) ? MINUTE : before;
    return { fromMs: polledAtMs, toMs: polledAtMs + hold };
  });
}

function plainCoverage(held: readonly { fromMs: number; toMs: number }[], fromMs: number, toMs: number): number {
  const overlaps = held.map((span) => Math.max(0, Math.min(span.toMs, toMs) - Math.max(span.fromMs, fromMs)));
  return overlaps.reduce((sum, overlap) => sum + overlap, 0) / (toMs - fromMs);
}

const samples: fc.Arbitrary<Sample[]> = fc
  .record({
    intervalMs: fc.constantFrom(2 * MINUTE, 5 * MINUTE, 90_000, 17 * MINUTE),
    startMs: fc.integer({ min: 0, max: 20 * HOUR }),
    lengthMs: fc.integer({ min: HOUR, max: 30 * HOUR }),
    seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  })
  .map(({ intervalMs, startMs, lengthMs, seed }) => {
    let state = seed;
    const random = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below;
    const made: Sample[] = [];
    let acceptedCount = 90_000;
    for (let atMs = T0 + startMs; atMs < T0 + startMs + lengthMs; atMs += intervalMs) {
      if (random(60) === 0) atMs += random(4 * HOUR);
      acceptedCount = random(80) === 0 ? 0 : acceptedCount + random(10);
      made.push(
        makeSample({
          polledAtMs: atMs + random(900),
          powerW: 3000 + random(400),
          hashrateHs: random(50) === 0 ? 0 : 95e12 + random(2_000_000) * 1e6,
          acceptedCount,
          inletTempC: random(3) === 0 ? null : 18 + random(60) / 10,
          hashboards: [makeBoard(), makeBoard({ chain: 2, chipTempsC: [50 + random(25), 40] })],
        }),
      );
    }
    return made;
  });

/** Asks for the series of miner 1 as a user does, over HTTP. */
type Ask = (query: string) => Promise<SeriesColumns>;

async function readAll(ask: Ask, stepMs: number): Promise<SeriesColumns[]> {
  const metrics = METRICS.flatMap((metric) => [`${metric}:min`, metric, `${metric}:max`]).join(",");
  const parts = stepMs < 2 * MINUTE ? 3 : 1; // at most 2,000 points an answer
  return Promise.all(
    Array.from({ length: parts }, (_, part) =>
      ask(`metrics=${metrics}&fromMs=${T0 + (part * 3 * DAY) / parts}&toMs=${T0 + ((part + 1) * 3 * DAY) / parts}&stepMs=${stepMs}`),
    ),
  );
}

async function expectTiers(ask: Ask, kept: readonly Sample[], when: string): Promise<void> {
  for (const stepMs of [MINUTE, 5 * MINUTE, HOUR, 6 * HOUR, DAY]) {
    const answers = await readAll(ask, stepMs);
    const plain = plainSeries(kept, { fromMs: T0, toMs: T0 + 3 * DAY, stepMs });
    expect(answers.flatMap(({ timesMs }) => timesMs)).toEqual(plain.map(({ start }) => start));
    const wrong: string[] = [];
    METRICS.forEach((metric, index) => {
      for (const statistic of ["min", "mean", "max"] as const) {
        const name = statistic === "mean" ? metric : `${metric}:${statistic}`;
        const seen = answers.flatMap(({ series }) => series[name]);
        plain.forEach(({ start, stats }, step) => {
          if (isEqual(seen[step], stats[index][statistic])) return;
          wrong.push(`${name} at ${start - T0}: ${seen[step]}, not ${stats[index][statistic]}`);
        });
      }
    });
    const coverage = answers.flatMap((answer) => answer.coverage);
    plain.forEach((step, n) => {
      if (Math.abs(coverage[n] - step.coverage) > 0.0005)
        wrong.push(`coverage at ${step.start - T0}: ${coverage[n]}, not ${step.coverage}`);
    });
    expect(wrong, `${when}, step ${stepMs}`).toEqual([]);
  }
}

/** Means may differ in the last digits, as sums were taken in another order. */
function isEqual(seen: number | null, wanted: number | null): boolean {
  if (seen === null || wanted === null) return seen === wanted;
  return Math.abs(seen - wanted) <= Math.abs(wanted) * 1e-9;
}

const append = (store: Store, minerKey: number, list: readonly Sample[]) =>
  store.append({ acks: [], samples: list.map((sample): Kept => ({ minerKey, siteKey: 1, sample })) });

async function askOverHttp(store: () => Store | null): Promise<Ask> {
  const history = new MemoryHistory();
  history.readSeries = (query) => store()?.readSeries(query) ?? Promise.reject(new Error("no store is open"));
  const api = await startApi({ store: history, checkAnswers: false });
  const viewer = api.as(await api.tokenOf("viewer"));
  return async (query) => {
    const answer = await viewer.get(`/miners/m1/series?${query}`);
    expect(answer.status).toBe(200);
    return answer.body as SeriesColumns;
  };
}

describe("tiers of a miner", () => {
  it("have the means of a day on which a reading never lacked beside those of a day on which it did", async () => {
    const store = await openTestStore(temporaryDir());
    const sampleAt = (atMs: number, inletTempC: number | null) => makeSample({ polledAtMs: T0 + atMs, inletTempC });
    await append(store, 1, [sampleAt(23 * HOUR, 20), sampleAt(23 * HOUR + MINUTE, 22)]);
    await append(store, 1, [sampleAt(25 * HOUR, null), sampleAt(25 * HOUR + MINUTE, 24)]);
    await store.seal(LONG_AFTER);
    await store.rollUp(LONG_AFTER);
    for (const stepMs of [5 * MINUTE, HOUR, DAY]) {
      const { series } = await store.readSeries({
        target: { minerKey: 1 },
        ...{ metrics: ["inletTempC"], fromMs: T0, toMs: T0 + 2 * DAY, stepMs },
      });
      expect(series.inletTempC.filter((value) => value !== null)).toEqual([21, 24]);
    }
  });

  it("equal what the samples say: open, sealed, rolled up, after late samples, and after a restart", { timeout: 300_000 }, async () => {
    let store: Store | null = null;
    const ask = await askOverHttp(() => store);
    await fc.assert(
      fc.asyncProperty(samples, fc.integer({ min: 2, max: 7 }), async (made, share) => {
        const dataDir = temporaryDir();
        store = await openTestStore(dataDir);
        const late = made.filter((_, index) => Math.floor(index / 20) % share === 0);
        const intime = made.filter((sample) => !late.includes(sample));
        for (let at = 0; at < intime.length; at += 50) await append(store, 1, intime.slice(at, at + 50));
        await expectTiers(ask, intime, "open");
        await store.seal(T0 + DAY);
        await expectTiers(ask, intime, "partly sealed");
        await store.seal(LONG_AFTER);
        await store.rollUp(LONG_AFTER);
        await expectTiers(ask, intime, "rolled up");
        await append(store, 1, late);
        await expectTiers(ask, made, "late samples came");
        await store.seal(LONG_AFTER);
        await expectTiers(ask, made, "late samples sealed");
        await store.rollUp(LONG_AFTER);
        await expectTiers(ask, made, "rolled up again");
        await store.close();
        store = await openTestStore(dataDir);
        await expectTiers(ask, made, "after a restart");
      }),
      { numRuns: 2 },
    );
  });
});
