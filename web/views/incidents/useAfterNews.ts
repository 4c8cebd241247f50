import { useEffect, useEffectEvent } from "react";
import type { Incident } from "../../../server/contract/incidents.ts";
import { useParts } from "../context.ts";

/** What news bring about, such as a message, is there by then. */
const AFTER_MS = 1500;
/** In a storm it is asked for no more often. */
const LEAST_GAP_MS = 5000;

/**
 * Calls back a moment after an incident opened, changed in who is a member, how grave it is or who looks after it, or closed; once for several that
 * come together, and after each new connection, as something may have been missed. What an incident costs changes all the time and is left out.
 * `incidentId`: of that one alone.
 */
export function useAfterNews(onNews: () => void, incidentId: string | null = null): void {
  const { link } = useParts();
  const call = useEffectEvent(onNews);
  useEffect(() => {
    const known = new Map<string, string>();
    let timer: number | undefined;
    let calledAt = -Infinity;
    const callSoon = (): void => {
      timer ??= window.setTimeout(
        () => {
          timer = undefined;
          calledAt = performance.now();
          call();
        },
        Math.max(AFTER_MS, calledAt + LEAST_GAP_MS - performance.now()),
      );
    };
    const take = (incident: Incident): void => {
      if (incidentId !== null && incident.id !== incidentId) return;
      const now = standingOf(incident);
      if (known.get(incident.id) !== now) callSoon();
      if (incident.state === "closed") known.delete(incident.id);
      else known.set(incident.id, now);
    };
    let isFirst = true; // the page loads by itself
    const connected = (): void => {
      if (!isFirst) callSoon();
      isFirst = false;
    };
    const unfollow = link.followIncidents(take, connected);
    return () => {
      unfollow();
      window.clearTimeout(timer);
    };
  }, [link, incidentId]);
}

function standingOf({ state, severity, scope, memberCount, firingCount, flapping, suppressedBy, timeline }: Incident): string {
  return [state, severity, scope.id, memberCount, firingCount, flapping, suppressedBy, timeline.at(-1)?.atMs].join(" ");
}
