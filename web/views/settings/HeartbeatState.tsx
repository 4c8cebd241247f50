import { useState, type ReactElement } from "react";
import type { ChannelTested, Heartbeat, PartState } from "../../../server/contract/channels.ts";
import { getHeartbeat, testHeartbeat } from "../../api/notifySettings.ts";
import { Skeleton } from "../../components/Skeleton.tsx";
import { TimeText } from "../../components/TimeText.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { formatNumber } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
import { formatAge } from "../../format/time.ts";
import { useNowMs } from "../context.ts";
import { useAction } from "../useAction.ts";
import { useLoad } from "../useLoad.ts";

const PARTS = [
  { part: "polling", label: "Polling", means: "an agent delivers, or none is expected to" },
  { part: "ingest", label: "Ingest", means: "samples are stored" },
  { part: "evaluation", label: "Evaluation", means: "rules are evaluated" },
  { part: "delivery", label: "Delivery", means: "messages go out, or none waits" },
] as const;

/** Which parts are alive, how the last ping ended, and a ping on request with the far end's own answer. */
export function HeartbeatState({ mayTest }: { mayTest: boolean }): ReactElement {
  const { data, error, reload } = useLoad("heartbeat", getHeartbeat);
  const ping = useAction();
  const [tested, setTested] = useState<ChannelTested | null>(null);
  const test = async (): Promise<void> => {
    setTested(null);
    setTested(await testHeartbeat());
    reload();
  };
  return (
    <section className="panel heartbeat" aria-label="Heartbeat">
      <header>
        <h2>Heartbeat</h2>
        <span className="push">
          <button type="button" className="btn quiet" onClick={reload}>
            Look again
          </button>
          {mayTest && (
            <button type="button" className="btn" disabled={ping.busy} onClick={() => ping.run(test)}>
              Ping now
            </button>
          )}
        </span>
      </header>
      {error !== null && <Trouble error={error} retry={reload} />}
      {data === null && error === null && <Skeleton lines={4} />}
      {data !== null && <Shown heartbeat={data} />}
      {ping.error !== null && <Trouble error={ping.error} />}
      <p role="status" className="pinged">
        {tested !== null && `${tested.ok ? "Taken" : "Refused"} in ${formatNumber(tested.durationMs)} ms: ${plainText(tested.detail)}`}
      </p>
    </section>
  );
}

function Shown({ heartbeat }: { heartbeat: Heartbeat }): ReactElement {
  return (
    <>
      <dl className="parts">
        {PARTS.map(({ part, label, means }) => (
          <PartLine key={part} label={label} means={means} state={heartbeat.parts[part]} />
        ))}
      </dl>
      <p className="lastping">
        <LastPing heartbeat={heartbeat} />
      </p>
    </>
  );
}

function PartLine({ label, means, state: { alive, detail } }: { label: string; means: string; state: PartState }): ReactElement {
  return (
    <div className={alive ? "" : "down"}>
      <dt>{label}</dt>
      <dd>
        <b>{alive ? "alive" : "down"}</b> <span className="soft">{alive ? means : plainText(detail)}</span>
      </dd>
    </div>
  );
}

function LastPing({ heartbeat: { parts, lastPingAtMs, lastOkAtMs, lastError } }: { heartbeat: Heartbeat }): ReactElement {
  const isWithheld = Object.values(parts).some(({ alive }) => !alive);
  return (
    <>
      {lastPingAtMs === null ? (
        "No ping since the server started."
      ) : (
        <>
          Last ping <Ago atMs={lastPingAtMs} />
          {lastError === null ? ", taken." : `, not taken: ${plainText(lastError)}.`}
        </>
      )}
      {lastError !== null && lastOkAtMs !== null && (
        <>
          {" "}
          The last that was taken <Ago atMs={lastOkAtMs} />.
        </>
      )}
      {isWithheld && " Pings are withheld until every part is alive."}
    </>
  );
}

function Ago({ atMs }: { atMs: number }): ReactElement {
  const nowMs = useNowMs();
  return <TimeText atMs={atMs}>{formatAge(nowMs - atMs)} ago</TimeText>;
}
