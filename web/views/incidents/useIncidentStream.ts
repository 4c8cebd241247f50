import { useEffect } from "react";
import { useParts } from "../context.ts";

/** Keeps the book of incidents up to date for as long as the page is there. */
export function useIncidentStream(): void {
  const { link, incidents } = useParts();
  useEffect(
    () =>
      link.followIncidents(
        (incident) => incidents.takeNews(incident),
        () => void incidents.load(),
      ),
    [link, incidents],
  );
}
