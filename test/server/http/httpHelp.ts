import { createServer, type Server } from "node:http";
import request from "supertest";
import { onTestFinished } from "vitest";
import { openAlerts } from "../../../server/alerts/alerts.ts";
import { openAccounts } from "../../../server/accounts/accounts.ts";
import type { Role } from "../../../server/contract/api.ts";
import { openBackfill } from "../../../server/fleet/backfill.ts";
import { openDirectory } from "../../../server/fleet/directory.ts";
import { createFleet } from "../../../server/fleet/fleet.ts";
import { createApp } from "../../../server/http/app.ts";
import { openAuditLog } from "../../../server/http/auditLog.ts";
import type { AppDeps } from "../../../server/http/deps.ts";
import { openMetrics } from "../../../server/http/metrics.ts";
import { createCounters } from "../../../server/ingest/counters.ts";
import { partsBefore } from "../../../server/notify/liveness.ts";
import { openNotifications } from "../../../server/notify/notifications.ts";
import { createVault } from "../../../server/notify/vault.ts";
import type { SeriesQuery } from "../../../server/store/store.ts";
import { FakeAgentLink } from "../fakes/fakeAgentLink.ts";
import { MemoryAlerts } from "../fakes/memoryAlerts.ts";
import { MemoryHistory } from "../fakes/memoryHistory.ts";
import { MemoryRecords } from "../fakes/memoryRecords.ts";
import { asStore, identityEntry, MemoryStore, NOW_MS, quiet, sampleEntry } from "../fleet/fakes.ts";

/** Few rounds: these tests are about who may do what, not about what a guess costs. */
export const CHEAP = { N: 2 ** 10, r: 8, p: 1 };
export const PASSWORD = "correct horse battery";

export type TestApi = Awaited<ReturnType<typeof startApi>>;

/**
 * The whole HTTP side on a real socket: accounts, directory and fleet as in production, on records in memory, with two sites `s1` and `s2`,
 * one agent each, and miners m1 to m3 (10.0.0.1 and .2 at s1, 10.0.0.3 at s2). `api.nowMs` is the clock; answers are checked by their schemas.
 */
export async function startApi(overrides: Partial<AppDeps> = {}) {
  const time = { nowMs: NOW_MS };
  const clock = (): number => time.nowMs;
  const records = new MemoryRecords();
  const accounts = await openAccounts({ records, clock, passwordCost: CHEAP });
  const directory = await openDirectory({ records, clock });
  const { agentId } = await directory.ensureEmbedded({ ranges: ["10.0.0.0/24"] });
  await directory.createSite({ name: "North" });
  const other = await directory.createAgent({ siteId: "s2", name: "North agent" });
  const fleet = await createFleet({ store: asStore(new MemoryStore()), directory, clock, log: quiet });
  for (const [address, siteId] of [
    ["10.0.0.1", "s1"],
    ["10.0.0.2", "s1"],
    ["10.0.0.3", "s2"],
  ] as const) {
    const origin = { agentId: siteId === "s1" ? agentId : other.id, siteId, atMs: NOW_MS };
    fleet.agentAlive(origin.agentId, NOW_MS, 10_000);
    fleet.takeIdentity(identityEntry(address), origin);
    fleet.takeSample(sampleEntry(address, { agentAtMs: NOW_MS }), origin);
  }
  fleet.sweep(NOW_MS);
  const backfill = await openBackfill({ records });
  const history = new MemoryHistory();
  const agentLink = new FakeAgentLink();
  const counters = createCounters();
  const alertStore = new MemoryAlerts();
  const store = {
    alerts: alertStore,
    records,
    forecast: history.forecast,
    readEvents: history.readEvents,
    readSeries: (query: SeriesQuery) => history.readSeries(query),
  };
  const alerts = await openAlerts({ fleet: fleet.watched, directory, agentLink, store, clock, log: quiet });
  const notifications = await openNotifications({
    ...{ records, feed: alerts.incidents, directory, clock, log: quiet, chance: () => 0.5 },
    vault: createVault(() => Buffer.alloc(32, 7)),
    publicUrl: () => "http://watch.example",
    alive: (nowMs) => partsBefore({ fleet: fleet.watched, directory, ingest: { healthy: () => true }, alerts }, nowMs),
  });
  const metrics = openMetrics({ fleet, directory, alerts, notifications, agentLink, counters, clock });
  const audit = openAuditLog({
    append: (entries) => history.appendAudit(entries),
    clock,
    onLost(count, error) {
      throw new Error(`${count} audit entries were lost`, { cause: error });
    },
  });
  const lines: { message: string; fields: object }[] = [];
  const log = {
    warn: (fields: object, message: string) => void lines.push({ message, fields }),
    error: (fields: object, message: string) => void lines.push({ message, fields }),
  };
  const app = createApp({
    ...{ accounts, directory, fleet, backfill, alerts, notifications, agentLink, store: history, audit, clock, metrics, log },
    ...{ program: "0.1.0", signInRequired: true, secure: false, host: "127.0.0.1", publicUrl: null, webDir: null, checkAnswers: true },
    ready: () => ({ ok: true, detail: "" }),
    ...overrides,
  });
  const server = await listen(createServer(app));
  onTestFinished(async () => {
    metrics.close();
    await notifications.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await fleet.close();
  });

  /** A fresh token of a role; `siteIds` limits it. */
  async function tokenOf(role: Role, siteIds: string[] | null = null): Promise<string> {
    return (await accounts.tokens.create({ name: role, role, siteIds, expiresAtMs: null })).token;
  }
  const call = request(server);
  /** Sends as the holder of a token. */
  function as(token: string) {
    const signed = (method: "get" | "post" | "patch" | "put" | "delete") => (path: string) =>
      call[method](`/api/v1${path}`).set("authorization", `Bearer ${token}`);
    return { get: signed("get"), post: signed("post"), patch: signed("patch"), put: signed("put"), delete: signed("delete") };
  }
  return {
    server,
    call,
    as,
    tokenOf,
    time,
    records,
    accounts,
    directory,
    fleet,
    backfill,
    alerts,
    notifications,
    history,
    agentLink,
    counters,
    audit,
    lines,
    agentId,
    otherAgentId: other.id,
  };
}

async function listen(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** The Set-Cookie header of an answer, empty for none. */
export function setCookieOf({ headers }: { headers: Record<string, string | string[] | undefined> }): string {
  return [headers["set-cookie"] ?? []].flat().join();
}
