import { useEffect, useEffectEvent, useState, type KeyboardEvent, type PointerEvent, type ReactElement } from "react";
import { getFleetSeries } from "../../api/fleet.ts";
import { Trouble } from "../../components/Trouble.tsx";
import { formatClock, formatIso, formatSpan } from "../../format/time.ts";
import { useAddress, useNowMs } from "../context.ts";
import { siteOf } from "../navigation.ts";
import { useLateHistory } from "../useLateHistory.ts";
import { useLoad } from "../useLoad.ts";
import { drawLost, type Lost } from "./drawLost.ts";
import type { Jump } from "./incidentJumps.ts";
import { IncidentJumps } from "./IncidentJumps.tsx";
import type { MapQuery, Span } from "./mapQuery.ts";
import { SpanButtons } from "./SpanButtons.tsx";
import { backfilledShares, keyTarget, LOST_METRICS, lostShares, playDelayMs, snapped, timelineOf, type Timeline } from "./timeline.ts";
import { useIncidentJumps } from "./useIncidentJumps.ts";
import type { Past } from "./usePast.ts";
import { useThemedCanvas } from "./useThemedCanvas.ts";

interface TimeMachineProps {
  readonly query: MapQuery;
  readonly past: Past;
  /** null: back to now. `isStep`: a step of many, which the back button need not undo. */
  readonly onGo: (atMs: number | null, how: { isStep: boolean }) => void;
  readonly onSpan: (span: Span) => void;
}

/** Frames asked for ahead of what is played. */
const AHEAD = 5;
const TICKS = 6;
const NOTHING_LOST: Lost = { shares: [], backfilled: [] };

/** The fleet as it was: a scrubber over the last day or month, below how much hashrate was lost. */
export function TimeMachine({ query, past, onGo, onSpan }: TimeMachineProps): ReactElement {
  const { atMs, span } = query;
  const nowMs = useNowMs();
  const timeline = timelineOf(span, nowMs);
  const jumps = useIncidentJumps(timeline, span);
  const [isPlaying, setPlaying] = usePlaying({ timeline, atMs, past, onGo });
  const play = (): void => {
    if (!isPlaying && atMs === null) onGo(timeline.fromMs, { isStep: false });
    setPlaying(!isPlaying);
  };
  return (
    <section className={`timemachine ${atMs === null ? "" : "past"}`} aria-label="Time machine">
      <button type="button" className="btn" aria-pressed={isPlaying} onClick={play} aria-label="Play at 60 times" title="Play at 60 times">
        <span aria-hidden="true">{isPlaying ? "❚❚" : "▶"}</span> <span className="muted desk">60 ×</span>
      </button>
      <When atMs={atMs} nowMs={nowMs} past={past} />
      {/* Keeps its place while it is not there, so that the scrubber does not move under the hand that drags it. */}
      <button type="button" className={`btn primary ${atMs === null ? "away" : ""}`} onClick={() => onGo(null, { isStep: false })}>
        Back to live
      </button>
      <IncidentJumps jumps={jumps} atMs={atMs} onGo={(toMs) => onGo(toMs, { isStep: false })} />
      <Scrubber timeline={timeline} span={span} atMs={atMs} nowMs={nowMs} jumps={jumps} onGo={onGo} onPlay={play} />
      <div className="seg desk" role="group" aria-label="Reaches back">
        <SpanButtons span={span} onSpan={onSpan} />
      </div>
    </section>
  );
}

function When({ atMs, nowMs, past: { instant, error } }: { atMs: number | null; nowMs: number; past: Past }): ReactElement {
  if (error !== null) return <Trouble error={error} />;
  if (atMs === null)
    return (
      <div className="when">
        <b>Live</b>
        <span className="micro muted desk" title={formatIso(nowMs)}>
          {formatClock(nowMs, nowMs)}
        </span>
      </div>
    );
  const isEmpty = instant.kind === "past" && instant.atMs === atMs && instant.frame === null;
  return (
    <div className="when" role="status">
      <b title={formatIso(atMs)}>
        <ShortClock text={formatClock(atMs, nowMs)} />
      </b>
      <span className="micro muted">{isEmpty ? "No data of that minute" : <Ago spanText={formatSpan(nowMs - atMs)} />}</span>
    </div>
  );
}

/** Without the year where there is no room for it. */
function ShortClock({ text }: { text: string }): ReactElement {
  const dated = /^(\d+-)(.*)$/.exec(text);
  if (dated === null) return <>{text}</>;
  return (
    <>
      <span className="desk">{dated[1]}</span>
      {dated[2]}
    </>
  );
}

function Ago({ spanText }: { spanText: string }): ReactElement {
  return (
    <>
      {spanText} ago<span className="desk">; the header stays live</span>
    </>
  );
}

