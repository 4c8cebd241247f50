import { useMemo } from "react";
import { getIncidents } from "../../api/incidents.ts";
import { isOfSite } from "../../live/incidentBook.ts";
import { useAddress, useIncidents } from "../context.ts";
import { siteOf } from "../navigation.ts";
import { useLoad } from "../useLoad.ts";
import { jumpsOf, type Jump } from "./incidentJumps.ts";
import type { Span } from "./mapQuery.ts";
import type { Timeline } from "./timeline.ts";

/** The newest of those that are closed: more marks than this are none. */
const CLOSED_MAX = "1000";

/** Where along the timeline incidents opened: closed ones as they were when the page came, the others as they come. */
export function useIncidentJumps({ fromMs, toMs, stepMs, seriesStepMs }: Timeline, span: Span): readonly Jump[] {
  const { rows } = useIncidents();
  const siteId = siteOf(useAddress());
  const { data } = useLoad(`closed incidents for ${span} ${siteId ?? ""}`, (signal) => {
    const site: Record<string, string> = siteId === null ? {} : { site: siteId };
    return getIncidents({ state: "closed", sort: "-openedAtMs", limit: CLOSED_MAX, ...site }, null, signal);
  });
  return useMemo(() => {
    const live = [...(rows?.values() ?? [])].map(({ row }) => row).filter((row) => isOfSite(row, siteId));
    const known = new Map([...(data?.items ?? []), ...live].map((row) => [row.id, row]));
    return jumpsOf([...known.values()], { fromMs, toMs, stepMs, seriesStepMs });
  }, [rows, data, siteId, fromMs, toMs, stepMs, seriesStepMs]);
}
