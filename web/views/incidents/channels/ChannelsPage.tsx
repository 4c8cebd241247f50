import { useState, type ReactElement } from "react";
import type { Channel, NotificationRoute } from "../../../../server/contract/channels.ts";
import { getChannels, getRoutes } from "../../../api/channels.ts";
import { Skeleton } from "../../../components/Skeleton.tsx";
import { Trouble } from "../../../components/Trouble.tsx";
import { useMayOperate } from "../../context.ts";
import { useLoad, type Loaded } from "../../useLoad.ts";
import { AreaNav } from "../AreaNav.tsx";
import { ChannelList } from "./ChannelList.tsx";
import { Deliveries } from "./Deliveries.tsx";
import { RouteList } from "./RouteList.tsx";
import "../rules/rules.css";
import "./channels.css";

/** Who is told, when, and what became of it. */
export function ChannelsPage(): ReactElement {
  const mayOperate = useMayOperate();
  return (
    <main className="rules">
      <AreaNav />
      <div className="pagehead">
        <h1>Channels and routes</h1>
        <span className="soft">One message when an incident opens, one when it closes.</span>
      </div>
      {mayOperate ? <Lists /> : <NeedsOperator />}
    </main>
  );
}

function Lists(): ReactElement {
  const channels = useLoad("channels", getChannels);
  const routes = useLoad("routes", getRoutes);
  const [retriedCount, setRetriedCount] = useState(0);
  const changed = (): void => {
    channels.reload();
    routes.reload();
  };
  if (channels.data === null || routes.data === null) return <Waiting lists={[channels, routes]} />;
  const retried = (): void => {
    channels.reload();
    setRetriedCount((count) => count + 1);
  };
  return (
    <>
      <Problems lists={[channels, routes]} />
      <ChannelList channels={channels.data} routes={routes.data} onChanged={changed} onRetried={retried} />
      <RouteList routes={routes.data} channels={channels.data} onChanged={routes.reload} />
      <Deliveries key={retriedCount} onChanged={channels.reload} />
    </>
  );
}

type LoadedLists = readonly (Loaded<Channel[]> | Loaded<NotificationRoute[]>)[];

function Waiting({ lists }: { lists: LoadedLists }): ReactElement {
  return lists.every(({ error }) => error === null) ? <Skeleton lines={8} /> : <Problems lists={lists} />;
}

function Problems({ lists }: { lists: LoadedLists }): ReactElement {
  const failed = lists.find(({ error }) => error !== null);
  return failed?.error == null ? <></> : <Trouble error={failed.error} retry={failed.reload} />;
}

function NeedsOperator(): ReactElement {
  return (
    <div className="panel nothing">
      <p>
        <b>This is for operators.</b> Ask one of them to look, or an admin to change your role.
      </p>
    </div>
  );
}
