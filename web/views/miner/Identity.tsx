import type { ReactElement } from "react";
import type { MinerDetail } from "../../../server/contract/api.ts";
import { StatusMark } from "../../components/StatusMark.tsx";
import { ABSENT } from "../../format/number.ts";
import { formatAge, formatClock, formatIso } from "../../format/time.ts";
import { eventText } from "./eventText.ts";

type Kind = MinerDetail["evidence"][number]["kind"];

const KIND_LABELS: Readonly<Record<Kind, string>> = {
  address: "address",
  mac: "MAC",
  serial: "serial",
  controlBoard: "control board",
  model: "model",
  firmware: "firmware",
  hostname: "host name",
};

interface Fact {
  readonly key: string;
  readonly value: string;
  readonly note: string;
}

/** Who the machine is, each fact with where it came from and when it was last seen there. */
export function Identity({ detail, nowMs }: { detail: MinerDetail; nowMs: number }): ReactElement {
  return (
    <section className="panel" aria-label="Identity">
      <header>
        <h2>Identity</h2>
        <span className="micro">each with where it came from and when last seen</span>
      </header>
      <div className="identity">
        {identityFacts(detail, nowMs).map((fact) => (
          <div key={fact.key}>
            <b className="id">{fact.value}</b>
            <small>{fact.note}</small>
          </div>
        ))}
      </div>
    </section>
  );
}

function identityFacts(detail: MinerDetail, nowMs: number): Fact[] {
  const seen = detail.evidence.map((evidence) => ({
    key: `${evidence.kind}/${evidence.value}/${evidence.source}`,
    value: evidence.value,
    note: `${KIND_LABELS[evidence.kind]}, ${evidence.source}, ${formatAge(nowMs - evidence.lastSeenAtMs)} ago`,
  }));
  const kinds = new Set(detail.evidence.map((evidence) => evidence.kind));
  const stated: [Kind, string | null, string][] = [
    ["address", `${detail.address}:${detail.port}`, "address and port, as polled"],
    ["model", detail.model ?? detail.modelReported, "model"],
    ["firmware", [detail.firmware.family, detail.firmware.version].filter(Boolean).join(" "), "firmware"],
    ["controlBoard", detail.controlBoard, "control board"],
    ["mac", detail.mac, "MAC, not told by this firmware"],
    ["serial", detail.serial, "serial, not told by this firmware"],
  ];
  return [
    ...seen,
    ...stated.filter(([kind]) => !kinds.has(kind)).map(([kind, value, note]) => ({ key: kind, value: value ?? ABSENT, note })),
  ];
}

export function Events({ detail, nowMs }: { detail: MinerDetail; nowMs: number }): ReactElement {
  return (
    <section className="panel events" aria-label="Events">
      <header>
        <h2>Events</h2>
      </header>
      {detail.events.length === 0 && <p className="blank soft">Nothing has happened to this miner yet.</p>}
      <ul>
        {detail.events.map((event, index) => (
          <li key={`${event.atMs}/${index}`}>
            <time dateTime={formatIso(event.atMs)} title={formatIso(event.atMs)}>
              {formatClock(event.atMs, nowMs)}
            </time>
            {event.status === null ? <span className="muted">·</span> : <StatusMark status={event.status} size={15} />}
            <span>{eventText(event)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
