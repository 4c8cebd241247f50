import { afterEach, describe, expect, it } from "vitest";
import type { Emulator, EmulatorOptions } from "../emulator/emulator.ts";
import { startEmulator } from "../emulator/emulator.ts";
import { PROFILES } from "../emulator/profiles/catalogue.ts";
import type { TestClock } from "./emulatorClient.ts";
import { ask, exchange, poolsOf, startStill, statsOf } from "./emulatorClient.ts";

const running: Emulator[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()));
});

async function start(options: EmulatorOptions): Promise<{ emulator: Emulator; clock: TestClock }> {
  const started = await startStill(options);
  running.push(started.emulator);
  return started;
}

const HOUR_MS = 3_600_000;

describe("emulator on the wire", () => {
  it("ends each answer with one NUL and closes", async () => {
    const { emulator } = await start({ count: 1, models: ["S19"] });
    const { kind, text } = await exchange(emulator.endpoints[0], '{"command":"version"}');
    expect(kind).toBe("closed");
    expect(text.indexOf("\0")).toBe(text.length - 1);
  });

  it("puts each miner on an address of its own, all on one port", async () => {
    const { emulator } = await start({ count: 3, address: "127.21.3.254", models: ["S19", "S21", "S9"] });
    expect(emulator.endpoints.map(({ address }) => address)).toEqual(["127.21.3.254", "127.21.3.255", "127.21.4.0"]);
    expect(new Set(emulator.endpoints.map(({ port }) => port)).size).toBe(1);
    expect(emulator.endpoints.map(({ model }) => model)).toEqual(["S19", "S21", "S9"]);
  });

  for (const [n, profile] of PROFILES.entries()) {
    it(`${profile.key} names itself and answers its commands`, async () => {
      const { emulator } = await start({ count: 1, address: `127.21.5.${n + 1}`, models: [profile.key] });
      const said = await ask(emulator, 0, { command: profile.dialect === "vnish" ? "stats" : "version" });
      expect(said).toContain(profile.dialect === "braiins" ? '"BOSminer":' : profile.versionType);
      for (const command of ["summary", "pools"]) {
        const answer = JSON.parse(await ask(emulator, 0, { command })) as { STATUS: { STATUS: string }[] };
        expect(answer.STATUS[0].STATUS).toBe("S");
      }
    });
  }

  it("forgets the comma between the rows of stats on S9 and L3+, and on nothing later", async () => {
    const keys = ["S9", "L3+", "S17 Pro", "S19", "S21", "S19 VNish", "S19k Pro LuxOS"];
    const { emulator } = await start({ count: keys.length, models: keys });
    const forgotten = await Promise.all(keys.map(async (_, n) => (await ask(emulator, n, { command: "stats" })).includes("}{")));
    expect(forgotten).toEqual([true, true, false, false, false, false, false]);
  });

  it("joins commands where the program grew from cgminer, and refuses them on the rewrite of 2020", async () => {
    const { emulator } = await start({ count: 4, models: ["S17 Pro", "S9 Braiins", "S19k Pro LuxOS", "S21"] });
    for (const index of [0, 1, 2]) {
      const joined = JSON.parse(await ask(emulator, index, { command: "summary+pools" })) as Record<string, unknown>;
      expect(Object.keys(joined)).toEqual(["summary", "pools", "id"]);
      expect(joined.summary).toHaveLength(1);
    }
    expect(await ask(emulator, 3, { command: "summary+pools" })).toContain('"STATUS": "E"');
    expect(await ask(emulator, 3, { command: "summary+pools" })).toContain('"Code": 14');
  });

  it("refuses with the code of its generation", async () => {
    const { emulator } = await start({ count: 2, models: ["S9", "S19"] });
    const codeOf = async (index: number, request: string): Promise<string | undefined> =>
      /Code(?:": ?|=)(\d+)/.exec(await ask(emulator, index, request))?.[1];
    expect(await codeOf(0, '{"command":"nonsense"}')).toBe("14");
    expect(await codeOf(0, '{"command":"devdetails"}')).toBe("45");
    expect(await codeOf(0, '{"command":')).toBe("23");
    expect(await codeOf(0, '{"parameter":"0"}')).toBe("24");
    expect(await codeOf(1, '{"command":"devdetails"}')).toBe("14");
    expect(await codeOf(1, '{"parameter":"0"}')).toBe("24");
  });

  it("answers text to text, and to unreadable JSON on the rewrite of 2020", async () => {
    const { emulator } = await start({ count: 2, models: ["S9", "S19"] });
    expect(await ask(emulator, 0, "version")).toMatch(
      /^STATUS=S,When=\d+,Code=22,Msg=BMMiner versions,Description=bmminer 1\.0\.0\|VERSION,BMMiner=2\.0\.0,API=3\.1,.*\|$/,
    );
    expect(await ask(emulator, 0, "stats")).toMatch(/\|BMMiner=2\.0\.0,.*\|STATS=0,ID=BC50,.*"?.*\|$/);
    expect(await ask(emulator, 0, "version\n")).toMatch(/^STATUS=E,.*Code=14/);
    expect(await ask(emulator, 1, "{version")).toMatch(/^STATUS=E,.*Code=14/);
  });

  it("keeps 15 characters of a command on the rewrite of 2020", async () => {
    const { emulator } = await start({ count: 1, models: ["S19"] });
    expect(await ask(emulator, 0, { command: "version" })).toContain('"Code": 22');
    expect(await ask(emulator, 0, { command: "versionversionversion" })).toContain('"Code": 14');
  });

  it("answers the new API where new_api stands beside the command, and the old one where it does not", async () => {
    const { emulator } = await start({ count: 1, models: ["S21"] });
    const one = JSON.parse(await ask(emulator, 0, { command: "stats", new_api: true })) as { STATUS: { Msg: string }; STATS: unknown[] };
    expect(one.STATUS.Msg).toBe("stats");
    expect(one.STATS).toHaveLength(1);
    const both = JSON.parse(await ask(emulator, 0, { command: ["summary", "pools"], new_api: true })) as object;
    expect(Object.keys(both)).toEqual(["summary", "pools"]);
    expect(await ask(emulator, 0, { command: "stats", parameter: { new_api: true } })).toContain('"GHS 5s"');
  });

  it("counts requests and bytes", async () => {
    const { emulator } = await start({ count: 1, models: ["S19"] });
    const { text } = await exchange(emulator.endpoints[0], '{"command":"summary"}');
    expect(emulator.counters).toEqual({ requestCount: 1, replyBytes: text.length });
  });

  it("refuses addresses that others could reach, unknown models and ports in use", async () => {
    await expect(startEmulator({ count: 1, address: "192.168.0.1", port: 0 })).rejects.toThrow('got "192.168.0.1"');
    await expect(startEmulator({ count: 300, address: "127.255.255.1", port: 0 })).rejects.toThrow("past the end");
    await expect(startEmulator({ count: 1, models: ["S99"], port: 0 })).rejects.toThrow('Unknown model "S99"');
    const { emulator } = await start({ count: 1 });
    const { address, port } = emulator.endpoints[0];
    await expect(startEmulator({ count: 1, address, port })).rejects.toThrow(`${address}:${port}: the address is in use`);
  });
});

describe("emulated machines", () => {
  it("say what is true of them", async () => {
    const { emulator } = await start({ count: 2, models: ["S19 Pro", "S21"] });
    const truth = emulator.truth(0);
    const stats = await statsOf(emulator, 0);
    expect(stats["GHS 5s"]).toBeCloseTo(truth.hashrateHs / 1e9, 1);
    expect(stats.Elapsed).toBe(truth.uptimeS);
    expect(stats.temp_chip2).toBe(truth.boards[1].chipTempsC.join("-"));
    expect([stats.fan1, stats.fan2, stats.fan3, stats.fan4]).toEqual(truth.fansRpm);
    expect(stats.chain_rate3).toBe((truth.boards[2].hashrateHs / 1e9).toFixed(2));
    const [pool] = await poolsOf(emulator, 0);
    expect(pool).toMatchObject({ Accepted: truth.acceptedCount, Rejected: truth.rejectedCount, User: "farm.r000s01" });
  });

  it("are the same for the same seed and others for another", async () => {
    const [one, same, other] = await Promise.all([
      start({ count: 60, seed: 7 }),
      start({ count: 60, seed: 7, address: "127.22.0.1" }),
      start({ count: 60, seed: 8, address: "127.23.0.1" }),
    ]);
    const all = ({ emulator }: { emulator: Emulator }): unknown =>
      emulator.endpoints.map(({ index }) => [emulator.identity(index), emulator.truth(index)]);
    expect(all(one)).toEqual(all(same));
    expect(all(one)).not.toEqual(all(other));
  });

  it("run near their rated hashrate, within the temperatures of a working machine", async () => {
    const { emulator } = await start({ count: PROFILES.length, models: PROFILES.map(({ key }) => key) });
    for (const [index, profile] of PROFILES.entries()) {
      const truth = emulator.truth(index);
      const [warm] = emulator.history(index, truth.atMs, truth.atMs, 1);
      expect(warm).toEqual(truth);
      expect(truth.hashrateHs / profile.ratedHs, profile.key).toBeGreaterThan(0.92);
      expect(truth.hashrateHs / profile.ratedHs, profile.key).toBeLessThan(1.1);
      expect(truth.chipTempCMax, profile.key).toBeLessThan(profile.stopChipC);
      expect(truth.chipTempCMax, profile.key).toBeGreaterThan(30);
    }
  });

  it("never count backwards, and move", async () => {
    const { emulator, clock } = await start({ count: 8, models: ["S21", "S9", "L3+", "S19 VNish"] });
    for (let index = 0; index < 8; index++) {
      const readings = emulator.history(index, clock.nowMs, clock.nowMs + 2 * HOUR_MS, 10_000);
      for (let n = 1; n < readings.length; n++) {
        for (const name of ["acceptedCount", "rejectedCount", "staleCount", "hwErrorCount", "uptimeS"] as const)
          expect(readings[n][name], name).toBeGreaterThanOrEqual(readings[n - 1][name]);
      }
      expect(readings[readings.length - 1].acceptedCount).toBeGreaterThan(readings[0].acceptedCount);
      expect(new Set(readings.map(({ hashrateHs }) => hashrateHs)).size).toBeGreaterThan(500);
    }
  });

  it("have a history that the live values continue, warmer by day than by night", async () => {
    const { emulator, clock } = await start({ count: 4, models: ["S21"] });
    const day = emulator.history(0, clock.nowMs - 24 * HOUR_MS, clock.nowMs, 60_000);
    expect(day).toHaveLength(1441);
    expect(day[1440]).toEqual(emulator.truth(0));
    const at = (hoursAgo: number): number => day[1440 - hoursAgo * 60].intakeTempC;
    expect(at(21)).toBeGreaterThan(at(9) + 4); // 15:00 against 3:00
    for (let n = 1; n < day.length; n++) expect(Math.abs(day[n].intakeTempC - day[n - 1].intakeTempC)).toBeLessThan(0.5);
  });
});

describe("faults of the connection", () => {
  const REQUEST = '{"command":"stats"}';

  it("refuse: nothing listens, until it ends", async () => {
    const { emulator, clock } = await start({ count: 2, models: ["S19"] });
    await emulator.inject({ miners: [0], fault: "refuse", forMs: 10_000 });
    expect((await exchange(emulator.endpoints[0], REQUEST)).kind).toBe("refused");
    expect((await exchange(emulator.endpoints[1], REQUEST)).kind).toBe("closed");
    await clock.advance(emulator, 10_000);
    expect((await exchange(emulator.endpoints[0], REQUEST)).text).toContain("GHS 5s");
  });

  it("hang: takes the request and says nothing", async () => {
    const { emulator } = await start({ count: 1, models: ["S19"] });
    await emulator.inject({ miners: "all", fault: "hang" });
    expect(await exchange(emulator.endpoints[0], REQUEST, 300)).toEqual({ kind: "silent", text: "" });
  });

  it("slow: answers after delayMs", async () => {
    const { emulator } = await start({ count: 1, models: ["S19"] });
    await emulator.inject({ miners: "all", fault: "slow", delayMs: 400 });
    expect((await exchange(emulator.endpoints[0], REQUEST, 200)).kind).toBe("silent");
    expect((await exchange(emulator.endpoints[0], REQUEST, 5000)).text).toContain("GHS 5s");
  });

  it("closeEarly: closes without a byte; cut: in the middle; garbage: no JSON", async () => {
    const { emulator } = await start({ count: 3, models: ["S19"] });
    await emulator.inject({ miners: [0], fault: "closeEarly" });
    await emulator.inject({ miners: [1], fault: "cut" });
    await emulator.inject({ miners: [2], fault: "garbage" });
    const [early, cut, garbage] = await Promise.all(emulator.endpoints.map((at) => exchange(at, REQUEST)));
    expect(early).toEqual({ kind: "closed", text: "" });
    expect(cut.text).toMatch(/^\{"STATUS"/);
    expect(cut.text).not.toContain("\0");
    expect(() => JSON.parse(cut.text) as unknown).toThrow();
    expect(garbage.text.length).toBe(200);
    expect(() => JSON.parse(garbage.text) as unknown).toThrow();
  });

  it("addressChange: the same machine at another address, and back", async () => {
    const { emulator, clock } = await start({ count: 2, address: "127.24.0.1", models: ["S19k Pro LuxOS"] });
    const macAt = async (): Promise<string> => (await ask(emulator, 1, { command: "config" })).match(/"MACAddr":"([^"]+)"/)?.[1] ?? "";
    const home = emulator.endpoints[1];
    const mac = await macAt();
    await emulator.inject({ miners: [1], fault: "addressChange", address: "127.24.9.9", forMs: 5000 });
    expect(emulator.endpoints[1].address).toBe("127.24.9.9");
    expect((await exchange(home, REQUEST)).kind).toBe("refused");
    expect(await macAt()).toBe(mac);
    await clock.advance(emulator, 5000);
    expect(emulator.endpoints[1]).toEqual(home);
    expect(await macAt()).toBe(mac);
  });
});

describe("faults of the machine", () => {
  it("deadBoard: chips, map and rate of one chain are gone, the others go on", async () => {
    const { emulator } = await start({ count: 1, models: ["S19"] });
    const before = emulator.truth(0).hashrateHs;
    await emulator.inject({ miners: "all", fault: "deadBoard", board: 1 });
    const stats = await statsOf(emulator, 0);
    expect(stats).toMatchObject({ miner_count: 2, chain_acn1: 76, chain_acn2: 0, chain_acs2: "", chain_rate2: "", temp_pcb2: "0-0-0-0" });
    const leftShare = (Number(stats["GHS 5s"]) * 1e9) / before;
    expect(leftShare).toBeGreaterThan(0.63);
    expect(leftShare).toBeLessThan(0.7);
    expect(stats).not.toHaveProperty("temp2_2");
  });

  it("deadChips: as many x in the map, a lower rate and more errors", async () => {
    const { emulator, clock } = await start({ count: 2, models: ["S19 Pro"] });
    await emulator.inject({ miners: [0], fault: "deadChips", board: 2, chips: 9 });
    const stats = await statsOf(emulator, 0);
    expect(String(stats.chain_acs3).match(/x/g)).toHaveLength(9);
    expect(String(stats.chain_acs1)).not.toContain("x");
    const errorsBefore = [emulator.truth(0).hwErrorCount, emulator.truth(1).hwErrorCount];
    await clock.advance(emulator, HOUR_MS);
    expect(emulator.truth(0).hwErrorCount - errorsBefore[0]).toBeGreaterThan(5 * (emulator.truth(1).hwErrorCount - errorsBefore[1]));
  });

  it("fanStopped: one fan at 0 rpm, the others faster, the chips warmer", async () => {
    const { emulator, clock } = await start({ count: 1, models: ["S21"] });
    const before = emulator.truth(0);
    await emulator.inject({ miners: "all", fault: "fanStopped", fan: 2 });
    await clock.advance(emulator, 15 * 60_000);
    const after = emulator.truth(0);
    expect(after.fansRpm[2]).toBe(0);
    expect(after.fansRpm[0]).toBeGreaterThan(before.fansRpm[0]);
    expect(after.chipTempCMax).toBeGreaterThan(before.chipTempCMax + 5);
    expect(await statsOf(emulator, 0)).toMatchObject({ fan3: 0, fan_num: 3 });
  });

  it("overheat: climbs, stops with every chip x while the averages stay, and starts anew when it ends", async () => {
    const { emulator, clock } = await start({ count: 1, models: ["S19 Pro"] });
    const before = emulator.truth(0);
    await emulator.inject({ miners: "all", fault: "overheat", climbMs: 120_000, forMs: 600_000, bootMs: 0 });
    await clock.advance(emulator, 119_000);
    const climbed = emulator.truth(0);
    expect(climbed.hashing).toBe(true);
    expect(climbed.chipTempCMax).toBeGreaterThan(before.chipTempCMax + 20);
    await clock.advance(emulator, 61_000);
    const stats = await statsOf(emulator, 0);
    expect(stats["GHS 5s"]).toBe(0);
    expect(Number(stats["GHS av"])).toBeGreaterThan(100_000);
    expect(stats.chain_acs1).toMatch(/^[ x]+$/);
    await clock.advance(emulator, 420_000);
    expect(emulator.truth(0).uptimeS).toBe(0);
    await clock.advance(emulator, 400_000);
    expect(emulator.truth(0).hashing).toBe(true);
  });

  it("poolLoss: the second pool takes over; without any, hashing stops and shares stay", async () => {
    const { emulator, clock } = await start({ count: 2, models: ["S19"] });
    await emulator.inject({ miners: [0], fault: "poolLoss" });
    await emulator.inject({ miners: [1], fault: "poolLoss", pools: "all" });
    const [first, second] = await poolsOf(emulator, 0);
    expect([first.Status, first["Stratum Active"]]).toEqual(["Deed", false]);
    expect([second.Status, second["Stratum Active"]]).toEqual(["Alive", true]);
    await clock.advance(emulator, HOUR_MS);
    const [firstLater, secondLater] = await poolsOf(emulator, 0);
    expect(firstLater.Accepted).toBe(first.Accepted);
    expect(Number(secondLater.Accepted)).toBeGreaterThan(100);
    expect((await poolsOf(emulator, 1)).map((pool) => pool.Status)).toEqual(["Deed", "Deed", "Deed"]);
    expect(emulator.truth(1).hashrateHs).toBe(0);
  });

  it("poolHijack: another worker at another pool, still hashing", async () => {
    const { emulator } = await start({ count: 1, models: ["S21"] });
    await emulator.inject({ miners: "all", fault: "poolHijack", url: "stratum+tcp://thief.example:1", worker: "thief.1" });
    expect((await poolsOf(emulator, 0))[0]).toMatchObject({ URL: "stratum+tcp://thief.example:1", User: "thief.1", Status: "Alive" });
    expect(emulator.truth(0).hashing).toBe(true);
  });

  it("sleep: rate 0, all x, averages of a new program; the new API says so, X17 says Mode 254", async () => {
    const { emulator } = await start({ count: 2, models: ["S19", "S17 Pro"] });
    await emulator.inject({ miners: "all", fault: "sleep", bootMs: 0 });
    expect(await statsOf(emulator, 0)).toMatchObject({ "GHS 5s": 0, "GHS av": 0, Elapsed: 0, chain_acn1: 76 });
    expect((await statsOf(emulator, 0)).chain_acs1).toMatch(/^[ x]+$/);
    expect(await ask(emulator, 0, { command: "stats", new_api: true })).toContain('"miner-mode": 1');
    expect(await statsOf(emulator, 1)).toMatchObject({ Mode: 254, "GHS 5s": "0.00", chain_acn1: 0, fan1: 0 });
  });

  it("reboot: refused while it boots, then warms up from uptime 0", async () => {
    const { emulator, clock } = await start({ count: 1, models: ["S19"] });
    const full = emulator.truth(0).hashrateHs;
    await emulator.inject({ miners: "all", fault: "reboot", bootMs: 45_000 });
    expect((await exchange(emulator.endpoints[0], "{}")).kind).toBe("refused");
    await clock.advance(emulator, 45_000);
    expect(await statsOf(emulator, 0)).toMatchObject({ Elapsed: 0, "GHS 5s": 0 });
    await clock.advance(emulator, 180_000);
    const warming = emulator.truth(0);
    expect(warming.uptimeS).toBe(180);
    expect(warming.hashrateHs).toBeGreaterThan(full * 0.3);
    expect(warming.hashrateHs).toBeLessThan(full * 0.7);
    await clock.advance(emulator, 600_000);
    expect(emulator.truth(0).hashrateHs).toBeGreaterThan(full * 0.9);
  });

  it("powerLoss: silence, then a boot", async () => {
    const { emulator, clock } = await start({ count: 1, models: ["S19"] });
    await emulator.inject({ miners: "all", fault: "powerLoss", forMs: 60_000, bootMs: 30_000 });
    expect((await exchange(emulator.endpoints[0], '{"command":"version"}', 300)).kind).toBe("silent");
    expect(emulator.truth(0)).toMatchObject({ hashrateHs: 0, powerW: 0, fansRpm: [0, 0, 0, 0] });
    await clock.advance(emulator, 60_000);
    expect((await exchange(emulator.endpoints[0], "{}")).kind).toBe("refused");
    await clock.advance(emulator, 30_000);
    expect((await statsOf(emulator, 0)).Elapsed).toBe(0);
  });

  it("firmwareChange: a later build of the same, or the firmware named", async () => {
    const { emulator } = await start({ count: 2, models: ["S19"] });
    await emulator.inject({ miners: [0], fault: "firmwareChange", bootMs: 0 });
    await emulator.inject({ miners: [1], fault: "firmwareChange", firmware: "vnish", bootMs: 0 });
    expect(await ask(emulator, 0, { command: "version" })).toContain("Tue Dec  6 16:12:30 CST 2022");
    expect(await ask(emulator, 1, { command: "stats" })).toContain("Vnish");
  });

  it("wrongValues: answers are well formed and absurd, the truth stays as it is", async () => {
    const { emulator } = await start({ count: 1, models: ["S19"] });
    await emulator.inject({ miners: "all", fault: "wrongValues" });
    const stats = await statsOf(emulator, 0);
    expect(Number(stats["GHS 5s"])).toBeGreaterThan(9e7);
    expect(stats.temp_chip1).toBe("255--83-0-6550");
    expect(emulator.truth(0).hashrateHs).toBeLessThan(110e12);
  });
});
