import { describe, expect, it } from "vitest";
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
    const closed = [{ number: 7, closedAtMs: 900, summary: { id: "i7" }, whole: { id: "i7", members: [1, 2] } }];
    await store.alerts.commit(commit({ closed, events: [1], snapshot: {}, news: [news(1, "i7", "closed")] }));
    await store.alerts.commit(commit({ events: [2] }));
    expect(await store.alerts.readClosed(7)).toEqual({ id: "i7", members: [1, 2] });
    expect(await store.alerts.readClosed(8)).toBeNull();
    const retention = { rawDays: 7, fiveMinutesDays: 90, hourDays: 1095, dayDays: null };
    await store.retain(8 * 86_400_000, retention);
    expect(await store.alerts.readNews({ afterSeq: 0, limit: 10 })).toEqual([]);
    expect(await store.alerts.load()).toMatchObject({ closed: [{ id: "i7" }], events: [2], lastSeq: 1 });
  });
});
