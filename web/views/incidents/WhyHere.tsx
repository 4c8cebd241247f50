import type { CSSProperties, ReactElement } from "react";
import type { Incident, PlacementNode } from "../../../server/contract/incidents.ts";
import { formatNumber, formatShare } from "../../format/number.ts";
import { SCOPE_LABELS } from "./incidentsQuery.ts";

/** Why the incident stands where it does: how much of each place around it changed together. */
export function WhyHere({ incident: { placement, scope, members } }: { incident: Incident }): ReactElement {
  return (
    <section className="panel whyhere" aria-label="Why here">
      <header>
        <h2>Why here</h2>
        <span className="micro push">share that changed together</span>
      </header>
      <ul>
        {placement.map((node, depth) => (
          <Node key={`${node.kind} ${node.id}`} node={node} depth={depth} isHere={node.kind === scope.kind && node.id === scope.id} />
        ))}
      </ul>
      <p>{members.length > 0 && reasonText(scope.kind, members[0].detail)}</p>
    </section>
  );
}

function Node({ node, depth, isHere }: { node: PlacementNode; depth: number; isHere: boolean }): ReactElement {
  const { kind, name, changedCount, minerCount } = node;
  const indent: CSSProperties = { paddingLeft: depth * 14 };
  return (
    <li className={isHere ? "here" : ""} aria-current={isHere ? "location" : undefined}>
      <span style={indent}>
        {name} <span className="muted">{SCOPE_LABELS[kind].toLowerCase()}</span>
      </span>
      <span className="num">
        {formatNumber(changedCount)} of {formatNumber(minerCount)}
      </span>
      <span className="num muted">{formatShare(minerCount > 0 ? changedCount / minerCount : null)}</span>
    </li>
  );
}

/** A cause that nobody measured is not stated: what was seen of the first member is. */
function reasonText(kind: Incident["scope"]["kind"], detail: string): string {
  const place =
    kind === "miner"
      ? "No larger place has enough miners that changed with it: the cause is at this machine, as far as can be told."
      : kind === "agent"
        ? "The agent itself is the cause: what it polls cannot be seen, and is not called offline."
        : kind === "server"
          ? "It is about the server itself."
          : "The smallest place of which most changed together.";
  return detail === "" ? place : `${place} Seen of the first: ${detail}.`;
}
