import { useState, type ReactElement } from "react";
import type { Channel, NotificationRoute } from "../../../../server/contract/channels.ts";
import { changeRoute, removeRoute } from "../../../api/channels.ts";
import { ConfirmDialog } from "../../../components/ConfirmDialog.tsx";
import { SwitchCell } from "../../../components/SwitchCell.tsx";
import { Trouble } from "../../../components/Trouble.tsx";
import { formatNumber } from "../../../format/number.ts";
import { plainText } from "../../../format/plainText.ts";
import { useSites } from "../../context.ts";
import { RecordTable } from "../../settings/RecordTable.tsx";
import { useAction } from "../../useAction.ts";
import { RouteDialog } from "./RouteDialog.tsx";
import { useNodeChoices } from "./useNodeChoices.ts";
import { matchText, windowsText } from "./routeDraft.ts";

interface ListProps {
  readonly routes: readonly NotificationRoute[];
  readonly channels: readonly Channel[];
  readonly onChanged: () => void;
}

type Asked = { readonly what: "add" } | { readonly what: "change" | "remove"; readonly route: NotificationRoute };

/** Which incidents go to which channels, and when. */
export function RouteList({ routes, channels, onChanged }: ListProps): ReactElement {
  const { nameOf: nodeName } = useNodeChoices();
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = (): void => setAsked(null);
  return (
    <section className="panel" aria-label="Routes">
      <header>
        <h2>Routes</h2>
        <button type="button" className="btn push" onClick={() => setAsked({ what: "add" })}>
          Add a route
        </button>
      </header>
      {routes.length === 0 ? (
        <p className="blank soft">No route: every channel hears of every incident, at any hour.</p>
      ) : (
        <RecordTable label="List of routes" heads={["On", "Route", "Tells", "When", "Escalation"]}>
          {routes.map((route) => (
            <RouteRow key={route.id} route={route} channels={channels} nodeName={nodeName} onAsk={setAsked} onChanged={onChanged} />
          ))}
        </RecordTable>
      )}
      {asked?.what === "add" && <RouteDialog route={null} channels={channels} onSaved={onChanged} onClose={close} />}
      {asked?.what === "change" && <RouteDialog route={asked.route} channels={channels} onSaved={onChanged} onClose={close} />}
      {asked?.what === "remove" && (
        <ConfirmDialog
          title={`Delete the route “${asked.route.name}”?`}
          action="Delete the route"
          onConfirm={async () => {
            await removeRoute(asked.route.id);
            onChanged();
          }}
          onClose={close}
        >
          <p>Its channels stay. One that no other route names hears of every incident from then on.</p>
        </ConfirmDialog>
      )}
    </section>
  );
}

interface RowProps extends Pick<ListProps, "channels" | "onChanged"> {
  readonly route: NotificationRoute;
  readonly nodeName: (nodeId: string) => string;
  readonly onAsk: (asked: Asked) => void;
}

function RouteRow({ route, channels, nodeName, onAsk, onChanged }: RowProps): ReactElement {
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
        <button type="button" className="btn quiet" onClick={() => onAsk({ what: "change", route })}>
          Change<span className="unseen"> {name}</span>
        </button>
        <button type="button" className="btn quiet" onClick={() => onAsk({ what: "remove", route })}>
          Delete<span className="unseen"> {name}</span>
        </button>
      </td>
    </tr>
  );
}
