import type { ReactElement } from "react";
import type { Agent, Scan } from "../../../server/contract/api.ts";
import { Link } from "../../components/Link.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { formatNumber } from "../../format/number.ts";
import { startScan } from "../../api/sites.ts";
import { useMayOperate } from "../context.ts";
import { useAction } from "../useAction.ts";
import { ScanProgress } from "./ScanProgress.tsx";
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
      {scan === null ? (
        <Hint agent={agent} rangeCount={rangeCount} />
      ) : (
        <>
          <ScanProgress scan={scan} />
          <ScanResults scan={scan} />
        </>
      )}
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
