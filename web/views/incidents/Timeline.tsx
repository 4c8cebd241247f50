import { useState, type ReactElement } from "react";
import type { TimelineEntry } from "../../../server/contract/incidents.ts";
import { formatNumber } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
import { formatClock, formatIso } from "../../format/time.ts";
import { useNowMs } from "../context.ts";

const SHOWN = 12;

/** What happened, oldest first; of a long one the end, until the whole is asked for. */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }): ReactElement {
  const nowMs = useNowMs();
  const [isWhole, setWhole] = useState(false);
  const hidden = isWhole ? 0 : Math.max(0, entries.length - SHOWN);
  return (
    <section className="panel timeline" aria-label="Timeline">
      <header>
        <h2>Timeline</h2>
        <span className="micro push">local time, newest last</span>
      </header>
      {hidden > 0 && (
        <button type="button" className="btn quiet" onClick={() => setWhole(true)}>
          Show {formatNumber(hidden)} earlier
        </button>
      )}
      <ol>
        {entries.slice(hidden).map(({ atMs, kind, text, by }, place) => (
          <li key={`${atMs} ${kind} ${hidden + place}`}>
            <time dateTime={new Date(atMs).toISOString()} title={formatIso(atMs)}>
              {formatClock(atMs, nowMs)}
              <small>:{formatIso(atMs).slice(17, 19)}</small>
            </time>
            <span>
              {plainText(text)}
              {by !== null && <span className="muted">, by {plainText(by)}</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
