import { useState, type ReactElement } from "react";
import type { Channel, ChannelTested, NotificationRoute } from "../../../../server/contract/channels.ts";
import { changeChannel, removeChannel, retryDeadLetters, testChannel } from "../../../api/channels.ts";
import { ConfirmDialog } from "../../../components/ConfirmDialog.tsx";
import { SwitchCell } from "../../../components/SwitchCell.tsx";
import { Trouble } from "../../../components/Trouble.tsx";
import { formatNumber } from "../../../format/number.ts";
import { plainText } from "../../../format/plainText.ts";
import { RecordTable } from "../../settings/RecordTable.tsx";
import { useAction } from "../../useAction.ts";
import { Clock } from "../cells.tsx";
import { ChannelDialog } from "./ChannelDialog.tsx";
import { KIND_LABELS, targetText } from "./channelDraft.ts";

interface ListProps {
  readonly channels: readonly Channel[];
  readonly routes: readonly NotificationRoute[];
  readonly onChanged: () => void;
  readonly onRetried: () => void;
}

type Asked = { readonly what: "add" } | { readonly what: "change" | "remove"; readonly channel: Channel };

/** Where messages go, and how the last one ended. */
export function ChannelList({ channels, routes, onChanged, onRetried }: ListProps): ReactElement {
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = (): void => setAsked(null);
  const isRouted = ({ id }: Channel): boolean =>
    routes.some(({ channelIds, escalation }) => channelIds.includes(id) || escalation.some((step) => step.channelIds.includes(id)));
  return (
    <section className="panel" aria-label="Channels">
      <header>
        <h2>Channels</h2>
        <button type="button" className="btn push" onClick={() => setAsked({ what: "add" })}>
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
              onAsk={setAsked}
              onChanged={onChanged}
              onRetried={onRetried}
            />
          ))}
        </RecordTable>
      )}
      {asked?.what === "add" && <ChannelDialog channel={null} onSaved={onChanged} onClose={close} />}
      {asked?.what === "change" && <ChannelDialog channel={asked.channel} onSaved={onChanged} onClose={close} />}
      {asked?.what === "remove" && (
        <ConfirmDialog
          title={`Delete the channel “${asked.channel.name}”?`}
          action="Delete the channel"
          onConfirm={async () => {
            await removeChannel(asked.channel.id);
            onChanged();
          }}
          onClose={close}
        >
          <p>What waits for it is dropped, and routes forget it. A channel that no route names any more hears of everything.</p>
        </ConfirmDialog>
      )}
    </section>
  );
}

interface RowProps extends Pick<ListProps, "onChanged" | "onRetried"> {
  readonly channel: Channel;
  /** No route names it. */
  readonly hearsAll: boolean;
  readonly onAsk: (asked: Asked) => void;
}

function ChannelRow({ channel, hearsAll, onAsk, onChanged, onRetried }: RowProps): ReactElement {
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
        <button type="button" className="btn quiet" onClick={() => onAsk({ what: "change", channel })}>
          Change<span className="unseen"> {name}</span>
        </button>
        <button type="button" className="btn quiet" onClick={() => onAsk({ what: "remove", channel })}>
          Delete<span className="unseen"> {name}</span>
        </button>
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
