import type { ReactElement } from "react";
import { TimeText } from "../../components/TimeText.tsx";
import { ABSENT } from "../../format/number.ts";
import { formatClock } from "../../format/time.ts";
import { useNowMs, useSites } from "../context.ts";

/** An instant in the reader's zone, ISO on hover. */
export function When({ atMs, never = ABSENT }: { atMs: number | null; never?: string }): ReactElement {
  const nowMs = useNowMs();
  return atMs === null ? <>{never}</> : <TimeText atMs={atMs}>{formatClock(atMs, nowMs)}</TimeText>;
}

/** The sites that somebody is limited to. */
export function SiteNames({ siteIds }: { siteIds: readonly string[] | null }): ReactElement {
  const sites = useSites();
  if (siteIds === null) return <>every site</>;
  return <>{siteIds.length === 0 ? "none" : siteIds.map((siteId) => sites.nameOf(siteId)).join(", ")}</>;
}
