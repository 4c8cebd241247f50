import { createHmac } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import type { Channel, Delivery, Preview } from "../../../server/contract/channels.ts";
import { failureEntry, sampleEntry } from "../fleet/fakes.ts";
import { FarEnd } from "../notify/farEnd.ts";
import { startApi, type TestApi } from "./httpHelp.ts";

let api: TestApi;
let admin: ReturnType<TestApi["as"]>;
let operator: ReturnType<TestApi["as"]>;
let hook: FarEnd;

beforeEach(async () => {
  api = await startApi();
  admin = api.as(await api.tokenOf("admin"));
  operator = api.as(await api.tokenOf("operator"));
  hook = await FarEnd.open({ answer: "thanks" });
});

/** Time passes; m1 is silent or answers, the others answer. */
async function run(seconds: number, m1: "silent" | "well"): Promise<void> {
  for (let s = 0; s < seconds; s++) {
    api.time.nowMs += 1000;
    const origin = { agentId: api.agentId, siteId: "s1", atMs: api.time.nowMs };
    const other = { agentId: api.otherAgentId, siteId: "s2", atMs: api.time.nowMs };
    for (const { agentId } of [origin, other]) api.fleet.agentAlive(agentId, api.time.nowMs, 10_000);
    if (s % 10 === 0) {
      const at = { agentAtMs: api.time.nowMs };
      if (m1 === "silent") api.fleet.takeFailure(failureEntry("10.0.0.1", at), origin);
      else api.fleet.takeSample(sampleEntry("10.0.0.1", at), origin);
      api.fleet.takeSample(sampleEntry("10.0.0.2", at), origin);
      api.fleet.takeSample(sampleEntry("10.0.0.3", at), other);
    }
    api.fleet.sweep(api.time.nowMs);
    await api.alerts.evaluate(api.time.nowMs);
    await api.notifications.tick();
    await api.notifications.settled();
  }
}

const channelTo = (url: string, fields: object = {}) => ({
  ...{ name: "Ops hook", allowPrivate: true, target: { kind: "webhook", url, signingKey: "k3y" } },
  ...fields,
});

