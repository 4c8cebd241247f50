/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call -- supertest gives bodies as any; what they hold is what is tested */
import { beforeEach, describe, expect, it } from "vitest";
import { startApi, type TestApi } from "./httpHelp.ts";

let api: TestApi;
let viewer: ReturnType<TestApi["as"]>;
let operator: ReturnType<TestApi["as"]>;
let admin: ReturnType<TestApi["as"]>;
beforeEach(async () => {
  api = await startApi();
  viewer = api.as(await api.tokenOf("viewer"));
  operator = api.as(await api.tokenOf("operator"));
  admin = api.as(await api.tokenOf("admin"));
});
const statusAndField = (response: { status: number; body: { field?: string } }) => [response.status, response.body.field];

describe("sites", () => {
  it("are created, renamed and deleted; numbers are not given twice", async () => {
    const created = await admin.post("/sites").send({ name: " South " });
    expect([created.status, created.body]).toEqual([201, { id: "s3", name: "South", createdAtMs: api.time.nowMs }]);
    expect(statusAndField(await admin.post("/sites").send({ name: "South" }))).toEqual([409, "name"]);
    expect(statusAndField(await admin.post("/sites").send({ name: "" }))).toEqual([400, "name"]);
    expect((await admin.patch("/sites/s3").send({ name: "East" })).body.name).toBe("East");
    expect((await admin.delete("/sites/s3")).status).toBe(204);
    expect((await admin.delete("/sites/s3")).status).toBe(404);
    expect((await viewer.get("/sites/s3")).status).toBe(404);
    expect((await admin.post("/sites").send({ name: "West" })).body.id).toBe("s4");
  });

  it("with miners or agents stay", async () => {
    expect((await admin.delete("/sites/s1")).status).toBe(409);
    await operator.delete("/miners/m3");
    const response = await admin.delete("/sites/s2");
    expect([response.status, response.body.detail]).toEqual([409, "Site North still has 1 agents; delete them first"]);
  });

  it("go with everything in them when that is asked for, but not with the server's own agent", async () => {
    await api.directory.createRack({ siteId: "s2", name: "A1", rows: 1, columns: 1 });
    await api.directory.createRange({ agentId: api.otherAgentId, range: "10.9.0.1" });
    expect((await admin.delete("/sites/s1?everything=true")).status).toBe(409);
    expect((await operator.delete("/sites/s2?everything=true")).status).toBe(403);
    expect((await admin.delete("/sites/s2?everything=true")).status).toBe(204);
    expect((await viewer.get("/sites")).body.totalCount).toBe(1);
    expect((await viewer.get("/miners")).body.totalCount).toBe(2);
    expect([api.directory.racks("s2"), api.directory.ranges(api.otherAgentId), api.directory.agent(api.otherAgentId)]).toEqual([
      [],
      [],
      null,
    ]);
    expect(api.agentLink.disconnected).toEqual([api.otherAgentId]);
    expect((await admin.delete("/sites/s2?everything=true")).status).toBe(404);
  });
});

