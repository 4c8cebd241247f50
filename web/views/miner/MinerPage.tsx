import { useEffect, useRef, useState, type ReactElement } from "react";
import type { MinerDetail } from "../../../server/contract/api.ts";
import { getMiner } from "../../api/miners.ts";
import { ApiError } from "../../api/request.ts";
import { Link } from "../../components/Link.tsx";
import { Skeleton } from "../../components/Skeleton.tsx";
import { StatusMark } from "../../components/StatusMark.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { STATUS_LABELS } from "../../format/status.ts";
import { formatAge, formatClock, formatIso } from "../../format/time.ts";
import { useNowMs, useParts } from "../context.ts";
import { useLoad } from "../useLoad.ts";
import { Hashboards } from "./Hashboards.tsx";
import { History } from "./History.tsx";
import { Events, Identity } from "./Identity.tsx";
import { NowStrip } from "./NowStrip.tsx";
import { Fans, Pools } from "./PartsPanels.tsx";
import { RawReplies } from "./RawReplies.tsx";
import { statusSentence } from "./statusSentence.ts";
import "./miner.css";

/** One machine. While the page is open the miner is polled about every 2 s. */
export function MinerPage({ minerId, search }: { minerId: string; search: string }): ReactElement {
  const { link } = useParts();
  const { data, error, reload, set } = useLoad(`miner/${minerId}`, (signal) => getMiner(minerId, signal));
  const [status, setStatus] = useState("");
  useEffect(
    () =>
      link.watchMiner(minerId, (miner) => {
        set((held) => ({ ...held, ...miner }));
        setStatus(`${miner.status}/${miner.reason}`);
      }),
    [link, minerId, set],
  );
  useReloadOnChange(status, reload);
  if (data !== null) return <Machine detail={data} search={search} />;
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

/** The stream leaves out a miner's events: a change of status is one, and the time to ask for them. */
function useReloadOnChange(value: string, reload: () => void): void {
  const last = useRef("");
  useEffect(() => {
    if (last.current !== "" && value !== last.current) reload();
    last.current = value;
  }, [value, reload]);
}

function NoMiner({ minerId }: { minerId: string }): ReactElement {
  return (
    <div className="panel nothing">
      <p>
        <b>There is no miner “{minerId}”.</b> It may have been forgotten, or the link is not whole.
      </p>
      <Link className="btn primary" href="/miners">
        Go to all miners
      </Link>
    </div>
  );
}

/** Without knowing its interval, a sample older than this is no news. */
const STALE_MS = 20_000;

function Machine({ detail, search }: { detail: MinerDetail; search: string }): ReactElement {
  const { fleet } = useParts();
  const nowMs = useNowMs();
  const [repliesOpen, setRepliesOpen] = useState(false);
  const index = fleet.identityOfRow()[fleet.rowOf(detail.id)] ?? -1;
  const intervalMs = fleet.identity.columns.pollIntervalMs[index] ?? STALE_MS / 2;
  const stale = detail.sample === null || nowMs - detail.sample.polledAtMs > 2 * intervalMs;
  return (
    <main className="miner">
      <Lead detail={detail} nowMs={nowMs} repliesOpen={repliesOpen} onReplies={() => setRepliesOpen(!repliesOpen)} />
      {repliesOpen && <RawReplies minerId={detail.id} />}
      <NowStrip detail={detail} nowMs={nowMs} stale={stale} />
      <div className="columns">
        <div className="left">
          <Hashboards detail={detail} stale={stale} />
          <div className="two">
            <Fans detail={detail} stale={stale} />
            <Pools detail={detail} stale={stale} />
          </div>
          <Identity detail={detail} nowMs={nowMs} />
        </div>
        <div className="left">
          <History detail={detail} search={search} />
          <Events detail={detail} nowMs={nowMs} />
        </div>
      </div>
    </main>
  );
}

interface LeadProps {
  readonly detail: MinerDetail;
  readonly nowMs: number;
  readonly repliesOpen: boolean;
  readonly onReplies: () => void;
}

/** Status, reason and since, as one sentence. */
function Lead({ detail, nowMs, repliesOpen, onReplies }: LeadProps): ReactElement {
  const title = detail.name === "" ? detail.address : detail.name;
  const model = detail.model ?? detail.modelReported ?? "model not known";
  return (
    <div className="lead">
      <div>
        <div className="micro muted">
          <Link className="plain" href="/miners">
            Miners
          </Link>{" "}
          / <span className="id">{detail.address}</span>
        </div>
        <h1>
          {title} <span className="muted">{[detail.make, model].filter(Boolean).join(" ")}</span>
        </h1>
      </div>
      <span className={`big st-${detail.status}`}>
        <StatusMark status={detail.status} size={24} />
        {STATUS_LABELS[detail.status]}
      </span>
      <span className="soft sentence-text">
        {statusSentence(detail)}{" "}
        <span className="nowrap" title={formatIso(detail.statusSinceMs)}>
          Since {formatClock(detail.statusSinceMs, nowMs)}, {formatAge(nowMs - detail.statusSinceMs)}.
        </span>
      </span>
      <span className="push actions">
        <span className="muted micro">watched, about every 2 s</span>
        <button type="button" className="btn" aria-expanded={repliesOpen} onClick={onReplies}>
          Raw replies
        </button>
      </span>
    </div>
  );
}
