import { useCallback, useDeferredValue, useEffect, useRef, useState, type ReactElement } from "react";
import type { MinerDetail } from "../../../server/contract/api.ts";
import type { LiveMiner, WatchPace } from "../../../server/contract/live.ts";
import { ApiError } from "../../api/request.ts";
import { Skeleton } from "../../components/Skeleton.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { useNowMs, useParts } from "../context.ts";
import { useLoad } from "../useLoad.ts";
import type { MinerWords } from "./EditDialog.tsx";
import { Events } from "./Events.tsx";
import { Fans } from "./Fans.tsx";
import { Hashboards } from "./Hashboards.tsx";
import { History } from "./History.tsx";
import { Identity } from "./Identity.tsx";
import { Lead } from "./Lead.tsx";
import { mayHaveEvent } from "./news.ts";
import { NoMiner } from "./NoMiner.tsx";
import { NowStrip } from "./NowStrip.tsx";
import { OpenIncidents } from "./OpenIncidents.tsx";
import { Pools } from "./Pools.tsx";
import { RawReplies } from "./RawReplies.tsx";
import { useMinerIncidents } from "./useMinerIncidents.ts";
import "./miner.css";
import "./minerIncidents.css";

/** The stream leaves out a miner's events; the server has written what just happened within this time. */
const EVENT_WRITTEN_MS = 2000;

/** One machine, followed while the page is open: about every 2 s, or as it is polled otherwise. */
export function MinerPage({ minerId, search }: { minerId: string; search: string }): ReactElement {
  const { link, ahead } = useParts();
  const [pace, setPace] = useState<WatchPace>("fast");
  const { data, error, reload, set } = useLoad(`miner/${minerId}`, (signal) => ahead.take(minerId, signal));
  const noteNews = useReloadAfterEvents(reload);
  useEffect(
    () =>
      link.watchMiner(minerId, pace, (miner) => {
        set((held) => ({ ...held, ...miner }));
        noteNews(miner);
      }),
    [link, minerId, pace, set, noteNews],
  );
  if (data !== null)
    return (
      <Machine detail={data} search={search} pace={pace} onPace={setPace} onEdited={(words) => set((held) => ({ ...held, ...words }))} />
    );
  if (error === null)
    return (
      <main>
        <Skeleton lines={10} />
      </main>
    );
  return (
    <main>
      {error instanceof ApiError && error.status === 404 ? <NoMiner minerId={minerId} /> : <Trouble error={error} retry={reload} />}
    </main>
  );
}

/** Gives what takes each record of the miner, and loads again a moment after one that tells of an event. */
function useReloadAfterEvents(reload: () => void): (miner: LiveMiner) => void {
  const last = useRef<LiveMiner>(null);
  const timer = useRef<number>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return useCallback(
    (miner) => {
      if (last.current !== null && mayHaveEvent(last.current, miner)) {
        window.clearTimeout(timer.current);
        timer.current = window.setTimeout(reload, EVENT_WRITTEN_MS);
      }
      last.current = miner;
    },
    [reload],
  );
}

/** Without knowing its interval, a sample older than this is no news. */
const STALE_MS = 20_000;

interface MachineProps {
  readonly detail: MinerDetail;
  readonly search: string;
  readonly pace: WatchPace;
  readonly onPace: (pace: WatchPace) => void;
  readonly onEdited: (words: MinerWords) => void;
}

function Machine({ detail, search, ...lead }: MachineProps): ReactElement {
  const { fleet } = useParts();
  const nowMs = useNowMs();
  const incidents = useMinerIncidents(detail);
  const isSeen = useDeferredValue(true, false); // what is looked at first is painted before the rest is drawn
  const [repliesOpen, setRepliesOpen] = useState(false);
  const index = fleet.identityOfRow()[fleet.rowOf(detail.id)] ?? -1;
  const intervalMs = fleet.identity.columns.pollIntervalMs[index] ?? STALE_MS / 2;
  const stale = detail.sample === null || nowMs - detail.sample.polledAtMs > 2 * intervalMs;
  return (
    <main className="miner">
      <Lead {...lead} detail={detail} nowMs={nowMs} repliesOpen={repliesOpen} onReplies={() => setRepliesOpen(!repliesOpen)} />
      <OpenIncidents rows={incidents.open} />
      {repliesOpen && <RawReplies minerId={detail.id} />}
      <NowStrip detail={detail} nowMs={nowMs} stale={stale} />
      <div className="columns">
        <div className="left">
          <Hashboards detail={detail} stale={stale} />
          <div className="two">
            <Fans detail={detail} stale={stale} />
            <Pools detail={detail} stale={stale} />
          </div>
          {isSeen && <Identity detail={detail} nowMs={nowMs} />}
        </div>
        <div className="left">
          {isSeen && (
            <>
              <History detail={detail} incidents={incidents.all} search={search} />
              <Events detail={detail} incidents={incidents} nowMs={nowMs} />
            </>
          )}
        </div>
      </div>
    </main>
  );
}
