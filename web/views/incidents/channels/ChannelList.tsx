import { useState, type ReactElement } from "react";
import type { Channel, ChannelTested, NotificationRoute } from "../../../../server/contract/channels.ts";
import { changeChannel, removeChannel, retryDeadLetters, testChannel } from "../../../api/channels.ts";
import { SwitchCell } from "../../../components/SwitchCell.tsx";
import { Trouble } from "../../../components/Trouble.tsx";
import { formatNumber } from "../../../format/number.ts";
import { plainText } from "../../../format/plainText.ts";
import { RecordTable } from "../../../components/RecordTable.tsx";
import { useAction } from "../../useAction.ts";
import { Clock } from "../cells.tsx";
import { RecordActions, RecordDialogs } from "../RecordDialogs.tsx";
import { useAsked, type Asking } from "../useAsked.ts";
import { ChannelDialog } from "./ChannelDialog.tsx";
import { KIND_LABELS, targetText } from "./channelDraft.ts";

interface ListProps {
  readonly channels: readonly Channel[];
  readonly routes: readonly NotificationRoute[];
  readonly onChanged: () => void;
  readonly onRetried: () => void;
}

/** Where messages go, and how the last one ended. */
export function ChannelList({ channels, routes, onChanged, onRetried }: ListProps): ReactElement {
  const asking = useAsked<Channel>();
  const isRouted = ({ id }: Channel): boolean =>
    routes.some(({ channelIds, escalation }) => channelIds.includes(id) || escalation.some((step) => step.channelIds.includes(id)));
  return (
    <section className="panel" aria-label="Channels">
      <header>
        <h2>Channels</h2>
        <button type="button" className="btn push" onClick={asking.add}>
          Add a channel
        </button>
      </header>
      {channels.length === 0 ? (
        <p className="blank soft">No channel: nobody is told of incidents outside of this page.</p>
      ) : (
        <RecordTable label="List of channels" heads={["On", "Channel", "Last message", "Waiting", "Dead letters"]}>
          {channels.map((channel) => (
            <ChannelRow
              key={channel.id}
              channel={channel}
              hearsAll={!isRouted(channel)}
              asking={asking}
              onChanged={onChanged}
              onRetried={onRetried}
            />
          ))}
        </RecordTable>
      )}
      <RecordDialogs
        asking={asking}
        noun="channel"
        form={(channel) => <ChannelDialog channel={channel} onSaved={onChanged} onClose={asking.close} />}
        onRemove={async ({ id }) => {
          await removeChannel(id);
          onChanged();
        }}
      >
        <p>What waits for it is dropped, and routes forget it. A channel that no route names any more hears of everything.</p>
      </RecordDialogs>
    </section>
  );
}

interface RowProps extends Pick<ListProps, "onChanged" | "onRetried"> {
  readonly channel: Channel;
  /** No route names it. */
  readonly hearsAll: boolean;
  readonly asking: Asking<Channel>;
}

function ChannelRow({ channel, hearsAll, asking, onChanged, onRetried }: RowProps): ReactElement {
  const { busy, error, run } = useAction();
  const [tested, setTested] = useState<ChannelTested | null>(null);
  const { id, name, enabled, target, queuedCount, deadCount } = channel;
  return (
    <tr className={enabled ? "" : "off"}>
      <SwitchCell
        label={`${name} is on`}
        isOn={enabled}
        disabled={busy}
        onTurn={() => run(() => changeChannel(id, { enabled: !enabled }), onChanged)}
      />
      <td className="wrap">
        <b>{plainText(name)}</b>
        <small className="soft">
          {KIND_LABELS[target.kind]}, {plainText(targetText(target))}
          {hearsAll && "; hears of every incident, as no route names it"}
        </small>
        {error !== null && <Trouble error={error} />}
        <p role="status" className="tested">
          {tested !== null && `${tested.ok ? "Taken" : "Refused"} in ${formatNumber(tested.durationMs)} ms: ${plainText(tested.detail)}`}
        </p>
      </td>
      <td className="wrap">
        <LastMessage channel={channel} />
      </td>
      <td>{formatNumber(queuedCount)}</td>
      <td>
        {formatNumber(deadCount)}{" "}
        {deadCount > 0 && (
          <button type="button" className="btn quiet" disabled={busy} onClick={() => run(() => retryDeadLetters(id), onRetried)}>
            Send again<span className="unseen"> all of {name}</span>
          </button>
        )}
      </td>
      <td className="num">
        <button
          type="button"
          className="btn quiet"
          disabled={busy}
          onClick={() => run(async () => setTested(await testChannel(id)), onChanged)}
        >
          Test<span className="unseen"> {name}</span>
        </button>
        <RecordActions record={channel} asking={asking} />
      </td>
    </tr>
  );
}

function LastMessage({ channel: { lastSentAtMs, lastError } }: { channel: Channel }): ReactElement {
  return (
    <>
      {lastSentAtMs === null ? <span className="muted">none taken yet</span> : <Clock atMs={lastSentAtMs} />}
      {lastError !== null && (
        <small className="failed">
          {lastSentAtMs === null ? "" : "then: "}
          {plainText(lastError)}
        </small>
      )}
    </>
  );
}
