import type { ReactElement } from "react";
import type { Agent, Range, Scan } from "../../../server/contract/api.ts";
import { Link } from "../../components/Link.tsx";
import { formatNumber } from "../../format/number.ts";
import { useMayAdminister } from "../context.ts";
import { AgentActions } from "./AgentActions.tsx";
import { AgentFacts, UplinkState } from "./AgentFacts.tsx";
import { Ranges } from "./Ranges.tsx";
import { ScanPanel } from "./ScanPanel.tsx";
import { ScanResults } from "./ScanResults.tsx";

interface AgentProps {
  readonly agent: Agent;
  readonly agents: readonly Agent[];
  readonly siteName: string;
  readonly ranges: readonly Range[];
  readonly scan: Scan | null;
  readonly onChange: () => void;
}

/** One agent: how it is, where it looks, and a scan. */
export function AgentPanel({ agent, agents, siteName, ranges, scan, onChange }: AgentProps): ReactElement {
  const mayAdminister = useMayAdminister({ allSites: false });
  return (
    <div className="agent">
      <section className="panel" aria-label={`Agent ${agent.name}`}>
        <header>
          <h3 className="agentname">{agent.name}</h3>
          {agent.embedded && <span className="micro">in this server</span>}
          <span className="push agenthead">
            <UplinkState agent={agent} />
            {mayAdminister && (
              <AgentActions agent={agent} agents={agents} siteName={siteName} rangeCount={ranges.length} onChange={onChange} />
            )}
          </span>
        </header>
        <AgentFacts agent={agent} />
        {agent.state !== "revoked" && <Ranges agent={agent} ranges={ranges} onChange={onChange} />}
        <Refusals agent={agent} />
      </section>
      {agent.state !== "revoked" && agent.state !== "waiting" && <AgentScan agent={agent} scan={scan} rangeCount={ranges.length} />}
    </div>
  );
}

const SCAN_TEXTS: Readonly<Record<Scan["state"], string>> = { running: "under way", done: "done", failed: "failed", stopped: "stopped" };

function AgentScan({ agent, scan, rangeCount }: { agent: Agent; scan: Scan | null; rangeCount: number }): ReactElement {
  return (
    <ScanPanel
      {...{ agent, scan, rangeCount }}
      label={`Scan by ${agent.name}`}
      heading={<h3 className="agentname">Scan</h3>}
      note={scan === null ? "of every address of the ranges, TCP 4028" : SCAN_TEXTS[scan.state]}
      way={
        scan !== null &&
        scan.foundCount > 0 && (
          <Link className="btn" href="/miners">
            Open the fleet, {formatNumber(scan.foundCount)} found
          </Link>
        )
      }
      hint={
        <p className="blank soft">
          {rangeCount === 0 ? "Add a range first." : "Miners that are already known stay; what is found is polled at once."}
        </p>
      }
    >
      {scan !== null && <ScanResults scan={scan} />}
    </ScanPanel>
  );
}

/** The agent keeps to its own allow-lists, whatever it is asked for. */
function Refusals({ agent: { stats } }: { agent: Agent }): ReactElement | null {
  if (stats === null || stats.refusalCount === 0) return null;
  return (
    <div className="blank">
      <div className="trouble" role="status">
        <span>
          <b>The agent refuses what its own allow-lists do not permit</b> ({formatNumber(stats.refusalCount)} times).{" "}
          {stats.lastRefusal !== null && `Last: ${stats.lastRefusal}. `}
          Only a start with other <code>--allow-ranges</code> or <code>--allow-ports</code> changes that.
        </span>
      </div>
    </div>
  );
}
