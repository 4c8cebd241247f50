import type { LiveScope } from "../contract/live.ts";
import type { DirectoryPort, FleetColumnsPort } from "../fleet/ports.ts";

/** Who looks, as far as the live stream cares: siteIds null = every site. */
export interface Viewer {
  readonly role: string;
  readonly siteIds: readonly string[] | null;
  /** "wall": the fleet, sites and racks as a whole, no single machine and no agents. */
  readonly kind: "session" | "token" | "wall" | "demo";
}

/** A scope as one viewer may see it. Equal keys mean equal rows, so that they can share what is encoded. */
export interface ResolvedScope {
  readonly key: string;
  /** Sites whose totals travel along; null: the fleet. For a rack or a miner those of its site. */
  readonly totalSites: readonly string[] | null;
  readonly minerId: string | null;
  contains(row: number): boolean;
}

/** null: there is no such thing, or it is not the viewer's to see. */
export function resolveScope(
  scope: LiveScope,
  { siteIds, kind }: Viewer,
  { directory, columns }: { directory: DirectoryPort; columns: FleetColumnsPort },
): ResolvedScope | null {
  const mayUse = (siteId: string): boolean => siteIds === null || siteIds.includes(siteId);
  if ("siteId" in scope) {
    const { siteId } = scope;
    if (!directory.site(siteId) || !mayUse(siteId)) return null;
    return { key: `sites ${siteId}`, totalSites: [siteId], minerId: null, contains: (row) => columns.siteId(row) === siteId };
  }
  if ("rackId" in scope) {
    const rack = directory.racks().find(({ id }) => id === scope.rackId);
    if (!rack || !mayUse(rack.siteId)) return null;
    return { key: `rack ${rack.id}`, totalSites: [rack.siteId], minerId: null, contains: (row) => columns.rackId(row) === rack.id };
  }
  if ("minerId" in scope) {
    const { minerId } = scope;
    const own = columns.rowOf(minerId);
    if (own === null || kind === "wall" || !mayUse(columns.siteId(own))) return null;
    return { key: `miner ${minerId}`, totalSites: [columns.siteId(own)], minerId, contains: (row) => row === own };
  }
  if (siteIds === null) return { key: "fleet", totalSites: null, minerId: null, contains: () => true };
  const allowed = new Set(siteIds);
  return {
    key: `sites ${[...allowed].sort().join("+")}`,
    totalSites: [...allowed],
    minerId: null,
    contains: (row) => allowed.has(columns.siteId(row)),
  };
}
