import { beforeEach, describe, expect, it } from "vitest";
import type { AlertRule, Incident, RulePreview, Silence } from "../../../server/contract/incidents.ts";
import { failureEntry, sampleEntry } from "../fleet/fakes.ts";
import { startApi, type TestApi } from "./httpHelp.ts";

let api: TestApi;
let operator: ReturnType<TestApi["as"]>;
let viewer: ReturnType<TestApi["as"]>;

beforeEach(async () => {
  api = await startApi();
  operator = api.as(await api.tokenOf("operator"));
  viewer = api.as(await api.tokenOf("viewer"));
});

/** Time passes; m1 is silent and the others answer. */
async function silence(seconds: number): Promise<void> {
  for (let s = 0; s < seconds; s++) {
    api.time.nowMs += 1000;
    const origin = { agentId: api.agentId, siteId: "s1", atMs: api.time.nowMs };
    const other = { agentId: api.otherAgentId, siteId: "s2", atMs: api.time.nowMs };
    api.fleet.agentAlive(origin.agentId, api.time.nowMs, 10_000);
    api.fleet.agentAlive(other.agentId, api.time.nowMs, 10_000);
    if (s % 10 === 0) {
      api.fleet.takeFailure(failureEntry("10.0.0.1"), origin);
      api.fleet.takeSample(sampleEntry("10.0.0.2"), origin);
      api.fleet.takeSample(sampleEntry("10.0.0.3"), other);
    }
    api.fleet.sweep(api.time.nowMs);
    await api.alerts.evaluate(api.time.nowMs);
  }
}

const WARM = { name: "Warm", holdMs: 60_000, severity: "info", condition: { kind: "chipTemp", enter: 60, leave: 55 } };

describe("/alert-rules", () => {
  it("lists the built-in rules, on from the first start, and own ones behind them", async () => {
    const made = await operator.post("/alert-rules").send(WARM).expect(201);
    const body = (await viewer.get("/alert-rules").expect(200)).body as unknown;
    const rules = (body as { items: AlertRule[] }).items;
    expect(rules.filter(({ builtIn }) => builtIn).length).toBeGreaterThanOrEqual(29);
    expect(rules.every(({ enabled }) => enabled)).toBe(true);
    expect(rules.at(-1)).toMatchObject({ id: (made.body as AlertRule).id, name: "Warm", builtIn: false, pendingCount: 0, firingCount: 0 });
  });

  it("changes, switches off and deletes, each with an audit entry; a built-in one stays", async () => {
    const { id } = (await operator.post("/alert-rules").send(WARM).expect(201)).body as AlertRule;
    expect((await operator.patch(`/alert-rules/${id}`).send({ holdMs: 5000 }).expect(200)).body).toMatchObject({
      holdMs: 5000,
      name: "Warm",
    });
    expect((await operator.patch("/alert-rules/unreachable").send({ enabled: false }).expect(200)).body).toMatchObject({ enabled: false });
    await operator.delete(`/alert-rules/${id}`).expect(204);
    await viewer.get(`/alert-rules/${id}`).expect(404);
    await operator.delete("/alert-rules/unreachable").expect(409);
    expect(api.history.audit.map(({ action, result }) => `${action} ${result}`)).toEqual([
      "alertRule.create done",
      "alertRule.change done",
      "alertRule.change done",
      "alertRule.delete done",
      "alertRule.delete refused",
    ]);
  });

  it.each([
    [{ ...WARM, condition: { kind: "chipTemp", enter: 60, leave: 65 } }, "condition.leave", /leave: 65 must be at most 60/],
    [{ ...WARM, condition: { kind: "lowHashrate", enter: 80, leave: null } }, "condition.enter", /between 0 and 1/],
    [{ ...WARM, condition: { kind: "rejects", enter: 0 } }, "condition.enter", /always hold/],
    [{ ...WARM, scope: { siteIds: ["s9"] } }, "scope.siteIds", /no site s9/],
    [{ ...WARM, condition: { kind: "agentDown" }, scope: { models: ["S19"] } }, "scope.models", /narrowed/],
    [{ ...WARM, condition: { kind: "gone" } }, "condition.kind", /.+/],
  ])("refuses %j with the place and the reason", async (body, field, detail) => {
    for (const path of ["/alert-rules", "/alert-rules/preview"]) {
      const problem = (await operator.post(path).send(body).expect(400)).body as unknown;
      expect(problem).toMatchObject({ field, detail: expect.stringMatching(detail) as string });
    }
  });

  it("refuses a second rule of a name, and another condition for a built-in one", async () => {
    await operator.post("/alert-rules").send(WARM).expect(201);
    await operator.post("/alert-rules").send(WARM).expect(409);
    await operator
      .patch("/alert-rules/unreachable")
      .send({ condition: { kind: "apiDown" } })
      .expect(409);
  });

  it("previews whom a rule would touch now and how often it would have fired", async () => {
    api.history.events = [
      { atMs: api.time.nowMs - 3_600_000, kind: "status", text: "", status: "hashing", reason: "ok" },
      { atMs: api.time.nowMs - 7_200_000, kind: "status", text: "", status: "unreachable", reason: "timeout" },
    ];
    const hot = (await operator.post("/alert-rules/preview").send(WARM).expect(200)).body as RulePreview;
    expect(hot).toMatchObject({
      scopeCount: 3,
      metCount: 3,
      unknownCount: 0,
      met: [{ id: "m1", value: 70, detail: "70 °C, limit 60 °C" }, {}, {}],
    });
    const silent = { ...WARM, name: "Silent", condition: { kind: "unreachable" }, scope: { siteIds: ["s1"] } };
    const { history, metCount } = (await operator.post("/alert-rules/preview").send(silent).expect(200)).body as RulePreview;
    expect(metCount).toBe(0);
    expect(history).toMatchObject({ firedCount: 2, firedMinerCount: 2, readMinerCount: 2, perDay: [0, 0, 0, 0, 0, 0, 2] });
    const pools = { ...WARM, name: "Pools", condition: { kind: "poolOutside", pools: ["*.example:*"] } };
    expect((await operator.post("/alert-rules/preview").send(pools).expect(200)).body).toMatchObject({
      metCount: 0,
      history: { firedCount: null },
    });
  });

  it("lets nobody change rules who may not, nor for sites that are not theirs", async () => {
    await viewer.post("/alert-rules").send(WARM).expect(403);
    const north = api.as(await api.tokenOf("operator", ["s2"]));
    expect((await north.post("/alert-rules").send(WARM).expect(403)).body).toMatchObject({ field: "scope.siteIds" });
    await north.post("/alert-rules").send({ ...WARM, scope: { siteIds: ["s2"] } }).expect(201); // prettier-ignore
    await north.patch("/alert-rules/unreachable").send({ enabled: false }).expect(403);
  });
});

