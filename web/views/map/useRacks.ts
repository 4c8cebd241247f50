import { useEffect, useRef } from "react";
import type { Rack } from "../../../server/contract/api.ts";
import { getAllRacks } from "../../api/racks.ts";
import type { Fleet } from "../../live/fleet.ts";
import { useLoad, type Loaded } from "../useLoad.ts";

/** Racks of a site, or of all; loaded again when a miner turns up in one that is not known yet. */
export function useRacks(fleet: Fleet, siteId: string | null): Loaded<Rack[]> {
  const loaded = useLoad(`racks ${siteId ?? ""}`, (signal) => getAllRacks(siteId, signal));
  const askedFor = useRef("");
  const { data, reload } = loaded;
  const unknown = data === null ? "" : unknownRackIds(fleet, data).join();
  useEffect(() => {
    if (unknown === "" || unknown === askedFor.current) return;
    askedFor.current = unknown;
    reload();
  }, [unknown, reload]);
  return loaded;
}

function unknownRackIds(fleet: Fleet, racks: readonly Rack[]): string[] {
  const known = new Set<string | null>([null, ...racks.map((rack) => rack.id)]);
  return [...new Set(fleet.identity.columns.rackId)].filter((id): id is string => !known.has(id));
}
