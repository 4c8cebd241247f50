import { useEffect, useState } from "react";
import { getFrame } from "../../api/frame.ts";
import { useParts } from "../context.ts";
import { useLateHistory } from "../useLateHistory.ts";
import { FrameCache } from "./frameCache.ts";
import type { Instant } from "./mapModel.ts";
import { frameOf } from "./timeline.ts";

const LIVE: Instant = { kind: "live" };

export interface Past {
  readonly cache: FrameCache;
  /** What the map shows: until the frame asked for is there, what it showed before. */
  readonly instant: Instant;
  readonly error: Error | null;
}

/** The frame of an instant, null for now. */
export function usePast(atMs: number | null): Past {
  const { fleet } = useParts();
  const [cache] = useState(() => new FrameCache(getFrame));
  const [round, setRound] = useState(0);
  useLateHistory({ siteId: null, what: "minutes", range: () => ({ fromMs: 0, toMs: Infinity }) }, ({ fromMs, toMs }) => {
    cache.forget(fromMs, toMs);
    setRound((count) => count + 1);
  });
  const [loaded, setLoaded] = useState<{ instant: Instant; error: Error | null }>({ instant: LIVE, error: null });
  useEffect(() => {
    if (atMs === null) return undefined;
    let isWanted = true;
    cache.frameAt(atMs).then(
      (frame) => {
        if (isWanted) setLoaded({ instant: { kind: "past", atMs, frame: frameOf(frame, atMs, fleet.clock.nowMs()) }, error: null });
      },
      (error: unknown) => {
        const problem = error instanceof Error ? error : new Error(String(error));
        if (isWanted) setLoaded({ instant: { kind: "past", atMs, frame: null }, error: problem });
      },
    );
    return () => {
      isWanted = false;
    };
  }, [cache, atMs, fleet, round]);
  return { cache, instant: atMs === null ? LIVE : loaded.instant, error: atMs === null ? null : loaded.error };
}
