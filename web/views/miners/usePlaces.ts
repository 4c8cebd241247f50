import { useEffect, useRef, useSyncExternalStore } from "react";
import { getAllRacks } from "../../api/racks.ts";
import { getAgents } from "../../api/sites.ts";
import type { Fleet } from "../../live/fleet.ts";
import type { Places } from "../../live/places.ts";
import { useFleetShape, useParts, useSites } from "../context.ts";
import { useLoad } from "../useLoad.ts";

/** Names of the sites, racks and agents; asked for again when a miner names one that is not known. */
export function usePlaces(): Places {
  const fleet = useFleetShape();
  const { places } = useParts();
  useSyncExternalStore(places.subscribe, () => places.revision);
  const sites = useSites().items;
  const { data: named, reload } = useLoad("racks and agents", loadNames);
  useEffect(() => {
    if (sites !== null) places.take("site", sites);
  }, [places, sites]);
  useEffect(() => {
    if (named === null) return;
    places.take("rack", named.racks);
    places.take("agent", named.agents);
  }, [places, named]);
  const askedFor = useRef("");
  const identityRevision = fleet.identity.revision;
  useEffect(() => {
    if (named === null) return;
    const unknown = unknownIds(fleet, places);
    if (unknown === "" || unknown === askedFor.current) return;
    askedFor.current = unknown;
    reload();
  }, [fleet, places, named, identityRevision, reload]);
  return places;
}

async function loadNames(signal: AbortSignal) {
  const [racks, agents] = await Promise.all([getAllRacks(null, signal), getAgents(signal)]);
  return { racks, agents: agents.items };
}

/** Ids of racks and agents that miners name and nobody else does. */
function unknownIds({ identity }: Fleet, places: Places): string {
  const racks = [...new Set(identity.columns.rackId)].filter((id) => id !== null && !places.has("rack", id));
  const agents = [...new Set(identity.columns.agentId)].filter((id) => id !== null && !places.has("agent", id));
  return [...racks, ...agents].sort().join();
}