describe("racks", () => {
  it("are created, changed and deleted; miners of a deleted one stay without a place", async () => {
    const created = await operator.post("/racks").send({ siteId: "s1", name: "A1", rows: 8, columns: 6 });
    expect(created.status).toBe(201);
    const path = `/racks/${created.body.id}`;
    await operator.patch("/miners/m1").send({ rackId: created.body.id, slot: 1 });
    expect((await operator.patch(path).send({ rows: 10 })).body).toEqual({ ...created.body, rows: 10 });
    expect((await viewer.get("/racks?site=s1")).body).toEqual({ items: [{ ...created.body, rows: 10 }], nextCursor: null, totalCount: 1 });
    expect((await operator.delete(path)).status).toBe(204);
    expect((await viewer.get(path)).status).toBe(404);
    expect((await viewer.get("/miners/m1")).body).toMatchObject({ rackId: null, slot: null });
  });

  it("refuse bad input", async () => {
    const post = (body: object) => operator.post("/racks").send({ siteId: "s1", name: "A1", rows: 8, columns: 6, ...body });
    expect(statusAndField(await post({ rows: 0 }))).toEqual([400, "rows"]);
    expect(statusAndField(await post({ siteId: "s9" }))).toEqual([404, "siteId"]);
    await post({});
    expect(statusAndField(await post({}))).toEqual([409, "name"]);
    expect((await operator.patch("/racks/none").send({ rows: 1 })).status).toBe(404);
  });

  it("are filled from CSV: a dry run tells, a run does, a second run changes nothing", async () => {
    const rack = await api.directory.createRack({ siteId: "s1", name: "A1", rows: 2, columns: 2 });
    await operator.patch("/miners/m2").send({ name: "second" });
    const csv = 'address;name;rack;slot\r\n10.0.0.1;;A1;1\r\n;second;"B;2";50\r\n';
    const send = (query: string, text = csv) => operator.post(`/racks/import?site=s1${query}`).type("text/csv").send(text);
    const report = {
      racksCreated: ["B;2"],
      unchangedCount: 0,
      changes: [
        { line: 2, minerId: "m1", address: "10.0.0.1", fromRack: null, fromSlot: null, rack: "A1", slot: 1 },
        { line: 3, minerId: "m2", address: "10.0.0.2", fromRack: null, fromSlot: null, rack: "B;2", slot: 50 },
      ],
      errors: [],
    };
    expect((await send("&dryRun=true")).body).toEqual({ ...report, dryRun: true });
    expect(api.directory.racks("s1")).toEqual([rack]);
    expect((await send("")).body).toEqual({ ...report, dryRun: false });
    const created = api.directory.racks("s1").find(({ name }) => name === "B;2")!;
    expect([created.rows, created.columns]).toEqual([9, 6]);
    expect((await viewer.get("/miners/m2")).body).toMatchObject({ rackId: created.id, slot: 50 });
    expect((await send("")).body).toMatchObject({ changes: [], unchangedCount: 2, racksCreated: [] });
  });

  it("are exported as CSV that an import takes back, whatever their names; an empty rack takes a miner out", async () => {
    const rack = await api.directory.createRack({ siteId: "s1", name: "-1, left", rows: 2, columns: 2 });
    await operator.patch("/miners/m2").send({ rackId: rack.id, slot: 3, name: "=second" });
    const exported = await viewer.get("/racks/export?site=s1");
    expect([exported.status, exported.headers["content-type"]]).toEqual([200, "text/csv; charset=utf-8"]);
    const lines = ["address,name,rack,slot", `10.0.0.2:4028,'=second,"'-1, left",3`, "10.0.0.1:4028,,,", ""];
    expect(exported.text).toBe(lines.join("\r\n"));
    const send = (text: string) => operator.post("/racks/import?site=s1").type("text/csv").send(text);
    expect((await send(exported.text)).body).toMatchObject({ racksCreated: [], changes: [], unchangedCount: 2, errors: [] });
    const out = await send("address,rack,slot\n10.0.0.2,,\n");
    expect(out.body.changes).toMatchObject([{ minerId: "m2", fromRack: "-1, left", fromSlot: 3, rack: null, slot: null }]);
    expect((await viewer.get("/miners/m2")).body).toMatchObject({ rackId: null, slot: null });
    expect((await viewer.get("/racks/export?site=s9")).status).toBe(404);
  });

  it("are not filled at all when a line of the CSV is at fault", async () => {
    await api.directory.createRack({ siteId: "s1", name: "A1", rows: 2, columns: 2 });
    const csv = "address,rack,slot\n10.0.0.1,A1,1\n10.0.0.2,A1,1\n10.0.0.3,A1,2\n10.0.0.1,A1,x\n10.0.0.2,A1,9\n";
    const send = (query: string, text = csv) => operator.post(`/racks/import?site=s1${query}`).type("text/csv").send(text);
    expect((await send("&dryRun=1")).body.errors).toEqual([
      { line: 3, column: "slot", value: "1", detail: "Slot 1 of rack A1 is taken by 10.0.0.1" },
      { line: 4, column: "address", value: "10.0.0.3", detail: 'The site has no miner "10.0.0.3", or more than one' },
      { line: 5, column: "slot", value: "x", detail: 'The slot must be a number from 1 to 10000, got "x"' },
      { line: 6, column: "address", value: "10.0.0.2", detail: "10.0.0.2 stands in the file twice" },
      { line: 6, column: "slot", value: "9", detail: "Rack A1 has 4 slots, not 9" },
    ]);
    const refused = await send("");
    expect([refused.status, refused.body.detail]).toEqual([
      422,
      "Nothing was changed. Line 3: Slot 1 of rack A1 is taken by 10.0.0.1 (5 lines at fault; dryRun=true lists them)",
    ]);
    expect((await viewer.get("/miners/m1")).body.rackId).toBeNull();
    expect((await send("", "place,where\n1,2\n")).status).toBe(422);
    expect((await operator.post("/racks/import?site=s1").send({ csv })).status).toBe(415);
    expect(statusAndField(await operator.post("/racks/import").type("text/csv").send(csv))).toEqual([400, "site"]);
    expect((await viewer.post("/racks/import?site=s1").type("text/csv").send(csv)).status).toBe(403);
  });
});

