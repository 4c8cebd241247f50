import { z } from "zod";
import type { Principal } from "../accounts/principal.ts";
import { id, MalformedReply, MinerDetail, MinerPatch, MinerRow, Replies, Series } from "../contract/api.ts";
import { ControlBoard, FIRMWARE_FAMILIES } from "../contract/identity.ts";
import { REASONS, STATUSES } from "../contract/status.ts";
import type { ApiDeps } from "./deps.ts";
import { minerKeyOf } from "./keys.ts";
import { pageOf, PageQuery } from "./page.ts";
import { found, notFound, ProblemError } from "./problem.ts";
import { anyOf } from "./queryList.ts";
import { route, type Route } from "./route.ts";
import { readSeriesQuery, SeriesParams } from "./seriesQuery.ts";
import { visible } from "./siteAccess.ts";

const EVENTS_MS = 30 * 86_400_000;
const EVENT_LIMIT = 200;
const params = z.strictObject({ id });

const word = z.string().max(100);
const reasons = Object.values(REASONS).flat();
const MinerFilter = PageQuery.extend({
  site: anyOf(word),
  rack: anyOf(word),
  status: anyOf(z.enum(STATUSES)),
  reason: anyOf(z.enum(reasons)),
  model: anyOf(word),
  firmware: anyOf(z.enum(FIRMWARE_FAMILIES)),
  controlBoard: anyOf(ControlBoard),
  agent: anyOf(word),
  tag: anyOf(word),
  q: z.string().max(200).optional(),
  sort: z
    .string()
    .refine(
      (field) => Object.hasOwn(MinerRow.shape, field.replace(/^-/, "")),
      "expected the name of a field of a row, with - in front for descending",
    )
    .optional(),
});

/** Miners: the list, one with its evidence and events, its changes, raw replies and history. */
export function minerRoutes(deps: ApiDeps): Route[] {
  return [
    listRoute(deps),
    detailRoute(deps),
    patchRoute(deps),
    deleteRoute(deps),
    repliesRoute(deps),
    malformedRoute(deps),
    seriesRoute(deps),
  ];
}

function listRoute({ fleet }: ApiDeps): Route {
  return route({
    method: "get",
    path: "/miners",
    role: "viewer",
    summary: "Miners, filtered and sorted",
    query: MinerFilter,
    answer: pageOf(MinerRow),
    action: null,
    handler({ query, principal, nowMs }) {
      const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as { limit: number };
      try {
        return fleet.list({ ...given, allowedSites: principal.siteIds }, nowMs);
      } catch (error) {
        if (error instanceof RangeError)
          throw new ProblemError(400, error.message, { field: query.cursor === undefined ? "sort" : "cursor" });
        throw error;
      }
    },
  });
}

/** The miner, when it exists and the caller may see its site. Throws ProblemError (404). */
function visibleMiner({ fleet }: ApiDeps, minerId: string, principal: Principal, nowMs: number) {
  const miner = visible("miner", minerId, fleet.detail(minerId, nowMs), principal);
  const minerKey = minerKeyOf(minerId);
  if (minerKey === null) throw notFound("miner", minerId);
  return { ...miner, minerKey };
}

function detailRoute(deps: ApiDeps): Route {
  return route({
    method: "get",
    path: "/miners/:id",
    role: "viewer",
    summary: "One miner: identity with evidence, status, last sample and failure, events",
    params,
    answer: MinerDetail,
    action: null,
    async handler({ params, principal, nowMs }) {
      const { minerKey, ...miner } = visibleMiner(deps, params.id, principal, nowMs);
      const events = await deps.store.readEvents({ minerKey, fromMs: nowMs - EVENTS_MS, toMs: nowMs + 1, limit: EVENT_LIMIT });
      return { ...miner, events };
    },
  });
}

