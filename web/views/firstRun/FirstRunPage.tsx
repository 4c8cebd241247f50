import type { ReactElement } from "react";
import type { Agent, Range, Scan } from "../../../server/contract/api.ts";
import { getRanges } from "../../api/sites.ts";
import { Link } from "../../components/Link.tsx";
import { Skeleton } from "../../components/Skeleton.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { countOf, formatNumber } from "../../format/number.ts";
import { Ranges } from "../sites/Ranges.tsx";
import { ScanPanel } from "../sites/ScanPanel.tsx";
import { useAgentBook } from "../sites/useAgentBook.ts";
import { useLoad } from "../useLoad.ts";
import { AddressSpace } from "./AddressSpace.tsx";
import { ByModel, NoMinersFound } from "./Findings.tsx";
import { FoundMiners } from "./FoundMiners.tsx";
import { Steps, type Step } from "./Steps.tsx";
import "../sites/sites.css";
import "./firstRun.css";

/** From nothing to the first data: ranges, a scan with live counts, and the fleet as it is found. */
export function FirstRunPage(): ReactElement {
  const { data, error, reload } = useLoad("ranges", getRanges);
  const { agents, scans } = useAgentBook();
  const agent = agents === null ? undefined : firstAgent(agents);
  if (error !== null || data === null || agents === null)
    return <main>{error === null ? <Skeleton lines={8} /> : <Trouble error={error} retry={reload} />}</main>;
  if (agent === undefined) return <NoAgent />;
  const ranges = data.items.filter(({ agentId }) => agentId === agent.id);
  return <FirstRun agent={agent} ranges={ranges} scan={scans.get(agent.id) ?? null} onChange={reload} />;
}

/** The one inside the server, else one that can scan. */
function firstAgent(agents: readonly Agent[]): Agent | undefined {
  return agents.find(({ embedded }) => embedded) ?? agents.find(({ state }) => state === "online") ?? agents.at(0);
}

interface FirstRunProps {
  readonly agent: Agent;
  readonly ranges: readonly Range[];
  readonly scan: Scan | null;
  readonly onChange: () => void;
}

function stepOf({ ranges, scan }: FirstRunProps): Step {
  if (scan !== null && scan.state !== "running" && scan.foundCount > 0) return "Fleet";
  return ranges.length === 0 && scan === null ? "Ranges" : "Scan";
}

function FirstRun(props: FirstRunProps): ReactElement {
  const { agent, ranges, scan, onChange } = props;
  const step = stepOf(props);
  return (
    <main>
      <div className="pagehead">
        <h1>First run</h1>
        <Steps current={step} />
        {scan !== null && scan.foundCount > 0 && (
          <Link className="btn primary push" href="/">
            Open the fleet, {formatNumber(scan.foundCount)} found
          </Link>
        )}
      </div>
      <div className="firstrun">
        <section className="panel" aria-label="Ranges">
          <header>
            <h2>Ranges</h2>
            <span className="micro">where the miners are</span>
          </header>
          <Ranges agent={agent} ranges={ranges} onChange={onChange} autoFocus={ranges.length === 0} />
        </section>
        <div className="stack">
          <ScanSection {...props} />
          {scan !== null && <FoundMiners scan={scan} />}
        </div>
        <div className="stack">
          {scan !== null && <ByModel scan={scan} />}
          {scan !== null && <NoMinersFound scan={scan} />}
          <OtherWays />
        </div>
      </div>
    </main>
  );
}

function ScanSection({ agent, ranges, scan }: FirstRunProps): ReactElement {
  return (
    <ScanPanel
      {...{ agent, scan }}
      rangeCount={ranges.length}
      label="Scan"
      heading={<h2>{scan === null ? "Scan" : SCAN_TITLES[scan.state]}</h2>}
      note={agent.embedded ? "by the agent in this server" : `by ${agent.name}`}
      hint={<WhatNext rangeCount={ranges.length} />}
    >
      {scan !== null && <AddressSpace ranges={ranges} scan={scan} />}
      {scan !== null && (scan.state === "done" || scan.state === "failed") && scan.foundCount === 0 && <NothingFound />}
    </ScanPanel>
  );
}

const SCAN_TITLES: Readonly<Record<Scan["state"], string>> = {
  running: "Scanning",
  done: "Scan done",
  failed: "Scan failed",
  stopped: "Scan stopped",
};

function WhatNext({ rangeCount }: { rangeCount: number }): ReactElement {
  if (rangeCount > 0)
    return (
      <p className="blank soft">
        <b>Next: scan {countOf(rangeCount, "range")}.</b> Each address is asked on TCP 4028 whether it is a miner. Nothing is changed on it,
        and what is found is polled from then on.
      </p>
    );
  return (
    <div className="blank soft">
      <p>
        <b>First: which addresses do the miners have?</b> Add one range or several; they can be changed at any time.
      </p>
      <dl className="rangekinds">
        {RANGE_KINDS.map(([example, meaning]) => (
          <div key={example}>
            <dt className="id">{example}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

const RANGE_KINDS = [
  ["10.20.12.0/24", "a network: 256 addresses"],
  ["10.20.16.5-10.20.16.40", "a span, both ends included"],
  ["10.20.20.7:4029", "one address, with a port that is not 4028"],
] as const;

function NothingFound(): ReactElement {
  return (
    <div className="blank soft">
      <p>
        <b>No miner answered.</b> Look at first:
      </p>
      <ul className="hints">
        <li>whether the ranges are those of the miners’ network</li>
        <li>whether the machine of the agent reaches that network: from there, try a miner’s web page</li>
        <li>whether the miners’ API on TCP 4028 is on; some firmware has a switch for it</li>
      </ul>
    </div>
  );
}

function NoAgent(): ReactElement {
  return (
    <main>
      <div className="panel nothing">
        <h1>No agent yet</h1>
        <p>An agent on a machine in the miners’ network finds and polls them. Enrol one with a code; then add its ranges and scan them.</p>
        <Link className="btn primary" href="/sites">
          Enrol an agent
        </Link>
      </div>
    </main>
  );
}

function OtherWays(): ReactElement {
  return (
    <section className="panel" aria-label="Another site, or just looking">
      <header>
        <h2>Another site, or just looking</h2>
      </header>
      <div className="blank soft otherways">
        <p>
          A second site runs its own agent, which connects outward. Make a code for it under <Link href="/sites">Sites &amp; agents</Link>.
        </p>
        <code>npx hashwatch demo</code>
        <p>shows an invented fleet of 500 beside this one, in a temporary folder.</p>
      </div>
    </section>
  );
}
