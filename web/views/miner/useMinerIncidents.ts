import { useEffect, useEffectEvent, useMemo, useRef } from "react";
import type { Incident, IncidentRow } from "../../../server/contract/incidents.ts";
import { getIncidents } from "../../api/incidents.ts";
import { compareSeverity } from "../../format/severity.ts";
import { useIncidents, useParts } from "../context.ts";
import { useLoad } from "../useLoad.ts";

/** As many as are remembered of one machine. */
const SHOWN_MAX = "100";
/** News of a large incident leave members out: whether the machine is one is asked for no more often. */
const ASK_AGAIN_MS = 5000;

/** The incidents in which a machine is or was a member. */
export interface MinerIncidents {
  /** Not closed, the worst first; with those of its agent, which stand for all that it polls. */
  readonly open: readonly IncidentRow[];
  /** Of the machine itself, open and closed, newest first; what turned out to be part of another is left out. */
  readonly all: readonly IncidentRow[];
  /** Why the closed ones are not known. */
  readonly error: Error | null;
  readonly reload: () => void;
}

interface WhichMiner {
  readonly id: string;
  readonly siteId: string;
  readonly agentId: string | null;
}

/** Loaded once and after each new connection, then kept up to date by the live stream. */
export function useMinerIncidents({ id, siteId, agentId }: WhichMiner): MinerIncidents {
  const { rows: live } = useIncidents();
  const { data, error, reload, set } = useLoad(`incidents of ${id}`, (signal) =>
    getIncidents({ miner: id, limit: SHOWN_MAX }, null, signal),
  );
  useMembership(
    { id, siteId },
    (row) => set((page) => (page.items.some((known) => known.id === row.id) ? page : { ...page, items: [row, ...page.items] })),
    reload,
  );
  const items = data?.items;
  return useMemo(() => {
    const all = (items ?? []).map((row) => live?.get(row.id)?.row ?? row).filter(({ mergedIntoId }) => mergedIntoId === null);
    const known = new Set(all.map((row) => row.id));
    const ofAgent = [...(live?.values() ?? [])].map(({ row }) => row).filter((row) => isOfAgent(row, agentId) && !known.has(row.id));
    const open = [...all, ...ofAgent].filter(({ state }) => state !== "closed");
    const byTime = (a: IncidentRow, b: IncidentRow): number => b.openedAtMs - a.openedAtMs;
    return { open: open.sort((a, b) => compareSeverity(a.severity, b.severity) || byTime(a, b)), all: all.sort(byTime), error, reload };
  }, [items, live, agentId, error, reload]);
}

function isOfAgent({ scope, state }: IncidentRow, agentId: string | null): boolean {
  return state !== "closed" && scope.kind === "agent" && scope.id === agentId;
}

/** Tells of incidents that the machine joins; `onDoubt` where the news do not say whether it did. */
function useMembership({ id, siteId }: Omit<WhichMiner, "agentId">, onJoined: (row: IncidentRow) => void, onDoubt: () => void): void {
  const { incidents, link } = useParts();
  /** How many members each incident had when it was last in doubt. */
  const asked = useRef(new Map<string, number>());
  const timer = useRef<number>(undefined);
  const take = useEffectEvent((incident: Incident): void => {
    const { members, memberCount } = incident;
    if (members.some((member) => member.kind === "miner" && member.id === id)) onJoined(incident);
    else if (incident.siteId === siteId && members.length < memberCount && asked.current.get(incident.id) !== memberCount) {
      asked.current.set(incident.id, memberCount);
      timer.current ??= window.setTimeout(() => {
        timer.current = undefined;
        onDoubt();
      }, ASK_AGAIN_MS);
    }
  });
  const loadAgain = useEffectEvent(() => onDoubt());
  useEffect(() => incidents.onNews((incident) => take(incident)), [incidents]);
  useEffect(() => {
    let isFirst = true; // the page loads by itself
    const connected = (): void => {
      if (!isFirst) loadAgain();
      isFirst = false;
    };
    return link.followIncidents(() => undefined, connected);
  }, [link]);
  useEffect(
    () => () => {
      window.clearTimeout(timer.current);
      timer.current = undefined;
      asked.current.clear();
    },
    [id],
  );
}
