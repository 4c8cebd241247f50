import type { Incident } from "../contract/incidents.ts";
import type { IncidentNews } from "../incidents/news.ts";
import type { Viewer } from "./scope.ts";

/** Of so many incidents a client that reads slowly may miss news; who misses more comes back and loads them all. */
const MISSED_MAX = 1000;
/** Of what it missed it gets so many at once. */
const CATCH_UP_AT_ONCE = 50;

/** A client that hears of incidents. */
export interface IncidentClient {
  readonly viewer: Viewer;
  /** What was sent before has left the process. */
  readonly canTake: () => boolean;
  readonly emit: (incident: Incident) => void;
  /** Ends the connection in a way that makes a client come back. */
  readonly drop: () => void;
}

/**
 * Tells everybody who may see its site of each change of an incident, whatever they subscribed to. For who cannot take it now the latest of each incident is
 * kept, so that whoever has slept knows the truth once it reads again.
 */
export class IncidentStream {
  readonly #clients = new Map<string, { readonly client: IncidentClient; readonly missed: Map<string, Incident> }>();

  join(id: string, client: IncidentClient): void {
    this.#clients.set(id, { client, missed: new Map() });
  }

  leave(id: string): void {
    this.#clients.delete(id);
  }

  tell(news: readonly IncidentNews[]): void {
    for (const { client, missed } of this.#clients.values()) {
      const seen = news.filter(({ incident }) => seesIncident(client.viewer, incident));
      if (missed.size === 0 && client.canTake()) for (const { incident } of seen) client.emit(incident);
      else this.#miss(client, { missed, incidents: seen.map(({ incident }) => incident) });
    }
  }

  #miss(client: IncidentClient, { missed, incidents }: { missed: Map<string, Incident>; incidents: readonly Incident[] }): void {
    for (const incident of incidents) {
      missed.delete(incident.id);
      missed.set(incident.id, incident); // behind the others, as it happened after them
    }
    if (missed.size > MISSED_MAX) client.drop();
  }

  /** Before anything else of a tick is sent: those who read again get what they missed, the oldest first. */
  tick(): void {
    for (const { client, missed } of this.#clients.values()) {
      if (missed.size === 0 || !client.canTake()) continue;
      for (const incident of [...missed.values()].slice(0, CATCH_UP_AT_ONCE)) {
        missed.delete(incident.id);
        client.emit(incident);
      }
    }
  }
}

/** What belongs to no single site is for those who may see all; a wall shows no incident. */
function seesIncident({ kind, siteIds }: Viewer, { siteId }: Incident): boolean {
  return kind !== "wall" && (siteIds === null || (siteId !== null && siteIds.includes(siteId)));
}
