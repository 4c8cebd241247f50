import { describe, expect, it } from "vitest";
import { AgentSample } from "../../../server/contract/sample.ts";
import { decodeFixture, decodeReplies, repliesOf } from "./fixture.ts";

const ALL = [
  "stock-x19",
  "stock-x19-stopped",
  "stock-x9",
  "stock-x17-sleeping",
  "stock-new-api",
  "stock-power",
  "godminer",
  "chipless",
].concat(["braiins", "vnish", "luxos", "msk", "hiveon", "asicseer", "cgminer"]);

describe("decodeSample()", () => {
  it.each(ALL)("gives a sample of the contract for %s", (folder) => {
    const sample = decodeFixture(folder);
    expect(AgentSample.parse(sample)).toEqual(sample);
  });
});

describe("stock", () => {
  it("reads rates, uptime and shares of an X19", () => {
    expect(decodeFixture("stock-x19")).toMatchObject({
      algorithm: "sha256d",
      uptimeMs: 7_200_000,
      hashrateHs: 69_000.5e9,
      hashrateMeanHs: 68_500.25e9,
      hashrate30mHs: 68_800e9,
      ratedHashrateHs: 104e12,
      acceptedCount: 321,
      rejectedCount: 4,
      staleCount: 2,
      hwErrorCount: 12,
      mode: null,
    });
  });

  it("reports a board missing from the reply as present: false", () => {
    const { hashboards, expectedHashboardCount } = decodeFixture("stock-x19");
    expect(hashboards.map((board) => [board.chain, board.present])).toEqual([
      [1, true],
      [2, false],
      [3, true],
    ]);
    expect(expectedHashboardCount).toBe(3);
  });

  it("reads negative temperatures and leaves dead sensors out", () => {
    const [first, , third] = decodeFixture("stock-x19").hashboards;
    expect(first).toMatchObject({ boardTempsC: [3, -2, 18, 21], chipTempsC: [8, 4, 23, 26] });
    expect(third).toMatchObject({ boardTempsC: [-6, -10, 9, 12], chipTempsC: [14, 17] });
  });

  it("takes inlet and outlet from where the X19 has them", () => {
    expect(decodeFixture("stock-x19")).toMatchObject({ inletTempC: -10, outletTempC: 21, chipTempCMax: 26, boardTempCMax: 21 });
  });

  it("counts good and bad chips and leaves blanks out", () => {
    expect(decodeFixture("stock-x19").hashboards[0]).toMatchObject({
      chipCount: 126,
      expectedChipCount: 126,
      chipOkCount: 124,
      chipBadCount: 2,
    });
  });

  it("leaves unset pools out, keeps no password, and reads Deed as dead", () => {
    expect(decodeFixture("stock-x19").pools.map((pool) => [pool.index, pool.url, pool.worker, pool.status, pool.active])).toEqual([
      [0, "stratum+tcp://pool.example:3333", "farm.one", "alive", true],
      [2, "stratum+tcp://u:***@spare.example:443", 'farm."two"', "dead", false],
    ]);
  });

  it("gives rated power as such while it hashes", () => {
    expect(decodeFixture("stock-x19")).toMatchObject({ powerW: 3068, powerSource: "rated" });
  });

  it("reads watts where an image reports them", () => {
    expect(decodeFixture("stock-power")).toMatchObject({ powerW: 3480, powerSource: "reported", efficiencyJPerTh: 17.576 });
  });

  it("does not call chips dead, nor a stopped machine's averages its rate", () => {
    const sample = decodeFixture("stock-x19-stopped");
    expect(sample).toMatchObject({
      mode: "stopped",
      hashrateHs: 0,
      hashrateMeanHs: 93_000.5e9,
      powerW: null,
      powerSource: null,
      efficiencyJPerTh: null,
    });
    expect(sample.hashboards.map((board) => [board.chipCount, board.chipOkCount, board.chipBadCount])).toEqual(
      Array(3).fill([114, null, null]),
    );
    expect(sample.chipTempCMax).toBe(96);
  });

  it("counts a board of x while the others hash", () => {
    const replies = structuredClone(repliesOf("stock-x19")) as { stats: { STATS: Record<string, unknown>[] } };
    Object.assign(replies.stats.STATS[1], { chain_acs1: " xxx".repeat(42), chain_rate1: "0.00" });
    expect(decodeReplies(replies).hashboards[0]).toMatchObject({ present: true, hashrateHs: 0, chipOkCount: 0, chipBadCount: 126 });
  });

  it("numbers chains as the fields do and shows a stopped fan, not the absent ones", () => {
    const sample = decodeFixture("stock-x9");
    expect(sample.hashboards.map((board) => [board.chain, board.hashrateHs, board.freqMhz])).toEqual(
      [6, 7, 8].map((chain) => [chain, 4500.03e9, 650]),
    );
    expect([sample.fansRpm, sample.expectedFanCount]).toEqual([[0, 5400], 2]);
    expect(sample.hashboards[0]).toMatchObject({ boardTempsC: [66], chipTempsC: [81] });
  });

  it("knows Mode 254 for sleep", () => {
    expect(decodeFixture("stock-x17-sleeping")).toMatchObject({ mode: "sleeping", hashrateHs: 0, chipTempCMax: null, powerW: null });
  });

  it("reads the new answer: index 0 is chain 1", () => {
    const sample = decodeFixture("stock-new-api");
    expect(sample).toMatchObject({ hashrateHs: 198_000.5e9, uptimeMs: 900_000, hwErrorCount: 3, fansRpm: [6000, 6010, 0, 6030] });
    expect(sample.hashboards.map((board) => [board.chain, board.hashrateHs, board.chipOkCount])).toEqual(
      [1, 2, 3].map((chain) => [chain, 66_000.5e9, 108]),
    );
    expect([sample.inletTempC, sample.outletTempC, sample.chipTempCMax]).toEqual([48, 62, 69]);
  });

  it("says nothing about boards and fans where only summary answers", () => {
    const { version, summary, pools } = repliesOf("stock-x19");
    expect(decodeReplies({ version, summary, pools })).toMatchObject({
      hashrateHs: 69_000.5e9,
      hashboards: [],
      fansRpm: [],
      expectedHashboardCount: 3,
    });
  });
});

