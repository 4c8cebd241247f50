/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call -- supertest gives bodies as any; what they hold is what is tested */
import type { Response } from "supertest";
import { beforeEach, describe, expect, it } from "vitest";
import type { WallLinkCreated } from "../../../server/contract/api.ts";
import { openAccounts } from "../../../server/accounts/accounts.ts";
import { apiRoutes } from "../../../server/http/app.ts";
import type { ApiDeps } from "../../../server/http/deps.ts";
import { CHEAP, PASSWORD, setCookieOf, startApi, type TestApi } from "./httpHelp.ts";

const DAY_MS = 86_400_000;
/** Of `hwl_<id>_<secret>`. */
const secretOf = (token: string): string => token.slice(15);

describe("wall links", () => {
  let api: TestApi;
  let admin: string;
  beforeEach(async () => {
    api = await startApi();
    admin = await api.tokenOf("admin");
  });
  const post = (body: object) => api.as(admin).post("/wall-links").send(body);
  const create = async (siteIds: string[] | null = null): Promise<WallLinkCreated> =>
    (await post({ name: "Control room", siteIds, expiresAtMs: api.time.nowMs + 30 * DAY_MS })).body as WallLinkCreated;
  const open = (token: string) => api.call.post("/api/v1/session/wall").send({ token });
  const cookieOf = (response: Response): string => setCookieOf(response).split(";")[0];
  const get = (path: string, cookie: string) => api.call.get(`/api/v1${path}`).set("cookie", cookie);

  it("are made by an admin, and listed and read without their secrets", async () => {
    const response = await post({ name: "Control room", siteIds: ["s1"], expiresAtMs: api.time.nowMs + DAY_MS });
    expect(response.status).toBe(201);
    const { token, serverUrl, ...link } = response.body as WallLinkCreated;
    expect(token).toMatch(/^hwl_[0-9a-z]{10}_[\w-]{43}$/);
    expect(serverUrl).toBeNull();
    expect(link).toMatchObject({ name: "Control room", siteIds: ["s1"], lastUsedAtMs: null });
    expect((await api.as(admin).get("/wall-links")).body.items).toEqual([link]);
    expect((await api.as(admin).get(`/wall-links/${link.id}`)).body).toEqual(link);
    expect((await api.as(admin).get("/wall-links/nosuch")).status).toBe(404);
    const stored = JSON.stringify(await api.records.load("wallLink"));
    expect(stored).not.toContain(secretOf(token));
    expect(api.history.audit).toMatchObject([{ action: "wallLink.create", target: link.id, result: "done" }]);
    expect(JSON.stringify(api.history.audit)).not.toContain(secretOf(token));
  });

  it("name the address that people use, where one is set", async () => {
    api = await startApi({ publicUrl: new URL("https://fleet.example.com") });
    admin = await api.tokenOf("admin");
    expect(await create()).toMatchObject({ serverUrl: "https://fleet.example.com" });
  });

  it("are refused where they never end, have ended, last too long, or name a site that is not there", async () => {
    const { nowMs } = api.time;
    const link = { name: "Wall", siteIds: null, expiresAtMs: nowMs + DAY_MS };
    for (const [wrong, field] of [
      [{ expiresAtMs: null }, "expiresAtMs"],
      [{ expiresAtMs: nowMs }, "expiresAtMs"],
      [{ expiresAtMs: nowMs + 367 * DAY_MS }, "expiresAtMs"],
      [{ siteIds: ["s99"] }, "siteIds"],
      [{ siteIds: [] }, "siteIds"],
      [{ name: "  " }, "name"],
      [{ role: "admin" }, "role"],
    ] as const) {
      const response = await post({ ...link, ...wrong });
      expect([response.status, response.body.field], JSON.stringify(wrong)).toEqual([400, field]);
    }
    expect((await api.as(admin).get("/wall-links")).body.items).toEqual([]);
  });

  it("are for admins of all sites alone", async () => {
    const { id } = await create();
    for (const token of [await api.tokenOf("operator"), await api.tokenOf("admin", ["s1"])]) {
      const as = api.as(token);
      expect((await as.get("/wall-links")).status).toBe(403);
      expect((await as.post("/wall-links").send({ name: "W", siteIds: null, expiresAtMs: api.time.nowMs + DAY_MS })).status).toBe(403);
      expect((await as.delete(`/wall-links/${id}`)).status).toBe(403);
    }
  });

  it("give a cookie that is not the secret, and the session says whose it is, not that somebody has signed in", async () => {
    const { id, token, expiresAtMs } = await create(["s1"]);
    const response = await open(token);
    expect(response.status).toBe(200);
    expect(response.body).toMatchObject({ user: null, wall: { name: "Control room", siteIds: ["s1"], expiresAtMs } });
    expect(setCookieOf(response)).toMatch(/^hashwatch_wall=[^;]+; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Strict$/);
    const secret = secretOf(token);
    expect(setCookieOf(response)).not.toContain(secret);
    expect((await get("/session", cookieOf(response))).body).toEqual(response.body);
    expect((await get("/fleet", `hashwatch_wall=${id}.${secret}`)).status).toBe(401);
    expect(api.history.audit.at(-2)).toMatchObject({ action: "wall.open", target: id, result: "done" });
    expect((await api.as(admin).get(`/wall-links/${id}`)).body.lastUsedAtMs).toBe(api.time.nowMs);
  });

  it("show the live fleet, its frames and series, of their sites alone", async () => {
    const all = cookieOf(await open((await create()).token));
    const one = cookieOf(await open((await create(["s1"])).token));
    expect((await get("/fleet", all)).body.minerCount).toBe(3);
    expect((await get("/fleet", one)).body.minerCount).toBe(2);
    expect((await get("/fleet/identity", one)).body.siteId).toEqual(["s1", "s1"]);
    expect((await get("/fleet/frame", one)).body.minerIds).toHaveLength(2);
    expect((await get("/sites", one)).body.items.map(({ id }: { id: string }) => id)).toEqual(["s1"]);
    expect((await get("/racks", one)).status).toBe(200);
    expect((await get("/settings/units", one)).body).toEqual({ temperature: "C" });
    const span = "metrics=hashrateHs&fromMs=0&toMs=60000";
    expect((await get(`/fleet/series?${span}`, all)).status).toBe(200);
    expect((await get(`/sites/s1/series?${span}`, one)).status).toBe(200);
    expect((await get(`/sites/s2/series?${span}`, one)).status).toBe(404);
    expect((await get(`/fleet/series?${span}`, one)).status).toBe(200);
    expect(api.history.queries.at(-1)).toMatchObject({ target: { siteKey: 1 } });
    expect((await get("/fleet?site=s2", one)).status).toBe(404);
  });

  it("show the series of their sites together", async () => {
    const both = cookieOf(await open((await create(["s1", "s2"])).token));
    const answer = await get("/fleet/series?metrics=hashrateHs&fromMs=0&toMs=60000", both);
    expect([answer.status, answer.body.series]).toEqual([200, { hashrateHs: [2, null] }]);
    expect(api.history.queries.slice(-2).map(({ target }) => target)).toEqual([{ siteKey: 1 }, { siteKey: 2 }]);
  });

  it("open nothing else: every other endpoint refuses them", async () => {
    const cookie = cookieOf(await open((await create()).token));
    const routes = apiRoutes({ ...api, store: api.history } as unknown as ApiDeps);
    const readable = routes.filter(({ role, wall }) => role !== null && wall).map(({ method, path }) => `${method} ${path}`);
    expect(readable.sort()).toEqual([
      "get /fleet",
      "get /fleet/frame",
      "get /fleet/identity",
      "get /fleet/series",
      "get /racks",
      "get /settings/units",
      "get /sites",
      "get /sites/:id/series",
    ]);
    for (const { method, path } of routes.filter(({ wall }) => !wall)) {
      const address = `/api/v1${path.replace(":id", path.startsWith("/miners") ? "m1" : "s1")}`;
      const response = await api.call[method](address).set("cookie", cookie);
      expect([`${method} ${path}`, response.status]).toEqual([`${method} ${path}`, 403]);
    }
    const scraped = await api.call.get("/metrics").set("cookie", cookie).set("x-forwarded-for", "192.0.2.7");
    expect(scraped.status).toBe(401);
  });

  it("are closed at once when they are revoked, on every screen", async () => {
    const { id, token } = await create();
    const cookies = [cookieOf(await open(token)), cookieOf(await open(token))];
    for (const cookie of cookies) expect((await get("/fleet", cookie)).status).toBe(200);
    expect((await api.as(admin).delete(`/wall-links/${id}`)).status).toBe(204);
    for (const cookie of cookies) {
      expect((await get("/fleet", cookie)).status).toBe(401);
      expect((await get("/session", cookie)).body).toMatchObject({ user: null, wall: null });
    }
    const again = await open(token);
    expect([again.status, again.body.detail]).toEqual([403, "This wall link was revoked, or is not copied whole"]);
    expect((await api.as(admin).delete(`/wall-links/${id}`)).status).toBe(404);
  });

  it("end when they expire, and say so to those alone who hold the secret", async () => {
    const { id, token } = await create();
    const cookie = cookieOf(await open(token));
    api.time.nowMs += 30 * DAY_MS;
    expect((await get("/fleet", cookie)).status).toBe(401);
    const expired = await open(token);
    expect([expired.status, expired.body.detail]).toEqual([403, "This wall link has expired"]);
    const guessed = await open(`hwl_${id}_${"x".repeat(43)}`);
    expect([guessed.status, guessed.body.detail]).toEqual([403, "This wall link was revoked, or is not copied whole"]);
  });

  it("slow down guessing as a sign-in does, and what was guessed is not recorded", async () => {
    const { token } = await create();
    for (let attempt = 0; attempt < 11; attempt++) expect((await open("hwl_my-guess")).status).toBe(403);
    const slowed = await open(token);
    expect([slowed.status, slowed.headers["retry-after"]]).toEqual([429, "1"]);
    api.time.nowMs += 1000;
    expect((await open(token)).status).toBe(200);
    expect(JSON.stringify(api.history.audit)).not.toContain("my-guess");
    expect((await api.call.post("/api/v1/session/wall").send({ token: 7 })).status).toBe(400);
    expect((await open(token).set("origin", "http://evil.example")).status).toBe(403);
  });

  it("leave no cookie with somebody who has signed in, who stays that person", async () => {
    await api.accounts.ensureAdmin(PASSWORD);
    const session = cookieOf(await api.call.post("/api/v1/session").send({ username: "admin", password: PASSWORD }));
    const { token } = await create(["s1"]);
    const response = await open(token).set("cookie", session);
    expect([response.status, setCookieOf(response)]).toEqual([200, ""]);
    expect(response.body).toMatchObject({ user: { username: "admin" }, wall: null });
    const wall = cookieOf(await open(token));
    expect((await get("/fleet", `${wall}; ${session}`)).body.minerCount).toBe(3);
  });

  it("outlive a restart of the server", async () => {
    const { id, token } = await create();
    const cookie = cookieOf(await open(token)).split("=")[1];
    const restarted = await openAccounts({ records: api.records, clock: () => api.time.nowMs, passwordCost: CHEAP });
    const principal = restarted.wallLinks.authenticate(cookie)!;
    expect(restarted.refresh(principal)).toMatchObject({ kind: "wall", role: "viewer", name: "wall Control room" });
    await restarted.wallLinks.revoke(id);
    expect(restarted.refresh(principal)).toBeNull();
  });
});
