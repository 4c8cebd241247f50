/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-return -- supertest gives bodies as any; what they hold is what is tested */
import { beforeEach, describe, expect, it } from "vitest";
import type { Series } from "../../../server/contract/api.ts";
import { startApi, type TestApi } from "./httpHelp.ts";

describe("miners", () => {
  let api: TestApi;
  let viewer: ReturnType<TestApi["as"]>;
  let operator: ReturnType<TestApi["as"]>;
  beforeEach(async () => {
    api = await startApi();
    viewer = api.as(await api.tokenOf("viewer"));
    operator = api.as(await api.tokenOf("operator"));
  });
  const idsOf = (response: { body: { items: { id: string }[] } }) => response.body.items.map(({ id }) => id);

  it("lists rows with page, filter, search and sort", async () => {
    const first = await viewer.get("/miners?limit=2&sort=-address");
    expect([idsOf(first), first.body.totalCount]).toEqual([["m3", "m2"], 3]);
    const second = await viewer.get(`/miners?limit=2&sort=-address&cursor=${first.body.nextCursor}`);
    expect([idsOf(second), second.body.nextCursor]).toEqual([["m1"], null]);
    expect(idsOf(await viewer.get("/miners?site=s2"))).toEqual(["m3"]);
    expect(idsOf(await viewer.get("/miners?status=degraded,hashing&status=paused&model=S19%20Pro"))).toEqual(["m1", "m2", "m3"]);
    expect(idsOf(await viewer.get("/miners?q=10.0.0.2"))).toEqual(["m2"]);
    expect(idsOf(await viewer.get("/miners?controlBoard=zynq"))).toEqual([]);
  });

  it.each([
    ["limit=0", "limit"],
    ["limit=1001", "limit"],
    ["limit=x", "limit"],
    ["status=broken", "status.0"],
    ["sort=password", "sort"],
    ["colour=red", "colour"],
    ["cursor=junk", "cursor"],
  ])("names the parameter at fault: %s", async (query, field) => {
    const response = await viewer.get(`/miners?${query}`);
    expect([response.status, response.body.field]).toEqual([400, field]);
  });

  it("gives CSV whose cells no spreadsheet takes for a formula", async () => {
    await operator.patch("/miners/m1").send({ name: '=HYPERLINK("http://evil.example")', tags: ["@sum", "b"], note: "-2+3" });
    const response = await viewer.get("/miners?limit=1&sort=id").set("accept", "text/csv");
    expect(response.headers["content-type"]).toBe("text/csv; charset=utf-8");
    const [header = "", row = ""] = response.text.split("\r\n");
    expect(header).toContain("id,siteId,rackId,slot,agentId,name,tags,note,address,port,");
    expect(header).toContain("firmware.family,firmware.version");
    expect(row).toContain('"\'=HYPERLINK(""http://evil.example"")",\'@sum b,\'-2+3,10.0.0.1,4028');
    expect(response.headers["x-total-count"]).toBe("3");
    expect(response.headers.link).toMatch(/^<\/api\/v1\/miners\?limit=1&sort=id&cursor=[\w-]+>; rel="next"$/);
  });

  it("shows one miner with its sample, evidence and events", async () => {
    api.history.events = [{ atMs: 1, kind: "status", text: "hashing", status: "hashing", reason: "ok" }];
    const { body, status } = await viewer.get("/miners/m1");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: "m1",
      siteId: "s1",
      address: "10.0.0.1",
      model: "S19 Pro",
      lastFailure: null,
      events: [{ text: "hashing" }],
    });
    expect(body.sample.minerId).toBe("m1");
    expect((await viewer.get("/miners/m99")).status).toBe(404);
    expect((await viewer.get("/miners/%2e%2e")).status).toBe(404);
  });

  it("changes name, tags, note and place, and refuses places that are not there or taken", async () => {
    const rack = await api.directory.createRack({ siteId: "s1", name: "A", rows: 2, columns: 2 });
    const foreign = await api.directory.createRack({ siteId: "s2", name: "A", rows: 2, columns: 2 });
    const placed = await operator.patch("/miners/m1").send({ name: "first", rackId: rack.id, slot: 4 });
    expect([placed.status, placed.body.name, placed.body.rackId, placed.body.slot]).toEqual([200, "first", rack.id, 4]);
    const refused = async (body: object) => {
      const response = await operator.patch("/miners/m2").send(body);
      return [response.status, response.body.field];
    };
    expect(await refused({ rackId: rack.id, slot: 4 })).toEqual([409, "slot"]);
    expect(await refused({ rackId: rack.id, slot: 5 })).toEqual([400, "slot"]);
    expect(await refused({ slot: 1 })).toEqual([400, "slot"]);
    expect(await refused({ rackId: foreign.id })).toEqual([400, "rackId"]);
    expect(await refused({ status: "hashing" })).toEqual([400, "status"]);
    expect(await refused({ tags: [""] })).toEqual([400, "tags.0"]);
    const moved = await operator.patch("/miners/m1").send({ rackId: null });
    expect([moved.body.rackId, moved.body.slot]).toEqual([null, null]);
    expect((await viewer.patch("/miners/m1").send({ name: "x" })).status).toBe(403);
  });

  it("forgets a miner", async () => {
    expect((await viewer.delete("/miners/m1")).status).toBe(403);
    expect((await operator.delete("/miners/m1")).status).toBe(204);
    expect((await operator.delete("/miners/m1")).status).toBe(404);
    expect(idsOf(await viewer.get("/miners"))).toEqual(["m2", "m3"]);
  });

  it("fetches raw replies, or says that the agent is not there", async () => {
    expect((await viewer.get("/miners/m1/replies")).status).toBe(503);
    api.agentLink.replies = { fetchedAtMs: 5, replies: [{ command: "stats", atMs: 4, text: "{}", failure: null }] };
    expect((await viewer.get("/miners/m1/replies")).body).toEqual(api.agentLink.replies);
    api.history.malformed = [{ atMs: 1, command: "stats", failure: "undecodable", bytes: Uint8Array.of(0, 255) }];
    expect((await viewer.get("/miners/m1/malformed")).body.items).toEqual([
      { atMs: 1, command: "stats", failure: "undecodable", base64: "AP8=" },
    ]);
  });

  it("says of a series which spans of it came late, by the miner's agent, the site and the fleet", async () => {
    const late = { polledAtMs: 50_000, spacingMs: 10_000, nowMs: 500_000 };
    api.backfill.note({ agentId: api.agentId, siteId: "s1" }, late);
    api.backfill.note({ agentId: api.agentId, siteId: "s1" }, { ...late, polledAtMs: 65_000 });
    const viewer = api.as(await api.tokenOf("viewer"));
    const backfilledOf = async (path: string) => {
      const { body } = await viewer.get(`${path}/series?metrics=hashrateHs&fromMs=0&toMs=60000`);
      return (body as Series).backfilled;
    };
    for (const path of ["/miners/m1", "/sites/s1", "/fleet"]) expect(await backfilledOf(path)).toEqual([[50_000, 60_000]]);
    for (const path of ["/miners/m3", "/sites/s2"]) expect(await backfilledOf(path)).toEqual([]);
  });

  it("reads series by metric, time and step", async () => {
    const response = await viewer.get(
      "/miners/m2/series?metrics=hashrateHs,chipTempCMax:max,hashboard.3.freqMhz,fan.2.rpm:min&fromMs=0&toMs=120000&stepMs=60000",
    );
    expect(response.body.series.hashrateHs).toEqual([1, null]);
    expect(api.history.queries.at(-1)).toEqual({
      target: { minerKey: 2 },
      metrics: ["hashrateHs", "chipTempCMax:max", "hashboard.3.freqMhz", "fan.2.rpm:min"],
      fromMs: 0,
      toMs: 120_000,
      stepMs: 60_000,
    });
    await viewer.get("/sites/s2/series?metrics=hashrateHs:p95,status:hashing");
    expect(api.history.queries.at(-1)).toEqual({
      target: { siteKey: 2 },
      metrics: ["hashrateHs:p95", "status:hashing"],
      fromMs: api.time.nowMs - 86_400_000,
      toMs: api.time.nowMs,
      stepMs: null,
    });
  });

  it.each([
    ["/miners/m1/series", "metrics"],
    ["/miners/m1/series?metrics=hashrate", "metrics"],
    ["/miners/m1/series?metrics=hashrateHs:p95", "metrics"],
    ["/miners/m1/series?metrics=status:hashing", "metrics"],
    ["/fleet/series?metrics=fan.1.rpm", "metrics"],
    ["/fleet/series?metrics=status:dancing", "metrics"],
    ["/fleet/series?metrics=powerW&fromMs=5&toMs=5", "fromMs"],
    ["/fleet/series?metrics=powerW&fromMs=x", "fromMs"],
    ["/fleet/series?metrics=powerW&fromMs=0&toMs=2001000&stepMs=1000", "stepMs"],
  ])("refuses %s by its %s", async (path, field) => {
    const response = await viewer.get(path);
    expect([response.status, response.body.field]).toEqual([400, field]);
  });
});

