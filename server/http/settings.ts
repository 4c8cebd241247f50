import { z } from "zod";
import { AuditEntry, Settings, SettingsPatch, StorageForecast, Units } from "../contract/api.ts";
import type { ApiDeps } from "./deps.ts";
import { pageOf, PageQuery, readCursor, writeCursor } from "./page.ts";
import { ProblemError } from "./problem.ts";
import { route, type Route } from "./route.ts";

/** Thresholds, retention, units and the interval, and what the data takes on disk. */
export function settingRoutes({ directory, store }: ApiDeps): Route[] {
  return [
    route({
      method: "get",
      path: "/settings",
      role: "viewer",
      summary: "Thresholds, retention, units and the polling interval",
      answer: Settings,
      action: null,
      handler: () => directory.settings(),
    }),
    route({
      method: "patch",
      path: "/settings",
      role: "admin",
      allSites: true,
      summary: "Change settings; what is left out stays",
      body: SettingsPatch,
      answer: Settings,
      action: "settings.change",
      handler: ({ body }) => directory.changeSettings(body),
    }),
    route({
      method: "put",
      path: "/settings",
      role: "admin",
      allSites: true,
      summary: "Replace the settings",
      body: Settings,
      answer: Settings,
      action: "settings.change",
      handler: ({ body }) => directory.changeSettings(body),
    }),
    route({
      method: "get",
      path: "/settings/units",
      role: "viewer",
      wall: true,
      summary: "Units that figures are shown in",
      answer: Units,
      action: null,
      handler: () => directory.settings().units,
    }),
    route({
      method: "get",
      path: "/settings/storage",
      role: "viewer",
      summary: "Size of the database, and when the disk will be full",
      answer: StorageForecast,
      action: null,
      handler: () => store.forecast(),
    }),
  ];
}

const AuditQuery = PageQuery.extend({ actor: z.string().max(200).optional(), action: z.string().max(60).optional() });

/** Who did what, when, from where, with what result: for admins of all sites. */
export function auditRoutes({ store }: ApiDeps): Route[] {
  return [
    route({
      method: "get",
      path: "/audit",
      role: "admin",
      allSites: true,
      summary: "The audit log, newest first",
      query: AuditQuery,
      answer: pageOf(AuditEntry),
      action: null,
      async handler({ query: { limit, cursor, actor, action } }) {
        const beforeId = cursor === undefined ? null : Number(readCursor(cursor));
        if (Number.isNaN(beforeId))
          throw new ProblemError(400, "The cursor is not one that a list gave; start again without it", { field: "cursor" });
        const filter = { ...(actor === undefined ? {} : { actor }), ...(action === undefined ? {} : { action }) };
        const { items, totalCount } = await store.readAudit({ beforeId, limit: limit + 1, ...filter });
        const shown = items.slice(0, limit);
        const last = shown.at(-1);
        return { items: shown, nextCursor: items.length > limit && last !== undefined ? writeCursor(String(last.id)) : null, totalCount };
      },
    }),
  ];
}
