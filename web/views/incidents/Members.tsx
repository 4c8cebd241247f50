import { useState, type ReactElement } from "react";
import type { Incident, IncidentMember } from "../../../server/contract/incidents.ts";
import { getAllMembers } from "../../api/incidents.ts";
import { Link } from "../../components/Link.tsx";
import { StatusText } from "../../components/StatusMark.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { hashrateFigure } from "../../format/hashrate.ts";
import { ABSENT, formatNumber, textOf } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
import { nameOf } from "../../live/derived.ts";
import { useFleet } from "../context.ts";
import { minerAddress } from "../navigation.ts";
import { useAction } from "../useAction.ts";
import { Clock } from "./cells.tsx";
import { SelectionLinks } from "./SelectionLinks.tsx";
import { MEMBERS_TOLD } from "./useIncident.ts";

const SHOWN_AT_ONCE = 50;
const STATES = ["firing", "resolved"] as const;
const STATE_LABELS = { firing: "Firing", resolved: "Recovered" } as const;

/** Machines and agents of the incident, by what their alerts say now. */
export function Members({ incident }: { incident: Incident }): ReactElement {
  const [whole, setWhole] = useState<readonly IncidentMember[] | null>(null);
  const [state, setState] = useState<(typeof STATES)[number]>(incident.firingCount > 0 ? "firing" : "resolved");
  const [shownCount, setShownCount] = useState(SHOWN_AT_ONCE);
  const loading = useAction();
  const members = whole ?? incident.members;
  const counts = { firing: incident.firingCount, resolved: incident.memberCount - incident.firingCount };
  const own = members.filter((member) => member.state === state);
  const isCut = whole === null && incident.memberCount > MEMBERS_TOLD;
  const loadAll = async (): Promise<void> => setWhole(await getAllMembers(incident.id, new AbortController().signal));
  return (
    <section className="panel members" aria-label="Members">
      <header>
        <h2>Members</h2>
        <div className="seg" role="group" aria-label="State of the members">
          {STATES.map((each) => (
            <button key={each} type="button" aria-pressed={each === state} onClick={() => setState(each)}>
              {STATE_LABELS[each]} <small className="muted">{formatNumber(counts[each])}</small>
            </button>
          ))}
        </div>
        <SelectionLinks ids={own.filter(({ kind }) => kind === "miner").map(({ id }) => id)} />
      </header>
      {own.length === 0 ? (
        <p className="soft">{state === "firing" ? "No member fires any more." : "No member has recovered yet."}</p>
      ) : (
        <MemberTable members={own.slice(0, shownCount)} />
      )}
      {loading.error !== null && <Trouble error={loading.error} />}
      <div className="showmore">
        {own.length > shownCount && (
          <button type="button" className="btn" onClick={() => setShownCount(own.length)}>
            Show all {formatNumber(own.length)}
          </button>
        )}
        {isCut && (
          <button type="button" className="btn" disabled={loading.busy} onClick={() => loading.run(loadAll)}>
            Load all {formatNumber(incident.memberCount)} members
          </button>
        )}
      </div>
    </section>
  );
}

function MemberTable({ members }: { members: readonly IncidentMember[] }): ReactElement {
  const anyLeft = members.some(({ leftAtMs }) => leftAtMs !== null);
  return (
    <div className="scrollx" tabIndex={0} role="region" aria-label="List of members">
      <table>
        <thead>
          <tr>
            <th scope="col">Member</th>
            <th scope="col">Now</th>
            <th scope="col">Seen</th>
            <th scope="col" className="num">
              Joined
            </th>
            {anyLeft && (
              <th scope="col" className="num">
                Left
              </th>
            )}
            <th scope="col" className="num">
              Before
            </th>
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <MemberRow key={`${member.kind} ${member.id}`} member={member} anyLeft={anyLeft} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function MemberRow({ member, anyLeft }: { member: IncidentMember; anyLeft: boolean }): ReactElement {
  const { kind, detail, flapping, joinedAtMs, leftAtMs, beforeHs } = member;
  return (
    <tr>
      <td>
        {kind === "miner" ? <MinerName member={member} /> : kind === "agent" ? <Link href="/sites">{member.name}</Link> : member.name}
      </td>
      <td>{kind === "miner" ? <StatusNow minerId={member.id} /> : ABSENT}</td>
      <td className="seen">
        {plainText(detail)}
        {flapping && " (flapping)"}
      </td>
      <td className="num">
        <Clock atMs={joinedAtMs} />
      </td>
      {anyLeft && <td className="num">{leftAtMs === null ? ABSENT : <Clock atMs={leftAtMs} />}</td>}
      <td className="num">{textOf(hashrateFigure(beforeHs))}</td>
    </tr>
  );
}

function MinerName({ member: { id, name, address } }: { member: IncidentMember }): ReactElement {
  const fleet = useFleet();
  const row = fleet.rowOf(id);
  return <Link href={minerAddress(id)}>{plainText(row === -1 ? name || address || id : nameOf(fleet, row))}</Link>;
}

function StatusNow({ minerId }: { minerId: string }): ReactElement {
  const fleet = useFleet();
  const row = fleet.rowOf(minerId);
  return row === -1 ? <>{ABSENT}</> : <StatusText {...fleet.statusOf(row)} />;
}
