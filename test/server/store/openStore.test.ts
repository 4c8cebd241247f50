import { describe, expect, it } from "vitest";
import { makeBoard, makeSample, openTestStore, temporaryDir } from "./storeHelp.ts";

const MINUTE = 60_000;
const T0 = Date.UTC(2026, 10, 23, 10);
const ACK = { agentId: "a1", outboxId: "6b9a1f0e-7a80-4f4b-8d7c-111111111111", seq: 41 };

describe("openStore()", () => {
  it("keeps samples, acknowledgements, records, audit and events across a restart", async () => {
    const dataDir = temporaryDir();
    const first = await openTestStore(dataDir);
    const samples = [0, 1, 2].map((n) => ({
      minerKey: 7,
      siteKey: 1,
      sample: makeSample({ polledAtMs: T0 + n * MINUTE, powerW: 3000 + n, hashboards: [makeBoard({ chain: 6, freqMhz: 650.5 })] }),
    }));
    expect(await first.append({ acks: [ACK], samples })).toMatchObject({ storedCount: 3, duplicateCount: 0 });
    await first.records.apply([
      { kind: "site", id: "s1", document: { name: "Home" } },
      { kind: "rack", id: "r1", document: { name: "A" } },
    ]);
    await first.records.apply([{ kind: "rack", id: "r1", document: null }]);
    const entry = { atMs: T0, actor: "admin", from: "127.0.0.1", action: "site.create", target: "s1", result: "done" as const, detail: "" };
    await first.appendAudit([entry, { ...entry, action: "site.rename" }]);
    await first.appendEvents([{ minerKey: 7, atMs: T0, kind: "status", text: "hashing", status: "hashing", reason: "ok" }]);
    await first.close();

    const second = await openTestStore(dataDir);
    expect(await second.lastSeq(ACK.agentId, ACK.outboxId)).toBe(41);
    expect(await second.lastSeq(ACK.agentId, "another")).toBe(-1);
    const query = {
      metrics: ["powerW", "hashboard.6.freqMhz", "fan.3.rpm", "outletTempC"],
      fromMs: T0,
      toMs: T0 + 4 * MINUTE,
      stepMs: MINUTE,
    };
    expect(await second.readSeries({ target: { minerKey: 7 }, ...query })).toEqual({
      stepMs: MINUTE,
      timesMs: [T0, T0 + MINUTE, T0 + 2 * MINUTE, T0 + 3 * MINUTE],
      series: {
        powerW: [3000, 3001, 3002, null],
        "hashboard.6.freqMhz": [650.5, 650.5, 650.5, null],
        "fan.3.rpm": [0, 0, 0, null],
        outletTempC: [null, null, null, null],
      },
      coverage: [1, 1, 1, 0],
    });
    expect(await second.records.load("site")).toEqual([{ id: "s1", document: { name: "Home" } }]);
    expect(await second.records.get("rack", "r1")).toBeNull();
    const audit = await second.readAudit({ beforeId: null, limit: 1 });
    expect(audit.totalCount).toBe(2);
    expect(audit.items).toEqual([{ id: 2, ...entry, action: "site.rename" }]);
    expect((await second.readAudit({ beforeId: 2, limit: 10, actor: "admin" })).items.map(({ id }) => id)).toEqual([1]);
    const events = await second.readEvents({ minerKey: 7, fromMs: T0, toMs: T0 + 1, limit: 10 });
    expect(events).toEqual([{ atMs: T0, kind: "status", text: "hashing", status: "hashing", reason: "ok" }]);
  });

  it("gives the recent samples of some miners in order, sealed or not, and nothing of those it does not know", async () => {
    const store = await openTestStore(temporaryDir());
    const sampleAt = (minute: number) => makeSample({ polledAtMs: T0 + minute * MINUTE, hashrateHs: minute * 1e12, acceptedCount: null });
    const append = (minerKey: number, minutes: number[]) =>
      store.append({ acks: [], samples: minutes.map((minute) => ({ minerKey, siteKey: 1, sample: sampleAt(minute) })) });
    await append(7, [0, 1, 2]);
    await append(9, [1]);
    await store.seal(T0 + 120 * MINUTE);
    await append(7, [4, 3]);
    const recent = await store.readRecent({ minerKeys: [7, 8, 9], fromMs: T0 + MINUTE, toMs: T0 + 4 * MINUTE });
    const terahashes = recent.map((samples) =>
      samples.map(({ polledAtMs, hashrateHs }) => [(polledAtMs - T0) / MINUTE, hashrateHs! / 1e12]),
    );
    expect(terahashes).toEqual([
      [
        [1, 1],
        [2, 2],
        [3, 3],
      ],
      [],
      [[1, 1]],
    ]);
    expect(recent[0][0].acceptedCount).toBeNull();
  });

  it("stores a sample that comes twice once, whether sealed or not", async () => {
    const store = await openTestStore(temporaryDir());
    const samples = [0, 1].map((n) => ({ minerKey: 7, siteKey: 1, sample: makeSample({ polledAtMs: T0 + n * MINUTE }) }));
    await store.append({ acks: [], samples });
    expect(await store.append({ acks: [], samples })).toMatchObject({ storedCount: 0, duplicateCount: 2 });
    await store.seal(T0 + 120 * MINUTE);
    const third = { minerKey: 7, siteKey: 1, sample: makeSample({ polledAtMs: T0 + 2 * MINUTE }) };
    expect(await store.append({ acks: [], samples: [...samples, third, third] })).toMatchObject({ storedCount: 1, duplicateCount: 3 });
  });
});
