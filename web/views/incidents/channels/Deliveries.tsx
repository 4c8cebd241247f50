import { useState, type ReactElement } from "react";
import type { Delivery, DeliveryState } from "../../../../server/contract/channels.ts";
import { getDeliveries, retryDelivery } from "../../../api/channels.ts";
import { Link } from "../../../components/Link.tsx";
import { Skeleton } from "../../../components/Skeleton.tsx";
import { Trouble } from "../../../components/Trouble.tsx";
import { formatNumber } from "../../../format/number.ts";
import { plainText } from "../../../format/plainText.ts";
import { incidentAddress } from "../../navigation.ts";
import { RecordTable } from "../../settings/RecordTable.tsx";
import { useAction } from "../../useAction.ts";
import { useLoad } from "../../useLoad.ts";
import { Clock } from "../cells.tsx";

const STATES: readonly { readonly state: DeliveryState | null; readonly label: string }[] = [
  { state: null, label: "All" },
  { state: "dead", label: "Dead letters" },
  { state: "queued", label: "Waiting" },
  { state: "sent", label: "Sent" },
];
const STATE_LABELS: Readonly<Record<DeliveryState, string>> = {
  queued: "waiting",
  sent: "sent",
  dead: "dead letter",
  suppressed: "recorded, not sent",
  dropped: "made pointless",
};

/** What became of each message; dead letters can be sent again. */
export function Deliveries({ onRetried }: { onRetried: () => void }): ReactElement {
  const [state, setState] = useState<DeliveryState | null>(null);
  const { data, error, reload, set } = useLoad(`deliveries ${state ?? ""}`, (signal) => getDeliveries(state, null, signal));
  const more = useAction();
  const loadMore = async (cursor: string): Promise<void> => {
    const next = await getDeliveries(state, cursor, new AbortController().signal);
    set((page) => ({ ...next, items: [...page.items, ...next.items] }));
  };
  const cursor = data?.nextCursor ?? null;
  const retried = (): void => {
    reload();
    onRetried();
  };
  return (
    <section className="panel" aria-label="Messages">
      <header className="deliverieshead">
        <h2>Messages</h2>
        <div className="seg" role="group" aria-label="State of the messages">
          {STATES.map((each) => (
            <button key={each.label} type="button" aria-pressed={each.state === state} onClick={() => setState(each.state)}>
              {each.label}
            </button>
          ))}
        </div>
        <button type="button" className="btn quiet push" onClick={reload}>
          Look again
        </button>
      </header>
      {error !== null && <Trouble error={error} retry={reload} />}
      {data === null && error === null && <Skeleton lines={4} />}
      {data?.items.length === 0 && <p className="blank soft">{state === null ? "No message yet." : "None."}</p>}
      {data !== null && data.items.length > 0 && <DeliveryTable items={data.items} onRetried={retried} />}
      {more.error !== null && <Trouble error={more.error} />}
      {data !== null && cursor !== null && (
        <p className="blank">
          <button type="button" className="btn" disabled={more.busy} onClick={() => more.run(() => loadMore(cursor))}>
            Show more
          </button>{" "}
          <span className="soft">
            {formatNumber(data.items.length)} of {formatNumber(data.totalCount)} shown
          </span>
        </p>
      )}
    </section>
  );
}

function DeliveryTable({ items, onRetried }: { items: readonly Delivery[]; onRetried: () => void }): ReactElement {
  const { busy, error, run } = useAction();
  return (
    <>
      {error !== null && <Trouble error={error} />}
      <RecordTable label="List of messages" heads={["When", "Channel", "Message", "State", "Far end"]}>
        {items.map(({ id, createdAtMs, channelName, incidentId, title, event, state, attemptCount, detail }) => (
          <tr key={id}>
            <td>
              <Clock atMs={createdAtMs} />
            </td>
            <td>{plainText(channelName)}</td>
            <td className="wrap">
              {incidentId === null ? plainText(title) : <Link href={incidentAddress(incidentId)}>{plainText(title)}</Link>}{" "}
              <span className="muted">{event}</span>
            </td>
            <td>
              {STATE_LABELS[state]}
              {attemptCount > 1 && <span className="muted"> after {formatNumber(attemptCount)} tries</span>}
            </td>
            <td className="wrap soft">{plainText(detail)}</td>
            <td className="num">
              {state === "dead" && (
                <button type="button" className="btn quiet" disabled={busy} onClick={() => run(() => retryDelivery(id), onRetried)}>
                  Send again<span className="unseen"> {id}</span>
                </button>
              )}
            </td>
          </tr>
        ))}
      </RecordTable>
    </>
  );
}
