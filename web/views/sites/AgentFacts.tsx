import type { ReactElement, ReactNode } from "react";
import type { Agent } from "../../../server/contract/api.ts";
import { POLL_FAILURES } from "../../../server/contract/sample.ts";
import { TimeText } from "../../components/TimeText.tsx";
import { ABSENT, formatNumber, formatShare } from "../../format/number.ts";
import { FAILURE_LABELS } from "../../format/status.ts";
import { formatAge, formatClock } from "../../format/time.ts";
import { useNowMs } from "../context.ts";
import { skewText } from "./skewText.ts";

const STATE_TEXTS: Readonly<Record<Agent["state"], string>> = {
  waiting: "not enrolled yet",
  online: "online",
  offline: "offline",
  revoked: "revoked",
};

/** How the agent's uplink is, and since when. */
export function UplinkState({ agent }: { agent: Agent }): ReactElement {
  const nowMs = useNowMs();
  return (
    <span className={`agentstate ${agent.state}`}>
      {STATE_TEXTS[agent.state]}
      <Since agent={agent} nowMs={nowMs} />
    </span>
  );
}

function Since({ agent, nowMs }: { agent: Agent; nowMs: number }): ReactElement | null {
  const { state, connectedSinceMs, lastFrameAtMs, codeExpiresAtMs } = agent;
  if (state === "online" && connectedSinceMs !== null)
    return <TimeText atMs={connectedSinceMs}> since {formatClock(connectedSinceMs, nowMs)}</TimeText>;
  if (state === "offline")
    return lastFrameAtMs === null ? (
      <> since the server started</>
    ) : (
      <TimeText atMs={lastFrameAtMs}>, last heard {formatAge(nowMs - lastFrameAtMs)} ago</TimeText>
    );
  if (state === "waiting")
    return codeExpiresAtMs !== null && codeExpiresAtMs > nowMs ? (
      <TimeText atMs={codeExpiresAtMs}>, its code expires in {formatAge(codeExpiresAtMs - nowMs)}</TimeText>
    ) : (
      <>, its code has expired</>
    );
  return null;
}

/** What the agent says of itself and what the server sees of it. */
export function AgentFacts({ agent }: { agent: Agent }): ReactElement {
  const nowMs = useNowMs();
  const { stats, skewMs } = agent;
  const { newestSampleAtMs } = agent;
  const facts: [string, ReactNode, string?][] = [
    ["version", agent.program?.replace(/^hashwatch /, "") ?? ABSENT],
    ["host", [agent.hostname, agent.remoteAddress].filter(Boolean).join(", ") || ABSENT],
    ["miners", formatNumber(agent.minerCount)],
    [
      "newest sample",
      newestSampleAtMs === null ? "none yet" : <TimeText atMs={newestSampleAtMs}>{formatAge(nowMs - newestSampleAtMs)} old</TimeText>,
    ],
    [
      "polls each miner",
      stats === null ? ABSENT : `every ${formatNumber(stats.pollIntervalMs / 1000, stats.pollIntervalMs % 1000 === 0 ? 0 : 1)}\u00a0s`,
    ],
    ["clock skew", skewText(skewMs)],
    [
      "outbox",
      stats === null ? ABSENT : `${formatNumber(stats.outboxSampleCount)} samples`,
      "Samples that the server has not acknowledged yet",
    ],
    ["dropped", formatNumber(stats?.droppedSampleCount), "Samples lost because the outbox was full"],
    [
      "late polls",
      stats === null ? ABSENT : `${formatNumber(stats.latePollCount)} (${lateShare(stats)})`,
      "Polls that began more than 1 s after they were due",
    ],
    ["latest, last minute", stats === null ? ABSENT : `${formatNumber(stats.lateMsMax)} ms`],
  ];
  return (
    <>
      <dl className="agentfacts">
        {facts.map(([name, value, title]) => (
          <div key={name} title={title}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {stats !== null && <Failures stats={stats} />}
    </>
  );
}

type Stats = NonNullable<Agent["stats"]>;

function lateShare({ latePollCount, pollCount }: Stats): string {
  return formatShare(pollCount === 0 ? null : latePollCount / pollCount, 2);
}

function Failures({ stats: { failureCounts, pollCount } }: { stats: Stats }): ReactElement {
  const failures = POLL_FAILURES.filter((failure) => failureCounts[failure] > 0);
  return (
    <div className="agentfailures">
      <h3>Failed polls since the agent started, of {formatNumber(pollCount)}</h3>
      {failures.length === 0 ? (
        <p className="soft">none</p>
      ) : (
        <ul>
          {failures.map((failure) => (
            <li key={failure}>
              {FAILURE_LABELS[failure]} <b>{formatNumber(failureCounts[failure])}</b>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