function patchRoute(deps: ApiDeps): Route {
  const { fleet } = deps;
  return route({
    method: "patch",
    path: "/miners/:id",
    role: "operator",
    summary: "Change a miner's name, tags, note or place",
    params,
    body: MinerPatch,
    answer: MinerRow,
    action: "miner.change",
    async handler({ params, body, principal, nowMs }) {
      const miner = visibleMiner(deps, params.id, principal, nowMs);
      const moves = body.rackId !== undefined && body.rackId !== miner.rackId;
      const patch = moves && (body.rackId === null || body.slot === undefined) ? { ...body, slot: null } : body; // a slot is a place of its rack
      const rackId = body.rackId === undefined ? miner.rackId : body.rackId;
      requirePlace(deps, { id: miner.id, siteId: miner.siteId, rackId }, patch, nowMs);
      return found("miner", params.id, await fleet.patch(params.id, patch));
    },
  });
}

/** A slot is a place of a rack of the miner's own site, and holds one miner. */
function requirePlace(deps: ApiDeps, miner: { id: string; siteId: string; rackId: string | null }, patch: MinerPatch, nowMs: number): void {
  if (patch.rackId === undefined && patch.slot === undefined) return;
  if (miner.rackId === null) {
    if (patch.slot !== undefined && patch.slot !== null) throw new ProblemError(400, "slot: a slot needs a rack", { field: "slot" });
    return;
  }
  const rack = deps.directory.rack(miner.rackId);
  if (rack?.siteId !== miner.siteId)
    throw new ProblemError(400, `rackId: the miner's site has no rack ${miner.rackId}`, { field: "rackId" });
  if (patch.slot === undefined || patch.slot === null) return;
  if (patch.slot > rack.rows * rack.columns)
    throw new ProblemError(400, `slot: rack ${rack.name} has ${rack.rows * rack.columns} slots`, { field: "slot" });
  const inRack = deps.fleet.list({ rack: [rack.id], limit: 1000, allowedSites: null }, nowMs).items;
  const other = inRack.find((each) => each.slot === patch.slot && each.id !== miner.id);
  if (other !== undefined) throw new ProblemError(409, `slot: ${other.address} stands there already`, { field: "slot" });
}

function deleteRoute(deps: ApiDeps): Route {
  return route({
    method: "delete",
    path: "/miners/:id",
    role: "operator",
    summary: "Forget a miner; its history stays until retention",
    params,
    answer: null,
    action: "miner.delete",
    async handler({ params, principal, nowMs }) {
      visibleMiner(deps, params.id, principal, nowMs);
      if (!(await deps.fleet.forget(params.id))) throw notFound("miner", params.id);
    },
  });
}

function repliesRoute(deps: ApiDeps): Route {
  return route({
    method: "get",
    path: "/miners/:id/replies",
    role: "viewer",
    summary: "The last raw replies by command, fetched from the agent now",
    params,
    answer: Replies,
    action: null,
    async handler({ params, principal, nowMs }) {
      visibleMiner(deps, params.id, principal, nowMs);
      const replies = await deps.agentLink.fetchReplies(params.id);
      if (replies === null) throw new ProblemError(503, "The agent of this miner is not connected or did not answer within 10 s");
      return replies;
    },
  });
}

function malformedRoute(deps: ApiDeps): Route {
  return route({
    method: "get",
    path: "/miners/:id/malformed",
    role: "viewer",
    summary: "Replies that could not be read, kept for 7 days",
    params,
    answer: z.object({ items: z.array(MalformedReply) }),
    action: null,
    async handler({ params, principal, nowMs }) {
      const { minerKey } = visibleMiner(deps, params.id, principal, nowMs);
      const replies = await deps.store.readMalformed(minerKey);
      return { items: replies.map(({ bytes, ...reply }) => ({ ...reply, base64: Buffer.from(bytes).toString("base64") })) };
    },
  });
}

function seriesRoute(deps: ApiDeps): Route {
  return route({
    method: "get",
    path: "/miners/:id/series",
    role: "viewer",
    summary: "History of one miner",
    params,
    query: SeriesParams,
    answer: Series,
    action: null,
    async handler({ params, query, principal, nowMs }) {
      const { minerKey, agentId } = visibleMiner(deps, params.id, principal, nowMs);
      const asked = readSeriesQuery(query, { minerKey }, nowMs);
      return { ...(await deps.store.readSeries(asked)), backfilled: agentId === null ? [] : deps.backfill.spans({ agentId }, asked) };
    },
  });
}
