import { describe, expect, it } from "vitest";
import type { AgentSample } from "../../../server/contract/sample.ts";
import type { SeriesColumns, SeriesQuery } from "../../../server/store/store.ts";
import { hashboard, pool } from "../fleet/fakes.ts";
import { Watch } from "./watch.ts";

const MIN_MS = 60_000;
const DAY_MS = 86_400_000;
/** Machine number 3 stands at this address. */
const MINER = "miner 10.0.0.4";

/** What is told when machine 3 answers so for a while, then so, and then is healthy again. */
async function told(steps: readonly { fields: Partial<AgentSample>; ms: number }[]): Promise<{ watch: Watch; told: string[] }> {
  const watch = await Watch.open(48);
  for (const { fields, ms } of steps) {
    watch.set([3], fields);
    await watch.run(ms);
  }
  return { watch, told: watch.told() };
}

describe("conditions of a machine's own", () => {
  it("fanWeak: a fan far slower than the others, until it turns as they do; one that stopped is another matter", async () => {
    const weak = { fansRpm: [6000, 6000, 6000, 3000] };
    const { watch, told: first } = await told([{ fields: weak, ms: 12 * MIN_MS }]);
    expect(first).toEqual([`opened ${MINER} fanWeak`]);
    expect((await watch.open())[0].explanation).toBe("10.0.0.4 has a weak fan: 50.0 %, limit 60.0 %");
    watch.set([3], { fansRpm: [6000, 6000, 6000, 3900] }); // better, not yet well
    await watch.run(5 * MIN_MS);
    expect(watch.told()).toHaveLength(1);
    watch.set([3], { fansRpm: [6000, 6000, 6000, 4500] });
    await watch.run(3 * MIN_MS);
    expect(watch.told().at(-1)).toBe(`closed ${MINER} fanWeak`);
    expect((await told([{ fields: { fansRpm: [6000, 6000, 6000, 0] }, ms: 12 * MIN_MS }])).told).toEqual([`opened ${MINER} fanStopped`]);
  });

  it("chipsBad: from the count or the share of a board that the settings say", async () => {
    const boards = (bad: number) => ({ hashboards: [hashboard({ chipBadCount: bad, chipOkCount: 114 - bad }), hashboard({ chain: 2 })] });
    expect((await told([{ fields: { ...boards(2), expectedHashboardCount: 2 }, ms: 7 * MIN_MS }])).told).toEqual([]);
    expect((await told([{ fields: { ...boards(3), expectedHashboardCount: 2 }, ms: 7 * MIN_MS }])).told).toEqual([
      `opened ${MINER} chipsBad`,
    ]);
  });

  it("rejects: more than 5 % of an hour's shares, counted from what the machine counts", async () => {
    const watch = await Watch.open(48);
    const startMs = watch.nowMs;
    const shares = (nowMs: number) => (nowMs - startMs) / 1000;
    await watch.run(15 * MIN_MS, (nowMs) =>
      watch.set([3], { acceptedCount: 1000 + shares(nowMs) * 2, rejectedCount: 2 + shares(nowMs) * 0.2 }),
    );
    expect(watch.told()).toEqual([`opened ${MINER} rejects`]);
    expect((await watch.open())[0].explanation).toMatch(/^10\.0\.0\.4 has too many shares rejected: (8|9)\.\d %, limit 5\.0 %$/);
  });

  it("poolFallback: a pool of lower rank works while the first is dead, for ten minutes", async () => {
    const pools = [
      pool({ status: "dead", active: false }),
      pool({ index: 1, priority: 1, url: "stratum+tcp://pool.example:443", worker: "site.worker1" }),
    ];
    expect((await told([{ fields: { pools }, ms: 9 * MIN_MS }])).told).toEqual([]);
    expect((await told([{ fields: { pools }, ms: 12 * MIN_MS }])).told).toEqual([`opened ${MINER} poolFallback`]);
  });
});