/** While playing, one step after the other until now is reached. */
function usePlaying({ timeline, atMs, past, onGo }: { timeline: Timeline; atMs: number | null } & Pick<TimeMachineProps, "past" | "onGo">) {
  const [isPlaying, setPlaying] = useState(false);
  const runs = isPlaying && atMs !== null;
  const advance = useEffectEvent((): void => {
    const next = keyTarget(timeline, atMs, { key: "ArrowRight", shiftKey: false }) ?? null;
    if (next === null) setPlaying(false);
    onGo(next, { isStep: true });
  });
  const prefetch = useEffectEvent((): void => {
    const { stepMs, toMs } = timeline;
    const ahead = Array.from({ length: AHEAD }, (_, step) => (atMs ?? toMs) + (step + 1) * stepMs);
    past.cache.prefetch(ahead.filter((each) => each <= toMs));
  });
  const delayMs = playDelayMs(timeline);
  // A step is shown for its time, counted from when its frame is there.
  const isShown = past.instant.kind === "past" && past.instant.atMs === atMs;
  useEffect(() => {
    if (!runs || !isShown) return undefined;
    prefetch();
    const timer = window.setTimeout(advance, delayMs);
    return () => window.clearTimeout(timer);
  }, [runs, isShown, atMs, delayMs]);
  return [runs, setPlaying] as const;
}

interface ScrubberProps extends Pick<TimeMachineProps, "onGo"> {
  readonly timeline: Timeline;
  readonly span: Span;
  readonly atMs: number | null;
  readonly nowMs: number;
  readonly jumps: readonly Jump[];
  readonly onPlay: () => void;
}

function Scrubber({ timeline, span, atMs, nowMs, jumps, onGo, onPlay }: ScrubberProps): ReactElement {
  const { fromMs, toMs } = timeline;
  const lost = useLost(timeline, span);
  const at = atMs === null ? null : (atMs - fromMs) / (toMs - fromMs);
  const marks = jumps.map((jump) => (jump.atMs - fromMs) / (toMs - fromMs));
  const canvas = useThemedCanvas(
    (g, palette, pixel) => drawLost(g, palette, { ...lost, at, marks, pixel }),
    `${at} ${marks.join()} ${lost.shares.join()} ${lost.backfilled.join()}`,
  );
  const key = (event: KeyboardEvent): void => {
    const target = keyTarget(timeline, atMs, event);
    if (event.key === " ") onPlay();
    else if (target !== undefined) onGo(target, { isStep: true });
    else return;
    event.preventDefault();
  };
  const point = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.buttons !== 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - left) / width;
    const isNow = share >= 0.995;
    onGo(isNow ? null : snapped(timeline, fromMs + share * (toMs - fromMs)), { isStep: event.type === "pointermove" });
  };
  return (
    <div className="scrubber">
      <div
        role="slider"
        tabIndex={0}
        className="track"
        aria-label="Instant shown"
        aria-valuemin={0}
        aria-valuemax={(toMs - fromMs) / timeline.stepMs}
        aria-valuenow={Math.round(((atMs ?? toMs) - fromMs) / timeline.stepMs)}
        aria-valuetext={atMs === null ? "now" : formatClock(atMs, nowMs)}
        title={`Hashrate lost against rated${jumps.length > 0 ? "; a triangle: an incident opened" : ""}${lost.backfilled.length > 0 ? "; hatched: backfilled later" : ""}`}
        onKeyDown={key}
        onPointerDown={point}
        onPointerMove={point}
      >
        <canvas ref={canvas} aria-hidden="true" />
      </div>
      <div className="ticks" aria-hidden="true">
        {Array.from({ length: TICKS }, (_, tick) => (
          <span key={tick} style={{ left: `${(tick / (TICKS - 1)) * 100}%` }}>
            {formatTick(fromMs + (tick / (TICKS - 1)) * (toMs - fromMs), span)}
          </span>
        ))}
      </div>
    </div>
  );
}

function formatTick(atMs: number, span: Span): string {
  return span === "24h" ? formatClock(atMs, atMs) : formatIso(atMs).slice(5, 10);
}

/** Loaded once per span and site, and when an agent brought what was missing: the area shows where to look, the frames what was there. */
function useLost(timeline: Timeline, span: Span): Lost {
  const siteId = siteOf(useAddress());
  const { data, reload } = useLoad(`lost ${span} ${siteId ?? ""}`, (signal) =>
    getFleetSeries(siteId, { metrics: LOST_METRICS, fromMs: timeline.fromMs, toMs: timeline.toMs, stepMs: timeline.seriesStepMs }, signal),
  );
  useLateHistory({ siteId, what: "minutes", range: () => timeline }, reload);
  return data === null ? NOTHING_LOST : { shares: lostShares(data), backfilled: backfilledShares(data, timeline) };
}
