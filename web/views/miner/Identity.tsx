import type { ReactElement } from "react";
import type { MinerDetail, MinerEvent } from "../../../server/contract/api.ts";
import { TimeText } from "../../components/TimeText.tsx";
import { ABSENT, countOf } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
import { formatAge, formatClock, formatIso } from "../../format/time.ts";
import { eventText } from "./eventText.ts";
import { identityFacts, type Fact, type FactKind } from "./identityFacts.ts";

const KIND_LABELS: Readonly<Record<FactKind, string>> = {
  address: "address",
  mac: "MAC",
  serial: "serial",
  controlBoard: "control board",
  model: "model",
  firmware: "firmware",
  hostname: "host name",
};

/** Who the machine is: each fact with where it came from and when it was last seen there, and what was different before. */
export function Identity({ detail, nowMs }: { detail: MinerDetail; nowMs: number }): ReactElement {
  const { current, former } = identityFacts(detail);
  const changes = detail.events.filter(({ kind }) => kind === "identity");
  return (
    <section className="panel" aria-label="Identity">
      <header>
        <h2>Identity</h2>
        <span className="micro">each with where it came from and when last seen</span>
      </header>
      <div className="identity">
        {current.map((fact) => (
          <div key={fact.kind}>
            <b className="id">{fact.value === null ? ABSENT : plainText(fact.value)}</b>
            <small title={sightings(fact)}>{noteOf(fact, nowMs)}</small>
          </div>
        ))}
      </div>
      {changes.length + former.length === 0 ? (
        <p className="identityhistory soft">
          <Unchanged facts={current} nowMs={nowMs} />
        </p>
      ) : (
        <IdentityHistory changes={changes} former={former} nowMs={nowMs} />
      )}
    </section>
  );
}

function noteOf({ kind, sources, lastSeenAtMs, value }: Fact, nowMs: number): string {
  const name = KIND_LABELS[kind];
  if (lastSeenAtMs !== null) return `${name}, ${sources.map(plainText).join(" and ")}, ${formatAge(nowMs - lastSeenAtMs)} ago`;
  return value === null ? `${name}, not told yet` : `${name}, as last reported`;
}

function sightings({ firstSeenAtMs, lastSeenAtMs }: Fact): string | undefined {
  if (firstSeenAtMs === null || lastSeenAtMs === null) return undefined;
  return `First seen ${formatIso(firstSeenAtMs)}, last ${formatIso(lastSeenAtMs)}`;
}

function Unchanged({ facts, nowMs }: { facts: readonly Fact[]; nowMs: number }): ReactElement {
  const firsts = facts.flatMap(({ firstSeenAtMs }) => (firstSeenAtMs === null ? [] : [firstSeenAtMs]));
  if (firsts.length === 0) return <>No change seen.</>;
  const sinceMs = Math.min(...firsts);
  return (
    <>
      No change seen since <TimeText atMs={sinceMs}>{formatClock(sinceMs, nowMs)}</TimeText>.
    </>
  );
}

interface HistoryProps {
  readonly changes: readonly MinerEvent[];
  readonly former: readonly Fact[];
  readonly nowMs: number;
}

/** What changed when, and the facts that no longer hold. */
function IdentityHistory({ changes, former, nowMs }: HistoryProps): ReactElement {
  const parts = [
    ...(changes.length > 0 ? [countOf(changes.length, "change")] : []),
    ...(former.length > 0 ? [`${former.length} seen before`] : []),
  ];
  return (
    <details className="identityhistory">
      <summary>History, {parts.join(", ")}</summary>
      <ul className="changes">
        {changes.map((event, index) => (
          <li key={`${event.atMs}/${index}`}>
            <TimeText atMs={event.atMs}>{formatClock(event.atMs, nowMs)}</TimeText>
            <span>{eventText(event)}</span>
          </li>
        ))}
        {former.map((fact) => (
          <li key={`${fact.kind}/${fact.value}`}>
            <TimeText atMs={fact.lastSeenAtMs ?? 0}>{formatClock(fact.lastSeenAtMs, nowMs)}</TimeText>
            <span>
              Last seen then: {KIND_LABELS[fact.kind]} <b className="id">{plainText(fact.value ?? "")}</b>{" "}
              <span className="muted">
                {fact.sources.map(plainText).join(" and ")}, first on{" "}
                <TimeText atMs={fact.firstSeenAtMs ?? 0}>{formatClock(fact.firstSeenAtMs, nowMs)}</TimeText>
              </span>
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
