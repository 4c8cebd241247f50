import { io, type Socket } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditEntry, Page, WallLinkCreated } from "../../server/contract/api.ts";
import { openBrowser, type TestBrowser } from "../web/browser.ts";
import { stopAll, waitFor } from "./program.ts";
import { startSite, type TestSite } from "./site.ts";

const MINERS = 12;

describe("a wall link, from an admin to the screen and back", () => {
  let site: TestSite;
  let browser: TestBrowser;

  beforeAll(async () => {
    site = await startSite({ minerCount: MINERS, firstAddress: "127.43.0.1", pollIntervalMs: 1000 });
    browser = await openBrowser({ width: 1920, height: 1080 });
  }, 240_000);

  afterAll(async () => {
    await stopAll();
    await browser.close();
    site.remove();
  });

  const create = async (siteIds: string[] | null): Promise<WallLinkCreated> =>
    await site.server.send("POST", "/wall-links", { name: "Control room", siteIds, expiresAtMs: Date.now() + 3_600_000 });
  const open = async (token: string): Promise<Response> =>
    await fetch(`${site.server.base}/api/v1/session/wall`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: site.server.base },
      body: JSON.stringify({ token }),
    });
  const connect = (cookie: string): Socket =>
    io(`${site.server.base}/live`, {
      extraHeaders: { cookie, origin: site.server.base },
      transports: ["websocket"],
      reconnection: false,
      forceNew: true,
    });

  it("shows the live fleet on a screen that nobody signed in at, until it is revoked, and then at once no more", async () => {
    const link = await create(null);
    const page = await browser.newPage();
    await page.goto(`${site.server.base}/?wall&rotate=3600#wall=${link.token}`);
    const wall = page.locator("main.wall");
    await wall.getByText("Live", { exact: true }).waitFor();
    await wall.getByText(`of ${MINERS} report`).waitFor();
    await page.reload();
    await wall.getByText("Live", { exact: true }).waitFor();
    const refused = await page.evaluate(async () => (await fetch("/api/v1/miners")).status);
    expect(refused).toBe(403);
    await site.server.send("DELETE", `/wall-links/${link.id}`);
    await page.getByRole("heading", { name: "This wall is closed" }).waitFor();
    await page.getByText("Its link was revoked.").waitFor();
    expect(await wall.count()).toBe(0);
    await page.goto(`${site.server.base}/map?wall#wall=${link.token}`);
    await page.getByText("This wall link was revoked, or is not copied whole.").waitFor();
  }, 120_000);

  it("closes live sockets as it is revoked, and lets them in no more", async () => {
    const link = await create([(await site.miners())[0].siteId]);
    const cookie = ((await open(link.token)).headers.getSetCookie()[0] ?? "").split(";")[0] ?? "";
    const socket = connect(cookie);
    const news: string[] = [];
    for (const event of ["snapshot", "disconnect"]) socket.on(event, () => news.push(event));
    await new Promise<void>((resolve) => socket.on("connect", resolve));
    expect(await socket.emitWithAck("subscribe", { scope: {}, columns: [] })).toEqual({ ok: true });
    expect(await socket.emitWithAck("followAgents")).toMatchObject({ ok: false });
    await waitFor(() => news.includes("snapshot"));
    await site.server.send("DELETE", `/wall-links/${link.id}`);
    await waitFor(() => news.includes("disconnect"));
    const again = connect(cookie);
    expect(await new Promise((resolve) => again.on("connect_error", ({ message }) => resolve(message)))).toBe("Sign in first");
    again.close();
    expect((await open(link.token)).status).toBe(403);
  }, 60_000);

  it("leaves its steps in the audit log, without the secret", async () => {
    const { items } = await site.server.get<Page<AuditEntry>>("/audit?limit=1000");
    const steps = items.map(({ action, result }) => `${action} ${result}`);
    for (const step of ["wallLink.create done", "wall.open done", "read refused", "wallLink.revoke done", "wall.open refused"])
      expect(steps).toContain(step);
    expect(JSON.stringify(items)).not.toContain("hwl_");
  });
});
