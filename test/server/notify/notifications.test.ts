import { describe, expect, it } from "vitest";
import type { ChannelTarget } from "../../../server/contract/channels.ts";
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

  it("send one summary, when the hour is over, of what is beyond the budget", async () => {
    const stage = await NotifyStage.open();
    const hook = await FarEnd.open();
    await stage.webhook(hook.url);
    for (let n = 1; n <= 30; n++) {
      await stage.news("opened", { id: `i${n}` });
      await stage.pass(MINUTE_MS);
    }
    expect(hook.got.length).toBe(20);
    await stage.news("closed", { id: "i30" }); // nobody was told of it
    await stage.news("opened", { id: "i31", severity: "critical" });
    await stage.pass(30 * MINUTE_MS - 1000);
    expect(hook.told().slice(20)).toEqual(["opened i31"]);
    await stage.pass(60 * MINUTE_MS);
    expect(hook.told().slice(21)).toEqual(["summary"]);
    const { text, title } = hook.bodies()[21];
    expect(title).toBe("10 more messages in the last hour, beyond the budget of this channel");
    expect(text.split("\n").length).toBe(11);
    expect(text).toContain("http://watch.example/incidents/i21)");
    expect(text).toContain(", over by now (http://watch.example/incidents/i30)");
  });

  it("bring the message up to date in its place, across a restart, and say in a message that it is over", async () => {
    const stage = await NotifyStage.open();
    const chat = await FarEnd.open({ answer: '{"ok":true,"result":{"message_id":9}}' });
    await stage.channel({ target: { kind: "telegram", botToken: "1:a", chatId: "5", baseUrl: chat.url } });
    await stage.news("opened");
    await stage.kill();
    for (let second = 0; second < 40; second++) {
      stage.tell("updated", { memberCount: 46 + second });
      await stage.pass(1000);
    }
    await stage.news("closed", { memberCount: 90 });
    const paths = chat.got.map(({ url }) => url?.replace("/bot1:a/", ""));
    expect(paths).toEqual(["sendMessage", ...Array<string>(4).fill("editMessageText"), "sendMessage"]);
    expect(JSON.parse(chat.got[4].body)).toMatchObject({ message_id: 9, text: expect.stringContaining("Resolved") as string });
  });

  it("let edits that fail hold up no message, and leave out all but the newest", async () => {
    const stage = await NotifyStage.open();
    const chat = await FarEnd.open({ answer: '{"ok":true,"result":{"message_id":9}}' });
    await stage.channel({ target: { kind: "telegram", botToken: "1:a", chatId: "5", baseUrl: chat.url } });
    await stage.news("opened");
    Object.assign(chat, { status: 429, headers: { "retry-after": "300" } });
    await stage.news("updated", { memberCount: 47 });
    await stage.pass(MINUTE_MS);
    await stage.news("updated", { memberCount: 48 });
    await stage.pass(MINUTE_MS);
    chat.status = 200;
    await stage.news("opened", { id: "i2" });
    expect(chat.got.at(-1)?.url).toBe("/bot1:a/sendMessage");
    await stage.pass(5 * MINUTE_MS);
    expect(JSON.parse(chat.got.at(-1)?.body ?? "")).toMatchObject({
      message_id: 9,
      text: expect.stringContaining("of 48 alerts") as string,
    });
    expect(stage.deliveries("dropped").map(({ event }) => event)).toEqual(["edited"]);
  });

  it("wait but a moment, when they are closed, for a far end that does not answer, and send again after the next start", async () => {
    const stage = await NotifyStage.open();
    const hook = await FarEnd.open();
    hook.until = new Promise(() => undefined);
    await stage.webhook(hook.url);
    stage.tell("opened");
    await stage.notifications.tick();
    await expect.poll(() => hook.got.length).toBe(1);
    const startedAt = performance.now();
    await stage.notifications.close();
    expect(performance.now() - startedAt).toBeLessThan(8000);
    hook.until = Promise.resolve();
    await stage.kill();
    await stage.tick();
    expect(hook.told()).toEqual(["opened i1", "opened i1"]);
    expect(new Set(hook.keys()).size).toBe(1);
  });

  it("ask the next channel where nobody acknowledges in time", async () => {
    const stage = await NotifyStage.open();
    const [first, boss] = [await FarEnd.open(), await FarEnd.open()];
    const channelIds = [await stage.webhook(first.url)];
    await stage.route({ channelIds, escalation: [{ afterMinutes: 15, channelIds: [await stage.webhook(boss.url)] }] });
    await stage.news("opened");
    await stage.news("opened", { id: "i2" });
    await stage.news("updated", { id: "i2", state: "acknowledged" });
    await stage.pass(15 * MINUTE_MS - 1000);
    expect(boss.told()).toEqual([]);
    await stage.kill();
    await stage.pass(60 * MINUTE_MS);
    expect([first.told(), boss.told()]).toEqual([["opened i1", "opened i2"], ["opened i1"]]);
  });

  it("record in a silence, and tell at its end what is still open", async () => {
    const stage = await NotifyStage.open();
    const hook = await FarEnd.open();
    await stage.webhook(hook.url);
    await stage.news("opened", { suppressedBy: "silence" });
    await stage.news("opened", { id: "i2", suppressedBy: "maintenance" });
    await stage.news("closed", { id: "i2", suppressedBy: "maintenance" });
    expect(stage.deliveries("suppressed").map(({ incidentId, detail }) => [incidentId, detail])).toEqual([
      ["i2", "recorded, not sent: maintenance"],
      ["i1", "recorded, not sent: silence"],
    ]);
    await stage.news("opened"); // as incidents tell it again when the silence ends
    expect(hook.told()).toEqual(["opened i1"]);
  });
});