describe("ranges", () => {
  it("are created, changed and deleted, and name what cannot be read", async () => {
    const post = (range: string) => operator.post("/ranges").send({ agentId: api.agentId, range });
    const created = await post("10.1.0.0/22:4029");
    expect([created.status, created.body]).toEqual([
      201,
      { id: created.body.id, siteId: "s1", agentId: api.agentId, range: "10.1.0.0/22:4029", source: "user" },
    ]);
    for (const range of ["10.1.0.0/33", "10.1.0.9-10.1.0.1", "10.0.0.0/8", "miner.example", "10.0.0.1:0"])
      expect(statusAndField(await post(range))).toEqual([400, "range"]);
    expect(statusAndField(await post("10.0.0.0/24"))).toEqual([409, "range"]);
    expect(statusAndField(await operator.post("/ranges").send({ agentId: "none", range: "10.3.0.1" }))).toEqual([400, "agentId"]);
    const path = `/ranges/${created.body.id}`;
    expect((await operator.patch(path).send({ range: "[FD00::1]:4028" })).body.range).toBe("[fd00::1]:4028");
    expect((await viewer.get(`/ranges?agent=${api.agentId}`)).body.totalCount).toBe(2);
    expect((await viewer.delete(path)).status).toBe(403);
    expect((await operator.delete(path)).status).toBe(204);
    expect((await viewer.get(path)).status).toBe(404);
  });
});