describe("/channels", () => {
  it("tells a webhook once that an incident opens and once that it closes, signed and with a key", async () => {
    await admin.post("/channels").send(channelTo(hook.url)).expect(201);
    await run(180, "silent");
    expect(hook.told()).toEqual(["opened i1"]);
    await run(180, "well");
    expect(hook.told()).toEqual(["opened i1", "closed i1"]);
    expect(new Set(hook.keys()).size).toBe(2);
    const { headers, body } = hook.got[0];
    const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers["hashwatch-signature"])) ?? [];
    expect(v1).toBe(createHmac("sha256", "k3y").update(`${t}.${body}`).digest("hex"));
    expect(hook.bodies()[0]).toMatchObject({ link: "http://watch.example/incidents/i1", incident: { memberCount: 1 } });
    const { items } = (await operator.get("/deliveries?state=sent").expect(200)).body as { items: object[] };
    expect(items).toMatchObject([
      { event: "closed", incidentId: "i1", detail: "200 thanks" },
      { event: "opened", attemptCount: 1 },
    ]);
  });

  it("takes secrets and gives none back, on disk neither; left out they stay, for another far end they go", async () => {
    const made = (await admin.post("/channels").send(channelTo(hook.url)).expect(201)).body as Channel;
    expect(made.target).toEqual({ kind: "webhook", url: hook.url, signingKey: "••••••••" });
    expect([...api.records.documents.values()].join()).not.toContain("k3y");
    const same = { target: { kind: "webhook", url: hook.url } };
    expect((await admin.patch(`/channels/${made.id}`).send(same).expect(200)).body).toMatchObject({ target: { signingKey: "••••••••" } });
    const other = { target: { kind: "webhook", url: `${hook.url}/other`, signingKey: "••••••••" } };
    expect((await admin.patch(`/channels/${made.id}`).send(other).expect(200)).body).toMatchObject({ target: { signingKey: null } });
  });

  it("reports the far end's real answer to a test", async () => {
    const { id } = (await admin.post("/channels").send(channelTo(hook.url)).expect(201)).body as Channel;
    expect((await operator.post(`/channels/${id}/test`).expect(200)).body).toMatchObject({ ok: true, detail: "200 thanks" });
    expect(hook.told()).toEqual(["test"]);
    Object.assign(hook, { status: 403, answer: "no such hook" });
    expect((await operator.post(`/channels/${id}/test`).expect(200)).body).toMatchObject({ ok: false, detail: "403 no such hook" });
  });

  it.each([
    [{ target: { kind: "webhook", url: "ftp://x" } }, "target.url", /must be an address/],
    [{ target: { kind: "telegram", chatId: "5" } }, "target.botToken", /enter the token of a bot/],
    [{ templates: { opened: "{{tittle}}", changed: null, closed: null } }, "templates.opened", /no field {{tittle}} \(line 1, column 1\)/],
    [{ timeZone: "Mars/Base" }, "timeZone", /must be a time zone/],
    [{ budgetPerHour: 0 }, "budgetPerHour", /.+/],
  ])("refuses %j with the place and the reason", async (fields, field, detail) => {
    const problem = (await admin.post("/channels").send(channelTo(hook.url, fields)).expect(400)).body as unknown;
    expect(problem).toMatchObject({ field, detail: expect.stringMatching(detail) as string });
  });

  it("lets an administrator alone open private addresses, and nobody else move a channel that may reach them", async () => {
    expect((await operator.post("/channels").send(channelTo(hook.url)).expect(403)).body).toMatchObject({ field: "allowPrivate" });
    const { id } = (await admin.post("/channels").send(channelTo(hook.url)).expect(201)).body as Channel;
    await operator.patch(`/channels/${id}`).send({ target: { kind: "webhook", url: "http://127.0.0.1:22/" } }).expect(403); // prettier-ignore
    await operator.patch(`/channels/${id}`).send({ name: "Night shift" }).expect(200);
    const outside = (
      await operator
        .post("/channels")
        .send(channelTo(hook.url, { name: "Out", allowPrivate: false }))
        .expect(201)
    ).body as Channel;
    const tested = (await operator.post(`/channels/${outside.id}/test`).expect(200)).body as unknown;
    expect(tested).toMatchObject({ ok: false, detail: expect.stringContaining("private or local address") as string });
    await operator.patch(`/channels/${outside.id}`).send({ allowPrivate: true }).expect(403);
    expect(hook.got).toEqual([]);
  });

  it("keeps messages to the allowed targets", async () => {
    const { id } = (await admin.post("/channels").send(channelTo(hook.url)).expect(201)).body as Channel;
    await admin.put("/settings/notifications").send({ allowedTargets: ["*.example.com", "hooks.example.org:8443"], heartbeat: null }).expect(200); // prettier-ignore
    const { detail } = (await admin.post(`/channels/${id}/test`).expect(200)).body as { detail: string };
    expect(detail).toContain("is not among the allowed targets");
    await admin
      .put("/settings/notifications")
      .send({ allowedTargets: ["127.0.0.1"], heartbeat: null })
      .expect(200);
    expect((await admin.post(`/channels/${id}/test`).expect(200)).body).toMatchObject({ ok: true });
    const wrong = await admin
      .put("/settings/notifications")
      .send({ allowedTargets: ["http://x"], heartbeat: null })
      .expect(400);
    expect(wrong.body).toMatchObject({ field: "allowedTargets.0" });
    await operator.get("/settings/notifications").expect(403);
  });

  it("previews a template on an example and on a real incident, and refuses an unknown field with its place", async () => {
    const templates = { opened: "{{title}} at {{openedAt}}", changed: null, closed: null };
    const { title, text } = (await operator.post("/channels/preview").send({ templates, event: "opened" }).expect(200)).body as Preview;
    expect(title).toBe("Critical: 46 of 48 miners in rack B07 became unreachable within 20 s (an example)");
    expect(text).toBe(`${title} at 2026-09-21 14:01 UTC`);
    await run(180, "silent");
    const real = await operator.post("/channels/preview").send({ templates, event: "opened", incidentId: "i1" }).expect(200);
    expect((real.body as Preview).title).toBe("Warning: 10.0.0.1 became unreachable: no answer");
    const bad = { templates: { ...templates, closed: "over\n  {{whn}}" }, event: "opened" };
    expect((await operator.post("/channels/preview").send(bad).expect(400)).body).toMatchObject({
      field: "templates.closed",
      detail: expect.stringContaining("{{whn}} (line 2, column 3)") as string,
    });
    const gone = await operator.post("/channels/preview").send({ templates, event: "opened", incidentId: "i99" }).expect(400);
    expect(gone.body).toMatchObject({ field: "incidentId" });
  });

  it("writes each change into the audit log, without secrets", async () => {
    const { id } = (await admin.post("/channels").send(channelTo(hook.url)).expect(201)).body as Channel;
    await admin.post(`/channels/${id}/test`).expect(200);
    await admin.patch(`/channels/${id}`).send({ enabled: false }).expect(200);
    await admin.delete(`/channels/${id}`).expect(204);
    await admin.delete(`/channels/${id}`).expect(404);
    expect(api.history.audit.map(({ action, target, result }) => `${action} ${target === id} ${result}`)).toEqual([
      "channel.create true done",
      "channel.test true done",
      "channel.change true done",
      "channel.delete true done",
      "channel.delete true refused",
    ]);
    expect(JSON.stringify(api.history.audit)).not.toContain("k3y");
  });
});