describe("/incidents", () => {
  it("shows what happened, with why it stands there and who is a member", async () => {
    await silence(120);
    const body = (await viewer.get("/incidents").expect(200)).body as unknown;
    expect(body).toMatchObject({
      totalCount: 1,
      items: [{ id: "i1", state: "open", severity: "warning", cause: "unreachable", siteId: "s1" }],
    });
    const incident = (await viewer.get("/incidents/i1").expect(200)).body as Incident;
    expect(incident.explanation).toBe("10.0.0.1 became unreachable: no answer");
    expect(incident.members).toMatchObject([{ id: "m1", state: "firing", address: "10.0.0.1:4028" }]);
    expect((await viewer.get("/incidents/i1/members").expect(200)).body).toMatchObject({ totalCount: 1 });
    const metrics = (await api.call.get("/metrics").expect(200)).text;
    expect(metrics).toContain('hashwatch_alerts{state="firing"} 1');
    expect(metrics).toContain('hashwatch_incidents{state="open"} 1');
    expect(metrics).toMatch(/hashwatch_alert_evaluation_seconds_total [0-9.e-]+/);
  });

  it("filters and sorts, and shows each caller their sites alone", async () => {
    await silence(120);
    const count = async (query: string): Promise<number> =>
      ((await viewer.get(`/incidents?${query}`).expect(200)).body as { totalCount: number }).totalCount;
    expect(await count("state=open&severity=warning,critical&kind=miner&site=s1&sort=-severity")).toBe(1);
    expect(await count("state=closed")).toBe(0);
    expect(await count("kind=rack")).toBe(0);
    expect(await count("scope=m1,m2")).toBe(1);
    expect(await count("scope=m2")).toBe(0);
    await viewer.get("/incidents?sort=colour").expect(400);
    const north = api.as(await api.tokenOf("operator", ["s2"]));
    expect((await north.get("/incidents").expect(200)).body).toMatchObject({ totalCount: 0 });
    await north.get("/incidents/i1").expect(404);
    await north.post("/incidents/i1/resolve").expect(404);
  });

  it("are found by a machine that is or was a member, open and closed", async () => {
    await silence(120);
    const idsOf = async (caller: ReturnType<TestApi["as"]>, query: string): Promise<string[]> => {
      const body = (await caller.get(`/incidents?${query}`).expect(200)).body as unknown;
      return (body as { items: Incident[] }).items.map(({ id }) => id);
    };
    expect(await idsOf(viewer, "miner=m1")).toEqual(["i1"]);
    expect(await idsOf(viewer, "miner=m2")).toEqual([]);
    await operator.post("/incidents/i1/resolve").expect(200);
    expect(await idsOf(viewer, "miner=m1")).toEqual(["i1"]);
    expect(await idsOf(viewer, "miner=m2,m1&state=closed")).toEqual(["i1"]);
    expect(await idsOf(viewer, "miner=m1&state=open")).toEqual([]);
    expect(await idsOf(api.as(await api.tokenOf("viewer", ["s2"])), "miner=m1")).toEqual([]);
    await viewer.get(`/incidents?miner=${"x".repeat(200)}`).expect(400);
  });

  it("is acknowledged, assigned, snoozed, noted and resolved, each by name and in the audit log", async () => {
    await silence(120);
    const { nowMs } = api.time;
    await viewer.post("/incidents/i1/acknowledge").expect(403);
    expect((await operator.post("/incidents/i1/acknowledge").expect(200)).body).toMatchObject({ state: "acknowledged" });
    expect((await operator.post("/incidents/i1/assign").send({ assignee: "bert" }).expect(200)).body).toMatchObject({ assignee: "bert" });
    expect(
      (
        await operator
          .post("/incidents/i1/snooze")
          .send({ untilMs: nowMs + 60_000 })
          .expect(200)
      ).body,
    ).toMatchObject({ suppressedBy: "snooze" });
    expect((await operator.post("/incidents/i1/snooze").send({ untilMs: nowMs }).expect(400)).body).toMatchObject({ field: "untilMs" });
    await operator.post("/incidents/i1/notes").send({ text: "Went there" }).expect(201);
    expect((await operator.post("/incidents/i1/resolve").expect(200)).body).toMatchObject({ state: "closed" });
    await operator.post("/incidents/i1/acknowledge").expect(409);
    await operator.post("/incidents/i1/notes").send({ text: "It was the plug" }).expect(201);
    const incident = (await viewer.get("/incidents/i1").expect(200)).body as Incident;
    expect(incident.notes.map(({ text }) => text)).toEqual(["Went there", "It was the plug"]);
    expect(incident.timeline.map(({ kind }) => kind)).toEqual([
      "opened",
      "acknowledged",
      "assigned",
      "snoozed",
      "noted",
      "resolved",
      "noted",
    ]);
    expect(api.history.audit.filter(({ result }) => result === "done").map(({ action, target }) => `${action} ${target}`)).toContain(
      "incident.snooze i1",
    );
  });

  it("acknowledges several at once and says which it skipped", async () => {
    await silence(120);
    const body = (
      await operator
        .post("/incidents/acknowledge")
        .send({ ids: ["i1", "i7"] })
        .expect(200)
    ).body as unknown;
    expect(body).toEqual({ acknowledgedIds: ["i1"], skippedIds: ["i7"] });
  });
});

