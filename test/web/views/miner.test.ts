import { describe, expect, it } from "vitest";
import { badChipsText, chipGrid } from "../../../web/views/miner/chipMap.ts";
import { countsOf, growthPerHour, withErrors } from "../../../web/views/miner/errorRate.ts";
import { withSample } from "../../../web/views/miner/history.ts";
import { identityFacts } from "../../../web/views/miner/identityFacts.ts";
import { namedMiner } from "../../../web/views/miner/namedMiner.ts";
import { mayHaveEvent } from "../../../web/views/miner/news.ts";
import { statusSentence } from "../../../web/views/miner/statusSentence.ts";
import { detailOf, identityOf } from "../fakeFleet.ts";

const AT = { tick: 0, nowMs: 1_790_000_000_000 };

describe("chipGrid()", () => {
  it("makes a column of each domain and counts what is bad", () => {
    const grid = chipGrid(" ooo oxo oo");
    expect(grid).toMatchObject({ columnCount: 3, lineCount: 3, isByDomain: true, badCount: 1 });
    expect(grid?.cells[4]).toEqual({ column: 1, line: 1, good: false });
  });
  it("breaks a map without domains into columns", () => {
    expect(chipGrid("o".repeat(20))).toMatchObject({ columnCount: 3, lineCount: 9, isByDomain: false });
  });
  it("is nothing for a map that was not reported or is blank", () => {
    expect([chipGrid(null), chipGrid("  ")]).toEqual([null, null]);
  });
  it("names runs of bad chips", () => {
    const grid = chipGrid("xoxxx oox");
    expect(grid && badChipsText(grid)).toBe("1, 3 to 5, 8");
  });
});

describe("statusSentence()", () => {
  it("says which board and how many chips", () => {
    expect(statusSentence(detailOf(7, AT))).toBe("Chips bad: 9 on hashboard 2.");
  });
  it("names stopped fans", () => {
    const detail = detailOf(0, AT);
    const sample = { ...detail.sample!, fansRpm: [4000, 0, 4100, 0] };
    expect(statusSentence({ ...detail, status: "degraded", reason: "fanStopped", sample })).toBe("Fans 2 and 4 at 0 rpm.");
  });
  it("adds what the last poll saw to an unreachable miner", () => {
    const lastFailure = {
      minerId: "m1",
      polledAtMs: 0,
      durationMs: 1,
      failure: "refused",
      detail: "ECONNREFUSED 10.0.0.1:4028",
      apiDown: false,
    } as const;
    expect(statusSentence({ ...detailOf(0, AT), status: "unreachable", reason: "refused", lastFailure })).toContain("ECONNREFUSED");
  });
  it("falls back to the meaning of the reason where the sample says nothing more", () => {
    expect(statusSentence({ ...detailOf(0, AT), status: "degraded", reason: "boardDead", sample: null })).toBe(
      "A hashboard answers and does not hash.",
    );
  });
});

describe("withSample()", () => {
  const held = {
    stepMs: 10_000,
    timesMs: [0, 10_000],
    series: { hashrateHs: [1, null], chipTempCMax: [70, 71] },
    coverage: [1, 0],
    backfilled: [],
  };
  it("adds a sample that begins a new step", () => {
    const sample = { ...detailOf(0, AT).sample!, polledAtMs: 20_000, hashrateHs: 5, chipTempCMax: null };
    const longer = withSample(held, sample);
    expect(longer.timesMs).toEqual([0, 10_000, 20_000]);
    expect(longer.series).toEqual({ hashrateHs: [1, null, 5], chipTempCMax: [70, 71, null] });
  });
  it("leaves the series as it is within a step, and for a sample that came before", () => {
    const sample = { ...detailOf(0, AT).sample!, polledAtMs: 19_000 };
    expect(withSample(held, sample)).toBe(held);
  });
});

const MINUTE = 60_000;

describe("growthPerHour()", () => {
  const counts = (...values: (number | null)[]) => values.map((count, i) => ({ atMs: i * 10 * MINUTE, count }));
  it("is what was counted between the first and the last count", () => {
    expect(growthPerHour(counts(100, null, 104, 106))).toBe(12);
  });
  it("counts on from 0 where the counter began anew", () => {
    expect(growthPerHour(counts(100, 103, 2, 4))).toBe(14);
  });
  it("is 0 where the counter stood still, and unknown where there is too little to tell", () => {
    expect(growthPerHour(counts(7, 7))).toBe(0);
    expect([growthPerHour(counts()), growthPerHour(counts(5)), growthPerHour(counts(null, null, 3))]).toEqual([null, null, null]);
    expect(
      growthPerHour([
        { atMs: 0, count: 1 },
        { atMs: MINUTE, count: 90 },
      ]),
    ).toBeNull();
  });
});

