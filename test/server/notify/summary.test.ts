import { describe, expect, it } from "vitest";
import { FarEnd } from "./farEnd.ts";
import { MINUTE_MS, NotifyStage } from "./notifyHelp.ts";

const HOUR_MS = 60 * MINUTE_MS;

/** An event that a PagerDuty-compatible end got. */
interface PagerEvent {
  readonly event_action: string;
  readonly dedup_key: string;
  readonly payload: { readonly summary: string; readonly severity: string };
}
const eventsAt = ({ got }: FarEnd) => got.map(({ body }) => JSON.parse(body) as PagerEvent);

async function pagerStage(): Promise<{ stage: NotifyStage; pager: FarEnd }> {
  const [stage, pager] = [await NotifyStage.open(), await FarEnd.open({ status: 202, answer: '{"status":"success"}' })];
  await stage.channel({ target: { kind: "pagerduty", routingKey: "r", baseUrl: pager.url }, budgetPerHour: 1 });
  return { stage, pager };
}

describe("a summary", () => {
  it("is followed by the end of each that it told of, within the budget, and the rest stands in the next", async () => {
    const stage = await NotifyStage.open();
    const hook = await FarEnd.open();
    await stage.webhook(hook.url, { budgetPerHour: 2 });
    for (const id of ["i1", "i2", "i3", "i4", "i5"]) await stage.news("opened", { id });
    await stage.pass(HOUR_MS);
    expect(hook.told()).toEqual(["opened i1", "opened i2", "summary"]);
    await stage.kill();
    for (const id of ["i3", "i4", "i5"]) await stage.news("closed", { id });
    await stage.pass(2 * HOUR_MS);
    expect(hook.told().slice(3)).toEqual(["closed i3", "summary"]);
    const lines = hook.bodies()[4].text.split("\n").slice(0, -1);
    expect(lines.map((line) => /^- (Resolved): .*\/(i\d)\)$/.exec(line)?.slice(1))).toEqual([
      ["Resolved", "i4"],
      ["Resolved", "i5"],
    ]);
  });

  it("says of each how it is now: graver, over, or part of a larger one", async () => {
    const stage = await NotifyStage.open();
    const hook = await FarEnd.open();
    await stage.webhook(hook.url, { budgetPerHour: 1 });
    await stage.news("opened", { severity: "critical" });
    for (const id of ["i2", "i3", "i4"]) await stage.news("opened", { id });
    await stage.news("changed", { id: "i2", severity: "critical" });
    await stage.news("closed", { id: "i3" });
    await stage.news("closed", { id: "i4", mergedIntoId: "i1" });
    await stage.pass(HOUR_MS);
    expect(hook.told()).toEqual(["opened i1", "summary"]);
    const [grave, over, merged] = hook.bodies()[1].text.split("\n");
    expect(grave).toMatch(/^- Critical: /);
    expect(over).toContain(", over by now (");
    expect(merged).toContain(", part of a larger one by now (");
    await stage.news("closed", { id: "i2" });
    expect(hook.told().slice(2)).toEqual(["closed i2"]);
  });

  it("leaves out what has become so grave that it was told by itself, and of each tells the last alone", async () => {
    const stage = await NotifyStage.open();
    const hook = await FarEnd.open();
    await stage.webhook(hook.url, { budgetPerHour: 1 });
    await stage.news("opened");
    await stage.news("opened", { id: "i2" });
    await stage.news("changed", { id: "i2", severity: "critical" });
    await stage.news("closed");
    expect(hook.told()).toEqual(["opened i1", "opened i2"]);
    await stage.pass(HOUR_MS);
    expect(hook.told().slice(2)).toEqual(["summary"]);
    expect(hook.bodies()[2].text).toMatch(/^- Resolved: .*\/i1\)\n\S+$/);
  });

  it("is no message to bring up to date: growth and end come as messages of their own, which then are", async () => {
    const stage = await NotifyStage.open();
    const chat = await FarEnd.open({ answer: '{"ok":true,"result":{"message_id":9}}' });
    await stage.channel({ target: { kind: "telegram", botToken: "1:a", chatId: "5", baseUrl: chat.url }, budgetPerHour: 1 });
    for (const id of ["i1", "i2", "i3"]) await stage.news("opened", { id });
    await stage.pass(HOUR_MS);
    await stage.news("updated", { id: "i2", firingCount: 7 });
    await stage.news("changed", { id: "i2", severity: "critical" });
    await stage.pass(MINUTE_MS);
    await stage.news("updated", { id: "i2", severity: "critical", firingCount: 8 });
    await stage.pass(MINUTE_MS);
    const sent = stage.deliveries("sent").reverse();
    expect(sent.map(({ event, incidentId }) => [event, incidentId])).toEqual([
      ["opened", "i1"],
      ["summary", null],
      ["changed", "i2"],
      ["edited", "i2"],
    ]);
    expect(stage.deliveries("dropped")).toEqual([]);
  });

  it("is resolved at a far end that keeps it, once, when the last that it names is over", async () => {
    const { stage, pager } = await pagerStage();
    await stage.news("opened", { severity: "critical" });
    await stage.news("opened", { id: "i2" });
    await stage.news("opened", { id: "i3", severity: "critical" });
    await stage.pass(HOUR_MS);
    const [, summary] = eventsAt(pager);
    expect(summary).toMatchObject({ event_action: "trigger", payload: { severity: "critical" } });
    await stage.news("closed", { id: "i3", severity: "critical" });
    await stage.kill();
    await stage.news("closed", { id: "i1", severity: "critical" });
    await stage.news("closed", { id: "i2" });
    await stage.pass(2 * HOUR_MS);
    const [opened, , ...ends] = eventsAt(pager);
    expect(ends.map(({ event_action, dedup_key }) => [event_action, dedup_key])).toEqual([
      ["resolve", opened.dedup_key],
      ["resolve", summary.dedup_key],
    ]);
    expect(new Set([opened.dedup_key, summary.dedup_key]).size).toBe(2);
  });

  it("is not sent to such a far end where all that it would name is over", async () => {
    const { stage, pager } = await pagerStage();
    await stage.news("opened");
    await stage.news("opened", { id: "i2" });
    await stage.news("closed", { id: "i2" });
    await stage.pass(2 * HOUR_MS);
    expect(eventsAt(pager).map(({ event_action }) => event_action)).toEqual(["trigger"]);
  });

  it("holds what is open when the hours of a route begin, beyond the budget", async () => {
    const stage = await NotifyStage.open();
    const hook = await FarEnd.open();
    const channelIds = [await stage.webhook(hook.url)];
    await stage.route({ channelIds, hours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: "03:10", to: "03:00" }] });
    for (let n = 1; n <= 30; n++) await stage.news("opened", { id: `i${n}` });
    expect(hook.got).toEqual([]);
    await stage.pass(3 * HOUR_MS);
    expect(hook.told()).toEqual([...Array.from({ length: 20 }, (_, n) => `opened i${n + 1}`), "summary"]);
    expect(hook.bodies()[20].title).toMatch(/^10 more messages/);
  });
});
