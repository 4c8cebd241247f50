import type { ReactElement } from "react";
import type { Agent, Scan } from "../../../server/contract/api.ts";
import { Link } from "../../components/Link.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { formatNumber } from "../../format/number.ts";
import { startScan } from "../../api/sites.ts";
import { useMayOperate, useNowMs } from "../context.ts";
import { useAction } from "../useAction.ts";
import { ScanResults } from "./ScanResults.tsx";

/** Looks at every address of the agent's ranges, with live counts and what was found. */
export function ScanPanel({ agent, scan, rangeCount }: { agent: Agent; scan: Scan | null; rangeCount: number }): ReactElement {
  const { busy: starting, error, run } = useAction();
  const busy = starting || scan?.state === "running";
  const mayOperate = useMayOperate();
  return (
    <section className="panel" aria-label={`Scan by ${agent.name}`}>
      <header>
        <h3 className="agentname">Scan</h3>
        <span className="micro">{scan === null ? "of every address of the ranges, TCP 4028" : SCAN_TEXTS[scan.state]}</span>
        <span className="push scanactions">
          {scan !== null && scan.foundCount > 0 && (
            <Link className="btn" href="/miners">
              Open the fleet, {formatNumber(scan.foundCount)} found
            </Link>
          )}
          {mayOperate && (
            <button
              type="button"
              className="btn primary"
              disabled={busy || rangeCount === 0 || agent.state !== "online"}
              onClick={() => run(() => startScan(agent.id))}
            >
              {busy ? "Scanning" : "Scan now"}
            </button>
          )}
        </span>
      </header>
      {error !== null && (
        <div className="blank">
          <Trouble error={error} />
        </div>
      )}
      {scan === null ? <Hint agent={agent} rangeCount={rangeCount} /> : <Progress scan={scan} />}
    </section>
  );
}

const SCAN_TEXTS: Readonly<Record<Scan["state"], string>> = { running: "under way", done: "done", failed: "failed" };

function Hint({ agent, rangeCount }: { agent: Agent; rangeCount: number }): ReactElement {
  if (agent.state !== "online")
    return (
      <p className="blank soft">
        The agent is not connected. A scan can start as soon as it is; check that it runs and reaches this server.
      </p>
    );
  if (rangeCount === 0) return <p className="blank soft">Add a range first.</p>;
  return <p className="blank soft">Miners that are already known stay; what is found is polled at once.</p>;
}

function Progress({ scan }: { scan: Scan }): ReactElement {
  const nowMs = useNowMs();
  const seconds = ((scan.endedAtMs ?? nowMs) - scan.startedAtMs) / 1000;
  const silent = scan.failureCounts["timeout"] ?? 0;
  const others = scan.items.filter((item) => !["found", "timeout", "noRoute"].includes(item.outcome));
  const share = scan.totalCount === 0 ? 0 : scan.probedCount / scan.totalCount;
  return (
    <>
      <div className="progress" aria-live="polite">
        <Count value={scan.probedCount} of={scan.totalCount} label="addresses probed" />
        <Count value={scan.foundCount} label="miners found" />
        <Count value={silent} label="no answer" />
        <Count value={others.length} label="answer, but are no miner" />
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
      <ScanResults scan={scan} />
    </>
  );
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
