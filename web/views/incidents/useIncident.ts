import { useEffect, useEffectEvent } from "react";
import type { Incident, IncidentRow } from "../../../server/contract/incidents.ts";
import { getIncident } from "../../api/incidents.ts";
import { isIncomplete, mergeIncident } from "../../live/mergeIncident.ts";
import { useParts } from "../context.ts";
import { useLoad, type Loaded } from "../useLoad.ts";

/** As many members as the server tells with an incident; the page asks for the rest where they are wanted. */
export const MEMBERS_TOLD = 1000;
/** Of an incident that grows by hundreds, the whole is asked for no more often. */
const WHOLE_AGAIN_MS = 5000;

interface LiveIncident extends Loaded<Incident> {
  /** Takes the answer to what the reader did, which may be there before the news. */
  readonly takeAnswer: (row: IncidentRow) => void;
}

/** One incident, whole, and as it changes. */
export function useIncident(incidentId: string): LiveIncident {
  const { incidents } = useParts();
  const loaded = useLoad(`incident ${incidentId}`, (signal) => getIncident(incidentId, signal));
  const { data, set, reload } = loaded;
  const take = useEffectEvent((news: Incident): void => {
    if (news.id === incidentId) set((held) => mergeIncident(held, news));
  });
  useEffect(() => incidents.onNews((news) => take(news)), [incidents]);
  const lacks = data !== null && isIncomplete(data, MEMBERS_TOLD);
  useEffect(() => {
    if (!lacks) return undefined;
    const timer = window.setTimeout(reload, WHOLE_AGAIN_MS);
    return () => window.clearTimeout(timer);
  }, [lacks, reload]);
  const takeAnswer = (row: IncidentRow): void => {
    incidents.takeRow(row);
    set((held) => ({ ...held, ...row }));
  };
  return { ...loaded, takeAnswer };
}
