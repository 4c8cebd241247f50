import { use, type ReactElement } from "react";
import type { Delivery, DeliveryEvent } from "../../../server/contract/channels.ts";
import { retryDelivery } from "../../api/channels.ts";
import { Link } from "../../components/Link.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { formatNumber } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
import { SessionContext, useMayOperate } from "../context.ts";
import { useAction } from "../useAction.ts";
import { Clock } from "./cells.tsx";
import { STATE_LABELS } from "./channels/Deliveries.tsx";
import { useDeliveries } from "./channels/useDeliveries.ts";

const EVENT_LABELS: Readonly<Record<DeliveryEvent, string>> = {
  opened: "Opened",
  changed: "Changed",
  closed: "Closed",
  edited: "Brought up to date",
  summary: "Summary",
};

/** Who was told of the incident and what the far ends said; for those who may see messages, which are of all sites. */
export function Messages({ incidentId }: { incidentId: string }): ReactElement | null {
  const mayOperate = useMayOperate();
  const siteIds = use(SessionContext)?.user?.siteIds ?? null;
  return mayOperate && siteIds === null ? <List incidentId={incidentId} /> : null;
}

function List({ incidentId }: { incidentId: string }): ReactElement {
  const { data, error, reload, refresh, showMore, loadingMore } = useDeliveries({ state: null, incidentId });
  return (
    <section className="panel incidentmessages" aria-label="Messages">
      <header>
        <h2>Messages</h2>
        <Link className="btn quiet push" href="/incidents/channels">
          Channels
        </Link>
      </header>
      {error !== null && <Trouble error={error} retry={reload} />}
      {data?.items.length === 0 && <p>Nobody was told: no channel took it, or it is about to be told.</p>}
      <ul>
        {data?.items.map((delivery) => (
          <Line key={delivery.id} delivery={delivery} onRetried={refresh} />
        ))}
      </ul>
      {showMore !== null && (
        <button type="button" className="btn quiet" disabled={loadingMore.busy} onClick={showMore}>
          Show more of {formatNumber(data?.totalCount)}
        </button>
      )}
    </section>
  );
}

function Line({ delivery, onRetried }: { delivery: Delivery; onRetried: () => void }): ReactElement {
  const { busy, error, run } = useAction();
  const { id, createdAtMs, channelName, event, state, attemptCount, nextAttemptAtMs, detail } = delivery;
  return (
    <li className={state === "dead" ? "dead" : ""}>
      <Clock atMs={createdAtMs} />
      <span>
        {EVENT_LABELS[event]}, to <b>{plainText(channelName)}</b>: <span className="state">{STATE_LABELS[state]}</span>
        {attemptCount > 1 && ` after ${formatNumber(attemptCount)} tries`}
        {state === "queued" && nextAttemptAtMs !== null && attemptCount > 0 && (
          <>
            , again at <Clock atMs={nextAttemptAtMs} />
          </>
        )}
        {detail !== "" && <small className="soft">{plainText(detail)}</small>}
        {error !== null && <Trouble error={error} />}
      </span>
      {state === "dead" && (
        <button type="button" className="btn quiet" disabled={busy} onClick={() => run(() => retryDelivery(id), onRetried)}>
          Send again<span className="unseen"> to {channelName}</span>
        </button>
      )}
    </li>
  );
}