describe("/silences", () => {
  const NIGHT = { name: "Night", kind: "silence", when: { kind: "cron", cron: "0 22 * * *", durationMs: 8 * 3_600_000 } };

  it("are set once or by cron expression, changed and deleted, and tell when they are open", async () => {
    const made = (await operator.post("/silences").send(NIGHT).expect(201)).body as Silence;
    expect(made.endsAtMs! - made.startsAtMs!).toBe(8 * 3_600_000);
    expect(new Date(made.startsAtMs!).getHours()).toBe(22);
    const { nowMs } = api.time;
    const once = {
      ...NIGHT,
      name: "Work",
      kind: "maintenance",
      scope: { siteIds: ["s1"] },
      when: { kind: "once", fromMs: nowMs - 1, toMs: nowMs + 60_000 },
    };
    const { id } = (await operator.post("/silences").send(once).expect(201)).body as Silence;
    expect((await viewer.get(`/silences/${id}`).expect(200)).body).toMatchObject({ active: true, endsAtMs: nowMs + 60_000 });
    await silence(2);
    expect(api.fleet.detail("m2", api.time.nowMs)).toMatchObject({ status: "paused", reason: "maintenance" });
    expect(api.fleet.detail("m3", api.time.nowMs)).toMatchObject({ status: "hashing" });
    expect((await operator.patch(`/silences/${id}`).send({ enabled: false }).expect(200)).body).toMatchObject({ active: false });
    await silence(2);
    expect(api.fleet.detail("m2", api.time.nowMs)).toMatchObject({ status: "hashing" });
    await operator.delete(`/silences/${id}`).expect(204);
    expect((await viewer.get("/silences").expect(200)).body).toMatchObject({ totalCount: 1 });
  });

  it.each([
    [{ kind: "cron", cron: "61 22 * * *", durationMs: 60_000 }, "when.cron", /minute cannot be 61/],
    [{ kind: "cron", cron: "0 22 * *", durationMs: 60_000 }, "when.cron", /five fields/],
    [{ kind: "once", fromMs: 10, toMs: 10 }, "when.toMs", /must end after it begins/],
  ])("refuse %j with the place and the reason", async (when, field, detail) => {
    const body = (
      await operator
        .post("/silences")
        .send({ ...NIGHT, when })
        .expect(400)
    ).body as unknown;
    expect(body).toMatchObject({ field, detail: expect.stringMatching(detail) as string });
  });

  it("are not for viewers, nor for sites that are not theirs", async () => {
    await viewer.post("/silences").send(NIGHT).expect(403);
    const north = api.as(await api.tokenOf("operator", ["s2"]));
    await north.post("/silences").send(NIGHT).expect(403);
  });
});
