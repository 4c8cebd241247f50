import { z } from "zod";
import type { Principal } from "../accounts/principal.ts";
import { FleetFrame, FleetIdentity, FleetTotals, id, Series } from "../contract/api.ts";
import { STATUS_CODES, type StatusReason } from "../contract/status.ts";
import type { FleetPort } from "../fleet/ports.ts";
import { metricsOfSites, seriesOfSites } from "../fleet/severalSites.ts";
import type { SeriesColumns, SeriesQuery, StoredFrame } from "../store/store.ts";
import type { ApiDeps } from "./deps.ts";
import { createIdentityCache } from "./identityCache.ts";
import { siteKeyOf } from "./keys.ts";
import { notFound, ProblemError } from "./problem.ts";
import { Reply, route, type Route } from "./route.ts";
import { readSeriesQuery, SeriesParams } from "./seriesQuery.ts";
import { requireVisibleSite } from "./siteAccess.ts";

const SiteQuery = z.strictObject({ site: id.optional() });
/** What a code of a later version stands for. */
const UNKNOWN: StatusReason = { status: "unknown", reason: "stale" };
const FrameQuery = z.strictObject({ atMs: z.coerce.number().int().min(0).optional() });

/** The fleet as a whole: totals, identity, one minute of it, and its history. */
export function fleetRoutes(deps: ApiDeps): Route[] {
  return [totalsRoute(deps), identityRoute(deps), frameRoute(deps), fleetSeriesRoute(deps), siteSeriesRoute(deps)];
}

function totalsRoute({ fleet, directory }: ApiDeps): Route {
  return route({
    method: "get",
    path: "/fleet",
    role: "viewer",
    wall: true,
    summary: "Totals of the fleet, or of one site",
    query: SiteQuery,
    answer: FleetTotals,
    action: null,
    handler({ query, principal, nowMs }) {
      if (query.site !== undefined) requireVisibleSite(directory, query.site, principal);
      const sites = query.site === undefined ? principal.siteIds : [query.site];
      return sites === null ? fleet.totals(nowMs) : fleet.totals(nowMs, sites);
    },
  });
}

function identityRoute({ fleet, directory }: ApiDeps): Route {
  const readIdentity = createIdentityCache(fleet);
  return route({
    method: "get",
    path: "/fleet/identity",
    role: "viewer",
    wall: true,
    summary: "Identity of all miners, one array per field; answers If-None-Match",
    query: SiteQuery,
    answer: FleetIdentity,
    action: null,
    async handler({ query, principal, headers }) {
      if (query.site !== undefined) requireVisibleSite(directory, query.site, principal);
      const identity = await readIdentity(query.site === undefined ? principal.siteIds : [query.site], headers["if-none-match"]);
      const common = { etag: identity.etag, "cache-control": "private, no-cache", vary: "Accept-Encoding, Authorization, Cookie" };
      if (identity.json === null) return new Reply(null as never, { status: 304, headers: common, bytes: Buffer.alloc(0) });
      const type = { "content-type": "application/json; charset=utf-8" };
      return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:\s|,|$))/.test(headers["accept-encoding"] ?? "")
        ? new Reply(null as never, { headers: { ...common, ...type, "content-encoding": "gzip" }, bytes: identity.gzip })
        : new Reply(null as never, { headers: { ...common, ...type }, bytes: identity.json });
    },
  });
}

function frameRoute({ fleet, store }: ApiDeps): Route {
  return route({
    method: "get",
    path: "/fleet/frame",
    role: "viewer",
    wall: true,
    summary: "The whole fleet at a past minute, or now",
    query: FrameQuery,
    answer: FleetFrame,
    action: null,
    async handler({ query, principal, nowMs }) {
      if (query.atMs === undefined) return currentFrame(fleet, principal, nowMs);
      const frame = await store.readFrame(query.atMs);
      if (frame === null) throw new ProblemError(404, "There is no frame of that minute, nor of the ten before", { field: "atMs" });
      return pastFrame(frame, fleet, principal);
    },
  });
}