describe("agents", () => {
  it("are created with a code that enrols once within an hour, and stands nowhere else", async () => {
    const created = await admin.post("/agents").send({ siteId: "s1", name: "Hall 2" });
    expect(created.status).toBe(201);
    const { id, code, expiresAtMs } = created.body as { id: string; code: string; expiresAtMs: number };
    expect(expiresAtMs).toBe(api.time.nowMs + 3_600_000);
    expect(JSON.stringify([...api.records.documents])).not.toContain(code.replaceAll("-", ""));
    expect(JSON.stringify(api.history.audit)).not.toContain(code);
    expect((await viewer.get(`/agents/${id}`)).body).toMatchObject({ name: "Hall 2", state: "waiting", codeExpiresAtMs: expiresAtMs });
    const enrolled = await api.directory.enrol(` ${code.toUpperCase()} `, { hostname: "pi", program: "hashwatch 0.1.0" });
    expect(enrolled?.agentId).toBe(id);
    expect(await api.directory.checkAgentKey(id, enrolled!.key)).toBe(true);
    expect(await api.directory.enrol(code, { hostname: "pi", program: "hashwatch 0.1.0" })).toBeNull();
    const late = await admin.post("/agents").send({ siteId: "s1", name: "Hall 3" });
    api.time.nowMs += 3_600_000;
    expect(await api.directory.enrol(late.body.code as string, { hostname: "pi", program: "x" })).toBeNull();
  });

  it("get a new code while they are not enrolled and after they lost their key, and name the address set with --public-url", async () => {
    const {
      id,
      code: first,
      serverUrl,
    } = (await admin.post("/agents").send({ siteId: "s1", name: "Hall 2" })).body as Record<string, string>;
    expect(serverUrl).toBeNull();
    const enrol = (code: string) => api.directory.enrol(code, { hostname: "pi", program: "x" });
    const renew = async () => (await admin.post(`/agents/${id}/code`)).body as { code: string; expiresAtMs: number };
    api.time.nowMs += 1000;
    const second = await renew();
    expect(second.expiresAtMs).toBe(api.time.nowMs + 3_600_000);
    expect(await enrol(first)).toBeNull();
    const { key } = (await enrol(second.code))!;
    const third = await renew();
    expect(await api.directory.checkAgentKey(id, key)).toBe(true);
    const again = (await enrol(third.code))!;
    expect([await api.directory.checkAgentKey(id, key), await api.directory.checkAgentKey(id, again.key)]).toEqual([false, true]);
    expect(api.history.audit.map(({ action }) => action).filter((action) => action === "agent.code")).toHaveLength(2);
    expect(JSON.stringify(api.history.audit)).not.toContain(third.code);
    await admin.patch(`/agents/${id}`).send({ revoked: true });
    expect((await admin.post(`/agents/${id}/code`)).status).toBe(409);
    expect((await admin.post(`/agents/${api.agentId}/code`)).status).toBe(409);
    expect((await operator.post(`/agents/${id}/code`)).status).toBe(403);
    expect((await admin.post("/agents/none/code")).status).toBe(404);
    const named = await startApi({ publicUrl: new URL("https://fleet.example.com") });
    const created = await named
      .as(await named.tokenOf("admin"))
      .post("/agents")
      .send({ siteId: "s1", name: "Hall 2" });
    expect(created.body.serverUrl).toBe("https://fleet.example.com");
  });

  it("keep what they say of themselves", async () => {
    await api.directory.noteAgent(api.agentId, { hostname: "box", program: "hashwatch 0.2.0" });
    expect((await viewer.get(`/agents/${api.agentId}`)).body).toMatchObject({ hostname: "box", program: "hashwatch 0.2.0" });
  });

  it("are renamed, revoked and deleted, and their connection ends", async () => {
    const { id, code } = (await admin.post("/agents").send({ siteId: "s1", name: "Hall 2" })).body as { id: string; code: string };
    const { key } = (await api.directory.enrol(code, { hostname: "pi", program: "x" }))!;
    expect((await admin.patch(`/agents/${id}`).send({ name: "Hall B" })).body.name).toBe("Hall B");
    expect(api.agentLink.disconnected).toEqual([]);
    expect((await admin.patch(`/agents/${id}`).send({ revoked: true })).body.state).toBe("revoked");
    expect(api.agentLink.disconnected).toEqual([id]);
    expect(await api.directory.checkAgentKey(id, key)).toBe(false);
    expect((await admin.delete(`/agents/${id}`)).status).toBe(204);
    expect((await viewer.get(`/agents/${id}`)).status).toBe(404);
    expect((await operator.post("/agents").send({ siteId: "s1", name: "X" })).status).toBe(403);
    expect((await admin.delete(`/agents/${api.agentId}`)).status).toBe(409);
    expect((await admin.patch(`/agents/${api.agentId}`).send({ revoked: true })).status).toBe(409);
    expect(statusAndField(await admin.patch(`/agents/${api.agentId}`).send({ revoked: false }))).toEqual([400, "revoked"]);
  });

  it("scan when they are connected, and show the progress", async () => {
    const scan = (body: object = {}) => operator.post(`/agents/${api.agentId}/scan`).send(body);
    expect((await scan()).status).toBe(409);
    api.agentLink.connected.add(api.agentId);
    const started = await scan({ ranges: ["10.0.0.0/24", " 10.0.1.1 "] });
    expect([started.status, started.headers.location]).toEqual([202, "/api/v1/scans/scan1"]);
    expect(api.agentLink.scanRanges).toEqual([["10.0.0.0/24", "10.0.1.1"]]);
    expect((await viewer.get("/scans/scan1")).body).toMatchObject({ state: "running", totalCount: 256 });
    expect((await viewer.get("/scans")).body.totalCount).toBe(1);
    expect((await viewer.delete("/scans/scan1")).status).toBe(403);
    expect((await operator.delete("/scans/scan1")).body).toMatchObject({ id: "scan1", state: "stopped" });
    expect((await viewer.get("/scans/scan1")).body.state).toBe("stopped");
    expect((await operator.delete("/scans/none")).status).toBe(404);
    expect((await viewer.get("/scans/none")).status).toBe(404);
    expect(statusAndField(await scan({ ranges: ["10.0.0.0/24", "junk"] }))).toEqual([400, "ranges.1"]);
    expect((await viewer.post(`/agents/${api.agentId}/scan`).send({})).status).toBe(403);
  });
});