describe("the fleet", () => {
  it("has totals for all, for one site, and 404 for a site that is not there", async () => {
    const api = await startApi();
    const viewer = api.as(await api.tokenOf("viewer"));
    const { body } = await viewer.get("/fleet");
    expect(body).toMatchObject({ atMs: api.time.nowMs, minerCount: 3, reportingCount: 3, statusCounts: { hashing: 3, unknown: 0 } });
    expect((await viewer.get("/fleet?site=s2")).body.minerCount).toBe(1);
    expect((await viewer.get("/fleet?site=s9")).status).toBe(404);
  });

  it("gives its identity once per state: gzip, ETag, 304, and anew after a change", async () => {
    const api = await startApi();
    const viewer = api.as(await api.tokenOf("viewer"));
    const first = await viewer.get("/fleet/identity").set("accept-encoding", "gzip").buffer(true);
    expect(first.headers["content-encoding"]).toBe("gzip");
    expect(first.body.address).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
    const etag = first.headers.etag;
    expect(etag).toMatch(/^W\/"[^"]+"$/);
    const again = await viewer.get("/fleet/identity").set("if-none-match", etag);
    expect([again.status, again.text, again.headers.etag]).toEqual([304, "", etag]);
    const plain = await viewer.get("/fleet/identity").set("accept-encoding", "identity");
    expect([plain.headers["content-encoding"], plain.body.id]).toEqual([undefined, ["m1", "m2", "m3"]]);
    await api
      .as(await api.tokenOf("operator"))
      .patch("/miners/m1")
      .send({ name: "renamed" });
    const changed = await viewer.get("/fleet/identity").set("if-none-match", etag);
    expect([changed.status, changed.body.name[0]]).toEqual([200, "renamed"]);
  });

  it("shows the frame of now, and 404 where no minute is stored", async () => {
    const api = await startApi();
    const viewer = api.as(await api.tokenOf("viewer"));
    const { body } = await viewer.get("/fleet/frame");
    expect([body.atMs, body.minerIds, body.status, body.reason]).toEqual([
      api.time.nowMs,
      ["m1", "m2", "m3"],
      ["hashing", "hashing", "hashing"],
      ["ok", "ok", "ok"],
    ]);
    const past = await viewer.get("/fleet/frame?atMs=5");
    expect([past.status, past.body.field]).toEqual([404, "atMs"]);
  });
});
