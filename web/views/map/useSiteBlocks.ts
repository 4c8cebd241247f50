import { useMemo, useSyncExternalStore } from "react";
import type { Rack } from "../../../server/contract/api.ts";
import { useParts, useSites } from "../context.ts";
import { blocksOf, type Grouping, type SiteBlocks } from "./blocks.ts";
import { useRacks } from "./useRacks.ts";

interface Asked {
  readonly grouping: Grouping;
  /** null: all of them. */
  readonly siteId: string | null;
  /** The first site alone, where there is no room for more. */
  readonly isOneSite: boolean;
}

interface SitesOnMap {
  /** null until everything is there. */
  readonly blocks: readonly SiteBlocks[] | null;
  readonly racks: readonly Rack[];
  readonly error: Error | null;
  readonly reload: () => void;
}

/** Who stands where, made anew when identities, racks or sites change, and not with each tick. */
export function useSiteBlocks({ grouping, siteId, isOneSite }: Asked): SitesOnMap {
  const { fleet } = useParts();
  const sites = useSites().items;
  const racks = useRacks(fleet, siteId);
  const revision = useSyncExternalStore(fleet.subscribe, () => `${fleet.rowRevision} ${fleet.identity.revision}`);
  const blocks = useMemo(() => {
    const isAnonymous = fleet.rowCount > 0 && fleet.identity.count === 0;
    if (isAnonymous || sites === null || (racks.data === null && grouping === "rack")) return null;
    const asked = revision === "" ? [] : sites.filter((site) => siteId === null || site.id === siteId);
    const all = blocksOf({ fleet, racks: racks.data ?? [], sites: asked, grouping });
    return isOneSite ? all.slice(0, 1) : all;
  }, [fleet, revision, sites, siteId, racks.data, grouping, isOneSite]);
  return { blocks, racks: racks.data ?? [], error: racks.error, reload: racks.reload };
}
