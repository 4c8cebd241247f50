import { describe, expect, it } from "vitest";
import { FarEnd } from "./farEnd.ts";
import { MINUTE_MS, NotifyStage } from "./notifyHelp.ts";

describe("Notifications", () => {
  it("try again while a far end answers 500, and then deliver everything in order, once", async () => {
    const stage = await NotifyStage.open();
    const hook = await FarEnd.open({ status: 500 });
    await stage.webhook(hook.url);
    for (const id of ["i1", "i2", "i3"]) await stage.news("opened", { id });
    await stage.pass(10 * MINUTE_MS);
    await stage.news("closed", { id: "i1" });
    const failedCount = hook.got.length;
    expect(failedCount).toBeGreaterThan(5);
    expect(new Set(hook.keys()).size).toBe(1); // the first of the queue, again and again
    hook.status = 200;
    await stage.pass(3 * MINUTE_MS);
    expect(hook.told().slice(failedCount)).toEqual(["opened i1", "opened i2", "opened i3", "closed i1"]);
    expect(new Set(hook.keys()).size).toBe(4);
    await stage.pass(10 * MINUTE_MS);
    expect(hook.got.length).toBe(failedCount + 4);
  });

  it("let no channel wait for another whose far end is down or never answers", async () => {
    const stage = await NotifyStage.open();
    const slow = await FarEnd.open();
    let answer: () => void = () => undefined;
    slow.until = new Promise((resolve) => (answer = resolve));
    const well = await FarEnd.open();
    await stage.webhook(slow.url);
    await stage.webhook("http://127.0.0.1:1/");
    await stage.webhook(well.url);
    for (const [kind, count] of [
      ["opened", 1],
      ["closed", 2],
    ] as const) {
      stage.tell(kind);
      await stage.notifications.tick();
      await expect.poll(() => well.got.length).toBe(count);
    }
    expect(well.told()).toEqual(["opened i1", "closed i1"]);
    expect(slow.got.length).toBe(1);
    answer();
    await stage.notifications.settled();
  });

  it("lose nothing and tell nothing twice when they are killed before a message is sent", async () => {
    const stage = await NotifyStage.open();
    const hook = await FarEnd.open({ status: 503 });
    await stage.webhook(hook.url);
    await stage.news("opened");
    stage.tell("opened", { id: "i2" }); // on disk, and not yet taken in
    await stage.kill();
    hook.status = 200;
    await stage.pass(20_000);
    expect(hook.told()).toEqual(["opened i1", "opened i1", "opened i2"]);
    expect(hook.keys()[0]).toBe(hook.keys()[1]);
  });

  it("send the same key again when they are killed before the answer came, and to who knows no key at most twice", async () => {
    const stage = await NotifyStage.open();
    const hook = await FarEnd.open();
    const chat = await FarEnd.open({ answer: '{"ok":true,"result":{"message_id":9}}' });
    hook.until = chat.until = new Promise(() => undefined);
    await stage.webhook(hook.url);
    await stage.channel({ name: "chat", target: { kind: "telegram", botToken: "1:a", chatId: "5", baseUrl: chat.url } });
    stage.tell("opened");
    for (const count of [1, 2, 3]) {
      await stage.notifications.tick();
      await expect.poll(() => hook.got.length).toBe(count);
      await expect.poll(() => chat.got.length).toBe(Math.min(count, 2));
      await stage.kill();
    }
    expect(new Set(hook.keys()).size).toBe(1);
    hook.until = Promise.resolve();
    await stage.tick();
    expect(stage.deliveries("sent").map(({ channelName }) => channelName)).toEqual([`hook ${hook.url}`]);
    expect(stage.deliveries("dead")).toMatchObject([{ channelName: "chat", detail: "it may have arrived, and is not sent again" }]);
  });

  it("keep what a far end refuses as a dead letter, go on with the next, and send it again when asked to", async () => {
    const stage = await NotifyStage.open();
    const hook = await FarEnd.open({ status: 400, answer: "bad" });
    await stage.webhook(hook.url);
    await stage.news("opened");
    expect(stage.deliveries("dead")).toMatchObject([{ event: "opened", attemptCount: 1, detail: "400 bad" }]);
    hook.status = 200;
    await stage.news("closed");
    await stage.notifications.retry(["d1", "d2"]);
    await stage.notifications.settled();
    expect(hook.told()).toEqual(["opened i1", "closed i1", "opened i1"]);
    expect(hook.keys()[0]).toBe(hook.keys()[2]);
    expect(stage.deliveries("dead")).toEqual([]);
  });
});
