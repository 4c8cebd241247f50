import { useState, type ReactElement } from "react";
import type { Delivery, DeliveryState } from "../../../../server/contract/channels.ts";
import { retryDelivery } from "../../../api/channels.ts";
import { Link } from "../../../components/Link.tsx";
import { Skeleton } from "../../../components/Skeleton.tsx";
import { Trouble } from "../../../components/Trouble.tsx";
import { formatNumber } from "../../../format/number.ts";
import { plainText } from "../../../format/plainText.ts";
import { incidentAddress } from "../../navigation.ts";
import { RecordTable } from "../../../components/RecordTable.tsx";
import { useAction } from "../../useAction.ts";
import { Clock } from "../cells.tsx";
import { useDeliveries } from "./useDeliveries.ts";

const STATES: readonly { readonly state: DeliveryState | null; readonly label: string }[] = [
  { state: null, label: "All" },
  { state: "dead", label: "Dead letters" },
  { state: "queued", label: "Waiting" },
  { state: "sent", label: "Sent" },
];
export const STATE_LABELS: Readonly<Record<DeliveryState, string>> = {
  queued: "waiting",
  sent: "sent",
  dead: "dead letter",
  suppressed: "recorded, not sent",
  dropped: "made pointless",
};

interface DeliveriesProps {
  /** The state of some message is another than before. */
  readonly onChanged: () => void;
}

/** What became of each message, as it happens; dead letters can be sent again. */
export function Deliveries({ onChanged }: DeliveriesProps): ReactElement {
  const [state, setState] = useState<DeliveryState | null>(null);
  const { data, error, reload, refresh, showMore, loadingMore } = useDeliveries({ state, incidentId: null }, onChanged);
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
        <button type="button" className="btn quiet push" onClick={refresh}>
          Look again
        </button>
      </header>
      {error !== null && <Trouble error={error} retry={reload} />}
      {data === null && error === null && <Skeleton lines={4} />}
      {data?.items.length === 0 && <p className="blank soft">{state === null ? "No message yet." : "None."}</p>}
      {data !== null && data.items.length > 0 && <DeliveryTable items={data.items} onRetried={refresh} />}
      {loadingMore.error !== null && <Trouble error={loadingMore.error} />}
      {data !== null && showMore !== null && (
        <p className="blank">
          <button type="button" className="btn" disabled={loadingMore.busy} onClick={showMore}>
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
