/* eslint-disable @typescript-eslint/no-unsafe-member-access -- supertest gives bodies as any; what they hold is what is tested */
import type { Response } from "supertest";
import { beforeEach, describe, expect, it } from "vitest";
import { PASSWORD, setCookieOf, startApi, type TestApi } from "./httpHelp.ts";

describe("session", () => {
  let api: TestApi;
  beforeEach(async () => {
    api = await startApi();
    await api.accounts.ensureAdmin(PASSWORD);
  });
  const signIn = (password = PASSWORD, username = "admin") => api.call.post("/api/v1/session").send({ username, password });
  const cookieOf = (response: Response): string => setCookieOf(response).split(";")[0];

  it("sets an HttpOnly, SameSite=Strict cookie that later requests are known by", async () => {
    const response = await signIn();
    expect(response.status).toBe(200);
    expect(response.body).toMatchObject({
      user: { username: "admin", role: "admin", siteIds: null },
      setupRequired: false,
      signInRequired: true,
    });
    expect(setCookieOf(response)).toMatch(/^hashwatch_session=[^;]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/);
    const fleet = await api.call.get("/api/v1/fleet").set("cookie", cookieOf(response));
    expect(fleet.status).toBe(200);
  });

  it("tells who is signed in, nobody included, without an error", async () => {
    expect((await api.call.get("/api/v1/session")).body).toMatchObject({ user: null, setupRequired: false });
    const response = await api.call.get("/api/v1/session").set("cookie", cookieOf(await signIn()));
    expect(response.body).toMatchObject({ user: { username: "admin" } });
  });

  it("ends at once with DELETE", async () => {
    const cookie = cookieOf(await signIn());
    expect((await api.call.delete("/api/v1/session").set("cookie", cookie)).status).toBe(204);
    expect((await api.call.get("/api/v1/fleet").set("cookie", cookie)).status).toBe(401);
  });

  it("ends a day after its last use, and a fortnight after the sign-in", async () => {
    const cookie = cookieOf(await signIn());
    const status = async () => (await api.call.get("/api/v1/fleet").set("cookie", cookie)).status;
    for (let day = 0; day < 13; day++) {
      api.time.nowMs += 23 * 3_600_000;
      expect(await status()).toBe(200);
    }
    api.time.nowMs += 25 * 3_600_000;
    expect(await status()).toBe(401);
    const second = cookieOf(await signIn());
    for (let hours = 0; hours <= 14 * 24; hours += 23) {
      api.time.nowMs += 23 * 3_600_000;
      await api.call.get("/api/v1/fleet").set("cookie", second);
    }
    expect((await api.call.get("/api/v1/fleet").set("cookie", second)).status).toBe(401);
  });

  it("refuses a wrong password and an unknown user with the same words, and records both without the name that was typed", async () => {
    const wrong = await signIn("not the password");
    const unknown = await signIn(PASSWORD, "my-secret-password");
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(unknown.body).toEqual(wrong.body);
    expect(wrong.headers["content-type"]).toBe("application/problem+json");
    expect(api.history.audit.map(({ action, target, result }) => [action, target, result])).toEqual([
      ["session.create", "admin", "refused"],
      ["session.create", "unknown user", "refused"],
    ]);
    expect(JSON.stringify(api.history.audit)).not.toContain("secret");
  });

  it("slows down guessing by account: the wait doubles, the right password is not even looked at, and it ends", async () => {
    for (let attempt = 0; attempt < 6; attempt++) expect((await signIn("wrong wrong wrong")).status).toBe(401);
    const slowed = await signIn();
    expect(slowed.status).toBe(429);
    expect(slowed.headers["retry-after"]).toBe("1");
    api.time.nowMs += 1000;
    expect((await signIn("wrong wrong wrong")).status).toBe(401);
    expect((await signIn()).headers["retry-after"]).toBe("2");
    api.time.nowMs += 2000;
    expect((await signIn()).status).toBe(200);
    expect((await signIn("wrong wrong wrong")).status).toBe(401);
    expect((await signIn()).status).toBe(200);
  });

  it("slows down guessing by address, whatever the account", async () => {
    for (let attempt = 0; attempt < 11; attempt++) await signIn("wrong wrong wrong", `user${attempt}`);
    expect((await signIn("wrong wrong wrong", "another")).status).toBe(429);
  });

  it("names the field at fault of a body, and refuses other media types, broken JSON and too much", async () => {
    const post = () => api.call.post("/api/v1/session");
    const missing = await post().send({ username: "admin" });
    expect([missing.status, missing.body.field]).toEqual([400, "password"]);
    const extra = await post().send({ username: "admin", password: PASSWORD, remember: true });
    expect([extra.status, extra.body.field]).toEqual([400, "remember"]);
    expect((await post().type("form").send({ username: "admin", password: PASSWORD })).status).toBe(415);
    expect(
      (
        await post()
          .type("text/plain")
          .send(JSON.stringify({ username: "admin", password: PASSWORD }))
      ).status,
    ).toBe(415);
    expect((await post().type("json").send("{")).status).toBe(400);
    const large = await post().send({ username: "admin", password: "x".repeat(300_000) });
    expect([large.status, large.body.title]).toEqual([413, "Payload Too Large"]);
  });
});

describe("set-up", () => {
  it("creates admin with the one-time token, signs in, and cannot be done twice", async () => {
    const api = await startApi();
    const token = api.accounts.setupToken()!;
    expect((await api.call.get("/api/v1/session")).body.setupRequired).toBe(true);
    const wrong = await api.call.post("/api/v1/setup").send({ token: "guess", password: PASSWORD });
    expect([wrong.status, wrong.body.field]).toEqual([403, "token"]);
    const short = await api.call.post("/api/v1/setup").send({ token, password: "short" });
    expect([short.status, short.body.field]).toEqual([400, "password"]);
    const done = await api.call.post("/api/v1/setup").send({ token, password: PASSWORD });
    expect([done.status, done.body.user.username, done.body.setupRequired]).toEqual([201, "admin", false]);
    expect(api.accounts.setupToken()).toBeNull();
    expect((await api.call.post("/api/v1/setup").send({ token, password: PASSWORD })).status).toBe(409);
    expect((await api.call.post("/api/v1/session").send({ username: "admin", password: PASSWORD })).status).toBe(200);
  });

  it("lets one of two set-ups at once win", async () => {
    const api = await startApi();
    const body = { token: api.accounts.setupToken()!, password: PASSWORD };
    const both = await Promise.all([api.call.post("/api/v1/setup").send(body), api.call.post("/api/v1/setup").send(body)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(api.accounts.users.list()).toHaveLength(1);
  });
});

describe("a demo", () => {
  it("lets who calls from loopback act without signing in, but not a proxy's clients", async () => {
    const api = await startApi({ signInRequired: false });
    expect((await api.call.get("/api/v1/session")).body).toMatchObject({ user: { username: "demo" }, signInRequired: false });
    expect((await api.call.post("/api/v1/sites").send({ name: "New" })).status).toBe(201);
    expect((await api.call.get("/api/v1/fleet").set("x-forwarded-for", "203.0.113.9")).status).toBe(401);
  });
});
