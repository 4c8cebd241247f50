/* eslint-disable @typescript-eslint/no-unsafe-member-access -- supertest gives bodies as any; what they hold is what is tested */
import http from "node:http";
import type { AddressInfo } from "node:net";
import request from "supertest";
import { describe, expect, it } from "vitest";
import { createGuard } from "../../../server/http/guard.ts";
import { PASSWORD, setCookieOf, startApi, type TestApi } from "./httpHelp.ts";

/** A request with a Host header of one's own. */
function withHost(api: TestApi, path: string, host: string): Promise<number> {
  const { port } = api.server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    http
      .get({ host: "127.0.0.1", port, path, headers: { host } }, (response) => resolve(response.resume().statusCode ?? 0))
      .on("error", reject);
  });
}

describe("Host", () => {
  it("is refused where it is not ours, so that a rebound name reads nothing, in a demo neither", async () => {
    const api = await startApi({ signInRequired: false });
    const { port } = api.server.address() as AddressInfo;
    expect(await withHost(api, "/api/v1/fleet", `evil.example:${port}`)).toBe(403);
    expect(await withHost(api, "/metrics", `evil.example:${port}`)).toBe(403);
    expect(await withHost(api, "/api/v1/fleet", `127.0.0.1.evil.example:${port}`)).toBe(403);
    expect(await withHost(api, "/api/v1/fleet", `127.0.0.1:${port + 1}`)).toBe(403);
    expect(await withHost(api, "/api/v1/fleet", `localhost:${port}`)).toBe(200);
    expect(api.history.audit.map(({ action, result }) => `${action} ${result}`)).toContain("host refused");
  });

  it("may be the public URL's", async () => {
    const api = await startApi({ signInRequired: false, publicUrl: new URL("https://fleet.example.com") });
    expect(await withHost(api, "/api/v1/fleet", "fleet.example.com")).toBe(200);
    expect(await withHost(api, "/api/v1/fleet", "fleet.example.com:8443")).toBe(403);
  });

  it("may be any address of a server that listens everywhere, but no name", () => {
    const guard = createGuard({ host: "0.0.0.0", publicUrl: null });
    const from = (host: string) =>
      guard.isAllowedHost({ headers: { host }, socket: { localPort: 8080 } } as unknown as http.IncomingMessage);
    expect([from("192.168.1.5:8080"), from("[fd00::1]:8080"), from("localhost:8080")]).toEqual([true, true, true]);
    expect([from("fleet.example.com:8080"), from("a@192.168.1.5:8080"), from("192.168.1.5/x"), from("")]).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it("does not matter to health checks", async () => {
    const api = await startApi();
    expect(await withHost(api, "/healthz", "10.2.3.4")).toBe(200);
    expect(await withHost(api, "/readyz", "10.2.3.4")).toBe(200);
  });
});

describe("Origin", () => {
  it("of another page is refused on every change, whoever signed it", async () => {
    const api = await startApi();
    const admin = await api.tokenOf("admin");
    const create = () => api.as(admin).post("/sites");
    for (const origin of ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1"])
      expect((await create().set("origin", origin).send({ name: "X" })).status).toBe(403);
    expect((await create().set("sec-fetch-site", "cross-site").send({ name: "X" })).status).toBe(403);
    expect(api.directory.sites()).toHaveLength(2);
    expect(api.history.audit.filter(({ action, result }) => action === "origin" && result === "refused")).toHaveLength(5);
    const own = `http://127.0.0.1:${(api.server.address() as AddressInfo).port}`;
    expect((await create().set("origin", own).send({ name: "X" })).status).toBe(201);
  });

  it("is refused for a cookie's holder too, sign-in included", async () => {
    const api = await startApi();
    await api.accounts.ensureAdmin(PASSWORD);
    const response = await api.call
      .post("/api/v1/session")
      .set("origin", "http://evil.example")
      .send({ username: "admin", password: PASSWORD });
    expect(response.status).toBe(403);
    expect(response.headers["set-cookie"]).toBeUndefined();
  });
});

describe("roles", () => {
  it("401 without a sign-in, 403 below the role, both recorded", async () => {
    const api = await startApi();
    const anonymous = await api.call.post("/api/v1/racks").send({});
    expect([anonymous.status, anonymous.headers["www-authenticate"]]).toEqual([401, 'Bearer realm="hashwatch"']);
    const viewer = api.as(await api.tokenOf("viewer"));
    expect((await viewer.post("/racks").send({ siteId: "s1", name: "A", rows: 1, columns: 1 })).status).toBe(403);
    const operator = api.as(await api.tokenOf("operator"));
    expect((await operator.post("/sites").send({ name: "B" })).status).toBe(403);
    expect((await operator.get("/users")).status).toBe(403);
    const admin = api.as(await api.tokenOf("admin"));
    expect((await admin.post("/sites").send({ name: "B" })).status).toBe(201);
    expect(api.history.audit.map(({ actor, action, target, result }) => ({ actor, action, target, result }))).toEqual([
      { actor: "anonymous", action: "rack.create", target: "/racks", result: "refused" },
      { actor: "token viewer", action: "rack.create", target: "/racks", result: "refused" },
      { actor: "token operator", action: "site.create", target: "/sites", result: "refused" },
      { actor: "token operator", action: "read", target: "/users", result: "refused" },
      { actor: "token admin", action: "site.create", target: "s3", result: "done" },
    ]);
    expect(api.history.audit.every(({ from, atMs }) => from === "127.0.0.1" && atMs === api.time.nowMs)).toBe(true);
  });

  it("every endpoint but session, set-up and documents asks for a sign-in", async () => {
    const api = await startApi();
    const { paths } = (await api.call.get("/api/openapi.json")).body as { paths: Record<string, Record<string, { security?: unknown[] }>> };
    const open: string[] = [];
    for (const [path, methods] of Object.entries(paths))
      for (const method of Object.keys(methods) as "get"[]) {
        const { status } = await api.call[method](`/api/v1${path.replace("{id}", "x1")}`);
        if (status !== 401) open.push(`${method} ${path}`);
        expect(status === 401).toBe(methods[method].security?.length !== 0);
      }
    expect(open.sort()).toEqual(["delete /session", "get /session", "post /session", "post /session/wall", "post /setup"]);
  });
});

describe("accounts limited to sites", () => {
  it("see and change what their sites have, and nothing of others", async () => {
    const api = await startApi();
    const rack = await api.directory.createRack({ siteId: "s2", name: "North 1", rows: 8, columns: 6 });
    const range = await api.directory.createRange({ agentId: api.otherAgentId, range: "10.0.1.0/24" });
    const south = api.as(await api.tokenOf("admin", ["s1"]));
    const ids = async (path: string) => ((await south.get(path)).body.items as { id: string }[]).map(({ id }) => id);
    expect(await ids("/miners")).toEqual(["m1", "m2"]);
    expect(await ids("/sites")).toEqual(["s1"]);
    expect(await ids("/agents")).toEqual([api.agentId]);
    expect(await ids("/racks")).toEqual([]);
    expect(await ids("/ranges")).toHaveLength(1);
    expect((await south.get("/fleet")).body.minerCount).toBe(2);
    expect((await south.get("/fleet/identity")).body.id).toEqual(["m1", "m2"]);
    expect((await south.get("/fleet/frame")).body.minerIds).toEqual(["m1", "m2"]);
    for (const path of [
      "/miners/m3",
      "/miners/m3/series?metrics=powerW",
      "/miners/m3/replies",
      "/miners/m3/malformed",
      "/sites/s2",
      "/sites/s2/series?metrics=powerW",
      "/fleet?site=s2",
      "/fleet/identity?site=s2",
      `/racks/${rack.id}`,
      `/ranges/${range.id}`,
      `/agents/${api.otherAgentId}`,
    ])
      expect([path, (await south.get(path)).status]).toEqual([path, 404]);
    expect((await south.patch("/miners/m3").send({ name: "mine" })).status).toBe(404);
    expect((await south.delete("/miners/m3")).status).toBe(404);
    expect((await south.delete(`/racks/${rack.id}`)).status).toBe(404);
    expect((await south.post(`/agents/${api.otherAgentId}/scan`).send({})).status).toBe(404);
    expect((await south.post("/ranges").send({ agentId: api.otherAgentId, range: "10.0.2.0/24" })).status).toBe(400);
    for (const path of ["/users", "/tokens", "/audit"]) expect([path, (await south.get(path)).status]).toEqual([path, 403]);
    expect((await south.patch("/settings").send({ pollIntervalMs: 5000 })).status).toBe(403);
  });

  it("see only the miners of past frames whose site they know", async () => {
    const api = await startApi();
    api.history.frame = {
      atMs: 60_000,
      minerKeys: Uint32Array.of(1, 3, 99),
      statusCodes: Uint8Array.of(0, 2, 0),
      hashrateHs: Float64Array.of(1e14, 2e14, 3e14),
      chipTempCMax: Float64Array.of(60, NaN, 70),
    };
    const all = await api.as(await api.tokenOf("viewer")).get("/fleet/frame?atMs=60000");
    expect(all.body).toEqual({
      atMs: 60_000,
      minerIds: ["m1", "m3", "m99"],
      status: ["hashing", "degraded", "hashing"],
      reason: ["ok", "overTemperature", "ok"],
      hashrateHs: [1e14, 2e14, 3e14],
      chipTempCMax: [60, null, 70],
    });
    const south = await api.as(await api.tokenOf("viewer", ["s1"])).get("/fleet/frame?atMs=60000");
    expect(south.body.minerIds).toEqual(["m1"]);
  });
});

describe("tokens", () => {
  it("stop working at once when they are revoked, expire, or are made up", async () => {
    const api = await startApi();
    const admin = api.as(await api.tokenOf("admin"));
    const created = await admin.post("/tokens").send({ name: "script", role: "viewer", expiresAtMs: api.time.nowMs + 1000 });
    expect(created.status).toBe(201);
    const script = api.as(created.body.token as string);
    expect((await script.get("/fleet")).status).toBe(200);
    api.time.nowMs += 1000;
    expect((await script.get("/fleet")).status).toBe(401);
    const second = await admin.post("/tokens").send({ name: "script 2", role: "viewer" });
    expect((await admin.delete(`/tokens/${second.body.id}`)).status).toBe(204);
    expect((await api.as(second.body.token as string).get("/fleet")).status).toBe(401);
    expect((await api.as("hwt_0000000000_" + "A".repeat(43)).get("/fleet")).status).toBe(401);
    expect((await api.as("junk").get("/fleet")).status).toBe(401);
    expect(JSON.stringify((await admin.get("/tokens")).body)).not.toContain(created.body.token);
    expect(JSON.stringify([...api.records.documents])).not.toContain((created.body.token as string).slice("hwt_0000000000_".length));
    expect(JSON.stringify(api.history.audit)).not.toContain(created.body.token);
  });
});

describe("users", () => {
  it("are created, changed and deleted; a new password, a role and a deletion hold from the next request on", async () => {
    const api = await startApi();
    const admin = api.as(await api.tokenOf("admin"));
    const created = await admin.post("/users").send({ username: "ann", password: PASSWORD, role: "operator" });
    expect([created.status, created.body.siteIds, "passwordHash" in created.body]).toEqual([201, null, false]);
    const path = `/users/${created.body.id}`;
    const signIn = async (password: string) => setCookieOf(await api.call.post("/api/v1/session").send({ username: "Ann", password }));
    const cookie = await signIn(PASSWORD);
    const scan = () => api.call.post(`/api/v1/agents/${api.agentId}/scan`).set("cookie", cookie).send({});
    expect((await scan()).status).toBe(409); // not connected: allowed, but not possible now
    expect((await admin.patch(path).send({ role: "viewer" })).status).toBe(200);
    expect((await scan()).status).toBe(403);
    expect((await admin.patch(path).send({ password: "another password" })).status).toBe(200);
    expect((await scan()).status).toBe(401);
    const again = await signIn("another password");
    expect((await admin.delete(path)).status).toBe(204);
    expect((await api.call.get("/api/v1/fleet").set("cookie", again)).status).toBe(401);
    expect((await admin.get(path)).status).toBe(404);
  });

  it("names what is wrong with a user, and keeps the last admin of all sites", async () => {
    const api = await startApi();
    await api.accounts.ensureAdmin(PASSWORD);
    const admin = api.as(await api.tokenOf("admin"));
    const post = (body: object) => admin.post("/users").send({ username: "bob", password: PASSWORD, role: "viewer", ...body });
    for (const [body, field] of [
      [{ username: "a b" }, "username"],
      [{ password: "short" }, "password"],
      [{ role: "god" }, "role"],
      [{ siteIds: ["s9"] }, "siteIds"],
    ] as const) {
      const response = await post(body);
      expect([response.status, response.body.field]).toEqual([400, field]);
    }
    const taken = await post({ username: "ADMIN" });
    expect([taken.status, taken.body.field]).toEqual([409, "username"]);
    const [last] = api.accounts.users.list();
    expect((await admin.delete(`/users/${last.id}`)).status).toBe(409);
    expect((await admin.patch(`/users/${last.id}`).send({ role: "viewer" })).status).toBe(409);
    expect((await admin.patch(`/users/${last.id}`).send({ siteIds: ["s1"] })).status).toBe(409);
  });
});

describe("the HTTP side", () => {
  it("answers unknown paths below /api with 404, other methods with 405 and what is possible", async () => {
    const api = await startApi();
    expect((await api.call.get("/api/v1/nothing").set("accept", "text/html")).status).toBe(404);
    expect((await api.call.get("/api")).headers["content-type"]).toBe("application/problem+json");
    const put = await api.as(await api.tokenOf("admin")).put("/fleet");
    expect([put.status, put.headers.allow]).toEqual([405, "GET, HEAD"]);
  });

  it("allows no script but its own files", async () => {
    const api = await startApi();
    const { headers } = await api.call.get("/api/v1/session");
    const policy = headers["content-security-policy"];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    expect([headers["x-content-type-options"], headers["x-powered-by"], headers["cache-control"]]).toEqual([
      "nosniff",
      undefined,
      "no-store",
    ]);
  });

  it("marks the cookie Secure behind https", async () => {
    const api = await startApi({ secure: true });
    await api.accounts.ensureAdmin(PASSWORD);
    const response = await api.call.post("/api/v1/session").send({ username: "admin", password: PASSWORD });
    expect(setCookieOf(response)).toMatch(/; Secure$/);
  });

  it("tells nothing of a fault of its own but that there was one, and logs it", async () => {
    const api = await startApi();
    api.history.failing = true;
    const response = await api.as(await api.tokenOf("viewer")).get("/fleet/series?metrics=powerW");
    expect(response.status).toBe(500);
    expect(response.text).not.toContain("secret");
    expect(api.lines.map(({ message }) => message)).toEqual(["Request failed"]);
  });

  it("says whether it is ready", async () => {
    const api = await startApi({ ready: () => ({ ok: false, detail: "ingest is behind" }) });
    expect((await request(api.server).get("/healthz")).status).toBe(200);
    const ready = await request(api.server).get("/readyz");
    expect([ready.status, ready.body.detail]).toEqual([503, "ingest is behind"]);
  });

  it("shows metrics to loopback, and through a proxy to a token alone", async () => {
    const api = await startApi();
    api.counters.polls.timeout = 3;
    api.counters.samples.stored = 7;
    api.counters.pollSecondsCounts[0] = 2;
    const { text, status } = await api.call.get("/metrics");
    expect(status).toBe(200);
    expect(text).toContain('hashwatch_miners{status="hashing"} 3');
    expect(text).toContain('hashwatch_polls_total{result="timeout"} 3');
    expect(text).toContain('hashwatch_samples_total{result="stored"} 7');
    expect(text).toContain('hashwatch_poll_duration_seconds_bucket{le="+Inf"} 2');
    expect((await api.call.get("/metrics")).text).toContain('hashwatch_samples_total{result="stored"} 7');
    const proxied = () => api.call.get("/metrics").set("x-forwarded-for", "203.0.113.9");
    expect((await proxied()).status).toBe(401);
    expect((await proxied().set("authorization", `Bearer ${await api.tokenOf("viewer")}`)).status).toBe(200);
  });
});
