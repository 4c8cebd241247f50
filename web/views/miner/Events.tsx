import type { ReactElement } from "react";
import type { MinerDetail } from "../../../server/contract/api.ts";
import { StatusMark } from "../../components/StatusMark.tsx";
import { TimeText } from "../../components/TimeText.tsx";
import { formatClock } from "../../format/time.ts";
import { eventText } from "./eventText.ts";

/** What happened to the miner, the newest first. */
export function Events({ detail, nowMs }: { detail: MinerDetail; nowMs: number }): ReactElement {
  return (
    <section className="panel events" aria-label="Events">
      <header>
        <h2>Events</h2>
      </header>
      {detail.events.length === 0 && <p className="blank soft">Nothing has happened to this miner yet.</p>}
      <ul>
        {detail.events.map((event, index) => (
          <li key={`${event.atMs}/${index}`}>
            <TimeText atMs={event.atMs}>{formatClock(event.atMs, nowMs)}</TimeText>
            {event.status === null ? <span className="muted">·</span> : <StatusMark status={event.status} size={15} />}
            <span>{eventText(event)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
