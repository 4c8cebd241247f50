import type { ReactElement } from "react";
import type { ScanItem } from "../../../server/contract/agentLink.ts";
import type { Scan } from "../../../server/contract/api.ts";
import type { PollFailure } from "../../../server/contract/sample.ts";
import { countOf, formatNumber } from "../../format/number.ts";
import { useNowMs } from "../context.ts";

/** How far a scan is and what it found so far. */
export function ScanProgress({ scan }: { scan: Scan }): ReactElement {
  const nowMs = useNowMs();
  const seconds = ((scan.endedAtMs ?? nowMs) - scan.startedAtMs) / 1000;
  const failures = (...kinds: readonly PollFailure[]): number => kinds.reduce((sum, kind) => sum + (scan.failureCounts[kind] ?? 0), 0);
  const refused = failures("refused");
  const share = scan.totalCount === 0 ? 0 : scan.probedCount / scan.totalCount;
  return (
    <>
      <div className="progress">
        <Count value={scan.probedCount} of={scan.totalCount} label="addresses probed" />
        <Count value={scan.foundCount} label="miners found" />
        <Count value={failures("timeout", "noRoute")} label="no answer" />
        {refused > 0 && <Count value={refused} label="port closed" />}
        <Count value={failures("closed", "truncated", "undecodable", "notMiner")} label="answer, but are no miner" />
        <div>
          <b>
            {formatNumber(Math.max(0, seconds), 1)} <span className="unit">s</span>
          </b>
          <span>{scan.state === "running" ? "so far" : "in all"}</span>
        </div>
      </div>
      <div
        className="progressbar"
        role="progressbar"
        aria-label="Addresses probed"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
      >
        <i style={{ width: `${share * 100}%` }} />
      </div>
      {scan.detail !== null && <p className="blank soft">{scan.detail}</p>}
      <p className="unseen" role="status">
        {summaryOf(scan)}
      </p>
    </>
  );
}

/** What answered a scan and is no miner. */
export function noMiners({ items }: Scan): ScanItem[] {
  return items.filter(({ outcome }) => !["found", "timeout", "noRoute"].includes(outcome));
}

/** For those who hear the page: a word at the start and one at the end. */
function summaryOf({ state, foundCount, probedCount, totalCount }: Scan): string {
  if (state === "running") return `Scanning ${formatNumber(totalCount)} addresses`;
  return `Scan ${state}: ${countOf(foundCount, "miner")} found at ${formatNumber(state === "done" ? totalCount : probedCount)} addresses`;
}

function Count({ value, of, label }: { value: number; of?: number; label: string }): ReactElement {
  return (
    <div>
      <b>
        {formatNumber(value)}
        {of !== undefined && <span className="unit"> of {formatNumber(of)}</span>}
      </b>
      <span>{label}</span>
    </div>
  );
}