describe("conditions that compare a machine with its like", () => {
  it("efficiency: more power per hash than its model at the site, where it measures its power", async () => {
    const watch = await Watch.open(48);
    watch.set([3, 5], { powerW: 3900, efficiencyJPerTh: 35.5 });
    watch.set([5], { powerW: 3900, efficiencyJPerTh: 35.5, powerSource: "rated" });
    await watch.run(35 * MIN_MS);
    expect(watch.told()).toEqual([`opened ${MINER} efficiency`]);
    expect((await watch.open())[0]).toMatchObject({
      severity: "info",
      explanation: "10.0.0.4 needs more power than its peers: 120.3 %, limit 115.0 %",
    });
  });

  it("hotNeighbours: by a robust score among its rack, which a few hot ones do not blunt", async () => {
    const watch = await Watch.open(48);
    const usual = (index: number) => 68 + (index % 5);
    for (let index = 0; index < 48; index++) watch.set([index], { chipTempCMax: usual(index) });
    watch.set([3, 17, 29], { chipTempCMax: 83 });
    watch.set([40], { chipTempCMax: 74 });
    await watch.run(13 * MIN_MS);
    expect(watch.told().sort()).toEqual(
      ["miner 10.0.0.18", "miner 10.0.0.30", "miner 10.0.0.4"].map((who) => `opened ${who} hotNeighbours`),
    );
    watch.set([3, 17, 29], null);
    await watch.run(4 * MIN_MS);
    expect(watch.told().filter((text) => text.startsWith("closed"))).toHaveLength(3);
  });

  it("hashrateDecline: its last day against its own week before", async () => {
    const watch = await Watch.open(8);
    watch.history.seriesOf = (query) => hashrateOf(query, watch.nowMs);
    await watch.alerts.refreshBaselines(watch.nowMs);
    await watch.run(2 * MIN_MS);
    expect(watch.told()).toEqual(["opened miner 10.0.0.3 hashrateDecline"]);
    expect((await watch.open())[0].explanation).toBe("10.0.0.3 lost hashrate over the week: 90.0 %, limit 92.0 %");
  });
});

/** Each machine makes 100 TH/s all week; the third has made 90 in the last day, the fourth has history of two days alone. */
function hashrateOf({ target, fromMs, toMs, stepMs: asked }: SeriesQuery, nowMs: number): SeriesColumns {
  const stepMs = asked ?? DAY_MS;
  const minerKey = "minerKey" in target ? target.minerKey : 0;
  const timesMs = Array.from({ length: Math.round((toMs - fromMs) / stepMs) }, (_, step) => fromMs + step * stepMs);
  const valueAt = (atMs: number): number | null => {
    if (minerKey === 4 && atMs < nowMs - 2 * DAY_MS) return null;
    return (minerKey === 3 && atMs >= nowMs - DAY_MS) || (minerKey === 4 && atMs >= nowMs - DAY_MS) ? 9e13 : 1e14;
  };
  const hashrateHs = timesMs.map(valueAt);
  return { stepMs, timesMs, series: { hashrateHs }, coverage: hashrateHs.map((value) => (value === null ? 0 : 1)) };
}

describe("conditions of agents and the server", () => {
  it("clockSkew: an agent whose clock is wrong, either way, until it is right again", async () => {
    const watch = await Watch.open(20, { agentCount: 2 });
    watch.agentLink.skews.set(watch.agentIds[1], -45_000);
    await watch.run(3 * MIN_MS);
    expect(watch.told()).toEqual(["opened agent pecos-2 clockSkew"]);
    expect((await watch.open())[0].explanation).toBe("Agent pecos-2 has a clock that is wrong: 45 s, limit 30 s");
    watch.agentLink.skews.set(watch.agentIds[1], 800);
    await watch.run(3 * MIN_MS);
    expect(watch.told().at(-1)).toBe("closed agent pecos-2 clockSkew");
  });

  it("diskFilling: by the forecast, more gravely when few days are left", async () => {
    const watch = await Watch.open(8);
    watch.history.storage = { ...watch.history.storage, fullInDays: 10 };
    await watch.alerts.readForecast();
    await watch.run(MIN_MS);
    expect(watch.told()).toEqual(["opened server The Hashwatch server diskFilling"]);
    expect((await watch.open())[0]).toMatchObject({ severity: "warning", explanation: expect.stringContaining("10 days left") as string });
    watch.history.storage = { ...watch.history.storage, fullInDays: 2 };
    await watch.alerts.readForecast();
    await watch.run(MIN_MS);
    expect(watch.told().at(-1)).toBe("changed severityUp server The Hashwatch server diskFilling");
    expect((await watch.open())[0].severity).toBe("critical");
  });
});