describe("channels", () => {
  const far = "https://far.example";
  it.each([
    { kind: "webhook", url: far, signingKey: "s".repeat(2000) },
    {
      ...{ kind: "email", host: "far.example", port: 465, security: "tls", username: "u", password: "p" },
      from: "a@b.example",
      to: ["c@d.example"],
    },
    { kind: "slack", webhookUrl: `${far}/T0/B0`, botToken: "b", channel: "#ops", baseUrl: far },
    { kind: "discord", webhookUrl: `${far}/w/1` },
    { kind: "telegram", botToken: "1:a", chatId: "5", baseUrl: far },
    { kind: "pagerduty", routingKey: "r", baseUrl: far },
  ] as const)("keep what they need across a restart: %j", async (target) => {
    const stage = await NotifyStage.open();
    const id = await stage.channel({ target: { ...target, ...("to" in target ? { to: [...target.to] } : {}) } as ChannelTarget });
    await stage.kill();
    const { book } = stage.notifications;
    const [channel] = book.channels();
    expect([channel.id, book.openTarget(channel)]).toEqual([id, target]);
  });
});

describe("the heartbeat", () => {
  const heartbeatTo = (url: string) => ({ allowedTargets: [], heartbeat: { url, intervalMs: 60_000, allowPrivate: true } });

  it("pings as long as every part is alive, and goes on when they are again", async () => {
    const stage = await NotifyStage.open();
    const watcher = await FarEnd.open();
    await stage.notifications.changeSettings(heartbeatTo(watcher.url));
    await stage.pass(5 * MINUTE_MS);
    expect(watcher.got.map(({ method }) => method)).toEqual(Array(5).fill("GET"));
    for (const part of ["polling", "ingest", "evaluation"] as const) {
      const well = stage.before;
      const { length } = watcher.got;
      stage.before = { ...well, [part]: { alive: false, detail: "down" } };
      await stage.pass(5 * MINUTE_MS);
      expect(watcher.got.length).toBe(length);
      stage.before = well;
      await stage.pass(1000);
      expect(watcher.got.length).toBe(length + 1);
    }
    expect(stage.notifications.heartbeat.counts).toEqual({ ok: 8, failed: 0, withheld: 3 });
  });

  it("stops while messages wait and none arrives, and not for one that had to wait a while", async () => {
    const stage = await NotifyStage.open();
    const [watcher, hook] = [await FarEnd.open(), await FarEnd.open({ status: 500 })];
    await stage.notifications.changeSettings(heartbeatTo(watcher.url));
    await stage.webhook(hook.url);
    await stage.news("opened");
    await stage.pass(30 * MINUTE_MS);
    expect(watcher.got.length).toBe(5);
    expect(stage.notifications.heartbeat.shown().parts.delivery).toMatchObject({ alive: false });
    hook.status = 200;
    await stage.pass(5 * MINUTE_MS);
    expect(watcher.got.length).toBeGreaterThan(7);
  });

  it("goes on while a far end has asked to be left alone for longer, and stops when it is asked again and does not answer well", async () => {
    const stage = await NotifyStage.open();
    const [watcher, hook] = [await FarEnd.open(), await FarEnd.open({ status: 429, headers: { "retry-after": "1800" } })];
    await stage.notifications.changeSettings(heartbeatTo(watcher.url));
    await stage.webhook(hook.url);
    await stage.news("opened");
    await stage.pass(29 * MINUTE_MS);
    expect([watcher.got.length, hook.got.length]).toEqual([30, 1]);
    [hook.status, hook.headers] = [500, {}];
    await stage.pass(20 * MINUTE_MS);
    expect(stage.notifications.heartbeat.shown().parts.delivery).toMatchObject({ alive: false });
    expect(watcher.got.length).toBeLessThan(40);
  });

  it("tries sooner again where the far end does not take it", async () => {
    const stage = await NotifyStage.open();
    const watcher = await FarEnd.open({ status: 500, answer: "no" });
    await stage.notifications.changeSettings(heartbeatTo(watcher.url));
    await stage.pass(45_000);
    expect(watcher.got.length).toBe(2);
    expect(stage.notifications.heartbeat.shown()).toMatchObject({ lastError: "500 no", lastOkAtMs: null });
  });
});
