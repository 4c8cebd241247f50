import { useSyncExternalStore, type ReactElement } from "react";
import { TimeText } from "../../components/TimeText.tsx";
import { formatAge, formatClock } from "../../format/time.ts";
import { useFleet, useNowMs, useParts } from "../context.ts";

/** How the connection stands, and how old the last news is. */
export function ConnectionText(): ReactElement {
  const { link } = useParts();
  const state = useSyncExternalStore(link.subscribe, () => link.state);
  return (
    <span className={`live live-${state}`} role="status">
      {state === "live" ? <Live /> : <NotLive state={state} />}
    </span>
  );
}

/** Changes come as they are polled; an empty fleet has none. */
function Live(): ReactElement {
  const { heardAtMs, rowCount } = useFleet();
  const nowMs = useNowMs();
  return (
    <>
      Live
      {rowCount > 0 && heardAtMs !== null && (
        <span className="muted age" aria-hidden="true">
          {formatAge(nowMs - heardAtMs)}
        </span>
      )}
    </>
  );
}

function NotLive({ state }: { state: "connecting" | "reconnecting" | "offline" | "signedOut" }): ReactElement {
  const { link } = useParts();
  const { heardAtMs } = useFleet();
  const nowMs = useNowMs();
  const again = (
    <button type="button" className="btn quiet" onClick={() => link.retry()}>
      Try now
    </button>
  );
  switch (state) {
    case "connecting":
      return <>Connecting</>;
    case "signedOut":
      return <>Signed out</>;
    case "reconnecting":
      return (
        <>
          Reconnecting
          {heardAtMs !== null && (
            <span className="muted">
              <span className="desk">what you see is </span>
              <TimeText atMs={heardAtMs}>{formatAge(nowMs - heardAtMs)} old</TimeText>
            </span>
          )}
          {again}
        </>
      );
    case "offline":
      return (
        <>
          Offline
          {link.lostSinceMs !== null && (
            <span className="muted">
              since <TimeText atMs={link.lostSinceMs}>{formatClock(link.lostSinceMs, nowMs)}</TimeText>
            </span>
          )}
          {again}
        </>
      );
  }
}