describe("nodes", () => {
  it("are created, changed and deleted with miners of their site", async () => {
    const created = await operator.post("/nodes").send({ siteId: "s1", kind: "pdu", name: "PDU 1", minerIds: ["m1"] });
    expect([created.status, created.body.minerIds]).toEqual([201, ["m1"]]);
    const path = `/nodes/${created.body.id}`;
    expect((await operator.patch(path).send({ minerIds: ["m1", "m2"] })).body).toMatchObject({ name: "PDU 1", minerIds: ["m1", "m2"] });
    expect(statusAndField(await operator.patch(path).send({ minerIds: ["m1", "m3"] }))).toEqual([400, "minerIds.1"]);
    expect(statusAndField(await operator.post("/nodes").send({ siteId: "s1", kind: "ups", name: "U" }))).toEqual([400, "kind"]);
    expect((await viewer.get("/nodes")).body.totalCount).toBe(1);
    expect((await operator.delete(path)).status).toBe(204);
    expect((await viewer.get(path)).status).toBe(404);
  });
});

describe("settings", () => {
  it("change in parts, whole, and not into nonsense", async () => {
    const before = (await viewer.get("/settings")).body as { thresholds: { model: string | null }[] };
    expect(before.thresholds[0].model).toBeNull();
    const patched = await admin.patch("/settings").send({ pollIntervalMs: 5000 });
    expect(patched.body).toEqual({ ...before, pollIntervalMs: 5000 });
    const hot = { ...before.thresholds[0], chipTempC: 80 };
    const site = await admin.put("/settings").send({ ...patched.body, siteThresholds: { s2: [hot] } });
    expect(site.status).toBe(200);
    expect([api.directory.threshold("S19 Pro", "s2").chipTempC, api.directory.threshold("S19 Pro", "s1").chipTempC]).toEqual([80, 95]);
    expect(statusAndField(await admin.patch("/settings").send({ pollIntervalMs: 10 }))).toEqual([400, "pollIntervalMs"]);
    expect(statusAndField(await admin.patch("/settings").send({ thresholds: [] }))).toEqual([400, "thresholds"]);
    expect(statusAndField(await admin.patch("/settings").send({ siteThresholds: { s9: [hot] } }))).toEqual([400, "siteThresholds.s9"]);
    expect(statusAndField(await admin.put("/settings").send({ units: { temperature: "C" } }))).toEqual([400, "pollIntervalMs"]);
    expect((await operator.patch("/settings").send({ pollIntervalMs: 5000 })).status).toBe(403);
    expect((await viewer.get("/settings/storage")).body).toEqual(api.history.storage);
  });
});

describe("the audit log", () => {
  it("lists changes and refusals newest first, by pages, actor and action", async () => {
    await admin.post("/sites").send({ name: "A" });
    await operator.post("/sites").send({ name: "B" });
    await admin.post("/sites").send({ name: "" });
    const page = await admin.get("/audit?limit=2");
    expect(page.body.items.map(({ actor, result, detail }: Record<string, string>) => [actor, result, detail])).toEqual([
      ["token admin", "refused", expect.stringContaining("400: name")],
      ["token operator", "refused", "403: This needs the role admin; yours is operator"],
    ]);
    const rest = await admin.get(`/audit?limit=2&cursor=${page.body.nextCursor}`);
    expect([rest.body.items.length, rest.body.nextCursor, rest.body.items[0].detail]).toEqual([1, null, '{"name":"A"}']);
    expect((await admin.get("/audit?actor=token%20admin&action=site.create")).body.totalCount).toBe(2);
    expect((await admin.get("/audit?cursor=junk!")).status).toBe(400);
    expect((await viewer.get("/audit")).status).toBe(403);
  });
});
