import { Fragment, useSyncExternalStore, type ReactElement, type ReactNode } from "react";
import type { IncidentRow } from "../../../server/contract/incidents.ts";
import { FigureText } from "../../components/FigureText.tsx";
import { plainText } from "../../format/plainText.ts";
import { formatClock, formatIso, formatSpan } from "../../format/time.ts";
import { workFigure } from "../../format/work.ts";
import { lostHashesOf, type HeldIncident } from "../../live/incidentBook.ts";
import { useNowMs, useParts, useSites } from "../context.ts";
import { SCOPE_LABELS } from "./incidentsQuery.ts";

/** How long ago, to the minute; drawn anew when its text changes, not with every second. */
export function Since({ atMs }: { atMs: number }): ReactElement {
  const { seconds } = useParts();
  const text = useSyncExternalStore(seconds.subscribe, () => formatSpan(seconds.nowMs() - atMs));
  return (
    <time dateTime={new Date(atMs).toISOString()} title={formatIso(atMs)}>
      {text}
    </time>
  );
}

/** Clock time in the reader's zone, ISO on hover. */
export function Clock({ atMs }: { atMs: number }): ReactElement {
  const nowMs = useNowMs();
  return (
    <time dateTime={new Date(atMs).toISOString()} title={formatIso(atMs)}>
      {formatClock(atMs, nowMs)}
    </time>
  );
}

/** What was lost so far, counting on while the incident lasts. */
export function LostSoFar({ held }: { held: HeldIncident }): ReactElement {
  const { seconds } = useParts();
  const text = useSyncExternalStore(seconds.subscribe, () => {
    const { text: figure, unit } = workFigure(lostHashesOf(held, seconds.nowMs()));
    return `${figure}|${unit}`;
  });
  const [figure = "", unit = ""] = text.split("|");
  return <FigureText figure={{ text: figure, unit }} />;
}

/** `Rack B07, Pecos`; of a single machine, which the explanation names, `Miner, Pecos`. */
export function PlaceText({ row }: { row: Pick<IncidentRow, "scope" | "siteId"> }): ReactElement {
  const sites = useSites();
  const { kind, name } = row.scope;
  const site = row.siteId === null || kind === "site" ? null : sites.nameOf(row.siteId);
  return (
    <>
      {SCOPE_LABELS[kind]}
      {kind !== "server" && kind !== "miner" && ` ${plainText(name)}`}
      {site !== null && `, ${site}`}
    </>
  );
}

/** Who looks after it, and why nobody is told. */
export function StateText({ row }: { row: IncidentRow }): ReactElement {
  const parts: ReactNode[] = [
    row.state === "open"
      ? "Open"
      : row.state === "acknowledged"
        ? `Acknowledged by ${plainText(row.acknowledgedBy ?? "somebody")}`
        : "Closed",
    row.assignee !== null && `assigned to ${plainText(row.assignee)}`,
    row.state !== "closed" && row.snoozedUntilMs !== null && (
      <>
        snoozed until <Clock atMs={row.snoozedUntilMs} />
      </>
    ),
    row.state !== "closed" && row.suppressedBy === "maintenance" && "in a maintenance window",
    row.state !== "closed" && row.suppressedBy === "silence" && "silenced",
    row.flapping && "flapping",
  ];
  return (
    <>
      {parts
        .filter((part) => part !== false)
        .map((part, place) => (
          <Fragment key={place}>
            {place > 0 && ", "}
            {part}
          </Fragment>
        ))}
    </>
  );
}
