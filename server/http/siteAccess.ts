import { seesSite, type Principal } from "../accounts/principal.ts";
import type { ApiDeps } from "./deps.ts";
import { notFound, ProblemError } from "./problem.ts";

/** The record, when it exists and the caller may see its site; else 404, so that nobody learns what other sites have. */
export function visible<T extends { siteId: string }>(what: string, id: string, record: T | null, principal: Principal): T {
  if (record === null || !seesSite(principal, record.siteId)) throw notFound(what, id);
  return record;
}

/** Checks a site that a query names. Throws ProblemError (404) where it does not exist for the caller. */
export function requireVisibleSite(directory: ApiDeps["directory"], siteId: string, principal: Principal, field = "site"): void {
  if (directory.site(siteId) === null || !seesSite(principal, siteId)) throw new ProblemError(404, `There is no site ${siteId}`, { field });
}

/** Records of the sites that the caller may see. */
export function onlyVisible<T extends { siteId: string }>(records: readonly T[], principal: Principal): T[] {
  return records.filter((record) => seesSite(principal, record.siteId));
}

/** Checks the sites that somebody is to be limited to. Throws ProblemError (400) where one does not exist. */
export function requireSites(directory: ApiDeps["directory"], siteIds: readonly string[] | null): void {
  const unknown = siteIds?.find((siteId) => directory.site(siteId) === null);
  if (unknown !== undefined) throw new ProblemError(400, `There is no site ${unknown}`, { field: "siteIds" });
}
