import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { Series } from "../../../server/contract/api.ts";
import { useParts } from "../context.ts";
import type { LiveBreakdown } from "./liveBreakdown.ts";
import { LiveSeries } from "./liveSeries.ts";
import type { Columns } from "./liveTail.ts";

interface LiveOptions {
  /** null: nothing that goes on. */
  readonly loaded: Series | null;
  readonly lengthMs: number;
  readonly breakdown: LiveBreakdown;
  readonly reload: () => void;
}

const NEVER = () => () => undefined;

/** What was loaded and what the live stream told since; null without anything loaded. */
export function useLiveSeries({ loaded, lengthMs, breakdown, reload }: LiveOptions): Columns | null {
  const { fleet } = useParts();
  const live = useMemo(
    () => (loaded === null ? null : new LiveSeries({ loaded, lengthMs, fleet, breakdown, onGap: reload })),
    [loaded, lengthMs, fleet, breakdown, reload],
  );
  useEffect(() => live?.open(), [live]);
  return useSyncExternalStore(live?.subscribe ?? NEVER, () => live?.read() ?? null);
}
