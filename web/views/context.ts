import { createContext, use, useSyncExternalStore } from "react";
import type { FleetIdentity, SessionInfo } from "../../server/contract/api.ts";
import type { FleetLink } from "../live/connection.ts";
import type { Fleet } from "../live/fleet.ts";
import type { IncidentBook } from "../live/incidentBook.ts";
import type { MinerAhead } from "../live/minerAhead.ts";
import type { TextRanks } from "../live/order.ts";
import type { Places } from "../live/places.ts";
import type { Selection } from "../live/selection.ts";
import type { Navigation } from "./navigation.ts";
import type { SiteList } from "./sites/siteList.ts";
import type { SecondClock } from "./secondClock.ts";

/** The parts that every view may use, made once in main.tsx. */
export interface Parts {
  readonly fleet: Fleet;
  readonly link: FleetLink;
  readonly incidents: IncidentBook;
  readonly navigation: Navigation;
  readonly selection: Selection;
  readonly sites: SiteList;
  /** Names of sites, racks and agents, and the alphabetical orders of the fleet: kept from one visit of the table to the next. */
  readonly places: Places;
  readonly ranks: TextRanks;
  readonly seconds: SecondClock;
  readonly ahead: MinerAhead;
}

export const PartsContext = createContext<Parts | null>(null);
export const SessionContext = createContext<SessionInfo | null>(null);

export function useParts(): Parts {
  const parts = use(PartsContext);
  if (parts === null) throw new TypeError("A view stands outside PartsContext");
  return parts;
}

/** The fleet, and a drawing anew whenever it changes. */
export function useFleet(): Fleet {
  const { fleet } = useParts();
  useSyncExternalStore(fleet.subscribe, () => fleet.revision);
  return fleet;
}

/** The fleet, and a drawing anew when miners come or go or are known by other words, not with each poll. */
export function useFleetShape(): Fleet {
  const { fleet } = useParts();
  useSyncExternalStore(fleet.subscribe, () => `${fleet.totals === null} ${fleet.rowCount} ${fleet.numbering} ${fleet.identity.revision}`);
  return fleet;
}

/** Who the miners are, and a drawing anew when that changes, not with each poll. */
export function useIdentity(): FleetIdentity {
  const { fleet } = useParts();
  return useSyncExternalStore(fleet.subscribe, () => fleet.identity.columns);
}

/** Ids of the selected miners, and a drawing anew when they change. */
export function useSelectedIds(): ReadonlySet<string> {
  const { selection } = useParts();
  return useSyncExternalStore(selection.subscribe, () => selection.ids);
}

/** The incidents that are not closed, and a drawing anew when they change. */
export function useIncidents(): IncidentBook {
  const { incidents } = useParts();
  useSyncExternalStore(incidents.subscribe, () => incidents.rows);
  useSyncExternalStore(incidents.subscribe, () => incidents.error);
  return incidents;
}

/** The sites, and a drawing anew when they change. */
export function useSites(): SiteList {
  const { sites } = useParts();
  useSyncExternalStore(sites.subscribe, () => sites.items);
  return sites;
}

/** The server's time, epoch ms, moving once a second. */
export function useNowMs(): number {
  const { seconds } = useParts();
  return useSyncExternalStore(seconds.subscribe, seconds.nowMs);
}

/** Path and query of the address bar. */
export function useAddress(): string {
  const { navigation } = useParts();
  return useSyncExternalStore(navigation.subscribe, navigation.current);
}

/** Whether the person signed in may manage agents and, with `allSites`, what concerns every site: sites, users, settings. */
export function useMayAdminister({ allSites }: { allSites: boolean }): boolean {
  const session = use(SessionContext);
  if (session?.signInRequired === false) return true;
  return session?.user?.role === "admin" && (!allSites || session.user.siteIds === null);
}

/** Whether the person signed in may change things. */
export function useMayOperate(): boolean {
  const session = use(SessionContext);
  return session?.signInRequired === false || (session?.user != null && session.user.role !== "viewer");
}