function currentFrame({ columns }: FleetPort, principal: Principal, nowMs: number): FleetFrame {
  const rows = Array.from({ length: columns.rowCount }, (_, row) => row).filter(
    (row) => columns.key(row) !== 0 && (principal.siteIds?.includes(columns.siteId(row)) ?? true),
  );
  return {
    atMs: nowMs,
    minerIds: rows.map((row) => `m${columns.key(row)}`),
    status: rows.map((row) => columns.statusOf(row).status),
    reason: rows.map((row) => columns.statusOf(row).reason),
    hashrateHs: rows.map((row) => reading(columns.value(row, "hashrateHs"))),
    chipTempCMax: rows.map((row) => reading(columns.value(row, "chipTempCMax"))),
  };
}

function pastFrame(frame: StoredFrame, { columns }: FleetPort, { siteIds }: Principal): FleetFrame {
  // Whose site is not known any more is shown to those alone who may see every site.
  const isVisible = (minerId: string): boolean => {
    if (siteIds === null) return true;
    const row = columns.rowOf(minerId);
    return row !== null && siteIds.includes(columns.siteId(row));
  };
  const answer: FleetFrame = { atMs: frame.atMs, minerIds: [], status: [], reason: [], hashrateHs: [], chipTempCMax: [] };
  for (const [index, key] of frame.minerKeys.entries()) {
    if (!isVisible(`m${key}`)) continue;
    answer.minerIds.push(`m${key}`);
    const { status, reason } = STATUS_CODES[frame.statusCodes[index] ?? -1] ?? UNKNOWN;
    answer.status.push(status);
    answer.reason.push(reason);
    answer.hashrateHs.push(reading(frame.hashrateHs[index]));
    answer.chipTempCMax.push(reading(frame.chipTempCMax[index]));
  }
  return answer;
}

function reading(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

function fleetSeriesRoute({ store, backfill }: ApiDeps): Route {
  return route({
    method: "get",
    path: "/fleet/series",
    role: "viewer",
    wall: true,
    summary: "History of the fleet; for accounts limited to sites of those together, where medians and percentiles are null",
    query: SeriesParams,
    answer: Series,
    action: null,
    async handler({ query, principal: { siteIds }, nowMs }) {
      const asked = readSeriesQuery(query, { fleet: true }, nowMs);
      if (siteIds === null) return { ...(await store.readSeries(asked)), backfilled: backfill.spans("fleet", asked) };
      return { ...(await readSites(store, siteIds, asked)), backfilled: backfill.spans({ siteIds }, asked) };
    },
  });
}

/** The sites of an account or a wall link together. */
async function readSites(store: ApiDeps["store"], siteIds: readonly string[], asked: SeriesQuery): Promise<SeriesColumns> {
  const siteKeys = siteIds.map(siteKeyOf).filter((key) => key !== null);
  if (siteKeys.length === 1) return store.readSeries({ ...asked, target: { siteKey: siteKeys[0] } });
  const metrics = metricsOfSites(asked.metrics);
  const ofEach = await Promise.all(siteKeys.map((key) => store.readSeries({ ...asked, target: { siteKey: key }, metrics })));
  return seriesOfSites(ofEach, asked.metrics);
}

function siteSeriesRoute({ directory, store, backfill }: ApiDeps): Route {
  return route({
    method: "get",
    path: "/sites/:id/series",
    role: "viewer",
    wall: true,
    summary: "History of one site",
    params: z.strictObject({ id }),
    query: SeriesParams,
    answer: Series,
    action: null,
    async handler({ params, query, principal, nowMs }) {
      requireVisibleSite(directory, params.id, principal, "id");
      const siteKey = siteKeyOf(params.id);
      if (siteKey === null) throw notFound("site", params.id);
      const asked = readSeriesQuery(query, { siteKey }, nowMs);
      return { ...(await store.readSeries(asked)), backfilled: backfill.spans({ siteIds: [params.id] }, asked) };
    },
  });
}
