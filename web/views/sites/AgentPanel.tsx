import type { ReactElement } from "react";
import type { Agent, Range } from "../../../server/contract/api.ts";
import { formatNumber } from "../../format/number.ts";
import { formatAge } from "../../format/time.ts";
import { useNowMs } from "../context.ts";
import { Ranges } from "./Ranges.tsx";
import { ScanPanel } from "./ScanPanel.tsx";

interface AgentProps {
  readonly agent: Agent;
  readonly siteName: string;
  readonly ranges: readonly Range[];
  readonly onChange: () => void;
}

const STATE_TEXTS: Readonly<Record<Agent["state"], string>> = {
  waiting: "waiting for its enrolment",
  online: "online",
  offline: "offline",
  revoked: "revoked",
};

/** One agent: how it is, where it looks, and a scan. */
export function AgentPanel({ agent, siteName, ranges, onChange }: AgentProps): ReactElement {
  const rangeCount = ranges.length;
  return (
    <div className="agent">
      <section className="panel" aria-label={`Ranges of ${agent.name}`}>
        <header>
          <h2>{agent.name}</h2>
          <span className="micro">
            {siteName}
            {agent.embedded && ", in this server"}
          </span>
          <span className={`push agentstate ${agent.state}`}>{STATE_TEXTS[agent.state]}</span>
        </header>
        <AgentFacts agent={agent} />
        <Ranges agentId={agent.id} ranges={ranges} onChange={onChange} />
      </section>
      <ScanPanel key={rangeCount === 0 ? "none" : "some"} agent={agent} rangeCount={rangeCount} />
    </div>
  );
}

function AgentFacts({ agent }: { agent: Agent }): ReactElement {
  const nowMs = useNowMs();
  const { stats } = agent;
  const failures = stats === null ? null : Object.values(stats.failureCounts).reduce((sum, count) => sum + count, 0);
  const facts: [string, string][] = [
    ["miners", formatNumber(agent.minerCount)],
    ["newest sample", agent.newestSampleAtMs === null ? "none yet" : `${formatAge(nowMs - agent.newestSampleAtMs)} ago`],
    ["polls", formatNumber(stats?.pollCount)],
    ["failed polls", formatNumber(failures)],
    ["late polls", formatNumber(stats?.latePollCount)],
    ["not yet sent", formatNumber(stats?.outboxSampleCount)],
    ["clock skew", agent.skewMs === null ? "–" : `${formatNumber(agent.skewMs)} ms`],
    ["version", agent.program ?? "–"],
  ];
  return (
    <dl className="agentfacts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
