import { createHmac } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import type { Channel } from "../../../server/contract/channels.ts";
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
});
