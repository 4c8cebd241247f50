import { describe, expect, it } from "vitest";
import { openAuditLog, type NewAuditEntry } from "../../../server/http/auditLog.ts";

const entry = (fields: Partial<NewAuditEntry> = {}): NewAuditEntry => ({
  actor: "a",
  from: "10.0.0.1",
  action: "x",
  target: "",
  result: "done",
  detail: "",
  ...fields,
});

function open(fail = false) {
  const time = { nowMs: 0 };
  const written: { action: string; from: string; detail: string }[] = [];
  const batches: number[] = [];
  const lost: number[] = [];
  const log = openAuditLog({
    append: (entries) =>
      fail ? Promise.reject(new Error("full")) : Promise.resolve(void (written.push(...entries), batches.push(entries.length))),
    clock: () => time.nowMs,
    onLost: (count) => lost.push(count),
  });
  return { log, time, written, batches, lost };
}

describe("the audit log", () => {
  it("writes entries that come together in one go, and is done when they are written", async () => {
    const { log, batches } = open();
    await Promise.all([log.record(entry()), log.record(entry()), log.record(entry())]);
    expect(batches).toEqual([3]);
  });

  it("writes 60 refusals a minute and address, then their number; changes always", async () => {
    const { log, time, written } = open();
    for (let count = 0; count < 100; count++) await log.record(entry({ result: "refused" }));
    await log.record(entry());
    await log.record(entry({ result: "refused", from: "10.0.0.2" }));
    expect(written).toHaveLength(62);
    time.nowMs = 60_000;
    await log.record(entry({ result: "refused" }));
    await log.close();
    expect(written.filter(({ action }) => action === "refusals").map(({ from, detail }) => [from, detail])).toEqual([
      ["10.0.0.1", "40 more refusals within a minute"],
    ]);
  });

  it("reports what it could not write, and refuses nobody for it", async () => {
    const { log, lost } = open(true);
    await log.record(entry());
    expect(lost).toEqual([1]);
  });
});