describe("units", () => {
  it("reads a godminer's total in MH/s and its chains in GH/s", () => {
    const sample = decodeFixture("godminer");
    expect(sample).toMatchObject({ algorithm: "scrypt", hashrateHs: 9_529_450_000, boardTempCMax: 52, chipTempCMax: 73 });
    expect(sample.hashboards[0]).toMatchObject({ hashrateHs: 3_176_483_000, chipTempsC: [64, 63, 71, 71, 66, 65, 73, 72] });
  });

  it("reads a total in Sol/s beside chains in kSol/s", () => {
    const sample = decodeFixture("chipless");
    expect(sample).toMatchObject({ algorithm: "equihash", hashrateHs: 141_540, hashrateMeanHs: 139_590, hwErrorCount: 600 });
    expect(sample.hashboards[0]?.hashrateHs).toBe(47_180);
  });
});

describe("alternative firmware", () => {
  it("reads Braiins from summary, devs, temps and fans", () => {
    const sample = decodeFixture("braiins");
    expect(sample).toMatchObject({ hashrateHs: 13_900_000.5e6, uptimeMs: 95_000, fansRpm: [1560, 1570], acceptedCount: 20, powerW: null });
    expect(sample.hashboards.map((board) => [board.chain, board.present, board.boardTempsC, board.chipTempsC])).toEqual([
      [6, true, [53], []],
      [7, true, [46], [71]],
      [8, false, [], []],
    ]);
  });

  it("reads VNish: watts, millivolts, tuning, and the operator's shares alone", () => {
    const sample = decodeFixture("vnish");
    expect(sample).toMatchObject({
      mode: "tuning",
      powerW: 2940,
      powerSource: "reported",
      acceptedCount: 50,
      rejectedCount: 1,
      staleCount: 1,
    });
    expect(sample.hashboards[0]).toMatchObject({ voltageV: 13, freqMhz: 520.5, boardTempsC: [40, 58], chipMap: null, chipBadCount: null });
    expect(sample.pools).toHaveLength(1);
  });

  it("reads LuxOS: boards' 5 s rates from devs, watts from power, intake and exhaust from temps", () => {
    const sample = decodeFixture("luxos");
    expect(sample).toMatchObject({ hashrateHs: 60e12, powerW: 1051, powerSource: "reported", inletTempC: 33, outletTempC: 49, mode: null });
    expect(sample.hashboards.map((board) => board.hashrateHs)).toEqual([19.9e12, 20e12, 20.1e12]);
  });

  it("knows a LuxOS machine that is curtailed for asleep", () => {
    const replies = structuredClone(repliesOf("luxos")) as { config: { CONFIG: Record<string, unknown>[] } };
    replies.config.CONFIG[0].CurtailMode = "Sleep";
    expect(decodeReplies(replies).mode).toBe("sleeping");
  });

  it("reads MSKminer: watts in text, no chains that do not exist, no pool of its maker", () => {
    const sample = decodeFixture("msk");
    expect(sample).toMatchObject({ powerW: 3300.5, powerSource: "reported", mode: "tuning", ratedHashrateHs: 104e12 });
    expect(sample.hashboards.map((board) => board.chain)).toEqual([1, 2, 3]);
    expect(sample.pools.map((pool) => pool.worker)).toEqual(["farm.msk"]);
  });

  it("takes Hiveon's chain_power for no power", () => {
    expect(decodeFixture("hiveon")).toMatchObject({ powerW: null, powerSource: null });
  });

  it("reads asicseer's shares and voltages out of stats", () => {
    const sample = decodeFixture("asicseer");
    expect(sample).toMatchObject({ acceptedCount: 11, rejectedCount: 2, staleCount: 1 });
    expect(sample.hashboards[0]?.voltageV).toBe(8.8);
  });

  it("reads what cgminer itself says", () => {
    expect(decodeFixture("cgminer")).toMatchObject({ algorithm: "unknown", hashrateHs: 1000.5e6, acceptedCount: 3, boardTempCMax: 51.5 });
  });
});