describe("/routes", () => {
  it("send by severity, and a deleted channel leaves them", async () => {
    const page = await FarEnd.open();
    const { id } = (await admin.post("/channels").send(channelTo(hook.url)).expect(201)).body as Channel;
    const other = (
      await admin
        .post("/channels")
        .send(channelTo(page.url, { name: "Pager" }))
        .expect(201)
    ).body as Channel;
    const made = await operator
      .post("/routes")
      .send({ name: "Info", severities: ["info"], channelIds: [id] })
      .expect(201);
    await run(180, "silent"); // a warning, or worse
    expect([hook.told(), page.told()]).toEqual([[], ["opened i1"]]); // no route names the pager
    const { id: routeId } = made.body as { id: string };
    await operator
      .patch(`/routes/${routeId}`)
      .send({ severities: [], channelIds: [id, other.id] })
      .expect(200);
    await admin.delete(`/channels/${id}`).expect(204);
    expect((await operator.get(`/routes/${routeId}`).expect(200)).body).toMatchObject({ severities: [], channelIds: [other.id] });
    await operator.delete(`/routes/${routeId}`).expect(204);
    expect((await operator.get("/routes").expect(200)).body).toMatchObject({ items: [], totalCount: 0 });
  });

  it.each([
    [{ channelIds: ["nowhere"] }, "channelIds", /no channel nowhere/],
    [{ escalation: [{ afterMinutes: 5, channelIds: ["nowhere"] }] }, "escalation.0.channelIds", /no channel nowhere/],
    [{ hours: [{ days: [8], from: "08:00", to: "16:00" }] }, "hours.0.days.0", /.+/],
    [{ quietHours: [{ days: [1], from: "8 pm", to: "06:00" }] }, "quietHours.0.from", /must be a time like 22:30/],
  ])("refuse %j with the place and the reason", async (fields, field, detail) => {
    const problem = (
      await operator
        .post("/routes")
        .send({ name: "Night", channelIds: [], ...fields })
        .expect(400)
    ).body as unknown;
    expect(problem).toMatchObject({ field, detail: expect.stringMatching(detail) as string });
  });
});