describe("withErrors()", () => {
  const series = {
    stepMs: MINUTE,
    timesMs: [0, MINUTE],
    series: { "hashboard.2.hwErrorCount:max": [5, 6] },
    coverage: [1, 1],
    backfilled: [],
  };
  const counts = countsOf(series, [2]);
  const sampleAt = (polledAtMs: number) => ({ ...detailOf(0, AT).sample!, polledAtMs });
  it("adds the count of a sample that came a step later", () => {
    expect(withErrors(counts, sampleAt(4 * MINUTE)).get(2)).toEqual([
      { atMs: MINUTE, count: 5 },
      { atMs: 2 * MINUTE, count: 6 },
      { atMs: 4 * MINUTE, count: 3 },
    ]);
  });
  it("leaves the counts as they are within a step, and forgets what is older than an hour", () => {
    expect(withErrors(counts, sampleAt(2.5 * MINUTE))).toBe(counts);
    expect(
      withErrors(counts, sampleAt(62 * MINUTE))
        .get(2)
        ?.map(({ atMs }) => atMs),
    ).toEqual([2 * MINUTE, 62 * MINUTE]);
  });
});

describe("identityFacts()", () => {
  const detail = detailOf(0, AT);
  const seen = (value: string, source: string, lastSeenAtMs: number) =>
    ({ kind: "mac", value, source, firstSeenAtMs: 1, lastSeenAtMs }) as const;
  it("takes the value seen last for the current one, with all its sources, and keeps the others apart", () => {
    const evidence = [seen("aa", "config", 5), seen("bb", "config", 9), seen("bb", "neighbour table", 8)];
    const { current, former } = identityFacts({ ...detail, evidence });
    expect(current.find(({ kind }) => kind === "mac")).toEqual({
      ...{ kind: "mac", value: "bb", sources: ["config", "neighbour table"], firstSeenAtMs: 1, lastSeenAtMs: 9 },
    });
    expect(former.map(({ value }) => value)).toEqual(["aa"]);
  });
  it("falls back to what the record says where there is no evidence", () => {
    const { current } = identityFacts({ ...detail, evidence: [], serial: null, firmware: { family: "unknown", version: null } });
    const valueOf = (wanted: string) => current.find(({ kind }) => kind === wanted)?.value;
    expect([valueOf("address"), valueOf("serial"), valueOf("firmware")]).toEqual(["10.20.0.2:4028", null, null]);
    expect(current.some(({ kind }) => kind === "hostname")).toBe(false);
  });
});

describe("mayHaveEvent()", () => {
  const detail = detailOf(0, AT);
  const sample = detail.sample!;
  it("is false while only readings change", () => {
    expect(mayHaveEvent(detail, { ...detail, sample: { ...sample, hashrateHs: 1, uptimeMs: sample.uptimeMs! + 2000 } })).toBe(false);
  });
  it("is true for another status, another MAC, and an uptime that falls", () => {
    expect(mayHaveEvent(detail, { ...detail, status: "degraded" })).toBe(true);
    expect(mayHaveEvent(detail, { ...detail, mac: "02:00:00:00:00:09" })).toBe(true);
    expect(mayHaveEvent(detail, { ...detail, sample: { ...sample, uptimeMs: 10 } })).toBe(true);
  });
});

describe("namedMiner()", () => {
  const columns = identityOf(60);
  it("finds a miner by its whole address, name, MAC or serial, in any case", () => {
    expect(namedMiner(columns, "10.20.0.9")).toEqual({ id: "m8", name: "A01-08", fact: "address" });
    expect(namedMiner(columns, "a01-08")?.fact).toBe("name");
    expect(namedMiner(columns, "02:1F:8C:00:00:07")?.fact).toBe("MAC");
    expect(namedMiner(columns, "smtt10006")?.id).toBe("m7");
  });
  it("finds none by a part of it, nor where it is not the only one", () => {
    expect(namedMiner(columns, "10.20.0")).toBeNull();
    expect(namedMiner({ ...columns, name: columns.name.map(() => "same") }, "same")).toBeNull();
  });
});
