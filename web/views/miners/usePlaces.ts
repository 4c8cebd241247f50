import { useEffect, useState } from "react";
import { getAllRacks } from "../../api/racks.ts";
import { getAgents } from "../../api/sites.ts";
import { Places } from "../../live/places.ts";
import { useFleet, useSites } from "../context.ts";
import { useLoad } from "../useLoad.ts";

/** Names of the sites, racks and agents; asked for again when a miner names one that is not known. */
export function usePlaces(): Places {
  const [places] = useState(() => new Places());
  const [, setRevision] = useState(0);
  const [unknown, setUnknown] = useState("");
  const sites = useSites().items;
  const racks = useLoad(`racks ${unknown}`, (signal) => getAllRacks(null, signal)).data;
  const agents = useLoad(`agents ${unknown}`, getAgents).data;
  const { identity } = useFleet();
  useEffect(() => {
    if (sites !== null) places.take("site", sites);
    if (racks !== null) places.take("rack", racks);
    if (agents !== null) places.take("agent", agents.items);
    setRevision(places.revision);
  }, [places, sites, racks, agents]);
  const isLoaded = racks !== null && agents !== null;
  useEffect(() => {
    if (isLoaded)
      setUnknown([...unknownIds(places, "rack", identity.columns.rackId), ...unknownIds(places, "agent", identity.columns.agentId)].join());
  }, [places, identity, identity.revision, isLoaded]);
  return places;
}

function unknownIds(places: Places, kind: "rack" | "agent", ids: readonly (string | null)[]): string[] {
  return [...new Set(ids)].filter((id) => id !== null && !places.has(kind, id)).sort() as string[];
}
