import type { ReactElement } from "react";
import type { Channel, NotificationRoute } from "../../../../server/contract/channels.ts";
import { changeRoute, removeRoute } from "../../../api/channels.ts";
import { SwitchCell } from "../../../components/SwitchCell.tsx";
import { Trouble } from "../../../components/Trouble.tsx";
import { formatNumber } from "../../../format/number.ts";
import { plainText } from "../../../format/plainText.ts";
import { useSites } from "../../context.ts";
import { RecordTable } from "../../../components/RecordTable.tsx";
import { useAction } from "../../useAction.ts";
import { RecordActions, RecordDialogs } from "../RecordDialogs.tsx";
import { useAsked, type Asking } from "../useAsked.ts";
import { RouteDialog } from "./RouteDialog.tsx";
import { useNodeChoices } from "./useNodeChoices.ts";
import { matchText, windowsText } from "./routeDraft.ts";

interface ListProps {
  readonly routes: readonly NotificationRoute[];
  readonly channels: readonly Channel[];
  readonly onChanged: () => void;
}

/** Which incidents go to which channels, and when. */
export function RouteList({ routes, channels, onChanged }: ListProps): ReactElement {
  const { nameOf: nodeName } = useNodeChoices();
  const asking = useAsked<NotificationRoute>();
  return (
    <section className="panel" aria-label="Routes">
      <header>
        <h2>Routes</h2>
        <button type="button" className="btn push" onClick={asking.add}>
          Add a route
        </button>
      </header>
      {routes.length === 0 ? (
        <p className="blank soft">No route: every channel hears of every incident, at any hour.</p>
      ) : (
        <RecordTable label="List of routes" heads={["On", "Route", "Tells", "When", "Escalation"]}>
          {routes.map((route) => (
            <RouteRow key={route.id} route={route} channels={channels} nodeName={nodeName} asking={asking} onChanged={onChanged} />
          ))}
        </RecordTable>
      )}
      <RecordDialogs
        asking={asking}
        noun="route"
        form={(route) => <RouteDialog route={route} channels={channels} onSaved={onChanged} onClose={asking.close} />}
        onRemove={async ({ id }) => {
          await removeRoute(id);
          onChanged();
        }}
      >
        <p>Its channels stay. One that no other route names hears of every incident from then on.</p>
      </RecordDialogs>
    </section>
  );
}

interface RowProps extends Pick<ListProps, "channels" | "onChanged"> {
  readonly route: NotificationRoute;
  readonly nodeName: (nodeId: string) => string;
  readonly asking: Asking<NotificationRoute>;
}

function RouteRow({ route, channels, nodeName, asking, onChanged }: RowProps): ReactElement {
  const sites = useSites();
  const { busy, error, run } = useAction();
  const { id, name, enabled, channelIds, hours, quietHours, timeZone, escalation } = route;
  const nameOf = (channelId: string): string => plainText(channels.find((channel) => channel.id === channelId)?.name ?? channelId);
  return (
    <tr className={enabled ? "" : "off"}>
      <SwitchCell
        label={`${name} is on`}
        isOn={enabled}
        disabled={busy}
        onTurn={() => run(() => changeRoute(id, { enabled: !enabled }), onChanged)}
      />
      <td className="wrap">
        <b>{plainText(name)}</b>
        <small className="soft">{plainText(matchText(route, { siteName: (siteId) => sites.nameOf(siteId), nodeName }))}</small>
        {error !== null && <Trouble error={error} />}
      </td>
      <td className="wrap">{channelIds.length === 0 ? "nobody" : channelIds.map(nameOf).join(", ")}</td>
      <td className="wrap soft">
        {hours.length === 0 ? "always" : windowsText(hours)}
        {quietHours.length > 0 && <small>quiet {windowsText(quietHours)}</small>}
        {hours.length + quietHours.length > 0 && <small>{plainText(timeZone)}</small>}
      </td>
      <td className="wrap soft">
        {escalation.length === 0
          ? "none"
          : escalation.map((step) => `after ${formatNumber(step.afterMinutes)} min ${step.channelIds.map(nameOf).join(", ")}`).join("; ")}
      </td>
      <td className="num">
        <RecordActions record={route} asking={asking} />
      </td>
    </tr>
  );
}