describe("/deliveries", () => {
  it("show dead letters with the far end's answer, and send them again when asked to", async () => {
    Object.assign(hook, { status: 410, answer: "gone" });
    const { id } = (await admin.post("/channels").send(channelTo(hook.url)).expect(201)).body as Channel;
    await run(180, "silent");
    const dead = (await operator.get(`/deliveries?state=dead&channel=${id}`).expect(200)).body as { items: Delivery[] };
    expect(dead.items).toMatchObject([{ id: "d1", incidentId: "i1", event: "opened", detail: "410 gone" }]);
    expect((await operator.get(`/channels/${id}`).expect(200)).body).toMatchObject({
      deadCount: 1,
      lastError: "410 gone",
      lastSentAtMs: null,
    });
    hook.status = 200;
    expect((await operator.post("/deliveries/d1/retry").expect(200)).body).toMatchObject({ id: "d1", state: "queued" });
    await api.notifications.settled();
    expect((await operator.get("/deliveries/d1").expect(200)).body).toMatchObject({ state: "sent", detail: "200 gone" });
    expect((await operator.post("/deliveries/d1/retry").expect(409)).body).toMatchObject({
      detail: "Delivery d1 is sent; only dead letters are sent again",
    });
    expect((await operator.post("/deliveries/retry").send({ channelId: id }).expect(200)).body).toEqual({ queuedCount: 0 });
    const { text } = await api.call.get("/metrics").expect(200);
    expect(text).toContain('hashwatch_deliveries_total{channel="Ops hook",result="sent"} 1');
    expect(text).toContain('hashwatch_deliveries_total{channel="Ops hook",result="dead"} 1');
  });
});

describe("/heartbeat", () => {
  it("is pinged on request with the far end's own answer, and not while a part is down", async () => {
    await run(10, "well");
    expect((await admin.post("/heartbeat/test").expect(409)).body).toMatchObject({ detail: expect.stringContaining("save an address") as string }); // prettier-ignore
    const heartbeat = { url: hook.url, intervalMs: 60_000, allowPrivate: false };
    await admin.put("/settings/notifications").send({ allowedTargets: [], heartbeat }).expect(200);
    expect((await admin.post("/heartbeat/test").expect(200)).body).toMatchObject({
      ok: false,
      detail: expect.stringContaining("private or local address") as string,
    });
    expect(hook.got).toEqual([]);
    await admin.put("/settings/notifications").send({ allowedTargets: [], heartbeat: { ...heartbeat, allowPrivate: true } }).expect(200); // prettier-ignore
    expect((await admin.post("/heartbeat/test").expect(200)).body).toMatchObject({ ok: true, detail: "200 thanks" });
    hook.status = 503;
    expect((await admin.post("/heartbeat/test").expect(200)).body).toMatchObject({ ok: false, detail: "503 thanks" });
    expect((await admin.get("/heartbeat").expect(200)).body).toMatchObject({ lastPingAtMs: api.time.nowMs, lastError: "503 thanks" });
    expect(hook.got.map(({ method }) => method)).toEqual(["GET", "GET"]);
    api.time.nowMs += 60_000;
    api.fleet.sweep(api.time.nowMs);
    expect((await admin.post("/heartbeat/test").expect(409)).body).toMatchObject({ detail: expect.stringContaining("polling is down") as string }); // prettier-ignore
    expect(hook.got.length).toBe(2);
    await operator.post("/heartbeat/test").expect(403);
  });

  it("lists the parts, as /readyz does, whose status is that of store and ingest alone", async () => {
    await run(10, "well");
    const alive = { alive: true, detail: "" };
    const parts = { polling: alive, ingest: alive, evaluation: alive, delivery: alive };
    expect(
      (
        await api
          .as(await api.tokenOf("viewer"))
          .get("/heartbeat")
          .expect(200)
      ).body,
    ).toMatchObject({ parts, lastPingAtMs: null });
    expect((await api.call.get("/readyz").expect(200)).body).toEqual({ ready: true, detail: "", parts });
    api.time.nowMs += 60_000;
    api.fleet.sweep(api.time.nowMs);
    expect((await api.call.get("/readyz").expect(200)).body).toMatchObject({
      ready: true,
      parts: { polling: { alive: false }, ingest: alive, evaluation: { alive: false }, delivery: { alive: false } },
    });
    expect((await api.call.get("/metrics").expect(200)).text).toContain('hashwatch_part_alive{part="polling"} 0');
  });
});
