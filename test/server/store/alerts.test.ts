import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readClosedOf } from "../../../server/store/sqlite/alerts.ts";
import { openDatabase } from "../../../server/store/sqlite/driver.ts";
import { migrate } from "../../../server/store/sqlite/migrate.ts";
import { initial } from "../../../server/store/sqlite/migrations/001.ts";
import { alerts } from "../../../server/store/sqlite/migrations/002.ts";
import type { AlertCommit } from "../../../server/store/store.ts";
import { openTestStore, temporaryDir } from "./storeHelp.ts";

const commit = (fields: Partial<AlertCommit>): AlertCommit => ({
  nowMs: 1000,
  alerts: [],
  events: [],
  snapshot: null,
  closed: [],
  news: [],
  ...fields,
});
const news = (seq: number, incidentId: string, kind: string) => ({ seq, atMs: 1000, incidentId, kind, document: { seq } });

describe("the store's alerts", () => {
  it("give back after a restart what was committed: alerts, the snapshot, and the events since", async () => {
    const dir = temporaryDir();
    const store = await openTestStore(dir);
    await store.alerts.commit(commit({ alerts: [{ ruleId: "a", subjectId: "m1", document: { state: "pending" } }, { ruleId: "a", subjectId: "m2", document: {} }], events: [1, 2] })); // prettier-ignore
    await store.alerts.commit(commit({ nowMs: 2000, events: [3], snapshot: { pools: [] } }));
    await store.alerts.commit(commit({ nowMs: 3000, alerts: [{ ruleId: "a", subjectId: "m2", document: null }], events: [4, 5] }));
    await store.close();
    const again = await openTestStore(dir);
    expect(await again.alerts.load()).toEqual({
      alerts: [{ ruleId: "a", subjectId: "m1", document: { state: "pending" } }],
      snapshot: { pools: [] },
      events: [4, 5],
      ...{ closed: [], lastSeq: 0, writtenAtMs: 3000 },
    });
  });

  it("hand news out from any number on; an update gives way to what is newer", async () => {
    const store = await openTestStore(temporaryDir());
    await store.alerts.commit(commit({ news: [news(1, "i1", "opened"), news(2, "i2", "opened")] }));
    await store.alerts.commit(commit({ news: [news(3, "i1", "updated")] }));
    await store.alerts.commit(commit({ news: [news(4, "i1", "updated"), news(5, "i2", "closed")] }));
    expect((await store.alerts.readNews({ afterSeq: 0, limit: 10 })).map(({ seq, kind }) => `${seq} ${kind}`)).toEqual(["1 opened", "2 opened", "4 updated", "5 closed"]); // prettier-ignore
    expect((await store.alerts.readNews({ afterSeq: 2, limit: 1 })).map(({ seq }) => seq)).toEqual([4]);
    expect((await store.alerts.load()).lastSeq).toBe(5);
  });

  it("keep nothing of a commit that fails", async () => {
    const store = await openTestStore(temporaryDir());
    await store.alerts.commit(commit({ news: [news(1, "i1", "opened")] }));
    await expect(store.alerts.commit(commit({ events: [1], news: [news(1, "i1", "closed")] }))).rejects.toThrow();
    expect(await store.alerts.load()).toMatchObject({ events: [], lastSeq: 1 });
  });

  it("keep closed incidents, news for a week, and the log before the snapshot for a look", async () => {
    const store = await openTestStore(temporaryDir());
    const closed = [{ number: 7, closedAtMs: 900, summary: { id: "i7" }, whole: { id: "i7", members: [1, 2] }, minerIds: ["m1"] }];
    await store.alerts.commit(commit({ closed, events: [1], snapshot: {}, news: [news(1, "i7", "closed")] }));
    await store.alerts.commit(commit({ events: [2] }));
    expect(await store.alerts.readClosed(7)).toEqual({ id: "i7", members: [1, 2] });
    expect(await store.alerts.readClosed(8)).toBeNull();
    const retention = { rawDays: 7, fiveMinutesDays: 90, hourDays: 1095, dayDays: null };
    await store.retain(8 * 86_400_000, retention);
    expect(await store.alerts.readNews({ afterSeq: 0, limit: 10 })).toEqual([]);
    expect(await store.alerts.load()).toMatchObject({ closed: [{ id: "i7" }], events: [2], lastSeq: 1 });
  });

  const closedWith = (number: number, minerIds: string[]) => ({ number, closedAtMs: 900, summary: {}, whole: {}, minerIds });

  it("find the closed incidents of a machine, newest first, and no more than its last hundred", async () => {
    const store = await openTestStore(temporaryDir());
    const often = Array.from({ length: 120 }, (_, n) => closedWith(n + 10, ["m1"]));
    await store.alerts.commit(commit({ closed: [closedWith(1, ["m1", "m2"]), ...often] }));
    await store.alerts.commit(commit({ closed: [closedWith(1, ["m1", "m2"]), closedWith(200, ["m2"])] }));
    const numbers = await store.alerts.readClosedOf("m1");
    expect(numbers).toEqual(Array.from({ length: 100 }, (_, n) => 129 - n));
    expect(await store.alerts.readClosedOf("m2")).toEqual([200, 1]);
    expect(await store.alerts.readClosedOf("m3")).toEqual([]);
  });

  it("forget the members of the incidents that are kept no longer", async () => {
    const store = await openTestStore(temporaryDir());
    const closed = Array.from({ length: 10_001 }, (_, n) => closedWith(n + 1, n < 2 ? ["m1"] : []));
    await store.alerts.commit(commit({ closed }));
    await store.retain(86_400_000, { rawDays: 7, fiveMinutesDays: 90, hourDays: 1095, dayDays: null });
    expect(await store.alerts.readClosedOf("m1")).toEqual([2]);
  });

  it("find the members of incidents that closed before they were told apart", () => {
    const db = openDatabase(join(temporaryDir(), "old.db"));
    migrate(db, [initial, alerts]);
    const whole = { members: [{ kind: "miner", id: "m1" }, { kind: "agent", id: "a1" }] }; // prettier-ignore
    db.prepare("INSERT INTO incident VALUES (4, 900, '{}', ?)").run(deflateRawSync(JSON.stringify(whole)));
    migrate(db);
    expect(readClosedOf(db, { minerId: "m1" })).toEqual([4]);
    expect(readClosedOf(db, { minerId: "a1" })).toEqual([]);
    db.close();
  });
});
